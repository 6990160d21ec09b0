import { FeaturescopeError } from './errors.js';
export type Pending = {
    resolve: (value: any) => void;
    reject: (error: FeaturescopeError) => void;
    onProgress: ((progress: import('./types.js').Progress) => void) | undefined;
    /**
     * removes the abort listener
     */
    forget: () => void;
};
/**
 * @typedef {object} Pending
 * @property {(value: any) => void} resolve
 * @property {(error: FeaturescopeError) => void} reject
 * @property {((progress: import('./types.js').Progress) => void) | undefined} onProgress
 * @property {() => void} forget removes the abort listener
 */
/**
 * The page's end of the line to the worker. Messages are `{ id, action, … }`; answers are
 * `{ id, result }`, `{ id, error }` or `{ id, progress }`; `{ lost }` says that the worker gave up on itself.
 */
export declare class Messenger {
    #private;
    /** Settles with the reason once the worker is gone for good; never rejects.
     * @type {Promise<FeaturescopeError>} */
    lost: Promise<FeaturescopeError>;
    worker: Worker;
    /** @param {URL} url address of the worker's module */
    constructor(url: URL);
    /**
     * @param {string} action
     * @param {Record<string, any>} [content]
     * @param {import('./types.js').CallOptions & { transfer?: Transferable[] }} [options]
     * @returns {Promise<any>}
     */
    request(action: string, content?: Record<string, any>, { signal, onProgress, transfer }?: import('./types.js').CallOptions & {
        transfer?: Transferable[];
    }): Promise<any>;
    /** Resolves once the worker has answered everything that was cancelled. */
    idle(): Promise<any>;
    /**
     * Ends the worker at once.
     * @param {FeaturescopeError} reason what the requests that still wait are rejected with
     */
    terminate(reason: FeaturescopeError): void;
}
