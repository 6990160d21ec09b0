import { h, setText } from '../ui/dom.js';
import { text } from './record-text.js';

/**
 * What is being loaded, how much of it has come, and the way out. It stands there from the first word about its bytes, or at once.
 * @param {string} sentence
 * @param {{ hidden?: boolean }} [options] `hidden`: until something comes
 */
export function createLoading(sentence, { hidden = false } = {}) {
  const controller = new AbortController();
  // Read out once, and not with every byte.
  const bytes = h('span', { className: 'numbers', 'data-testid': 'loading-bytes' });
  const element = h(
    'div',
    { className: 'buttons panel', 'data-testid': 'loading', hidden },
    h('span', { role: 'status' }, sentence),
    bytes,
    h('button', { type: 'button', onclick: () => controller.abort() }, text.view.stop),
  );
  return {
    element,
    signal: controller.signal,
    stop: () => controller.abort(),
    /** @param {string} other what is being done by now */
    say(other) {
      setText(bytes, other);
    },
    /** @param {number} done @param {number | null} total */
    onBytes(done, total) {
      element.hidden = false;
      setText(bytes, done > 0 ? text.open.bytes(done, total) : '');
    },
  };
}
