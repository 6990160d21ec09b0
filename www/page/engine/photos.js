import { isImage, isModel } from '../../files/file-kinds.js';
import { atLinearHead } from '../state.js';
import { text } from '../text.js';
import { TRAY_SIZE } from './looks.js';
import { apartHeic, heicError } from '../heic.js';
import { Models } from './models.js';

/**
 * @typedef {import('../state.js').State} State
 * @typedef {import('../../api/types.js').Stroke} Stroke
 */

/** What the visitor chooses to look at: photos, parts of them, layers and classes. */
export class Photos extends Models {
  /** The camera's picture that is in the tray, while it runs.
   * @type {File | null} */
  #frame = null;

  /**
   * Whatever was dropped or pasted.
   * @param {File[]} files
   */
  async takeFiles(files) {
    // A picture may have no ending, or a wrong one.
    const known =
      isModel(files) || files.every(isImage)
        ? files
        : await (await import('../../files/picture-content.js')).typedByContent(files);
    const { rest, heic } = await apartHeic(known);
    if (rest.length > 0 || heic.length === 0) await this.#take(rest);
    // Afterwards, since what works clears the alerts.
    if (heic.length > 0) this.report(heicError(heic));
  }

  /** @param {File[]} files */
  async #take(files) {
    const photos = files.filter(isImage);
    if (isModel(files)) {
      const added = this.addToTray(photos);
      if (added[0]) this.set({ photo: added[0].id });
      await this.openModel(
        files.filter((file) => !photos.includes(file)),
        null,
      );
      for (const photo of added) await this.makeThumbnail(photo, TRAY_SIZE);
      return;
    }
    if (photos.length > 0) return this.addPhotos(photos);
    // Something that is no photo by its name still gets its chance, and otherwise an error with its name.
    if (files.length === 1) return this.addPhotos(files);
    this.set({ errors: [this.error(text.tray.nothing)] });
  }

  /** @param {File[]} files */
  async addPhotos(files) {
    const added = this.addToTray(files);
    await this.choosePhoto(added[0].id);
    for (const photo of added.slice(1)) await this.makeThumbnail(photo, TRAY_SIZE);
  }

  /** @param {number} id */
  async choosePhoto(id) {
    const { photo, comparison, recorded, errors } = this.state;
    if (id === photo && this.model && !recorded && errors.length === 0) return;
    if (comparison === id) this.compareWith(null);
    this.set({ photo: id, erasing: false });
    await this.lookAgain();
  }

  /**
   * Looks at a file of the classes, which joins the tray.
   * @param {File} file
   */
  async lookAt(file) {
    const photo = this.state.photos.find(({ source }) => source === file);
    await (photo ? this.choosePhoto(photo.id) : this.addPhotos([file]));
  }

  /**
   * Looks at one picture of a camera, which takes the place of the one before.
   * @param {File} frame
   * @param {string} name of the camera's place in the tray
   * @returns {Promise<boolean>} false where the visitor has turned to another photo, which stays
   */
  async lookAtFrame(frame, name) {
    const thumbnail = await createImageBitmap(frame);
    const { width, height } = thumbnail;
    const live = this.state.photos.find(({ source }) => source === this.#frame);
    if (this.#frame && live?.id !== this.state.photo) return false;
    this.#frame = frame;
    const photo = { ...(live ?? { id: this.newId(), strokes: [] }), name, source: frame, thumbnail, width, height };
    const photos = live
      ? this.state.photos.map((other) => (other === live ? photo : other))
      : [...this.state.photos, photo];
    if (this.state.comparison === photo.id) this.compareWith(null);
    this.set({ photos, photo: photo.id });
    await this.lookAgain();
    return this.state.photo === photo.id;
  }

  /** The camera's last picture becomes a photo like any other. */
  endFrames() {
    this.#frame = null;
  }

  /** @param {number} id */
  async removePhoto(id) {
    const photos = this.state.photos.filter((photo) => photo.id !== id);
    if (this.state.comparison === id) this.compareWith(null);
    this.set({ photos });
    if (this.state.photo === id && photos[0]) await this.choosePhoto(photos[0].id);
  }

  /** @param {number | null} id */
  async compareWith(id) {
    const { secondLook } = this.state;
    this.set({ comparison: id, secondLook: null });
    secondLook?.close();
    if (id !== null) await this.lookAgain();
  }

  /** @param {Stroke} stroke */
  async erase(stroke) {
    await this.#setStrokes((strokes) => [...strokes, stroke]);
  }

  async undoErase() {
    await this.#setStrokes((strokes) => strokes.slice(0, -1));
  }

  async clearErase() {
    await this.#setStrokes(() => []);
  }

  /** @param {(strokes: Stroke[]) => Stroke[]} change */
  async #setStrokes(change) {
    const { photos, photo: current } = this.state;
    this.set({
      photos: photos.map((photo) => (photo.id === current ? { ...photo, strokes: change(photo.strokes) } : photo)),
    });
    await this.lookAgain();
  }

  /** @param {string} layer */
  async chooseLayer(layer) {
    this.set({ layer, chosen: [], openMap: null });
    await this.lookAgain();
  }

  /** @param {boolean} article */
  async setArticle(article) {
    this.set({ article, chosen: [], openMap: null, setMaxima: {} });
    await this.lookAgain();
  }

  /** @param {Partial<State['overlay']>} change */
  setOverlay(change) {
    this.set({ overlay: { ...this.state.overlay, ...change } });
    if (change.colormap || change.style) this.updatePalette();
  }

  /** @param {number} index */
  async chooseClass(index) {
    const { model, classIndex, order } = this.state;
    if (!model?.linearHead) return;
    if (classIndex === index && order === 'contribution') return this.set({ order: 'mean' });
    this.set({ classIndex: index, order: 'contribution', contributions: null });
    // Another look may be on its way, of the article or of another layer, and would take the choice away.
    const { article, layer } = this.state;
    const wanted = layer ?? model.defaultLayer;
    if (atLinearHead(this.state) && !article && wanted === model.linearHead.layer) return this.updateContributions();
    await this.goToLinearHead();
  }

  async goToLinearHead() {
    const layer = this.state.model?.linearHead?.layer;
    if (!layer) return;
    // As the article, the layer is the article's.
    if (this.state.article) this.set({ article: false, setMaxima: {} });
    await this.chooseLayer(layer);
  }
}
