import { ImageSet } from './image-set.js';
import { Look } from './look.js';
export type ImageSource = import('../featurescope.js').ImageSource;
export type AblateOptions = import('./types.js').AblateOptions;
export type CallOptions = import('./types.js').CallOptions;
export type CamOptions = import('./types.js').CamOptions;
export type DepthOptions = import('./types.js').DepthOptions;
export type DrawOptions = import('./types.js').DrawOptions;
export type LookOptions = import('./types.js').LookOptions;
/** An opened model. */
export declare class Model {
    #private;
    /** The engine that runs this model; a question may move it to the CPU where it is beyond the GPU engine. */
    engine: import("./types.js").EngineInfo;
    /** The host that the file came from in the end, where the one that was asked passed the request on. */
    cameFrom: string | null;
    title: string;
    /** Number of outputs. */
    classes: number;
    labels: string[];
    /** The labels are ImageNet's, since the model recognises its photos. */
    labelsAreGuessed: boolean | undefined;
    /** As what the scores are taken; where the file does not tell what they are, the last look did. */
    output: "logits" | "sigmoid" | "softmax";
    /** What the card, or whoever called `setOutput`, says that they are; null where nobody does. */
    statedOutput: "logits" | "sigmoid" | "softmax" | null;
    /** Name of the value that the card says holds the class scores; null where it says nothing. */
    statedScores: string | null;
    /** Name of the value that holds the class scores; null of a network that gives none, which has no predictions. */
    scores: string | null;
    /** What the file gives, in its order. */
    results: import("./types.js").ModelResult[];
    /** What the network gives for a picture, and what tells it. Where that is no class scores, looks have no predictions but boxes, a mask, an
     * embedding or a picture. */
    gives: import("./types.js").Gives;
    /** Whether the network normalises the pixels itself, so that it takes them as they are. */
    ownRecipe: boolean;
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
     * @param {import('./messenger.js').Messenger} messenger
     * @param {(image: ImageSource) => Promise<{ picture: object, transfer: Transferable[] }>} picture
     * @param {{ handle: number, description: import('./types.js').ModelDescription, engine: import('./types.js').EngineInfo, cameFrom?: string | null }} opened
     */
    constructor(messenger: import('./messenger.js').Messenger, picture: (image: ImageSource) => Promise<{
        picture: object;
        transfer: Transferable[];
    }>, { handle, description, engine, cameFrom }: {
        handle: number;
        description: import('./types.js').ModelDescription;
        engine: import('./types.js').EngineInfo;
        cameFrom?: string | null;
    });
    /**
     * Runs the network on an image and keeps the maps of one layer.
     * @param {ImageSource} image
     * @param {LookOptions & CallOptions} [options]
     * @returns {Promise<Look>}
     * @throws {FeaturescopeError} `bad-argument`, `bad-image`, `too-large`, `device-lost`, `cancelled`
     */
    look(image: ImageSource, { signal, onProgress, ...options }?: LookOptions & CallOptions): Promise<Look>;
    /**
     * How the network sees deeper and deeper: of every layer the map that fires most on an image, made small. All of them come of one run,
     * which waits until nothing else is asked for.
     * @param {ImageSource} image
     * @param {DepthOptions & CallOptions} [options]
     * @returns {Promise<import('./types.js').StrongestMap[]>} in the network's order; without layers of a single cell, layers without a
     *   live map, and layers behind an operator that the engine lacks
     * @throws {FeaturescopeError} as `look`
     */
    depth(image: ImageSource, { signal, onProgress, ...options }?: DepthOptions & CallOptions): Promise<import('./types.js').StrongestMap[]>;
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
     * @throws {FeaturescopeError} as `classMaps`; `bad-argument` for a map that the layer has not
     */
    classSums(classMaps: import('./types.js').ClassMaps[], testClasses: import('./image-set.js').ImageClass[], options?: LookOptions & CallOptions): Promise<Record<string, Record<string, Float32Array>>>;
    /**
     * Question 4: which class does the network take each image for?
     * @param {import('./image-set.js').ImageClass[]} testClasses
     * @param {CallOptions & { ties?: Record<string, number | number[]>, recipe?: import('./types.js').Recipe }} [options]
     *   `ties`: the outputs that belong to a class; where left out, those whose label is the class's name, and of
     *   ImageNet's outputs those that are kinds of it
     * @returns {Promise<import('./types.js').Confusion>} the last column is for all other outputs
     * @throws {FeaturescopeError} as `classMaps`; `bad-argument` for a network that gives no class scores
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
     * Question 2: draws what one map, one place of it, a mixture of maps or a class looks for, by gradient steps on a picture: as the article does (`preset: 'article'`, pixels
     * that are enlarged again and again) or as has become usual since (`'modern'`, waves at one size, seen from ever changing
     * views). What is asked of the model meanwhile is answered between two steps.
     * @param {import('./types.js').DrawTarget} target
     * @param {DrawOptions & CallOptions} [options] `onProgress` is also given the picture so far, and the activation of what is drawn
     * @returns {Promise<import('./types.js').Drawing>}
     * @throws {FeaturescopeError} `bad-argument` for a map, place or class that there is not, a layer that has no place to draw at
     *   whatever the size, or an option that is out of its range; `too-large` names the largest size that fits; `unsupported-op` names the node that has no gradient; `cancelled`
     */
    draw({ layer, ...target }: import('./types.js').DrawTarget, options?: DrawOptions & CallOptions): Promise<import('./types.js').Drawing>;
    /**
     * Makes another recipe the model's own, for every look from now on.
     * @param {import('./types.js').Recipe} recipe
     * @throws {FeaturescopeError} `bad-argument` for what is no recipe, or none that fits the model's input
     */
    setRecipe(recipe: import('./types.js').Recipe): Promise<void>;
    /**
     * Says what the scores are, where the file does not tell or tells wrongly, for every look from now on.
     * @param {'logits' | 'softmax' | 'sigmoid'} output
     * @throws {FeaturescopeError} `bad-argument` for another word
     */
    setOutput(output: 'logits' | 'softmax' | 'sigmoid'): Promise<void>;
    /**
     * A copy of the model that has learned nothing: random weights in the same network. What its maps seem to say, any
     * network's would.
     * @param {number} seed a whole number from 0; the same seed gives the same weights
     * @param {CallOptions} [options]
     * @returns {Promise<Model>}
     * @throws {FeaturescopeError} `bad-argument` for another seed, and as `open`
     */
    randomised(seed: number, { signal, onProgress }?: CallOptions): Promise<Model>;
    /** Frees the model and its looks. */
    close(): void;
}
