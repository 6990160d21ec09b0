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
import { FeaturescopeError } from './api/errors.js';
import { ImageSet } from './api/image-set.js';
import { Look } from './api/look.js';
import { Messenger } from './api/messenger.js';
import { Model } from './api/model.js';
export { FeaturescopeError, ImageSet, Look, Model };
export type CallOptions = import('./api/types.js').CallOptions;
export type Card = import('./api/types.js').Card;
export type ImageSource = import('./api/picture-sources.js').ImageSource;
export type ModelSource = string | URL | Blob | File | File[] | ArrayBuffer;
/**
 * @typedef {import('./api/types.js').CallOptions} CallOptions
 * @typedef {import('./api/types.js').Card} Card
 * @typedef {import('./api/picture-sources.js').ImageSource} ImageSource
 * @typedef {string | URL | Blob | File | File[] | ArrayBuffer} ModelSource
 */
/** One engine in one worker. */
export declare class Featurescope {
    #private;
    /** Which engine runs, on what, and why. A model that this engine cannot run may be opened on the
     * CPU instead: see `model.engine`. */
    engine: import("./api/types.js").EngineInfo;
    /** Settles, with the reason, once the worker is gone and this object is of no more use.
     * @type {Promise<FeaturescopeError>} */
    lost: Promise<FeaturescopeError>;
    /**
     * @param {Messenger} messenger
     * @param {import('./api/types.js').EngineInfo} engine
     */
    constructor(messenger: Messenger, engine: import('./api/types.js').EngineInfo);
    /**
     * @param {CallOptions & { engine?: import('./api/types.js').EngineRequest }} [options]
     * @param {MessagePort} [port] to another page of this origin, of which one lets the worker be used: see `serve`
     * @returns {Promise<Featurescope>}
     * @throws {FeaturescopeError} `bad-argument` for another engine than these; `no-gpu` where `webgpu` is forced and missing, `network`, `worker-lost`
     */
    static create({ engine, signal, onProgress }?: CallOptions & {
        engine?: import('./api/types.js').EngineRequest;
    }, port?: MessagePort): Promise<Featurescope>;
    /**
     * Opens a model.
     * @param {ModelSource} source a bundled model's name, an address, a file, an .onnx file with its data
     *   files (and its card, a .json file), or the file's bytes
     * @param {CallOptions & { card?: Card, recipe?: Card['recipe'], labels?: Card['labels'], output?: Card['output'], scores?: Card['scores'] }} [options]
     *   the fields of a card that are known better than the card beside the model says, together or by themselves; what is
     *   said nowhere is guessed
     * @param {() => Promise<boolean>} [follow] asks whether another host may pass the request on to an address that browsers do not tell;
     *   followed unasked when left out
     * @returns {Promise<Model>}
     * @throws {FeaturescopeError} `bad-argument`, `bad-model`, `bad-card`, `too-large`, `unsupported-op`, `network`, `cancelled`
     */
    open(source: ModelSource, { card, recipe, labels, output, scores, signal, onProgress }?: CallOptions & {
        card?: Card;
        recipe?: Card['recipe'];
        labels?: Card['labels'];
        output?: Card['output'];
        scores?: Card['scores'];
    }, follow?: () => Promise<boolean>): Promise<Model>;
    /**
     * Decodes an image and makes a small copy of it, upright and with its own proportions.
     * @param {ImageSource} image
     * @param {CallOptions & { size?: number }} [options] `size`: pixels of the longer side at most
     * @returns {Promise<{ bitmap: ImageBitmap, width: number, height: number }>} width and height of the image itself
     * @throws {FeaturescopeError} `bad-argument`, `bad-image`, `too-large`, `network`, `cancelled`
     */
    thumbnail(image: ImageSource, { size, signal }?: CallOptions & {
        size?: number;
    }): Promise<{
        bitmap: ImageBitmap;
        width: number;
        height: number;
    }>;
    /**
     * A colour map as the overlays use it, for a legend.
     * @param {string} name as in an overlay's options, or `glow` and (where values below zero carry meaning) `glow-signed` for the colours of that style
     * @returns {Promise<Uint8Array>} 256 RGB triples, from no activation to the strongest
     * @throws {FeaturescopeError} `bad-argument` for another name
     */
    colormap(name: string): Promise<Uint8Array>;
    /** The addresses that the worker has loaded so far: its scripts, the engine, models and photos.
     * @returns {Promise<string[]>} */
    loaded(): Promise<string[]>;
    /** What the engines hold in memory now, in bytes and pieces.
     * @returns {Promise<import('./api/types.js').Memory>} */
    memory(): Promise<import('./api/types.js').Memory>;
    /** Destroys the graphics device as a driver reset would. For tests of what happens then.
     * @returns {Promise<void>} */
    destroyDevice(): Promise<void>;
    /** Whether something is being drawn, which would be lost with the worker. */
    get isDrawing(): boolean;
    /** Resolves once nothing that was cancelled is still running. */
    settled(): Promise<any>;
    /**
     * Lets another page of this origin use the same worker, as figures in one article do: there `create` is given the other end of
     * the port. What it opens is freed when it closes its own object; when this one is closed, the other's is lost.
     * @param {MessagePort} port
     * @param {() => void} onEnd when the other page has closed
     */
    serve(port: MessagePort, onEnd: () => void): Promise<void>;
    /** Ends the worker and frees everything that was opened with it. */
    close(): void;
}
