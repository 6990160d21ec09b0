/**
 * Featurescope's public interface: open a CNN, look at an image, see which feature maps fire and where.
 *
 *     import { Featurescope } from './featurescope.js';
 *     const scope = await Featurescope.create();
 *     const model = await scope.open('squeezenet1.1');
 *     const look = await model.look(document.querySelector('img'));
 *     look.top(5);                                     // [{ map, mean, rank }]
 *     await look.overlay(look.top(1)[0].map);          // ImageData
 *
 * All computing happens in a worker that this module starts. Everything that is opened is closed with
 * `close()`, which frees its memory; closing a model closes its looks.
 */
import { FeaturescopeError } from './errors.js';
import { ImageSet } from './image-set.js';
import { Messenger } from './messenger.js';
export { FeaturescopeError, ImageSet };
export type AblateOptions = import('./types.js').AblateOptions;
export type CallOptions = import('./types.js').CallOptions;
export type CamOptions = import('./types.js').CamOptions;
export type DrawOptions = import('./types.js').DrawOptions;
export type LookOptions = import('./types.js').LookOptions;
export type OverlayOptions = import('./types.js').OverlayOptions;
export type ImageSource = Blob | File | URL | string | ImageData | ImageBitmap | HTMLImageElement;
export type ModelSource = string | URL | Blob | File | File[] | ArrayBuffer;
/**
 * @typedef {import('./types.js').AblateOptions} AblateOptions
 * @typedef {import('./types.js').CallOptions} CallOptions
 * @typedef {import('./types.js').CamOptions} CamOptions
 * @typedef {import('./types.js').DrawOptions} DrawOptions
 * @typedef {import('./types.js').LookOptions} LookOptions
 * @typedef {import('./types.js').OverlayOptions} OverlayOptions
 * @typedef {Blob | File | URL | string | ImageData | ImageBitmap | HTMLImageElement} ImageSource
 * @typedef {string | URL | Blob | File | File[] | ArrayBuffer} ModelSource
 */
