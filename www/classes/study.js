/**
 * @typedef {import('./collection.js').ImageClass} ImageClass
 * @typedef {import('../featurescope.js').Model} Model
 * @typedef {import('../api/image-set.js').PlacedClass} PlacedClass
 * @typedef {import('../api/errors.js').FeaturescopeError} FeaturescopeError
 * @typedef {{ layer: string, title: string, owned: boolean, source: import('../featurescope.js').ModelSource | null, original: Model | null }} About
 *   `owned`: the model was opened for this study alone, from `source`; `original`: of a copy with random weights, the model itself
 */

let nextId = 1;

/** What a study asks of its image set. @typedef {Pick<import('../api/image-set.js').ImageSet, 'see' | 'atOnce' | 'said' | 'classMaps' | 'allSums' | 'map' | 'close'>} SetOfStudy */

/** Numbers of the models, to tell them apart. @type {WeakMap<object, number>} */
const modelNumbers = new WeakMap();
let nextModel = 1;

/** Tells a recipe from another one. That of a link has its parts in an order of its own. @param {import('../api/types.js').Recipe} recipe */
export const recipeKey = (recipe) =>
  JSON.stringify(Object.entries(recipe).sort(([one], [other]) => one.localeCompare(other)));

/** What one layer of one model made of the images. Every image is looked at once, whichever classes it is in. */
export class Study {
  id = nextId++;
  /** The images' places in the set. @type {Map<File, number>} */
  places = new Map();
  /** Why an image could not be looked at. @type {Map<File, string>} */
  failed = new Map();
  /** For every image of the set the output that stands for it, −1 for none. @type {Int32Array} */
  said = new Int32Array();
  /** The outputs of this model that the visitor tied to a class, by the class's name; those of the page's own model are the
   * collection's. A class may have any name, so there is nothing in it beforehand. @type {Record<string, number[]>} */
  ties = Object.create(null);
  #set;

  /**
   * @param {Model} model
   * @param {SetOfStudy} set
   * @param {import('../api/types.js').LookOptions} options of every look
   * @param {About} about
   */
  constructor(model, set, options, { layer, title, owned, source, original }) {
    this.model = model;
    this.options = options;
    /** What images were made into for the network. The page's own model may get another recipe at any time. */
    this.recipe = (original ?? model).recipe;
    this.layer = layer;
    this.title = title;
    this.owned = owned;
    this.original = original;
    this.randomised = original !== null;
    this.source = source;
    this.#set = set;
  }

  /**
   * @param {Model} model
   * @param {import('../api/types.js').LookOptions} options
   * @param {About} about
   */
  static async begin(model, options, about) {
    return new Study(model, await model.imageSet([], options), options, about);
  }

  /**
   * Another study of the same model, in whose place it comes: of other options, so that it has seen nothing yet.
   * @param {import('../api/types.js').LookOptions} options
   * @param {string} layer
   */
  async anew(options, layer) {
    const { title, owned, source, original } = this;
    const study = await Study.begin(this.model, options, { layer, title, owned, source, original });
    study.ties = this.ties;
    this.#set.close();
    return study;
  }

  /**
   * Whether it says what the page's own model, or its copy with random weights, would say by now. Further models have recipes of
   * their own, and as the article has it every model has the same one.
   * @param {Model} model the page's own
   */
  isOf(model) {
    if (this.owned && !this.randomised) return true;
    return (
      (this.original ?? this.model) === model &&
      (Boolean(this.options.article) || recipeKey(this.recipe) === recipeKey(model.recipe))
    );
  }

  /** The same for studies whose pictures of an image are the same. */
  get pictureKey() {
    const number = modelNumbers.get(this.model) ?? nextModel++;
    modelNumbers.set(this.model, number);
    return `${number} ${this.layer} ${Boolean(this.options.article)} ${recipeKey(this.recipe)}`;
  }

  /** How many maps the layer has. */
  get channels() {
    return this.model.layers.find(({ id }) => id === this.layer)?.channels ?? 0;
  }

  /** Whether an image was looked at, or cannot be. @param {File} image */
  knows(image) {
    return this.places.has(image) || this.failed.has(image);
  }

  /** Looks at the images that were not looked at before. What was seen stays when it is cancelled.
   * @param {File[]} images
   * @param {{ signal: AbortSignal, onImage: (done: number, total: number) => void }} options
   */
  async see(images, { signal, onImage }) {
    const waiting = images.filter((image) => !this.knows(image));
    /** @type {{ image: File, place: Promise<number> }[]} */
    const asked = [];
    let done = 0;
    const answered = async () => {
      const next = asked.shift();
      if (!next) return;
      try {
        this.places.set(next.image, await next.place);
      } catch (error) {
        const { code, message } = /** @type {FeaturescopeError} */ (error);
        if (code !== 'bad-image' && code !== 'too-large') throw error;
        this.failed.set(next.image, message);
      }
      onImage(++done, waiting.length);
    };
    try {
      for (const image of waiting) {
        const place = this.#set.see(image, { signal });
        // It is looked at in its turn; a cancelled one before it ends the turn.
        place.catch(() => {});
        asked.push({ image, place });
        if (asked.length >= this.#set.atOnce) await answered();
      }
      while (asked.length > 0) await answered();
    } finally {
      if (this.places.size > 0) this.said = await this.#set.said();
    }
  }

  /**
   * The images of classes as their places, without those that were not seen.
   * @param {ImageClass[]} classes
   * @returns {PlacedClass[]}
   */
  placed(classes) {
    return classes.map(({ name, images }) => ({
      name,
      images: images.flatMap((image) => this.places.get(image) ?? []),
    }));
  }

  /**
   * The classes without the images that were not seen.
   * @param {ImageClass[]} classes
   * @returns {ImageClass[]}
   */
  seen(classes) {
    return classes.map(({ name, images }) => ({ name, images: images.filter((image) => this.places.has(image)) }));
  }

  /**
   * @param {PlacedClass[]} classes
   * @param {{ perImage: number, perClass: number }} options
   */
  classMaps(classes, options) {
    return this.#set.classMaps({ ...options, classes });
  }

  /** @param {number[]} maps */
  sums(maps) {
    return this.#set.allSums(maps);
  }

  /** @param {number} map */
  map(map) {
    return this.#set.map(map);
  }

  /** The output that stands for an image, −1 for none. @param {File} image */
  saidOf(image) {
    return this.said[this.places.get(image) ?? -1] ?? -1;
  }

  /** Frees what was kept, and a model that was opened for this. */
  close() {
    this.#set.close();
    if (this.owned) this.model.close();
  }
}
