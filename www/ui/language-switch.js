import { LANGUAGES, REMEMBERED, language } from '../language.js';
import { text } from '../text.js';
import { select } from './dom.js';

/** @typedef {import('../language.js').Language} Language */

/**
 * The choice of language. The page starts anew in the other one, since its text is all over it; whoever has brought files is
 * asked first.
 * @param {import('../session.js').Session} session
 */
export function createLanguageSwitch(session) {
  const names = /** @type {[Language, string][]} */ (Object.entries(LANGUAGES));
  const choice = select(text.language, names, (next) => {
    if (hasOwnFiles(session.state) && !confirm(text.switchLosesFiles)) choice.element.value = language;
    else speak(/** @type {Language} */ (next));
  });
  choice.element.id = 'language-select';
  choice.element.value = language;
  choice.element.setAttribute('aria-label', text.language);
  // Each language is read out in its own voice.
  Array.from(choice.element.options, (option) => (option.lang = option.value));
  return choice.element;
}

/** @param {import('../state.js').State} state */
function hasOwnFiles({ photos, model }) {
  return photos.some(({ source }) => typeof source !== 'string') || Boolean(model && !model.offered);
}

/** @param {Language} next */
function speak(next) {
  const address = new URL(location.href);
  address.searchParams.delete('lang');
  try {
    localStorage.setItem(REMEMBERED, next);
  } catch {
    // A browser that remembers nothing is told in the address.
    address.searchParams.set('lang', next);
  }
  // An address that differs in its fragment alone would not load again.
  if (address.href === location.href) location.reload();
  else location.replace(address);
}
