import { h, setText } from '../ui/dom.js';
import { forget, kept } from './store.js';
import { text } from './text.js';

/** The visitor has had files forgotten, so none are kept until the page is opened again. */
let declined = false;

/** Whether files may be kept. */
export const mayKeep = () => !declined;

/** What is kept in this browser, and the way to be rid of it. */
export function keptLine() {
  const line = h('span');
  const button = h(
    'button',
    {
      type: 'button',
      className: 'small',
      onclick: async () => {
        declined = true;
        const done = await forget().then(
          () => true,
          () => false,
        );
        await update();
        setText(line, done ? text.kept.forgotten : text.kept.notForgotten);
        element.hidden = false;
      },
    },
    text.kept.forget,
  );
  const element = h('p', { className: 'note kept', 'data-testid': 'kept', hidden: true }, line, ' ', button);
  /** @param {boolean} [failed] something could not be kept */
  async function update(failed = false) {
    const { files, bytes } = await kept();
    element.hidden = files === 0 && !failed;
    button.hidden = files === 0;
    setText(line, failed ? text.kept.failed : text.kept.line(files, bytes));
  }
  return { element, update };
}
