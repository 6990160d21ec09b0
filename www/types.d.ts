/**
 * The shapes of the data that crosses the public API and the worker's messages.
 * This file holds types only; nothing loads it at run time.
 */
export type EngineRequest = 'auto' | 'webgpu' | 'cpu';
export type EngineInfo = {
    name: 'wonnx' | 'rten';
    device: 'webgpu' | 'cpu';
    /**
     * what the browser tells about the graphics adapter
     */
    adapter?: string;
    /**
     * whether the adapter is a software one
     */
    fallback?: boolean;
    /**
     * why this engine, when it is not the first choice
     */
    reason?: string;
};
export type Layer = {
    /**
     * the ONNX value name in the file
     */
    id: string;
    /**
     * the node's name
     */
    name: string;
    /**
     * the ONNX operator
     */
    op: string;
    /**
     * relative to the activation
     */
    relu: 'before' | 'after' | 'none';
    /**
     * how many feature maps
     */
    channels: number;
    /**
     * rows of one map
     */
    height: number;
    /**
     * columns of one map
     */
    width: number;
    /**
     * input pixels per cell, [vertical, horizontal]
     */
    stride: number[];
    /**
     * input pixels that one cell sees, [vertical, horizontal]
     */
    receptiveField: number[];
};
export type Recipe = {
    /**
     * one number or [height, width]
     */
    size: number | number[];
    resize?: 'squash' | 'crop';
    channels?: 'rgb' | 'bgr' | 'grey';
    scale?: number;
    /**
     * in the order of `channels`
     */
    mean?: number[];
    /**
     * in the order of `channels`
     */
    std?: number[];
    layout?: 'nchw' | 'nhwc';
};
export type NamedRecipe = {
    name: string;
    recipe: Recipe;
    /**
     * summed probability of the known labels, for a guessed recipe
     */
    score?: number;
};
export type Card = {
    file?: string;
    sha256?: string;
    title?: string;
    recipe?: Recipe;
    /**
     * the class names, or the address of a JSON list of them
     */
    labels?: string[] | string;
    /**
     * id of the layer to look at first
     */
    defaultLayer?: string;
    output?: 'logits' | 'softmax' | 'sigmoid';
    licence?: string;
    source?: string;
};
export type Article = {
    layer: string;
    recipe: Recipe;
    gain: number;
    mapsPerImage: number;
    mapsPerClass: number;
};
export type ModelDescription = {
    title: string;
    classes: number;
    labels: string[];
    /**
     * ImageNet's names, since its photos were recognised
     */
    labelsAreGuessed?: boolean;
    output: 'logits' | 'softmax' | 'sigmoid';
    /**
     * the one in use
     */
    recipe: Recipe;
    /**
     * it comes from the model's card and is not a guess
     */
    recipeIsKnown: boolean;
    /**
     * that can be chosen: the card's or the best guess first
     */
    recipes: NamedRecipe[];
    layers: Layer[];
    defaultLayer: string;
    article: Article;
    residual: boolean;
    inputShape: number[];
    /**
     * set where pooling and one linear layer make the scores
     */
    linearHead: {
        layer: string;
    } | null;
    /**
     * why there is none, in a sentence
     */
    noLinearHead: string | null;
    /**
     * size of the file
     */
    bytes: number;
};
export type RankedMap = {
    /**
     * from 0
     */
    map: number;
    mean: number;
    /**
     * from 1
     */
    rank: number;
};
export type Prediction = {
    index: number;
    label: string;
    probability: number;
};
export type Pixels = {
    width: number;
    height: number;
    data: Uint8ClampedArray<ArrayBuffer>;
};
export type DrawStep = {
    /**
     * side of the picture in pixels
     */
    size: number;
    /**
     * the map's mean
     */
    activation: number;
    /**
     * at a few steps of each size
     */
    image?: Pixels;
};
export type EngineDrawing = {
    image: Pixels;
    /**
     * the map's mean before each step
     */
    activations: Float32Array;
    /**
     * that were used
     */
    sizes: Uint32Array;
    /**
     * steps in which the map was dead, and the value before its activation was ascended
     */
    cured: number;
    /**
     * the picture stayed grey
     */
    grey: boolean;
};
export type DrawOptions = {
    /**
     * the article's loop
     */
    preset?: 'article';
    /**
     * the largest side in pixels, up to 986
     */
    size?: number;
    /**
     * at each size
     */
    steps?: number;
    /**
     * a whole number from 0: the same seed on the same engine draws the same picture
     */
    seed?: number;
    /**
     * the network sees pixels from 0 to 1, whatever its recipe is
     */
    article?: boolean;
};
export type Drawing = Omit<EngineDrawing, 'image'> & {
    image: ImageData;
};
export type AblateOptions = {
    /**
     * what a map that is switched off becomes: zero, or its mean everywhere
     */
    to?: 'zero' | 'mean';
    /**
     * how many times equally many random maps are switched off instead
     */
    controls?: number;
    /**
     * a whole number from 0 that decides which
     */
    seed?: number;
};
export type Ablation = {
    before: Prediction[];
    after: Prediction[];
    controls: {
        maps: number[];
        after: Prediction[];
    }[];
};
export type CamOptions = {
    /**
     * how the picture of it is drawn
     */
    overlay?: OverlayOptions;
};
export type EngineCam = {
    /**
     * of what the network saw
     */
    width: number;
    height: number;
    /**
     * from 0 to 1, row by row: the cells scaled and enlarged, as pytorch-grad-cam returns them
     */
    data: Float32Array;
    /**
     * the weighted sum of the maps for each cell of the layer, and 0 where it is negative
     */
    cells: MapValues;
    /**
     * how much the class's score rises with each map
     */
    weights: Float32Array;
    /**
     * the cells laid over the picture
     */
    image: Pixels;
};
export type Cam = Omit<EngineCam, 'image'> & {
    image: ImageData;
    classIndex: number;
};
export type MapValues = {
    width: number;
    height: number;
    /**
     * row by row
     */
    data: Float32Array;
};
export type OverlayOptions = {
    style?: 'alpha' | 'multiply' | 'raw';
    /**
     * 'viridis', 'inferno', 'turbo', 'jet', 'grey', 'cividis' or the diverging one
     */
    colormap?: string;
    /**
     * what counts as full strength: the map's or the layer's largest
     * value, or a number
     */
    scale?: 'map' | 'layer' | 'set' | number;
    /**
     * the largest value of the image set, for `scale: 'set'`
     */
    setMaximum?: number;
    /**
     * 0 to 1
     */
    alpha?: number;
    gain?: number;
    enlargement?: 'bilinear' | 'nearest';
    /**
     * pixels of the longer side of the result, the network's own size when left out
     */
    size?: number;
};
export type Stroke = {
    radius: number;
    /**
     * [x, y] each
     */
    points: number[][];
};
export type Progress = {
    stage: 'engine' | 'download' | 'read' | 'setup' | 'guess' | 'decode' | 'run';
    done: number;
    /**
     * unknown when left out
     */
    total?: number;
    secondsLeft?: number;
    /**
     * of a drawing so far
     */
    image?: ImageData;
    /**
     * of a drawing's map
     */
    activation?: number;
    /**
     * of a drawing now
     */
    size?: number;
};
export type ClassMaps = {
    name: string;
    maps: {
        map: number;
        count: number;
    }[];
    /**
     * maps that are as frequent in other classes too
     */
    removed: {
        map: number;
        count: number;
        alsoIn: string[];
    }[];
};
export type Confusion = {
    /**
     * the classes, then "other"
     */
    labels: string[];
    /**
     * by true class, then by what the network says
     */
    counts: number[][];
};
export type CallOptions = {
    signal?: AbortSignal;
    onProgress?: (progress: Progress) => void;
};
export type LookOptions = {
    /**
     * id of a layer, the model's default layer when left out
     */
    layer?: string;
    /**
     * instead of the model's own
     */
    recipe?: Recipe;
    /**
     * recipe and layer as the article has them
     */
    article?: boolean;
    /**
     * painted over with the picture's mean colour before the network sees it
     */
    erase?: Stroke[];
};
export type Memory = {
    wasmBytes: number;
    gpuBytes: number;
    gpuBuffers: number;
    pipelines: number;
    dispatches: number;
    /**
     * nodes of the graphs that are prepared now
     */
    preparedNodes: number;
    /**
     * pipelines made for them
     */
    preparedPipelines: number;
};
export type LookData = {
    handle: number;
    /**
     * the one that ran
     */
    engine: EngineInfo;
    layer: string;
    /**
     * whether the graph ran rewritten for the engine or as it is in the file
     */
    graph: 'lowered' | 'original';
    /**
     * values below zero carry meaning: overlays have diverging colours
     */
    signed: boolean;
    /**
     * the layer's largest value, or largest magnitude where it is signed
     */
    layerScale: number;
    milliseconds: number;
    channels: number;
    width: number;
    height: number;
    means: Float32Array;
    maxima: Float32Array;
    minima: Float32Array;
    /**
     * where each map is largest, as an index into its values
     */
    peaks: Uint32Array;
    /**
     * 1 for each map that says nothing
     */
    dead: Uint8Array;
    /**
     * all maps, one after another, row by row
     */
    maps: Float32Array;
    /**
     * every live map in rank order
     */
    ranking: RankedMap[];
    /**
     * every class, descending
     */
    predictions: Prediction[];
    /**
     * what the network saw, as RGBA
     */
    seen: {
        width: number;
        height: number;
        data: Uint8ClampedArray;
    };
};
export type EngineModule = {
    default: (options?: {
        module_or_path: Response | URL | string;
    }) => Promise<{
        memory: WebAssembly.Memory;
    }>;
    Scope: {
        create(): Promise<EngineScope>;
    };
    ModelFile: {
        new (byteLength: number): EngineModelFile;
    };
    Task: {
        new (onProgress: (stage: 'prepare' | 'run' | 'guess', done: number, total: number) => void, pause: () => Promise<void>): EngineTask;
    };
    Picture: {
        decode(bytes: Uint8Array): EnginePicture;
        fromRgba(width: number, height: number, data: Uint8Array): EnginePicture;
    };
    Probes: {
        new (): EngineProbes;
    };
    ImageSet: {
        new (): EngineImageSet;
    };
    colormap: (name: string) => Uint8Array;
};
export type EngineTask = {
    cancel: () => void;
    free: () => void;
};
export type EngineScope = {
    info: () => {
        name: 'wonnx' | 'rten';
        device: 'webgpu' | 'cpu';
        adapter: string;
        fallback: boolean;
    };
    open: (file: EngineModelFile, card: Card | undefined, task: EngineTask) => Promise<EngineModel>;
    memory: () => Memory;
    destroyDevice: () => void;
    selfCheck: () => Promise<{
        ok: boolean;
        op?: string | null;
    }>;
};
export type EngineModelFile = {
    write: (offset: number, chunk: Uint8Array) => void;
    randomise: (seed: number) => void;
    addExternal: (name: string, byteLength: number) => void;
    writeExternal: (name: string, offset: number, chunk: Uint8Array) => void;
    free: () => void;
};
export type EnginePicture = {
    width: number;
    height: number;
    pixels: () => {
        width: number;
        height: number;
        data: Uint8ClampedArray<ArrayBuffer>;
    };
    erase: (strokes: Stroke[]) => EnginePicture;
    free: () => void;
};
export type EngineModelDescription = {
    title: string | null;
    classes: number;
    labels: string[];
    output: 'logits' | 'softmax' | 'sigmoid';
    recipe: Recipe;
    recipeIsKnown: boolean;
    layers: Layer[];
    defaultLayer: string;
    article: Article;
    /**
     * the common ones
     */
    recipes: NamedRecipe[];
    residual: boolean;
    input: {
        name: string;
        shape: number[];
    };
    headLayer: string | null;
    noHead: string | null;
    bytes: number;
};
export type EngineModel = {
    describe: () => EngineModelDescription;
    look: (picture: EnginePicture, options: {
        layer?: string;
        recipe?: Recipe;
    }, task: EngineTask) => Promise<EngineLook>;
    ablate: (look: EngineLook, options: {
        maps: number[];
        to: 'zero' | 'mean';
        controls: number;
        seed: number;
    }, task: EngineTask) => Promise<{
        after: Float32Array;
        controls: {
            maps: Uint32Array;
            after: Float32Array;
        }[];
    }>;
    cam: (look: EngineLook, options: {
        classIndex: number;
        overlay: OverlayOptions & {
            width?: number;
            height?: number;
        };
    }, task: EngineTask) => Promise<EngineCam>;
    draw: (options: {
        layer: string;
        map: number;
        recipe: Recipe;
        size: number;
        steps: number;
        seed: number;
    }, watch: (step: DrawStep) => void, task: EngineTask) => Promise<EngineDrawing>;
    setRecipe: (recipe: Recipe) => void;
    guess: (probes: EngineProbes, task: EngineTask) => Promise<Required<NamedRecipe>[]>;
    release: () => void;
    free: () => void;
};
export type EngineImageSet = {
    add: (look: EngineLook) => number;
    classMaps: (classes: number[][], perImage: number, perClass: number) => EngineClassMaps[];
    sums: (maps: Uint32Array) => Float32Array;
    map: (map: number) => MapOverSet | undefined;
    said: () => Int32Array;
    confusion: (classes: number[][], ties: number[][]) => number[][];
    free: () => void;
};
export type MapOverSet = {
    means: Float32Array;
    maxima: Float32Array;
    /**
     * where the largest value is, as an index into the map
     */
    peaks: Uint32Array;
};
export type EngineClassMaps = {
    maps: {
        map: number;
        count: number;
    }[];
    removed: {
        map: number;
        count: number;
        alsoIn: number[];
    }[];
};
export type EngineProbes = {
    add: (picture: EnginePicture, labels: Uint32Array) => void;
    free: () => void;
};
export type EngineLook = {
    layer: Layer;
    signed: boolean;
    form: 'lowered' | 'original';
    layerScale: number;
    means: () => Float32Array;
    statistics: () => {
        mean: number;
        max: number;
        min: number;
        row: number;
        column: number;
        dead: boolean;
    }[];
    top: (count: number) => RankedMap[];
    predictions: (count: number) => Prediction[];
    map: (map: number) => MapValues;
    seen: () => {
        width: number;
        height: number;
        data: Uint8ClampedArray;
    };
    overlay: (maps: Uint32Array, options: object) => {
        width: number;
        height: number;
        data: Uint8ClampedArray;
        dead: boolean;
        scale: number | null;
        score: number;
    };
    contributions: (classIndex: number) => {
        contributions: Float32Array;
        bias: number;
    } | undefined;
    free: () => void;
};
/**
 * Which engine was asked for. `auto` takes WebGPU on a real adapter and the CPU otherwise.
 * @typedef {'auto' | 'webgpu' | 'cpu'} EngineRequest
 */
