import { FeaturescopeError } from '../api/errors.js';
import { text } from '../api/text.js';

/**
 * @typedef {import('../api/engine-types.js').EngineModule} EngineModule
 */

/** What was seen of many images, in the memory of the engine that looked at them. */
export class ImageSet {
  /** @type {import('../api/engine-types.js').EngineImageSet | null} */
  #set = null;
  /** @type {EngineModule | null} */
  #module = null;

  /** @param {import('../api/types.js').LookOptions} options of every look */
  constructor(options) {
    this.options = options;
  }

  /** The set itself, where it has been made: it answers wherever the model has moved to since. */
  get begun() {
    return this.#set;
  }

  /**
   * The set itself. It is made with the first image, since a model's first look decides which engine runs it.
   * @param {EngineModule} module the engine that the model is open on
   */
  on(module) {
    if (this.#set && this.#module !== module) throw new FeaturescopeError('closed', text.errors.closed);
    this.#module = module;
    this.#set ??= new module.ImageSet();
    return this.#set;
  }

  free() {
    this.#set?.free();
    this.#set = null;
  }
}
