/** The answers of this tab: they outlive a reload, and end with the tab, since schools share their machines. */

const KEY = 'featurescope-answers';

/** @returns {import('./rounds.js').Answer[]} */
export function readAnswers() {
  try {
    const answers = JSON.parse(sessionStorage.getItem(KEY) ?? '[]');
    return Array.isArray(answers) ? answers : [];
  } catch {
    return [];
  }
}

/** @param {import('./rounds.js').Answer[]} answers @returns {boolean} false where the browser keeps nothing: they end with the page */
export function keepAnswers(answers) {
  try {
    sessionStorage.setItem(KEY, JSON.stringify(answers));
    return true;
  } catch {
    return false;
  }
}
