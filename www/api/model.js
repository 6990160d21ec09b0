import { checkLook } from './arguments.js';
import { part } from './errors.js';
import { Look } from './look.js';

/**
 * @typedef {import('./picture-sources.js').ImageSource} ImageSource
 * @typedef {import('./image-set.js').ImageSet} ImageSet
 * @typedef {import('./types.js').AblateOptions} AblateOptions
 * @typedef {import('./types.js').CallOptions} CallOptions
 * @typedef {import('./types.js').CamOptions} CamOptions
 * @typedef {import('./types.js').DepthOptions} DepthOptions
 * @typedef {import('./types.js').DrawOptions} DrawOptions
 * @typedef {import('./types.js').LookOptions} LookOptions
 */

/**
 * What a model has in the worker.
 * @typedef {{ messenger: import('./messenger.js').Messenger, picture: (image: ImageSource | ImageSource[]) => Promise<{ picture: object, transfer: Transferable[] }>, handle: number, setMaxima: Map<string, number> }} Inside
 *   `setMaxima`: the largest value of each layer over all looks
 */

/** An opened model. */
export class Model {
  /** What the functions share that load with the first question of their kind. @type {Inside} */
  #inside;

  /**
   * @param {import('./messenger.js').Messenger} messenger
   * @param {(image: ImageSource | ImageSource[]) => Promise<{ picture: object, transfer: Transferable[] }>} picture
   * @param {{ handle: number, description: Omit<import('./types.js').ModelDescription, never>, engine: import('./types.js').EngineInfo, cameFrom?: string | null }} opened
   * @param {Map<string, number>} [setMaxima] of the same model in another worker
   */
  constructor(messenger, picture, { handle, description, engine, cameFrom = null }, setMaxima = new Map()) {
    this.#inside = { messenger, picture, handle, setMaxima };
    /** The engine that runs this model; a question may move it to the CPU where it is beyond the GPU engine. */
    this.engine = engine;
    /** The host that the file came from in the end, where the one that was asked passed the request on. */
    this.cameFrom = cameFrom;
    this.title = description.title;
    /** Number of outputs. */
    this.classes = description.classes;
    this.labels = description.labels;
    /** The labels are ImageNet's, since the model recognises its photos. */
    this.labelsAreGuessed = description.labelsAreGuessed;
    /** As what the scores are taken; where the file does not tell what they are, the last look did. */
    this.output = description.output;
    /** What the card, or whoever called `setOutput`, says that they are; null where nobody does. */
    this.statedOutput = description.statedOutput;
    /** Name of the value that the card says holds the class scores; null where it says nothing. */
    this.statedScores = description.statedScores;
    /** Name of the value that holds the class scores; null of a network that gives none, which has no predictions. */
    this.scores = description.scores;
    /** What the file gives, in its order. */
    this.results = description.results;
    /** The nodes of the file that nobody computes: what is made of them is missing, and everything before is there. */
    this.blocked = description.blocked;
    /** What the network gives for a picture, and what tells it. Where that is no class scores, looks have no predictions but boxes, a mask, an
     * embedding or a picture. */
    this.gives = description.gives;
    /** How the inputs of its file are made of one picture. */
    this.takes = description.takes;
    /** What files beside the model's say about it. */
    this.told = description.told;
    /** Whether the network normalises the pixels itself, so that it takes them as they are. */
    this.ownRecipe = description.ownRecipe;
    /** How a picture becomes the input, in use now. */
    this.recipe = description.recipe;
    /** Whether it comes from the model's card and is not a guess. */
    this.recipeIsKnown = description.recipeIsKnown;
    /** Recipes to choose from, the card's or the best guess first; guessed ones with their score. */
    this.recipes = description.recipes;
    this.layers = description.layers;
    this.defaultLayer = description.defaultLayer;
    /** What the option `article` of a look takes. */
    this.article = description.article;
    this.residual = description.residual;
    this.inputShape = description.inputShape;
    /** Where pooling and one linear layer make the scores: the layer whose maps have contributions. */
    this.linearHead = description.linearHead;
    /** Why there is no such layer, in a sentence. */
    this.noLinearHead = description.noLinearHead;
    /** Size of the model's file. */
    this.bytes = description.bytes;
  }

