import { text } from '../text.js';
import { h } from './dom.js';

/** Files that are meant as a model. Those that are not ONNX are refused with what to do about it; data files beside a model have any name. */
const MODEL = /\.(onnx|ort|pt|pth|h5|keras|tflite|safetensors|gguf|pb)$/i;

/** Where a file lay in a dropped folder. The browser fills `webkitRelativePath` for chosen folders only.
 * @type {WeakMap<File, string>} */
export const droppedPaths = new WeakMap();

/** Files nobody means: hidden ones, and what macOS puts into archives.
 * @param {string} path */
const isHidden = (path) => /(^|\/)(\.|__MACOSX\/)/.test(path);

/**
 * Whether files are a model with its parts, and not photos.
 * @param {File[]} files
 */
export function isModel(files) {
  return files.some((file) => MODEL.test(file.name));
}

/**
 * Files and folders dropped anywhere on the page, and pictures pasted.
 * @param {import('../session.js').Session} session
 * @param {(files: File[]) => Promise<void>} takeFolder
 */
export function listenForFiles(session, takeFolder) {
  const veil = h('div', { className: 'veil', hidden: true }, h('p', {}, text.tray.drop));
  document.body.append(veil);
  const carriesFiles = (/** @type {DragEvent} */ event) => event.dataTransfer?.types.includes('Files') ?? false;

  addEventListener('dragover', (event) => {
    if (!carriesFiles(event)) return;
    event.preventDefault();
    veil.hidden = false;
  });
  addEventListener('dragleave', (event) => {
    if (!event.relatedTarget) veil.hidden = true;
  });
  addEventListener('drop', (event) => {
    veil.hidden = true;
    if (!carriesFiles(event)) return;
    event.preventDefault();
    // The entries are only to be had during the event itself.
    const entries = Array.from(event.dataTransfer?.items ?? [], (item) => item.webkitGetAsEntry()).filter((entry) => entry !== null);
    const files = Array.from(event.dataTransfer?.files ?? []);
    if (entries.some((entry) => entry.isDirectory)) {
      Promise.all(entries.map(readEntry)).then((lists) => takeFolder(lists.flat())).catch((error) => session.report(error));
    } else session.takeFiles(files);
  });
  addEventListener('paste', (event) => {
    const files = Array.from(event.clipboardData?.files ?? []);
    if (files.length === 0) return;
    event.preventDefault();
    session.takeFiles(files);
  });
}

/**
 * @param {FileSystemEntry} entry
 * @returns {Promise<File[]>}
 */
async function readEntry(entry) {
  if (isHidden(entry.fullPath)) return [];
  if (entry.isFile) {
    /** @type {File} */
    const file = await new Promise((resolve, reject) => /** @type {FileSystemFileEntry} */ (entry).file(resolve, reject));
    droppedPaths.set(file, entry.fullPath);
    return [file];
  }
  const reader = /** @type {FileSystemDirectoryEntry} */ (entry).createReader();
  /** @type {File[]} */
  const files = [];
  // A reader gives at most 100 entries at a time, and nothing at the end.
  for (;;) {
    /** @type {FileSystemEntry[]} */
    const entries = await new Promise((resolve, reject) => reader.readEntries(resolve, reject));
    if (entries.length === 0) return files;
    files.push(...(await Promise.all(entries.map(readEntry))).flat());
  }
}

/**
 * A real file input, for buttons and for the keyboard.
 * @param {string} id
 * @param {(files: File[]) => void} take
 */
export function connectInput(id, take) {
  const input = /** @type {HTMLInputElement} */ (document.getElementById(id));
  input.addEventListener('change', () => {
    const files = Array.from(input.files ?? []).filter((file) => !isHidden(file.webkitRelativePath || file.name));
    // Emptied, so that choosing the same file again is a change again.
    input.value = '';
    if (files.length > 0) take(files);
  });
  return () => input.click();
}
