import { text as common } from './text.js';
import { text } from './bring-text.js';
import { copyButton } from '../ui/copy-button.js';
import { h, setText } from '../ui/dom.js';
import { loadStyle } from '../ui/load-style.js';

/** The scripts that export a model and write its card. */
const SNIPPETS = [
  { title: text.pytorch, file: 'snippets/export_pytorch.py' },
  { title: text.keras, file: 'snippets/export_keras.py' },
];

/**
 * The dialog that tells how to get one's own model in here.
 * @param {import('./session/session.js').Session} session
 * @param {() => void} pickModel
 */
export async function createBring(session, pickModel) {
  await loadStyle('../ui/dialog.css', import.meta.url);
  const address = h('input', { type: 'url', placeholder: 'https://…/model.onnx', required: true });
  const form = h(
    'form',
    {
      className: 'buttons',
      onsubmit: (/** @type {Event} */ event) => {
        event.preventDefault();
        dialog.close();
        session.openModel(address.value, null);
      },
    },
    h('label', { className: 'field inline' }, h('span', {}, text.url), address),
    h('button', { type: 'submit' }, text.open),
  );
  const snippets = SNIPPETS.map(createSnippet);
  const dialog = h(
    'dialog',
    { className: 'bring', 'aria-labelledby': 'bring-heading' },
    h(
      'div',
      { className: 'sheet-head' },
      h('h2', { id: 'bring-heading' }, text.heading),
      h(
        'button',
        { type: 'button', className: 'close', 'aria-label': common.close, onclick: () => dialog.close() },
        '×',
      ),
    ),
    h('p', {}, text.intro),
    h(
      'p',
      { className: 'buttons' },
      h(
        'button',
        {
          type: 'button',
          className: 'primary',
          onclick: () => {
            dialog.close();
            pickModel();
          },
        },
        text.choose,
      ),
    ),
    form,
    ...snippets.map(({ element }) => element),
    h('p', { className: 'note' }, text.card),
  );
  document.body.append(dialog);
  return {
    open() {
      dialog.showModal();
      snippets.forEach((snippet) => snippet.load());
    },
  };
}

/** @param {{ title: string, file: string }} snippet */
function createSnippet({ title, file }) {
  const code = h('pre', { tabIndex: 0, 'aria-label': title });
  const { button: copy } = copyButton(text, {
    content: () => code.textContent ?? '',
    select: () => getSelection()?.selectAllChildren(code),
    disabled: true,
  });
  let loaded = false;
  return {
    element: h('section', {}, h('div', { className: 'snippet-head' }, h('h3', {}, title), copy), code),
    async load() {
      if (loaded) return;
      try {
        const response = await fetch(new URL(`../${file}`, import.meta.url));
        if (!response.ok) throw new Error(String(response.status));
        setText(code, await response.text());
        loaded = true;
        copy.disabled = false;
      } catch {
        setText(code, text.missing);
      }
    },
  };
}