  /**
   * Runs the network on an image and keeps the maps of one layer.
   * @param {ImageSource | ImageSource[]} image several are the slices of the volume that the network takes, from the first to the last: picked evenly
   *   where there are more than it has, and repeated where there are fewer (`slices` of the look says which is which)
   * @param {LookOptions & CallOptions} [options]
   * @returns {Promise<Look>}
   * @throws {FeaturescopeError} `bad-argument`, also for several images and a network that takes one, `bad-image`, `too-large`, `device-lost`, `cancelled`
   */
  async look(image, { signal, onProgress, ...options } = {}) {
    await checkLook(this.layers, options);
    const { messenger, handle, setMaxima } = this.#inside;
    const { picture, transfer } = await this.#inside.picture(image);
    const content = { model: handle, picture, options };
    const data = await messenger.request('look', content, { signal, onProgress, transfer });
    this.engine = data.engine;
    this.output = data.output;
    setMaxima.set(data.layer, Math.max(setMaxima.get(data.layer) ?? 0, data.layerScale));
    return new Look(messenger, data, {
      setMaximum: () => setMaxima.get(data.layer) ?? data.layerScale,
      answeredBy: (engine) => {
        this.engine = engine;
      },
    });
  }

  /**
   * How the network sees deeper and deeper: of every layer the map that fires most on an image, made small. All of them come of one run,
   * which waits until nothing else is asked for.
   * @param {ImageSource | ImageSource[]} image
   * @param {DepthOptions & CallOptions} [options]
   * @returns {Promise<import('./types.js').StrongestMap[]>} in the network's order; without layers of a single cell, layers without a
   *   live map, and layers behind an operator that the engine lacks
   * @throws {FeaturescopeError} as `look`
   */
  async depth(image, options = {}) {
    return (await part(import('./depth.js'))).depth(this, this.#inside, image, options);
  }

  /**
   * An empty set, to which images are added.
   * @param {string[]} [names] of its classes, where it has any
   * @param {LookOptions} [options]
   * @returns {Promise<ImageSet>}
   */
  async imageSet(names = [], options = {}) {
    return (await part(import('./sets.js'))).imageSet(this, this.#inside, names, options);
  }

  /**
   * Question 1: which maps belong to which class?
   * @param {import('./image-set.js').ImageClass[]} classes
   * @param {LookOptions & CallOptions & { perImage?: number, perClass?: number }} [options] at most so many maps of each
   *   image and of each class, 25 where left out
   * @returns {Promise<import('./types.js').ClassMaps[]>}
   * @throws {FeaturescopeError} `bad-argument`, `bad-image`, `too-large`, `device-lost`, `cancelled`
   */
  async classMaps(classes, options = {}) {
    return (await part(import('./sets.js'))).classMaps(this, classes, options);
  }

  /**
   * Question 5: are the maps of a class unique to it? The sum of their activations for every image.
   * @param {import('./types.js').ClassMaps[]} classMaps as `classMaps` returns them
   * @param {import('./image-set.js').ImageClass[]} testClasses
   * @param {LookOptions & CallOptions} [options]
   * @returns {Promise<Record<string, Record<string, Float32Array>>>} by the class that the maps belong to, then by the class
   *   of the images, which keep their order
   * @throws {FeaturescopeError} as `classMaps`; `bad-argument` for a map that the layer has not
   */
  async classSums(classMaps, testClasses, options = {}) {
    return (await part(import('./sets.js'))).classSums(this, classMaps, testClasses, options);
  }

  /**
   * Question 4: which class does the network take each image for?
   * @param {import('./image-set.js').ImageClass[]} testClasses
   * @param {CallOptions & { ties?: Record<string, number | number[]>, recipe?: import('./types.js').Recipe }} [options]
   *   `ties`: the outputs that belong to a class; where left out, those whose label is the class's name, and of
   *   ImageNet's outputs those that are kinds of it
   * @returns {Promise<import('./types.js').Confusion>} the last column is for all other outputs
   * @throws {FeaturescopeError} as `classMaps`; `bad-argument` for a network that gives no class scores
   */
  async confusion(testClasses, options = {}) {
    return (await part(import('./sets.js'))).confusion(this, testClasses, options);
  }

  /**
   * Switches some maps of a layer off and runs only the rest of the network: do the predictions need them?
   * @param {ImageSource | ImageSource[]} image
   * @param {LookOptions & CallOptions & AblateOptions & { maps: number[] }} options
   * @returns {Promise<import('./types.js').Ablation>}
   * @throws {FeaturescopeError} as `look`; `bad-argument` for a map that the layer has not
   */
  async ablate(image, { maps, to, controls, seed, ...options }) {
    const { signal, onProgress } = options;
    return this.ask(image, options, (look) => look.ablate(maps, { to, controls, seed, signal, onProgress }));
  }

  /**
   * Grad-CAM: where in the image one class's score comes from, over all maps of a layer.
   * @param {ImageSource | ImageSource[]} image
   * @param {LookOptions & CallOptions & CamOptions & { classIndex?: number }} [options] `classIndex`: the most probable class when
   *   left out
   * @returns {Promise<import('./types.js').Cam>}
   * @throws {FeaturescopeError} as `look`; `bad-argument` for a class that the model has not; `unsupported-op` names the node
   *   after the layer that has no gradient
   */
  async cam(image, { classIndex, overlay, at, ...options } = {}) {
    const { signal, onProgress } = options;
    return this.ask(image, options, (look) => look.cam(classIndex, { overlay, at, signal, onProgress }));
  }

  /**
   * Looks at one of many images, asks something about the look, and closes it. Where several are asked at a time they are spread over
   * workers (see `workers`), as those of `ablate` and `cam` are; each answer is the same in all of them.
   * @template T
   * @param {ImageSource | ImageSource[]} image
   * @param {LookOptions & CallOptions} options
   * @param {(look: Look) => Promise<T>} question is asked again where a worker is lost
   * @returns {Promise<T>}
   * @throws {FeaturescopeError} as `look`, and whatever the question fails with
   */
  async ask(image, options, question) {
    return (await part(import('./many.js'))).ask(this, this.#inside, image, options, question);
  }

  /** How many workers work over many is spread over, so that no fewer pictures or drawings should be asked for at a time.
   * @returns {Promise<number>} 1 on the graphics card, which is one for all */
  async workers() {
    return (await part(import('./many.js'))).workersOf(this, this.#inside);
  }

  /**
   * Question 2: draws what one map, one place of it, a mixture of maps or a class looks for, by gradient steps on a picture: as the article does (`preset: 'article'`, pixels
   * that are enlarged again and again) or as has become usual since (`'modern'`, waves at one size, seen from ever changing
   * views). What is asked of the model meanwhile is answered between two steps.
   * @param {import('./types.js').DrawTarget} target
   * @param {DrawOptions & CallOptions} [options] `onProgress` is also given the picture so far, and the activation of what is drawn
   * @returns {Promise<import('./types.js').Drawing>}
   * @throws {FeaturescopeError} `bad-argument` for a map, place or class that there is not, a layer that has no place to draw at
   *   whatever the size, or an option that is out of its range; `too-large` names the largest size that fits; `unsupported-op` names the node that has no gradient; `cancelled`
   */
  async draw(target, options = {}) {
    const { draw } = await part(import('./draw.js'));
    const { engine, ...drawing } = await draw(this, this.#inside, target, options);
    this.engine = engine;
    return drawing;
  }

  /**
   * Makes another recipe the model's own, for every look from now on.
   * @param {import('./types.js').Recipe} recipe
   * @throws {FeaturescopeError} `bad-argument` for what is no recipe, or none that fits the model's input
   */
  async setRecipe(recipe) {
    const { messenger, handle } = this.#inside;
    await messenger.request('setRecipe', { model: handle, recipe });
    this.recipe = recipe;
  }

  /**
   * Says what the scores are, where the file does not tell or tells wrongly, for every look from now on.
   * @param {'logits' | 'softmax' | 'sigmoid'} output
   * @throws {FeaturescopeError} `bad-argument` for another word
   */
  async setOutput(output) {
    await (await part(import('./many.js'))).setOutput(this.#inside, output);
    this.output = output;
    this.statedOutput = output;
  }

  /**
   * A copy of the model that has learned nothing: random weights in the same network. What its maps seem to say, any
   * network's would.
   * @param {number} seed a whole number from 0; the same seed gives the same weights
   * @param {CallOptions} [options]
   * @returns {Promise<Model>}
   * @throws {FeaturescopeError} `bad-argument` for another seed, and as `open`
   */
  async randomised(seed, options = {}) {
    return (await part(import('./many.js'))).randomised(this.#inside, seed, options);
  }

  /** Frees the model and its looks. */
  close() {
    const { messenger, handle } = this.#inside;
    messenger.request('release', { handle }).catch(() => {});
  }
}