/**
 * @typedef {object} EngineInfo
 * @property {'wonnx' | 'rten'} name
 * @property {'webgpu' | 'cpu'} device
 * @property {string} [adapter] what the browser tells about the graphics adapter
 * @property {boolean} [fallback] whether the adapter is a software one
 * @property {string} [reason] why this engine, when it is not the first choice
 */
/**
 * One value of the network that can be looked at.
 * @typedef {object} Layer
 * @property {string} id the ONNX value name in the file
 * @property {string} name the node's name
 * @property {string} op the ONNX operator
 * @property {'before' | 'after' | 'none'} relu relative to the activation
 * @property {number} channels how many feature maps
 * @property {number} height rows of one map
 * @property {number} width columns of one map
 * @property {number[]} stride input pixels per cell, [vertical, horizontal]
 * @property {number[]} receptiveField input pixels that one cell sees, [vertical, horizontal]
 */
/**
 * How pixels become the network's input: value = (pixel · scale − mean) / std.
 * @typedef {object} Recipe
 * @property {number | number[]} size one number or [height, width]
 * @property {'squash' | 'crop'} [resize]
 * @property {'rgb' | 'bgr' | 'grey'} [channels]
 * @property {number} [scale]
 * @property {number[]} [mean] in the order of `channels`
 * @property {number[]} [std] in the order of `channels`
 * @property {'nchw' | 'nhwc'} [layout]
 */
