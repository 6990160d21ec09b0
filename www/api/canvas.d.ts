/**
 * Pixels and files out of a canvas, and whether they are what was drawn: browsers that protect against fingerprinting (Firefox's
 * resistFingerprinting, Brave) change what a page reads, some a little and some all of it, and say nothing. A known picture is read back
 * once for that, in each worker and on the page. What is made without a canvas stays possible there.
 */
/** Whether pixels read from a canvas are those that were drawn. */
export declare function canvasReads(): boolean;
/** Whether a file made from a canvas shows what was drawn. */
export declare function canvasWrites(): Promise<boolean>;
/**
 * The pixels of what is drawn.
 * @param {OffscreenCanvas} canvas
 * @throws {FeaturescopeError} `canvas-noise`
 */
export declare function canvasPixels(canvas: OffscreenCanvas): ImageData;
/**
 * A file of what is drawn.
 * @param {OffscreenCanvas} canvas
 * @param {{ type: string, quality?: number }} [as] where the browser writes no WebP it is a JPEG: a PNG would be ten times as large
 * @throws {FeaturescopeError} `canvas-noise`
 */
export declare function canvasFile(canvas: OffscreenCanvas, as?: {
    type: string;
    quality?: number;
}): Promise<Blob>;
/**
 * A canvas with a picture on it.
 * @param {ImageData | (CanvasImageSource & { width: number, height: number })} picture
 */
export declare function canvasOf(picture: ImageData | (CanvasImageSource & {
    width: number;
    height: number;
})): OffscreenCanvas;
