export type AblateOptions = import('./types.js').AblateOptions;
export type CallOptions = import('./types.js').CallOptions;
export type FeaturescopeError = import('./errors.js').FeaturescopeError;
export type CamOptions = import('./types.js').CamOptions;
export type OverlayOptions = import('./types.js').OverlayOptions;
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
    /** Every class, the most probable first; empty where `silence` says why. */
    predictions: import("./types.js").Prediction[];
    /** As what the scores were taken. */
    output: "logits" | "sigmoid" | "softmax";
    /** Whether the scores may be something else: neither the file nor a card says what they are. */
    doubt: boolean;
    /** Why there are no predictions: 'no-scores', 'not-finite', 'unclear' or 'missing'; null where there are. */
    silence: "missing" | "no-scores" | "not-finite" | "unclear" | null;
    /** Why the engine cannot run what follows the layer, so that only its maps are here; null where it can.
     * @type {{ message: string, node?: string } | null} */
    missing: {
        message: string;
        node?: string;
    } | null;
    /** What a detector found, the best first, in pixels of the picture; null of other networks.
     * @type {import('./types.js').FoundBox[] | null} */
    boxes: import('./types.js').FoundBox[] | null;
    /** Of a segmenter the class of each place; null of other networks.
     * @type {import('./types.js').FoundMask | null} */
    mask: import('./types.js').FoundMask | null;
    /** The vector by which pictures are compared; null of other networks.
     * @type {Float32Array | null} */
    embedding: Float32Array | null;
    /** The picture that the network makes; null of other networks.
     * @type {ImageData | null} */
    picture: ImageData | null;
    /** Where on the picture lies what the network saw, in pixels of the picture; null of a network with class scores.
     * @type {import('./types.js').Frame | null} */
    frame: import('./types.js').Frame | null;
    /** Whether every value of the maps is a number, and not infinite. */
    finite: boolean;
    /** How many maps are not dead. */
    live: number;
    /**
     * @param {import('./messenger.js').Messenger} messenger
     * @param {import('./types.js').LookData} data
     * @param {{ setMaximum: () => number, answeredBy: (engine: import('./types.js').EngineInfo) => void }} model `setMaximum`: the
     *   largest value of this layer over all looks of the model so far; `answeredBy` is told which engine did
     */
    constructor(messenger: import('./messenger.js').Messenger, data: import('./types.js').LookData, model: {
        setMaximum: () => number;
        answeredBy: (engine: import('./types.js').EngineInfo) => void;
    });
    /**
     * The maps with the largest mean. Dead maps never fill up the list.
     * @param {number} count
     * @returns {import('./types.js').RankedMap[]}
     * @throws {FeaturescopeError} `bad-argument` for what is no whole number from 0
     */
    top(count: number): import('./types.js').RankedMap[];
    /**
     * The values of one map.
     * @param {number} map
     * @returns {import('./types.js').MapValues}
     * @throws {FeaturescopeError} `bad-argument` for a map that the layer has not
     */
    map(map: number): import('./types.js').MapValues;
    /** What the network saw: the resized or cropped picture. */
    seen(): ImageData;
    /**
     * Draws one map over the picture, or several as their sum.
     * @param {number | number[]} maps
     * @param {OverlayOptions & CallOptions} [options]
     * @returns {Promise<ImageData>}
     * @throws {FeaturescopeError} `bad-argument` for a map that the layer has not, or an option that is out of its range; `cancelled`
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
     * @throws {FeaturescopeError} `bad-argument` for a class that the model has not
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
     * @throws {FeaturescopeError} `bad-argument` for a map that the layer has not or an option that is out of its range, and where there are no
     *   predictions (see `silence`); `cancelled`, `device-lost`
     */
    ablate(maps: number | number[], { to, controls, seed, signal, onProgress }?: AblateOptions & CallOptions): Promise<import('./types.js').Ablation>;
    /**
     * Grad-CAM: where in the image a class's score comes from. Each map of the layer is weighed by how much the score rises
     * with it (the mean of the derivative), and what is positive of the sum remains.
     * @param {number} [classIndex] the most probable class when left out
     * @param {CamOptions & CallOptions} [options]
     * @returns {Promise<import('./types.js').Cam>}
     * @throws {FeaturescopeError} `bad-argument` for a class that the model has not, an option that is out of its range, a network that gives no
     *   class scores, and maps or scores that are infinite or no numbers; `unsupported-op` names the node after the layer that has no
     *   gradient; `cancelled`, `device-lost`
     */
    cam(classIndex?: number, { overlay, signal, onProgress }?: CamOptions & CallOptions): Promise<import('./types.js').Cam>;
    /** Frees the maps in the worker. */
    close(): void;
}
