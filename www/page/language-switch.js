import { LANGUAGES, REMEMBERED, language } from '../api/language.js';
import { text } from './text.js';
import { h } from '../ui/dom.js';

/** @typedef {import('../api/language.js').Language} Language */

/**
 * The other languages, each by its own name. The page starts anew in the chosen one, since its text is all over it; whoever
 * has brought files is asked first.
 * @param {import('./session/session.js').Session} session
 */
export function createLanguageSwitch(session) {
  const others = /** @type {[Language, string][]} */ (Object.entries(LANGUAGES)).filter(([code]) => code !== language);
  return h(
    'span',
    { className: 'languages', role: 'group', 'aria-label': text.language },
    ...others.map(([code, name]) =>
      h(
        'button',
        {
          type: 'button',
          className: 'link small',
          lang: code,
          'data-language': code,
          onclick: () => {
            if (!hasOwnFiles(session.state) || confirm(text.switchLosesFiles)) speak(code);
          },
        },
        name,
      ),
    ),
  );
}

/** @param {import('./state.js').State} state */
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
