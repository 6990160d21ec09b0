import { LANGUAGES, language } from '../api/language.js';
import { part } from '../api/errors.js';
import { text } from './text.js';
import { h } from '../ui/dom.js';

/** @typedef {import('../api/language.js').Language} Language */

/**
 * The other languages, each by its own name. The page starts anew in the chosen one, since its text is all over it.
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
          onclick: async () => {
            const { speak } = await part(import('./speak.js'));
            speak(code, session.state);
          },
        },
        name,
      ),
    ),
  );
}
