import { checkMap, checkWhole } from './arguments.js';
import { FeaturescopeError, cancelled } from './errors.js';
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

/**
 * How a set has images seen in several workers. `atOnce`: so many are to be asked for at a time; `see`: calls `request` for a worker with room, and
 * again where that is lost, with the worker and what it has to be told
 * @typedef {{ atOnce: number, see: (request: (messenger: import('./messenger.js').Messenger, content: object) => Promise<any>, signal?: AbortSignal) => Promise<any> }} Spread
 */

/** What one layer made of many images that are sorted into classes. Asking again, with other options or with the images in
 * other classes, does not run the network again. */
export class ImageSet {
  #messenger;
  #picture;
  #handle;
  #channels;
  #outputs;
  #ahead;
  #spread;
  /** How many images there are. */
  #size = 0;
  /** Settles once every image that was asked for is in the set or will never be. @type {Promise<unknown>} */
  #turn = Promise.resolve();

  /**
   * @param {import('./messenger.js').Messenger} messenger
   * @param {(image: ImageSource) => Promise<{ picture: object, transfer: Transferable[] }>} picture
   * @param {number} handle
   * @param {{ names: string[], channels: number, classes: number, ahead?: number }} about `names`: of the images' classes; `channels`: of the layer;
   *   `classes`: how many the network tells apart; `ahead`: how many images are decoded while the network looks at one
   * @param {Spread} [spread] where there are several workers
   */
  constructor(messenger, picture, handle, { names, channels, classes, ahead = 1 }, spread) {
    this.#ahead = ahead;
    this.#spread = spread;
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
    const call = { signal, onProgress };
    const place = await (this.#spread ? this.#seeAnywhere(image, this.#spread, call) : this.#seeHere(image, call));
    this.#size = Math.max(this.#size, place + 1);
    return place;
  }

  /** Images to ask for at a time, so that no worker waits. */
  get atOnce() {
    return this.#spread?.atOnce ?? 1 + this.#ahead;
  }

  /** @param {ImageSource} image @param {CallOptions} call @returns {Promise<number>} */
  async #seeHere(image, call) {
    const { picture, transfer } = await this.#picture(image);
    return this.#messenger.request('addImage', { set: this.#handle, picture }, { ...call, transfer });
  }

  /**
   * Has an image seen by whoever has room. The set takes the images in the order in which they were asked for.
   * @param {ImageSource} image
   * @param {Spread} spread
   * @param {CallOptions} call
   * @returns {Promise<number>}
   */
  async #seeAnywhere(image, spread, call) {
    const before = this.#turn;
    let end = () => {};
    const over = new Promise((resolve) => (end = () => resolve(undefined)));
    this.#turn = Promise.all([before, over]);
    // At once, since whose it is may close it; anew where it went with a worker that was lost.
    /** @type {Promise<{ picture: object, transfer: Transferable[] }> | null} */
    let given = this.#picture(image);
    given.catch(() => {});
    try {
      const seen = await spread.see(async (messenger, content) => {
        const { picture, transfer } = await (given ?? this.#picture(image));
        given = null;
        // The worker that has the set decodes ahead, and apart from its engine.
        const set = messenger === this.#messenger ? this.#handle : undefined;
        return messenger.request('seeImage', { ...content, picture, set }, { ...call, transfer });
      }, call.signal);
      await before;
      const taken = this.#messenger.request('takeSeen', { set: this.#handle, seen });
      // The next one is taken in behind it, without waiting for the answer.
      end();
      return await taken;
    } finally {
      end();
    }
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
   * Adds all images of all classes, in their order.
   * @param {ImageClass[]} classes
   * @param {CallOptions} [options]
   */
  async addAll(classes, { signal, onProgress } = {}) {
    const total = classes.reduce((sum, { images }) => sum + images.length, 0);
    const start = performance.now();
    let done = 0;
    /** @type {{ images: number[], place: Promise<number> }[]} */
    const asked = [];
    const answered = async () => {
      const [next] = asked.splice(0, 1);
      const place = await next.place;
      if (signal?.aborted) throw cancelled();
      next.images.push(place);
      done += 1;
      const secondsLeft = ((performance.now() - start) / 1000) * (total / done - 1);
      onProgress?.({ stage: 'run', done, total, secondsLeft });
    };
    for (const { name, images } of classes) {
      for (const image of images) {
        const { images: places } = this.#class(name);
        const place = this.see(image, { signal });
        // It is heard in its turn; one that fails before it ends the turn.
        place.catch(() => {});
        asked.push({ images: places, place });
        if (asked.length >= this.atOnce) await answered();
      }
    }
    while (asked.length > 0) await answered();
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