/**
 * @typedef {object} NamedRecipe
 * @property {string} name
 * @property {Recipe} recipe
 * @property {number} [score] summed probability of the known labels, for a guessed recipe
 */
/**
 * A model card: what the ONNX file itself does not say.
 * @typedef {object} Card
 * @property {string} [file]
 * @property {string} [sha256]
 * @property {string} [title]
 * @property {Recipe} [recipe]
 * @property {string[] | string} [labels] the class names, or the address of a JSON list of them
 * @property {string} [defaultLayer] id of the layer to look at first
 * @property {'logits' | 'softmax' | 'sigmoid'} [output]
 * @property {string} [licence]
 * @property {string} [source]
 */
/**
 * What the switch "as the article" sets; its overlays multiply, with the values as they are.
 * @typedef {object} Article
 * @property {string} layer
 * @property {Recipe} recipe
 * @property {number} gain
 * @property {number} mapsPerImage
 * @property {number} mapsPerClass
 */
/**
 * @typedef {object} ModelDescription
 * @property {string} title
 * @property {number} classes
 * @property {string[]} labels
 * @property {boolean} [labelsAreGuessed] ImageNet's names, since its photos were recognised
 * @property {'logits' | 'softmax' | 'sigmoid'} output
 * @property {Recipe} recipe the one in use
 * @property {boolean} recipeIsKnown it comes from the model's card and is not a guess
 * @property {NamedRecipe[]} recipes that can be chosen: the card's or the best guess first
 * @property {Layer[]} layers
 * @property {string} defaultLayer
 * @property {Article} article
 * @property {boolean} residual
 * @property {number[]} inputShape
 * @property {{ layer: string } | null} linearHead set where pooling and one linear layer make the scores
 * @property {string | null} noLinearHead why there is none, in a sentence
 * @property {number} bytes size of the file
 */
