import { checkMap, checkWhole } from './arguments.js';
import { FeaturescopeError } from './errors.js';
import { text as more } from './more-text.js';

/**
 * @typedef {import('../featurescope.js').ImageSource} ImageSource
 * @typedef {import('./types.js').CallOptions} CallOptions
 * @typedef {{ name: string, images: ImageSource[] }} ImageClass
 */

/**
 * Images of a class, by their places in the set.
 * @typedef {{ name: string, images: number[] }} PlacedClass
 */

/** What one layer made of many images that are sorted into classes. Asking again, with other options or with the images in
 * other classes, does not run the network again. */
export class ImageSet {
  #messenger;
  #picture;
  #handle;
  #channels;
  #outputs;
  /** How many images there are. */
  #size = 0;

  /**
   * @param {import('./messenger.js').Messenger} messenger
   * @param {(image: ImageSource) => Promise<{ picture: object, transfer: Transferable[] }>} picture
   * @param {number} handle
   * @param {{ names: string[], channels: number, classes: number }} about `names`: of the images' classes; `channels`: of the layer;
   *   `classes`: how many the network tells apart
   */
  constructor(messenger, picture, handle, { names, channels, classes }) {
    this.#messenger = messenger;
    this.#picture = picture;
    this.#handle = handle;
    this.#channels = channels;
    this.#outputs = classes;
    /** The classes, and the places of their images in the order in which they were added.
     * @type {PlacedClass[]} */
    this.classes = names.map((name) => ({ name, images: [] }));
  }

  /**
   * Looks at an image and keeps its numbers, without a class.
   * @param {ImageSource} image
   * @param {CallOptions} [options]
   * @returns {Promise<number>} its place in the set, from 0
   * @throws {FeaturescopeError} `bad-image`, `too-large`, `device-lost`, `cancelled`; the set is as it was before
   */
  async see(image, { signal, onProgress } = {}) {
    const { picture, transfer } = await this.#picture(image);
    const place = await this.#messenger.request(
      'addImage',
      { set: this.#handle, picture },
      { signal, onProgress, transfer },
    );
    this.#size = Math.max(this.#size, place + 1);
    return place;
  }

  /**
   * Looks at an image and adds it to a class.
   * @param {string} name of the class
   * @param {ImageSource} image
   * @param {CallOptions} [options]
   * @throws {FeaturescopeError} as `see`
   */
  async add(name, image, options) {
    const { images } = this.#class(name);
    images.push(await this.see(image, options));
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
        onProgress?.({
          stage: 'run',
          done,
          total,
          secondsLeft: ((performance.now() - start) / 1000) * (total / done - 1),
        });
      }
    }
  }

  /**
   * The maps of each class: those that are most often among the `perImage` strongest of its images, at most `perClass` of
   * them, without those that another class has too.
   * @param {{ perImage?: number, perClass?: number, classes?: PlacedClass[] }} [options] `classes`: others than the set's own
   * @returns {Promise<import('./types.js').ClassMaps[]>}
   * @throws {FeaturescopeError} `bad-argument` for what is no whole number from 1, or an image that is not in the set
   */
  async classMaps({ perImage = 25, perClass = 25, classes = this.classes } = {}) {
    checkCounts({ perImage, perClass });
    for (const { images } of classes)
      for (const place of images) checkWhole('classes: images', place, 0, this.#size - 1);
    const content = { set: this.#handle, classes: placesOf(classes), perImage, perClass };
    /** @type {import('./engine-types.js').EngineClassMaps[]} */
    const found = await this.#messenger.request('classMaps', content);
    return found.map(({ maps, removed }, place) => ({
      name: classes[place].name,
      maps,
      removed: removed.map(({ alsoIn, ...shared }) => ({
        ...shared,
        alsoIn: alsoIn.map((other) => classes[other].name),
      })),
    }));
  }

  /**
   * For each image of each class, the sum of the activations of these maps.
   * @param {number[]} maps
   * @returns {Promise<Record<string, Float32Array>>} by class, images in the order in which they were added
   */
  async sums(maps) {
    const sums = await this.allSums(maps);
    return Object.fromEntries(
      this.classes.map(({ name, images }) => [name, Float32Array.from(images, (place) => sums[place])]),
    );
  }

  /**
   * For every image of the set, the sum of the activations of these maps.
   * @param {number[]} maps
   * @returns {Promise<Float32Array>} in the order in which the images were added
   * @throws {FeaturescopeError} `bad-argument` for a map that the layer has not
   */
  async allSums(maps) {
    for (const map of maps) checkMap(map, this.#channels);
    return this.#messenger.request('sums', { set: this.#handle, maps });
  }

  /**
   * One map over every image of the set.
   * @param {number} map
   * @returns {Promise<import('./types.js').MapOverSet>}
   * @throws {FeaturescopeError} `bad-argument` for a map that the layer has not
   */
  async map(map) {
    checkMap(map, this.#channels);
    return this.#messenger.request('mapOverSet', { set: this.#handle, map });
  }

  /**
   * For every image of the set, the output that stands for it.
   * @returns {Promise<Int32Array>} −1 where the network says nothing
   */
  async said() {
    return this.#messenger.request('said', { set: this.#handle });
  }

  /**
   * How many images of each class the network takes for each class.
   * @param {number[][]} ties for each class the outputs that belong to it; all other outputs are "other"
   * @returns {Promise<import('./types.js').Confusion>}
   * @throws {FeaturescopeError} `bad-argument` for an output that the network has not
   */
  async confusion(ties) {
    checkTies(ties, this.#outputs);
    const content = { set: this.#handle, classes: placesOf(this.classes), ties };
    const counts = await this.#messenger.request('confusion', content);
    return { labels: [...this.classes.map(({ name }) => name), 'other'], counts };
  }

  /** Frees what is kept of the images. */
  close() {
    this.#messenger.request('release', { handle: this.#handle }).catch(() => {});
  }

  /** @param {string} name */
  #class(name) {
    const found = this.classes.find((one) => one.name === name);
    if (!found)
      throw new FeaturescopeError(
        'bad-argument',
        more.noSuchClass(
          name,
          this.classes.map((one) => one.name),
        ),
      );
    return found;
  }
}

/**
 * How many maps are asked for; what is left out is not looked at.
 * @param {{ perImage?: number, perClass?: number }} counts
 */
export function checkCounts(counts) {
  for (const [name, count] of Object.entries(counts)) if (count !== undefined) checkWhole(name, count, 1);
}

/**
 * @param {number[][]} ties for each class the outputs that belong to it
 * @param {number} outputs of the network
 */
export function checkTies(ties, outputs) {
  for (const output of ties.flat()) checkWhole('ties', output, 0, outputs - 1);
}

/** @param {PlacedClass[]} classes */
function placesOf(classes) {
  return classes.map(({ images }) => images);
}
