import { FeaturescopeError } from '../api/errors.js';
import { text } from '../api/text.js';
import { closeModel } from './models.js';

/**
 * @typedef {import('./models.js').OpenModel} OpenModel
 * @typedef {{ width: number, height: number }} Size
 * @typedef {{ source: import('./pictures.js').PictureSource, options: import('../api/types.js').LookOptions }} Wish what a look is made of;
 *   the options leave nothing to the model
 * @typedef {{ engineLook: import('../api/engine-types.js').EngineLook, module: import('../api/engine-types.js').EngineModule, seen: Size, model: number, wish: Wish }} OpenLook
 *   `module`: the engine in whose memory it is
 * @typedef {{ images: import('./image-sets.js').ImageSet, model: number }} OpenImageSet
 */

/** Gives the page numbers for what lives in the engine's memory, and frees it. */
export class Handles {
  #next = 1;
  /** @type {Map<number, OpenModel>} */
  #models = new Map();
  /** @type {Map<number, OpenLook>} */
  #looks = new Map();
  /** @type {Map<number, OpenImageSet>} */
  #imageSets = new Map();

  /** @param {OpenModel} model */
  add(model) {
    const handle = this.#next++;
    this.#models.set(handle, model);
    return handle;
  }

  /** @param {OpenLook} look whose `model` is the handle of the model it came from, and `seen` the size of what the network saw */
  addLook(look) {
    const handle = this.#next++;
    this.#looks.set(handle, look);
    return handle;
  }

  /**
   * @param {import('./image-sets.js').ImageSet} images
   * @param {number} model handle of the model that looks at them
   */
  addImageSet(images, model) {
    const handle = this.#next++;
    this.#imageSets.set(handle, { images, model });
    return handle;
  }

  /** @param {number} handle */
  model(handle) {
    const model = this.#models.get(handle);
    if (!model) throw new FeaturescopeError('closed', text.errors.closed);
    return model;
  }

  /** @param {number} handle */
  look(handle) {
    const entry = this.#looks.get(handle);
    if (!entry) throw new FeaturescopeError('closed', text.errors.closed);
    return entry;
  }

  /** @param {number} handle */
  imageSet(handle) {
    const entry = this.#imageSets.get(handle);
    if (!entry) throw new FeaturescopeError('closed', text.errors.closed);
    return entry;
  }

  /**
   * Frees a look, an image set, or a model with all of both. Unknown handles were freed before.
   * @param {number} handle
   */
  release(handle) {
    this.#looks.get(handle)?.engineLook.free();
    this.#looks.delete(handle);
    this.#imageSets.get(handle)?.images.free();
    this.#imageSets.delete(handle);
    if (!this.#models.has(handle)) return;
    for (const [other, entry] of [...this.#looks, ...this.#imageSets]) {
      if (entry.model === handle) this.release(other);
    }
    closeModel(this.model(handle));
    this.#models.delete(handle);
  }
}