/**
 * @typedef {object} RankedMap
 * @property {number} map from 0
 * @property {number} mean
 * @property {number} rank from 1
 */
/**
 * @typedef {object} Prediction
 * @property {number} index
 * @property {string} label
 * @property {number} probability
 */
/**
 * @typedef {{ width: number, height: number, data: Uint8ClampedArray<ArrayBuffer> }} Pixels
 */
/**
 * A step of a drawing.
 * @typedef {object} DrawStep
 * @property {number} size side of the picture in pixels
 * @property {number} activation the map's mean
 * @property {Pixels} [image] at a few steps of each size
 */
/**
 * @typedef {object} EngineDrawing
 * @property {Pixels} image
 * @property {Float32Array} activations the map's mean before each step
 * @property {Uint32Array} sizes that were used
 * @property {number} cured steps in which the map was dead, and the value before its activation was ascended
 * @property {boolean} grey the picture stayed grey
 */
/**
 * @typedef {object} DrawOptions
 * @property {'article'} [preset] the article's loop
 * @property {number} [size] the largest side in pixels, up to 986
 * @property {number} [steps] at each size
 * @property {number} [seed] a whole number from 0: the same seed on the same engine draws the same picture
 * @property {boolean} [article] the network sees pixels from 0 to 1, whatever its recipe is
 */
