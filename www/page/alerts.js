import { text } from './text.js';
import { h, setText, whenChanged } from '../ui/dom.js';

/** @typedef {import('./state.js').State['errors'][number]} PageError */

/** So many files of one fault are named, and the others counted. */
const NAMED = 3;

/**
 * Errors, each until it is dismissed or something works again. Equal ones are one, with their number.
 * @param {HTMLElement} root
 * @param {import('./session/session.js').Session} session
 */
export function createAlerts(root, session) {
  /** What stands there, by what it says without the names. @type {Map<string, { element: HTMLElement, sentence: HTMLElement, ids: number[] }>} */
  const shown = new Map();
  const draw = whenChanged((/** @type {PageError[]} */ errors) => {
    /** @type {Map<string, PageError[]>} */
    const groups = new Map();
    for (const error of errors) {
      const cause = causeOf(error);
      groups.set(cause, [...(groups.get(cause) ?? []), error]);
    }
    for (const [cause, { element }] of shown) {
      if (groups.has(cause)) continue;
      element.remove();
      shown.delete(cause);
    }
    for (const [cause, equal] of groups) {
      const alert = shown.get(cause) ?? added(cause);
      alert.ids = equal.map(({ id }) => id);
      setText(alert.sentence, sentenceOf(cause, equal));
    }
  });

  /** @param {string} cause */
  function added(cause) {
    const sentence = h('p');
    const alert = {
      sentence,
      ids: /** @type {number[]} */ ([]),
      element: h(
        'div',
        { className: 'alert', role: 'alert' },
        sentence,
        h(
          'button',
          {
            type: 'button',
            className: 'close',
            'aria-label': text.errors.dismiss,
            onclick: () => {
              // The button goes; the keyboard stays near.
              document.getElementById('look')?.focus({ preventScroll: true });
              session.dismiss(alert.ids);
            },
          },
          '×',
        ),
      ),
    };
    shown.set(cause, alert);
    root.append(alert.element);
    return alert;
  }

  return {
    /** @param {import('./state.js').State} state */
    update: ({ errors }) => draw(errors),
  };
}

/** What is said of a file without its name, which is where the sentence begins. @param {PageError} error */
function causeOf({ message, name }) {
  return name && message.startsWith(name) ? message.slice(name.length) : message;
}

/** @param {string} cause @param {PageError[]} equal */
function sentenceOf(cause, equal) {
  const [first] = equal;
  if (equal.length === 1) return first.message;
  if (cause === first.message) return text.errors.times(cause, equal.length);
  const names = [...new Set(equal.flatMap(({ name }) => name ?? []))];
  return `${text.errors.names(names.slice(0, NAMED), equal.length - Math.min(NAMED, names.length))}${cause}`;
}
