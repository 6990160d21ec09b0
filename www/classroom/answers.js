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

/** @param {import('./rounds.js').Answer[]} answers */
export function keepAnswers(answers) {
  try {
    sessionStorage.setItem(KEY, JSON.stringify(answers));
  } catch {
    // A browser that stores nothing still has them until the page is left.
  }
}