/**
 * A finished drawing.
 * @typedef {Omit<EngineDrawing, 'image'> & { image: ImageData }} Drawing
 */
/**
 * @typedef {object} AblateOptions
 * @property {'zero' | 'mean'} [to] what a map that is switched off becomes: zero, or its mean everywhere
 * @property {number} [controls] how many times equally many random maps are switched off instead
 * @property {number} [seed] a whole number from 0 that decides which
 */
/**
 * All classes, the most probable first: with all maps, without the chosen ones, and without random ones instead.
 * @typedef {object} Ablation
 * @property {Prediction[]} before
 * @property {Prediction[]} after
 * @property {{ maps: number[], after: Prediction[] }[]} controls
 */
/**
 * @typedef {object} CamOptions
 * @property {OverlayOptions} [overlay] how the picture of it is drawn
 */
/**
 * @typedef {object} EngineCam
 * @property {number} width of what the network saw
 * @property {number} height
 * @property {Float32Array} data from 0 to 1, row by row: the cells scaled and enlarged, as pytorch-grad-cam returns them
 * @property {MapValues} cells the weighted sum of the maps for each cell of the layer, and 0 where it is negative
 * @property {Float32Array} weights how much the class's score rises with each map
 * @property {Pixels} image the cells laid over the picture
 */