/** One engine in one worker. */
export declare class Featurescope {
    #private;
    /** Which engine runs, on what, and why. A model that this engine cannot run may be opened on the
     * CPU instead: see `model.engine`. */
    engine: import("./types.js").EngineInfo;
    /** Settles, with the reason, once the worker is gone and this object is of no more use.
     * @type {Promise<FeaturescopeError>} */
    lost: Promise<FeaturescopeError>;
    /**
     * @param {Messenger} messenger
     * @param {import('./types.js').EngineInfo} engine
     */
    constructor(messenger: Messenger, engine: import('./types.js').EngineInfo);
    /**
     * @param {CallOptions & { engine?: import('./types.js').EngineRequest }} [options]
     * @returns {Promise<Featurescope>}
     * @throws {FeaturescopeError} `no-gpu` where `webgpu` is forced and missing, `network`, `worker-lost`
     */
    static create({ engine, signal, onProgress }?: CallOptions & {
        engine?: import('./types.js').EngineRequest;
    }): Promise<Featurescope>;
    /**
     * Opens a model.
     * @param {ModelSource} source a bundled model's name, an address, a file, an .onnx file with its data
     *   files (and its card, a .json file), or the file's bytes
     * @param {CallOptions & { card?: import('./types.js').Card }} [options] without a card one is guessed
     * @returns {Promise<Model>}
     * @throws {FeaturescopeError} `bad-model`, `too-large`, `unsupported-op`, `network`, `cancelled`
     */
    open(source: ModelSource, { card, signal, onProgress }?: CallOptions & {
        card?: import('./types.js').Card;
    }): Promise<Model>;
    /**
     * Decodes an image and makes a small copy of it, upright and with its own proportions.
     * @param {ImageSource} image
     * @param {CallOptions & { size?: number }} [options] `size`: pixels of the longer side at most
     * @returns {Promise<{ bitmap: ImageBitmap, width: number, height: number }>} width and height of the image itself
     * @throws {FeaturescopeError} `bad-image`, `too-large`, `network`, `cancelled`
     */
    thumbnail(image: ImageSource, { size, signal }?: CallOptions & {
        size?: number;
    }): Promise<{
        bitmap: ImageBitmap;
        width: number;
        height: number;
    }>;
    /**
     * A colour map as the overlays use it.
     * @param {string} name
     * @returns {Promise<Uint8Array>} 256 RGB triples, from no activation to the strongest
     */
    colormap(name: string): Promise<Uint8Array>;
    /** What the engines hold in memory now, in bytes and pieces.
     * @returns {Promise<import('./types.js').Memory>} */
    memory(): Promise<import('./types.js').Memory>;
    /** Destroys the graphics device as a driver reset would. For tests of what happens then.
     * @returns {Promise<void>} */
    destroyDevice(): Promise<void>;
    /** Resolves once nothing that was cancelled is still running. */
    settled(): Promise<any>;
    /** Ends the worker and frees everything that was opened with it. */
    close(): void;
}
/** An opened model. */
export declare class Model {
    #private;
    /** The engine that runs this model; a look may move it to the CPU where the GPU lacks an operator. */
    engine: import("./types.js").EngineInfo;
    title: string;
    /** Number of outputs. */
    classes: number;
    labels: string[];
    /** The labels are ImageNet's, since the model recognises its photos. */
    labelsAreGuessed: boolean | undefined;
    output: "logits" | "sigmoid" | "softmax";
    /** How a picture becomes the input, in use now. */
    recipe: import("./types.js").Recipe;
    /** Whether it comes from the model's card and is not a guess. */
    recipeIsKnown: boolean;
    /** Recipes to choose from, the card's or the best guess first; guessed ones with their score. */
    recipes: import("./types.js").NamedRecipe[];
    layers: import("./types.js").Layer[];
    defaultLayer: string;
    /** What the option `article` of a look takes. */
    article: import("./types.js").Article;
    residual: boolean;
    inputShape: number[];
    /** Where pooling and one linear layer make the scores: the layer whose maps have contributions. */
    linearHead: {
        layer: string;
    } | null;
    /** Why there is no such layer, in a sentence. */
    noLinearHead: string | null;
    /** Size of the model's file. */
    bytes: number;
    /**
     * @param {Messenger} messenger
     * @param {(image: ImageSource) => Promise<{ picture: object, transfer: Transferable[] }>} picture
     * @param {{ handle: number, description: import('./types.js').ModelDescription, engine: import('./types.js').EngineInfo }} opened
     */
    constructor(messenger: Messenger, picture: (image: ImageSource) => Promise<{
        picture: object;
        transfer: Transferable[];
    }>, { handle, description, engine }: {
        handle: number;
        description: import('./types.js').ModelDescription;
        engine: import('./types.js').EngineInfo;
    });
    /**
     * Runs the network on an image and keeps the maps of one layer.
     * @param {ImageSource} image
     * @param {LookOptions & CallOptions} [options]
     * @returns {Promise<Look>}
     * @throws {FeaturescopeError} `bad-image`, `too-large`, `device-lost`, `cancelled`
     */
    look(image: ImageSource, { signal, onProgress, ...options }?: LookOptions & CallOptions): Promise<Look>;
    /**
     * An empty set, to which images are added.
     * @param {string[]} [names] of its classes, where it has any
     * @param {LookOptions} [options]
     * @returns {Promise<ImageSet>}
     */
    imageSet(names?: string[], options?: LookOptions): Promise<ImageSet>;
    /**
     * Question 1: which maps belong to which class?
     * @param {import('./image-set.js').ImageClass[]} classes
     * @param {LookOptions & CallOptions & { perImage?: number, perClass?: number }} [options] at most so many maps of each
     *   image and of each class, 25 where left out
     * @returns {Promise<import('./types.js').ClassMaps[]>}
     * @throws {FeaturescopeError} `bad-argument`, `bad-image`, `too-large`, `device-lost`, `cancelled`
     */
    classMaps(classes: import('./image-set.js').ImageClass[], { perImage, perClass, ...options }?: LookOptions & CallOptions & {
        perImage?: number;
        perClass?: number;
    }): Promise<import('./types.js').ClassMaps[]>;
    /**
     * Question 5: are the maps of a class unique to it? The sum of their activations for every image.
     * @param {import('./types.js').ClassMaps[]} classMaps as `classMaps` returns them
     * @param {import('./image-set.js').ImageClass[]} testClasses
     * @param {LookOptions & CallOptions} [options]
     * @returns {Promise<Record<string, Record<string, Float32Array>>>} by the class that the maps belong to, then by the class
     *   of the images, which keep their order
     * @throws {FeaturescopeError} as `classMaps`
     */
    classSums(classMaps: import('./types.js').ClassMaps[], testClasses: import('./image-set.js').ImageClass[], options?: LookOptions & CallOptions): Promise<Record<string, Record<string, Float32Array>>>;
    /**
     * Question 4: which class does the network take each image for?
     * @param {import('./image-set.js').ImageClass[]} testClasses
     * @param {CallOptions & { ties?: Record<string, number | number[]>, recipe?: import('./types.js').Recipe }} [options]
     *   `ties`: the outputs that belong to a class; where left out, those whose label is the class's name
     * @returns {Promise<import('./types.js').Confusion>} the last column is for all other outputs
     * @throws {FeaturescopeError} as `classMaps`
     */
    confusion(testClasses: import('./image-set.js').ImageClass[], { ties, ...options }?: CallOptions & {
        ties?: Record<string, number | number[]>;
        recipe?: import('./types.js').Recipe;
    }): Promise<import('./types.js').Confusion>;
    /**
     * Switches some maps of a layer off and runs only the rest of the network: do the predictions need them?
     * @param {ImageSource} image
     * @param {LookOptions & CallOptions & AblateOptions & { maps: number[] }} options
     * @returns {Promise<import('./types.js').Ablation>}
     * @throws {FeaturescopeError} as `look`; `bad-argument` for a map that the layer has not
     */
    ablate(image: ImageSource, { maps, to, controls, seed, signal, onProgress, ...options }: LookOptions & CallOptions & AblateOptions & {
        maps: number[];
    }): Promise<import('./types.js').Ablation>;
    /**
     * Grad-CAM: where in the image one class's score comes from, over all maps of a layer.
     * @param {ImageSource} image
     * @param {LookOptions & CallOptions & CamOptions & { classIndex?: number }} [options] `classIndex`: the most probable class when
     *   left out
     * @returns {Promise<import('./types.js').Cam>}
     * @throws {FeaturescopeError} as `look`; `bad-argument` for a class that the model has not; `unsupported-op` names the node
     *   after the layer that has no gradient
     */
    cam(image: ImageSource, { classIndex, overlay, signal, onProgress, ...options }?: LookOptions & CallOptions & CamOptions & {
        classIndex?: number;
    }): Promise<import('./types.js').Cam>;
    /**
     * Question 2: draws what one map looks for, by gradient steps on a picture that grows.
     * @param {{ layer?: string, map: number }} target
     * @param {DrawOptions & CallOptions} [options] `onProgress` is also given the picture so far, and the map's mean
     * @returns {Promise<import('./types.js').Drawing>}
     * @throws {FeaturescopeError} `bad-argument` for a map that the layer has not, or a size at which the layer has no place to
     *   draw at; `too-large` names the largest size that fits; `unsupported-op` names the node that has no gradient; `cancelled`
     */
    draw({ layer, map }: {
        layer?: string;
        map: number;
    }, { preset, size, steps, seed, article, signal, onProgress }?: DrawOptions & CallOptions): Promise<import('./types.js').Drawing>;
    /**
     * Makes another recipe the model's own, for every look from now on.
     * @param {import('./types.js').Recipe} recipe
     */
    setRecipe(recipe: import('./types.js').Recipe): Promise<void>;
    /**
     * A copy of the model that has learned nothing: random weights in the same network. What its maps seem to say, any
     * network's would.
     * @param {number} seed a whole number from 0; the same seed gives the same weights
     * @param {CallOptions} [options]
     * @returns {Promise<Model>}
     * @throws {FeaturescopeError} as `open`
     */
    randomised(seed: number, { signal, onProgress }?: CallOptions): Promise<Model>;
    /** Frees the model and its looks. */
    close(): void;
}
/** What one layer showed on one image. The numbers are here, the overlays are drawn in the worker. */
export declare class Look {
    #private;
    layer: string;
    /** Time of the network's run alone. */
    milliseconds: number;
    channels: number;
    width: number;
    height: number;
    /** Mean over H×W of every map, signed. */
    means: Float32Array<ArrayBufferLike>;
    maxima: Float32Array<ArrayBufferLike>;
    minima: Float32Array<ArrayBufferLike>;
    /** Where each map is largest, as an index into its values. */
    peaks: Uint32Array<ArrayBufferLike>;
    /** 1 for each map that says nothing: one value everywhere (in a layer of single cells: zero). */
    dead: Uint8Array<ArrayBufferLike>;
    /** Whether values below zero carry meaning, so that overlays have diverging colours. */
    signed: boolean;
    /** The layer's largest value, or largest magnitude where it is signed. */
    layerScale: number;
    /** Whether the graph ran rewritten for the engine or as it is in the file. */
    graph: "lowered" | "original";
    /** Every class, the most probable first. */
    predictions: import("./types.js").Prediction[];
    /** How many maps are not dead. */
    live: number;
    /**
     * @param {Messenger} messenger
     * @param {import('./types.js').LookData} data
     */
    constructor(messenger: Messenger, data: import('./types.js').LookData);
    /**
     * The maps with the largest mean. Dead maps never fill up the list.
     * @param {number} count
     * @returns {import('./types.js').RankedMap[]}
     */
    top(count: number): import('./types.js').RankedMap[];
    /**
     * The values of one map.
     * @param {number} map
     * @returns {import('./types.js').MapValues}
     */
    map(map: number): import('./types.js').MapValues;
    /** What the network saw: the resized or cropped picture. */
    seen(): ImageData;
    /**
     * Draws one map over the picture, or several as their sum.
     * @param {number | number[]} maps
     * @param {OverlayOptions & CallOptions} [options]
     * @returns {Promise<ImageData>}
     */
    overlay(maps: number | number[], options?: OverlayOptions & CallOptions): Promise<ImageData>;
    /**
     * As `overlay`, with the value that counts as full strength and whether the map is dead.
     * @param {number | number[]} maps
     * @param {OverlayOptions & CallOptions} [options]
     * @returns {Promise<{ image: ImageData, dead: boolean, scaleValue: number | null }>} null where several maps have
     *   each their own
     */
    draw(maps: number | number[], { signal, onProgress, ...options }?: OverlayOptions & CallOptions): Promise<{
        image: ImageData;
        dead: boolean;
        scaleValue: number | null;
    }>;
    /**
     * Weight × mean of every map for one class: what it adds to the class's score.
     * @param {number} classIndex
     * @returns {Promise<{ contributions: Float32Array, bias: number } | undefined>} undefined where the layer is not
     *   pooled and weighed by one linear layer
     */
    contributions(classIndex: number): Promise<{
        contributions: Float32Array;
        bias: number;
    } | undefined>;
    /**
     * Switches some of the maps off and runs only the rest of the network; beside it stands what happens without equally many
     * maps that were drawn by lot.
     * @param {number | number[]} maps
     * @param {AblateOptions & CallOptions} [options]
     * @returns {Promise<import('./types.js').Ablation>}
     * @throws {FeaturescopeError} `bad-argument` for a map that the layer has not, `cancelled`, `device-lost`
     */
    ablate(maps: number | number[], { to, controls, seed, signal, onProgress }?: AblateOptions & CallOptions): Promise<import('./types.js').Ablation>;
    /**
     * Grad-CAM: where in the image a class's score comes from. Each map of the layer is weighed by how much the score rises
     * with it (the mean of the derivative), and what is positive of the sum remains.
     * @param {number} [classIndex] the most probable class when left out
     * @param {CamOptions & CallOptions} [options]
     * @returns {Promise<import('./types.js').Cam>}
     * @throws {FeaturescopeError} `bad-argument` for a class that the model has not; `unsupported-op` names the node after the
     *   layer that has no gradient; `cancelled`, `device-lost`
     */
    cam(classIndex?: number, { overlay, signal, onProgress }?: CamOptions & CallOptions): Promise<import('./types.js').Cam>;
    /** Frees the maps in the worker. */
    close(): void;
}
