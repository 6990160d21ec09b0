export type ImageSource = import('../featurescope.js').ImageSource;
export type CallOptions = import('./types.js').CallOptions;
export type ImageClass = {
    name: string;
    images: ImageSource[];
};
export type PlacedClass = {
    name: string;
    images: number[];
};
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
export declare class ImageSet {
    #private;
    /** The classes, and the places of their images in the order in which they were added.
     * @type {PlacedClass[]} */
    classes: PlacedClass[];
    /**
     * @param {import('./messenger.js').Messenger} messenger
     * @param {(image: ImageSource) => Promise<{ picture: object, transfer: Transferable[] }>} picture
     * @param {number} handle
     * @param {{ names: string[], channels: number, classes: number }} about `names`: of the images' classes; `channels`: of the layer;
     *   `classes`: how many the network tells apart
     */
    constructor(messenger: import('./messenger.js').Messenger, picture: (image: ImageSource) => Promise<{
        picture: object;
        transfer: Transferable[];
    }>, handle: number, { names, channels, classes }: {
        names: string[];
        channels: number;
        classes: number;
    });
    /**
     * Looks at an image and keeps its numbers, without a class.
     * @param {ImageSource} image
     * @param {CallOptions} [options]
     * @returns {Promise<number>} its place in the set, from 0
     * @throws {FeaturescopeError} `bad-image`, `too-large`, `device-lost`, `cancelled`; the set is as it was before
     */
    see(image: ImageSource, { signal, onProgress }?: CallOptions): Promise<number>;
    /**
     * Looks at an image and adds it to a class.
     * @param {string} name of the class
     * @param {ImageSource} image
     * @param {CallOptions} [options]
     * @throws {FeaturescopeError} as `see`
     */
    add(name: string, image: ImageSource, options?: CallOptions): Promise<void>;
    /**
     * Adds all images of all classes, one after another.
     * @param {ImageClass[]} classes
     * @param {CallOptions} [options]
     */
    addAll(classes: ImageClass[], { signal, onProgress }?: CallOptions): Promise<void>;
    /**
     * The maps of each class: those that are most often among the `perImage` strongest of its images, at most `perClass` of
     * them, without those that another class has too.
     * @param {{ perImage?: number, perClass?: number, classes?: PlacedClass[] }} [options] `classes`: others than the set's own
     * @returns {Promise<import('./types.js').ClassMaps[]>}
     * @throws {FeaturescopeError} `bad-argument` for what is no whole number from 1, or an image that is not in the set
     */
    classMaps({ perImage, perClass, classes }?: {
        perImage?: number;
        perClass?: number;
        classes?: PlacedClass[];
    }): Promise<import('./types.js').ClassMaps[]>;
    /**
     * For each image of each class, the sum of the activations of these maps.
     * @param {number[]} maps
     * @returns {Promise<Record<string, Float32Array>>} by class, images in the order in which they were added
     */
    sums(maps: number[]): Promise<Record<string, Float32Array>>;
    /**
     * For every image of the set, the sum of the activations of these maps.
     * @param {number[]} maps
     * @returns {Promise<Float32Array>} in the order in which the images were added
     * @throws {FeaturescopeError} `bad-argument` for a map that the layer has not
     */
    allSums(maps: number[]): Promise<Float32Array>;
    /**
     * One map over every image of the set.
     * @param {number} map
     * @returns {Promise<import('./types.js').MapOverSet>}
     * @throws {FeaturescopeError} `bad-argument` for a map that the layer has not
     */
    map(map: number): Promise<import('./types.js').MapOverSet>;
    /**
     * For every image of the set, the output that stands for it.
     * @returns {Promise<Int32Array>} −1 where the network says nothing
     */
    said(): Promise<Int32Array>;
    /**
     * How many images of each class the network takes for each class.
     * @param {number[][]} ties for each class the outputs that belong to it; all other outputs are "other"
     * @returns {Promise<import('./types.js').Confusion>}
     * @throws {FeaturescopeError} `bad-argument` for an output that the network has not
     */
    confusion(ties: number[][]): Promise<import('./types.js').Confusion>;
    /** Frees what is kept of the images. */
    close(): void;
}
/**
 * How many maps are asked for; what is left out is not looked at.
 * @param {{ perImage?: number, perClass?: number }} counts
 */
export declare function checkCounts(counts: {
    perImage?: number;
    perClass?: number;
}): void;
/**
 * @param {number[][]} ties for each class the outputs that belong to it
 * @param {number} outputs of the network
 */
export declare function checkTies(ties: number[][], outputs: number): void;