/**
 * Where a class's score comes from (Grad-CAM).
 * @typedef {Omit<EngineCam, 'image'> & { image: ImageData, classIndex: number }} Cam
 */
/**
 * @typedef {object} MapValues
 * @property {number} width
 * @property {number} height
 * @property {Float32Array} data row by row
 */
/**
 * @typedef {object} OverlayOptions
 * @property {'alpha' | 'multiply' | 'raw'} [style]
 * @property {string} [colormap] 'viridis', 'inferno', 'turbo', 'jet', 'grey', 'cividis' or the diverging one
 * @property {'map' | 'layer' | 'set' | number} [scale] what counts as full strength: the map's or the layer's largest
 *   value, or a number
 * @property {number} [setMaximum] the largest value of the image set, for `scale: 'set'`
 * @property {number} [alpha] 0 to 1
 * @property {number} [gain]
 * @property {'bilinear' | 'nearest'} [enlargement]
 * @property {number} [size] pixels of the longer side of the result, the network's own size when left out
 */
/**
 * A stroke of the eraser, in pixels of the picture.
 * @typedef {object} Stroke
 * @property {number} radius
 * @property {number[][]} points [x, y] each
 */
/**
 * @typedef {object} Progress
 * @property {'engine' | 'download' | 'read' | 'setup' | 'guess' | 'decode' | 'run'} stage
 * @property {number} done
 * @property {number} [total] unknown when left out
 * @property {number} [secondsLeft]
 * @property {ImageData} [image] of a drawing so far
 * @property {number} [activation] of a drawing's map
 * @property {number} [size] of a drawing now
 */
/**
 * The maps of a class, the most frequent first. `count`: in how many of the class's images a map is among the strongest.
 * @typedef {object} ClassMaps
 * @property {string} name
 * @property {{ map: number, count: number }[]} maps
 * @property {{ map: number, count: number, alsoIn: string[] }[]} removed maps that are as frequent in other classes too
 */
/**
 * @typedef {object} Confusion
 * @property {string[]} labels the classes, then "other"
 * @property {number[][]} counts by true class, then by what the network says
 */
