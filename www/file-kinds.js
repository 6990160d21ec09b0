/** What a file is, by its name and by where it lay. Nothing here knows the DOM. */

/** Files that are meant as a model. Those that are not ONNX are refused with what to do about it; data files beside a model have any name. */
const MODEL = /\.(onnx|ort|pt|pth|h5|keras|tflite|safetensors|gguf|pb)$/i;

/** Where a file lay in a dropped folder. The browser fills `webkitRelativePath` for chosen folders only.
 * @type {WeakMap<File, string>} */
export const droppedPaths = new WeakMap();

/** Files nobody means: hidden ones, and what macOS puts into archives.
 * @param {string} path */
export const isHidden = (path) => /(^|\/)(\.|__MACOSX\/)/.test(path);

/**
 * Whether files are a model with its parts, and not photos.
 * @param {File[]} files
 */
export function isModel(files) {
  return files.some((file) => MODEL.test(file.name));
}

/** @param {File} file */
export function isArchive({ name }) {
  return /\.zip$/i.test(name);
}
