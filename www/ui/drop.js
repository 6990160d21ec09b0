import { part } from '../api/errors.js';
import { text } from '../page/text.js';
import { h } from './dom.js';

/** @param {DragEvent} event */
export function carriesFiles({ dataTransfer }) {
  return dataTransfer?.types.includes('Files') ?? false;
}

/**
 * The files of a drop, with those in dropped folders. To be called during the event, since the entries are only to be had then.
 * @param {DragEvent} event
 */
export function droppedFiles({ dataTransfer }) {
  const entries = Array.from(dataTransfer?.items ?? [], (item) => item.webkitGetAsEntry()).filter(
    (entry) => entry !== null,
  );
  const files = Array.from(dataTransfer?.files ?? []);
  const inFolders = entries.some((entry) => entry.isDirectory);
  return {
    inFolders,
    files: inFolders ? part(import('./entries.js')).then(({ filesIn }) => filesIn(entries)) : Promise.resolve(files),
  };
}

/**
 * Files and folders dropped anywhere on the page, and pictures pasted.
 * @param {(files: File[] | Promise<File[]>, inFolders?: boolean) => void} take at once, though folders are still to be read
 */
export function listenForFiles(take) {
  const veil = h('div', { className: 'veil', hidden: true }, h('p', {}, text.tray.drop));
  document.body.append(veil);

  addEventListener('dragover', (event) => {
    if (!carriesFiles(event)) return;
    event.preventDefault();
    // A place of its own to drop on shows that itself.
    veil.hidden = event.target instanceof Element && event.target.closest('.drop-place') !== null;
  });
  addEventListener('dragleave', (event) => {
    if (!event.relatedTarget) veil.hidden = true;
  });
  addEventListener('drop', (event) => {
    veil.hidden = true;
    if (!carriesFiles(event)) return;
    event.preventDefault();
    const { inFolders, files } = droppedFiles(event);
    take(files, inFolders);
  });
  addEventListener('paste', (event) => {
    const files = Array.from(event.clipboardData?.files ?? []);
    if (files.length === 0) return;
    event.preventDefault();
    take(files);
  });
}

/**
 * A real file input, for buttons and for the keyboard.
 * @param {HTMLElement} element
 * @param {(files: File[]) => void} take what is chosen, with hidden files where it is a folder
 */
export function connectInput(element, take) {
  const input = /** @type {HTMLInputElement} */ (element);
  input.addEventListener('change', () => {
    const chosen = Array.from(input.files ?? []);
    // Emptied, so that choosing the same file again is a change again.
    input.value = '';
    if (chosen.length > 0) take(chosen);
  });
  return () => input.click();
}