/**
 * Every long call takes these.
 * @typedef {object} CallOptions
 * @property {AbortSignal} [signal]
 * @property {(progress: Progress) => void} [onProgress]
 */
/**
 * @typedef {object} LookOptions
 * @property {string} [layer] id of a layer, the model's default layer when left out
 * @property {Recipe} [recipe] instead of the model's own
 * @property {boolean} [article] recipe and layer as the article has them
 * @property {Stroke[]} [erase] painted over with the picture's mean colour before the network sees it
 */
/**
 * @typedef {object} Memory
 * @property {number} wasmBytes
 * @property {number} gpuBytes
 * @property {number} gpuBuffers
 * @property {number} pipelines
 * @property {number} dispatches
 * @property {number} preparedNodes nodes of the graphs that are prepared now
 * @property {number} preparedPipelines pipelines made for them
 */
/**
 * What the worker sends back after a look; the big rest stays with it under `handle`.
 * @typedef {object} LookData
 * @property {number} handle
 * @property {EngineInfo} engine the one that ran
 * @property {string} layer
 * @property {'lowered' | 'original'} graph whether the graph ran rewritten for the engine or as it is in the file
 * @property {boolean} signed values below zero carry meaning: overlays have diverging colours
 * @property {number} layerScale the layer's largest value, or largest magnitude where it is signed
 * @property {number} milliseconds
 * @property {number} channels
 * @property {number} width
 * @property {number} height
 * @property {Float32Array} means
 * @property {Float32Array} maxima
 * @property {Float32Array} minima
 * @property {Uint32Array} peaks where each map is largest, as an index into its values
 * @property {Uint8Array} dead 1 for each map that says nothing
 * @property {Float32Array} maps all maps, one after another, row by row
 * @property {RankedMap[]} ranking every live map in rank order
 * @property {Prediction[]} predictions every class, descending
 * @property {{ width: number, height: number, data: Uint8ClampedArray }} seen what the network saw, as RGBA
 */
/**
 * The wasm-bindgen module, as far as the worker uses it; see src/web/.
 * @typedef {object} EngineModule
 * @property {(options?: { module_or_path: Response | URL | string }) => Promise<{ memory: WebAssembly.Memory }>} default
 * @property {{ create(): Promise<EngineScope> }} Scope
 * @property {{ new (byteLength: number): EngineModelFile }} ModelFile
 * @property {{ new (onProgress: (stage: 'prepare' | 'run' | 'guess', done: number, total: number) => void, pause: () => Promise<void>): EngineTask }} Task
 * @property {{ decode(bytes: Uint8Array): EnginePicture, fromRgba(width: number, height: number, data: Uint8Array): EnginePicture }} Picture
 * @property {{ new (): EngineProbes }} Probes
 * @property {{ new (): EngineImageSet }} ImageSet
 * @property {(name: string) => Uint8Array} colormap
 */
/**
 * @typedef {object} EngineTask
 * @property {() => void} cancel
 * @property {() => void} free
 */
/**
 * @typedef {object} EngineScope
 * @property {() => { name: 'wonnx' | 'rten', device: 'webgpu' | 'cpu', adapter: string, fallback: boolean }} info
 * @property {(file: EngineModelFile, card: Card | undefined, task: EngineTask) => Promise<EngineModel>} open
 * @property {() => Memory} memory
 * @property {() => void} destroyDevice
 * @property {() => Promise<{ ok: boolean, op?: string | null }>} selfCheck
 */
/**
 * @typedef {object} EngineModelFile
 * @property {(offset: number, chunk: Uint8Array) => void} write
 * @property {(seed: number) => void} randomise
 * @property {(name: string, byteLength: number) => void} addExternal
 * @property {(name: string, offset: number, chunk: Uint8Array) => void} writeExternal
 * @property {() => void} free
 */
