/** What a file is, by its name and by where it lay. Nothing here knows the DOM. */

/** Files that are meant as a model. Those that are not ONNX are refused with what to do about it; data files beside a model have any name. */
const MODEL = /\.(onnx|ort|pt|pth|h5|keras|tflite|safetensors|gguf|pb)$/i;

/** The types of pictures by the endings of their names, where the browser does not tell: it knows a dropped file's type by a list of its
 * own, and what is in an archive it does not look at.
 * @type {[type: string, ...endings: string[]][]} */
const PICTURES = [
  ['image/jpeg', 'jpg', 'jpeg', 'jpe', 'jfif', 'jfi', 'jif', 'pjpeg', 'pjp'],
  ['image/png', 'png', 'apng'],
  ['image/webp', 'webp'],
  ['image/gif', 'gif'],
  ['image/bmp', 'bmp', 'dib'],
  ['image/avif', 'avif', 'avifs'],
  ['image/tiff', 'tif', 'tiff'],
  ['image/heic', 'heic', 'heics', 'heif', 'hif'],
  ['image/jxl', 'jxl'],
  ['image/x-icon', 'ico'],
];

/**
 * The type of a picture by its name, if it is one of a picture.
 * @param {string} name
 */
export function pictureType(name) {
  const ending = name.slice(name.lastIndexOf('.') + 1).toLowerCase();
  return PICTURES.find(([, ...endings]) => endings.includes(ending))?.[0];
}

/** @param {File} file */
export function isImage({ name, type }) {
  return type.startsWith('image/') || (type === '' && pictureType(name) !== undefined);
}

/** Where a file lay in a dropped folder. The browser fills `webkitRelativePath` for chosen folders only.
 * @type {WeakMap<File, string>} */
export const droppedPaths = new WeakMap();

/**
 * Where a file lay, without a leading slash: its name alone where it lay in no folder that is known.
 * @param {File} file
 */
export function pathOf(file) {
  return (droppedPaths.get(file) ?? (file.webkitRelativePath || file.name)).replace(/^\//, '');
}

/** Files nobody means: hidden ones, and what macOS puts into archives.
 * @param {string} path */
export const isHidden = (path) => /(^|\/)(\.|__MACOSX\/)/.test(path);

/**
 * What somebody means who brings files: hidden ones only where there are no others.
 * @param {File[]} files
 */
export function meant(files) {
  const seen = files.filter((file) => !isHidden(pathOf(file)));
  return seen.length > 0 ? seen : files;
}

/**
 * Whether files are a model with its parts, and not photos.
 * @param {File[]} files
 */
export function isModel(files) {
  return files.some((file) => MODEL.test(file.name));
}

/** Whether a file that lies beside no model may tell about the open one: a card, or the names of its classes. @param {File} file */
export function mayTellOfModel({ name }) {
  return /\.(json|txt)$/i.test(name);
}

/** @param {File} file */
export function isArchive({ name }) {
  return /\.zip$/i.test(name);
}
