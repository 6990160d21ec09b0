/** What the visitor chooses to look at: photos, parts of them, layers and classes. */

import { isImage, isModel, mayTellOfModel } from '../../files/file-kinds.js';
import { alertOf } from '../changes.js';
import { apartHeic, heicError } from '../heic.js';
import { atLinearHead } from '../state.js';
import { text } from '../text.js';
import { choose } from '../../card/changes.js';
import { lookAgain } from './look.js';
import { openModel } from './said.js';
import { updateContributions } from './questions.js';
import { report } from './request.js';
import { TRAY_SIZE, addToTray, makeThumbnail } from './tray.js';

/**
 * @typedef {import('../state.js').State} State
 * @typedef {import('../../api/types.js').Stroke} Stroke
 * @typedef {import('./core.js').Core} Core
 */

/**
 * Whatever was dropped or pasted.
 * @param {Core} core
 * @param {File[]} files
 */
export async function takeFiles(core, files) {
  const telling = isModel(files) ? [] : files.filter(mayTellOfModel);
  const others = telling.length > 0 ? await (await import('./told.js')).takeTold(core, telling) : [];
  const brought = files.filter((file) => !telling.includes(file) || others.includes(file));
  if (telling.length > 0 && brought.length === 0) return;
  // A picture may have no ending, or a wrong one.
  const known =
    isModel(brought) || brought.every(isImage)
      ? brought
      : await (await import('../../files/picture-content.js')).typedByContent(brought);
  const { rest, heic } = await apartHeic(known);
  const taken = rest.length > 0 || heic.length === 0 ? take(core, rest) : null;
  // From here on what is under way tells itself how far it is.
  core.set({ arriving: false });
  await taken;
  // Afterwards, since what works clears the alerts.
  if (heic.length > 0) report(core, heicError(heic));
}

/** @param {Core} core @param {File[]} files */
async function take(core, files) {
  const photos = files.filter(isImage);
  if (isModel(files)) {
    const added = addToTray(core, photos);
    if (added[0]) core.set({ photo: added[0].id });
    await openModel(
      core,
      files.filter((file) => !photos.includes(file)),
      null,
    );
    for (const photo of added) await makeThumbnail(core, photo, TRAY_SIZE);
    return;
  }
  if (photos.length > 0) return addPhotos(core, photos);
  // Something that is no photo by its name still gets its chance, and otherwise an error with its name.
  if (files.length === 1) return addPhotos(core, files);
  core.set({ errors: [alertOf(core, text.tray.nothing)] });
}

/** @param {Core} core @param {File[]} files */
export async function addPhotos(core, files) {
  const added = addToTray(core, files);
  await choosePhoto(core, added[0].id);
  for (const photo of added.slice(1)) await makeThumbnail(core, photo, TRAY_SIZE);
}

/** @param {Core} core @param {number} id */
export async function choosePhoto(core, id) {
  const { photo, comparison, recorded, errors } = core.state;
  if (id === photo && core.model && !recorded && errors.length === 0) return;
  if (comparison === id) compareWith(core, null);
  core.set({ photo: id, erasing: false });
  await lookAgain(core);
}

/**
 * Looks at a file of the classes, which joins the tray.
 * @param {Core} core
 * @param {File} file
 */
export async function lookAt(core, file) {
  const photo = core.state.photos.find(({ source }) => source === file);
  await (photo ? choosePhoto(core, photo.id) : addPhotos(core, [file]));
}

/**
 * Looks at one picture of a camera, which takes the place of the one before.
 * @param {Core} core
 * @param {File} frame
 * @param {string} name of the camera's place in the tray
 * @returns {Promise<boolean>} false where the visitor has turned to another photo, which stays
 */
export async function lookAtFrame(core, frame, name) {
  const thumbnail = await createImageBitmap(frame);
  const { width, height } = thumbnail;
  const live = core.state.photos.find(({ source }) => source === core.frame);
  if (core.frame && live?.id !== core.state.photo) return false;
  core.frame = frame;
  const photo = { ...(live ?? { id: core.newId(), strokes: [] }), name, source: frame, thumbnail, width, height };
  const photos = live
    ? core.state.photos.map((other) => (other === live ? photo : other))
    : [...core.state.photos, photo];
  if (core.state.comparison === photo.id) compareWith(core, null);
  core.set({ photos, photo: photo.id });
  await lookAgain(core);
  return core.state.photo === photo.id;
}

/** @param {Core} core @param {number} id */
export async function removePhoto(core, id) {
  const photos = core.state.photos.filter((photo) => photo.id !== id);
  if (core.state.comparison === id) compareWith(core, null);
  core.set({ photos });
  if (core.state.photo === id && photos[0]) await choosePhoto(core, photos[0].id);
}

/** @param {Core} core @param {number | null} id */
export async function compareWith(core, id) {
  const { secondLook } = core.state;
  core.set({ comparison: id, secondLook: null });
  secondLook?.close();
  if (id !== null) await lookAgain(core);
}

/** @param {Core} core @param {Stroke} stroke */
export async function erase(core, stroke) {
  await setStrokes(core, (strokes) => [...strokes, stroke]);
}

/** @param {Core} core */
export async function undoErase(core) {
  await setStrokes(core, (strokes) => strokes.slice(0, -1));
}

/** @param {Core} core */
export async function clearErase(core) {
  await setStrokes(core, () => []);
}

/** @param {Core} core @param {(strokes: Stroke[]) => Stroke[]} change */
async function setStrokes(core, change) {
  const { photos, photo: current } = core.state;
  core.set({
    photos: photos.map((photo) => (photo.id === current ? { ...photo, strokes: change(photo.strokes) } : photo)),
  });
  await lookAgain(core);
}

/** @param {Core} core @param {string} layer */
export async function chooseLayer(core, layer) {
  core.set({ layer, chosen: [], openMap: null });
  await lookAgain(core);
}

/**
 * Looks at what a patch attends to. @param {Core} core
 * @param {{ x: number, y: number } | null} patch its place in what the network sees, from 0 to 1; null: the class token
 */
export async function choosePatch(core, patch) {
  choose(core, { patch });
  await lookAgain(core);
}

/** @param {Core} core @param {boolean} article */
export async function setArticle(core, article) {
  core.set({ article, chosen: [], openMap: null, setMaxima: {} });
  await lookAgain(core);
}

/** @param {Core} core @param {number} index */
export async function chooseClass(core, index) {
  const { model, classIndex, order } = core.state;
  if (!model?.linearHead) return;
  if (classIndex === index && order === 'contribution') return core.set({ order: 'mean' });
  core.set({ classIndex: index, order: 'contribution', contributions: null });
  // Another look may be on its way, of the article or of another layer, and would take the choice away.
  const { article, layer } = core.state;
  const wanted = layer ?? model.defaultLayer;
  if (atLinearHead(core.state) && !article && wanted === model.linearHead.layer) return updateContributions(core);
  await goToLinearHead(core);
}

/** @param {Core} core */
export async function goToLinearHead(core) {
  const layer = core.state.model?.linearHead?.layer;
  if (!layer) return;
  // As the article, the layer is the article's.
  if (core.state.article) core.set({ article: false, setMaxima: {} });
  await chooseLayer(core, layer);
}