/**
 * @typedef {object} EnginePicture
 * @property {number} width
 * @property {number} height
 * @property {() => { width: number, height: number, data: Uint8ClampedArray<ArrayBuffer> }} pixels
 * @property {(strokes: Stroke[]) => EnginePicture} erase
 * @property {() => void} free
 */
/**
 * @typedef {object} EngineModelDescription
 * @property {string | null} title
 * @property {number} classes
 * @property {string[]} labels
 * @property {'logits' | 'softmax' | 'sigmoid'} output
 * @property {Recipe} recipe
 * @property {boolean} recipeIsKnown
 * @property {Layer[]} layers
 * @property {string} defaultLayer
 * @property {Article} article
 * @property {NamedRecipe[]} recipes the common ones
 * @property {boolean} residual
 * @property {{ name: string, shape: number[] }} input
 * @property {string | null} headLayer
 * @property {string | null} noHead
 * @property {number} bytes
 */
/**
 * @typedef {object} EngineModel
 * @property {() => EngineModelDescription} describe
 * @property {(picture: EnginePicture, options: { layer?: string, recipe?: Recipe }, task: EngineTask) => Promise<EngineLook>} look
 * @property {(look: EngineLook, options: { maps: number[], to: 'zero' | 'mean', controls: number, seed: number }, task: EngineTask) => Promise<{ after: Float32Array, controls: { maps: Uint32Array, after: Float32Array }[] }>} ablate
 * @property {(look: EngineLook, options: { classIndex: number, overlay: OverlayOptions & { width?: number, height?: number } }, task: EngineTask) => Promise<EngineCam>} cam
 * @property {(options: { layer: string, map: number, recipe: Recipe, size: number, steps: number, seed: number }, watch: (step: DrawStep) => void, task: EngineTask) => Promise<EngineDrawing>} draw
 * @property {(recipe: Recipe) => void} setRecipe
 * @property {(probes: EngineProbes, task: EngineTask) => Promise<Required<NamedRecipe>[]>} guess
 * @property {() => void} release
 * @property {() => void} free
 */
/**
 * @typedef {object} EngineImageSet
 * @property {(look: EngineLook) => number} add
 * @property {(classes: number[][], perImage: number, perClass: number) => EngineClassMaps[]} classMaps
 * @property {(maps: Uint32Array) => Float32Array} sums
 * @property {(map: number) => MapOverSet | undefined} map
 * @property {() => Int32Array} said
 * @property {(classes: number[][], ties: number[][]) => number[][]} confusion
 * @property {() => void} free
 */
/**
 * One map over all images of a set, in the order in which they were added.
 * @typedef {object} MapOverSet
 * @property {Float32Array} means
 * @property {Float32Array} maxima
 * @property {Uint32Array} peaks where the largest value is, as an index into the map
 */
/**
 * @typedef {object} EngineClassMaps
 * @property {{ map: number, count: number }[]} maps
 * @property {{ map: number, count: number, alsoIn: number[] }[]} removed
 */
/**
 * @typedef {object} EngineProbes
 * @property {(picture: EnginePicture, labels: Uint32Array) => void} add
 * @property {() => void} free
 */
/**
 * @typedef {object} EngineLook
 * @property {Layer} layer
 * @property {boolean} signed
 * @property {'lowered' | 'original'} form
 * @property {number} layerScale
 * @property {() => Float32Array} means
 * @property {() => { mean: number, max: number, min: number, row: number, column: number, dead: boolean }[]} statistics
 * @property {(count: number) => RankedMap[]} top
 * @property {(count: number) => Prediction[]} predictions
 * @property {(map: number) => MapValues} map
 * @property {() => { width: number, height: number, data: Uint8ClampedArray }} seen
 * @property {(maps: Uint32Array, options: object) => { width: number, height: number, data: Uint8ClampedArray, dead: boolean, scale: number | null, score: number }} overlay
 * @property {(classIndex: number) => { contributions: Float32Array, bias: number } | undefined} contributions
 * @property {() => void} free
 */
export {};
