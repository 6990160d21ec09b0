import { FeaturescopeError } from './errors.js';
import { text } from './text.js';

/**
 * @typedef {import('./featurescope.js').ImageSource} ImageSource
 * @typedef {import('./types.js').CallOptions} CallOptions
 * @typedef {{ name: string, images: ImageSource[] }} ImageClass
 */

/** What one layer made of many images that are sorted into classes. Asking again with other options does not run
 * the network again. */
export class ImageSet {
  #messenger;
  #picture;
  #handle;

  /**
   * @param {import('./messenger.js').Messenger} messenger
   * @param {(image: ImageSource) => Promise<{ picture: object, transfer: Transferable[] }>} picture
   * @param {number} handle
   * @param {string[]} names of the classes
   */
  constructor(messenger, picture, handle, names) {
    this.#messenger = messenger;
    this.#picture = picture;
    this.#handle = handle;
    this.names = names;
  }

  /**
   * Looks at an image and adds it to a class.
   * @param {string} name of the class
   * @param {ImageSource} image
   * @param {CallOptions} [options]
   * @throws {FeaturescopeError} `bad-image`, `too-large`, `device-lost`, `cancelled`; the set is as it was before
   */
  async add(name, image, { signal, onProgress } = {}) {
    const { picture, transfer } = await this.#picture(image);
    const content = { set: this.#handle, class: this.#place(name), picture };
    await this.#messenger.request('addImage', content, { signal, onProgress, transfer });
  }

  /**
   * Adds all images of all classes, one after another.
   * @param {ImageClass[]} classes
   * @param {CallOptions} [options]
   */
  async addAll(classes, { signal, onProgress } = {}) {
    const total = classes.reduce((sum, { images }) => sum + images.length, 0);
    const start = performance.now();
    let done = 0;
    for (const { name, images } of classes) {
      for (const image of images) {
        await this.add(name, image, { signal });
        done += 1;
        onProgress?.({ stage: 'run', done, total, secondsLeft: ((performance.now() - start) / 1000) * (total / done - 1) });
      }
    }
  }

  /**
   * The maps of each class: those that are most often among the `perImage` strongest of its images, at most `perClass` of
   * them, without those that another class has too.
   * @param {{ perImage?: number, perClass?: number }} [options]
   * @returns {Promise<import('./types.js').ClassMaps[]>}
   */
  async classMaps({ perImage = 25, perClass = 25 } = {}) {
    /** @type {import('./types.js').EngineClassMaps[]} */
    const found = await this.#messenger.request('classMaps', { set: this.#handle, perImage, perClass });
    return found.map(({ maps, removed }, place) => ({
      name: this.names[place],
      maps,
      removed: removed.map(({ alsoIn, ...shared }) => ({ ...shared, alsoIn: alsoIn.map((other) => this.names[other]) })),
    }));
  }

  /**
   * For each image of each class, the sum of the activations of these maps.
   * @param {number[]} maps
   * @returns {Promise<Record<string, Float32Array>>} by class, images in the order in which they were added
   */
  async sums(maps) {
    /** @type {Float32Array[]} */
    const sums = await this.#messenger.request('sums', { set: this.#handle, maps });
    return Object.fromEntries(this.names.map((name, place) => [name, sums[place]]));
  }

  /**
   * How many images of each class the network takes for each class.
   * @param {number[][]} ties for each class the outputs that belong to it; all other outputs are "other"
   * @returns {Promise<import('./types.js').Confusion>}
   */
  async confusion(ties) {
    const counts = await this.#messenger.request('confusion', { set: this.#handle, ties });
    return { labels: [...this.names, text.classes.other], counts };
  }

  /** Frees what is kept of the images. */
  close() {
    this.#messenger.request('release', { handle: this.#handle }).catch(() => {});
  }

  /** @param {string} name */
  #place(name) {
    const place = this.names.indexOf(name);
    if (place < 0) throw new FeaturescopeError('bad-argument', text.errors.noSuchClass(name, this.names));
    return place;
  }
}

/**
 * The outputs that belong to each class. Where the caller says nothing of a class, they are those that have its name among
 * their labels' synonyms, upper and lower case alike.
 * @param {string[]} names of the classes
 * @param {Record<string, number | number[]>} ties
 * @param {string[]} labels of the model
 */
export function tiedOutputs(names, ties, labels) {
  const synonyms = labels.map((label) => label.split(',').map((word) => word.trim().toLowerCase()));
  return names.map((name) => {
    const tied = ties[name];
    if (tied !== undefined) return Array.isArray(tied) ? tied : [tied];
    return synonyms.flatMap((words, index) => (words.includes(name.toLowerCase()) ? [index] : []));
  });
}
