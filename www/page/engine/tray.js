import { Choices } from '../choices.js';
import { shownName } from '../shown-names.js';
import { text } from '../text.js';

/**
 * @typedef {import('../../api/errors.js').FeaturescopeError} FeaturescopeError
 * @typedef {import('../state.js').Photo} Photo
 */

/** The photos at hand, and their copies for the page. */
export class Tray extends Choices {
  /** The open scope, for the console and for tests too.
   * @type {import('../../featurescope.js').Featurescope | null} */
  scope = null;

  /** Photos that are looked at later. @param {File[]} files */
  addToTray(files) {
    const added = files.map((file) => ({
      id: this.newId(),
      name: shownName(file) || text.tray.pasted,
      source: file,
      strokes: [],
    }));
    this.set({ photos: [...this.state.photos, ...added] });
    return added;
  }

  /** @param {Omit<Photo, 'id' | 'strokes'>[]} samples */
  addSamples(samples) {
    const photos = samples.map((sample) => ({ ...sample, id: this.newId(), strokes: [] }));
    this.set({ photos: [...this.state.photos, ...photos], photo: this.state.photo ?? photos[0]?.id ?? null });
  }

  /**
   * Makes the photo's copy for the page, unless there is one of that size.
   * @param {Photo} photo
   * @param {number} size of the longer side, in pixels
   */
  async makeThumbnail({ id, name, source }, size) {
    const {
      thumbnail,
      width: full = 0,
      height: fullHeight = 0,
    } = this.state.photos.find((photo) => photo.id === id) ?? {};
    const there =
      thumbnail && Math.max(thumbnail.width, thumbnail.height) >= Math.min(size, Math.max(full, fullHeight));
    if (there || !this.scope) return;
    try {
      const { bitmap, width, height } = await this.scope.thumbnail(source, { size });
      this.setThumbnail(id, bitmap, width, height);
    } catch (error) {
      const { code, message } = /** @type {FeaturescopeError} */ (error);
      if (code === 'closed' || code === 'worker-lost' || code === 'cancelled') return;
      // The file is there; what the engine is made of is not, which the look at it says.
      if (code === 'network' && source instanceof Blob) return;
      this.set({
        photos: this.state.photos.filter((photo) => photo.id !== id),
        errors: [...this.state.errors, this.error(text.errors.about(name, message, code), name)],
      });
    }
  }

  /**
   * @param {number} id
   * @param {ImageBitmap} thumbnail
   * @param {number} width of the photo itself
   * @param {number} height
   */
  setThumbnail(id, thumbnail, width, height) {
    this.set({
      photos: this.state.photos.map((photo) => (photo.id === id ? { ...photo, thumbnail, width, height } : photo)),
    });
  }
}
