export type ImageSource = Blob | File | URL | string | ImageData | ImageBitmap | HTMLImageElement;
/** Makes of a picture, in whichever form it was given, what can be sent to the worker. */
export declare class PictureSources {
    #private;
    /** Some picture has ended an engine. */
    static careful: boolean;
    /**
     * @param {ImageSource} image
     * @returns {Promise<{ picture: object, transfer: Transferable[] }>}
     * @throws {FeaturescopeError} `bad-image`, `bad-argument`
     */
    source(image: ImageSource): Promise<{
        picture: object;
        transfer: Transferable[];
    }>;
    /**
     * The worker is gone.
     * @param {string | number | undefined} picture because of which one
     */
    endedEngine(picture: string | number | undefined): Set<string> | undefined;
}
/** @param {string | URL} address */
export declare function addressOf(address: string | URL): string;
