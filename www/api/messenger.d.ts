import { FeaturescopeError } from './errors.js';
export type Pending = {
    resolve: (value: any) => void;
    reject: (error: FeaturescopeError) => void;
    onProgress: ((progress: import('./types.js').Progress) => void) | undefined;
    /**
     * removes the listeners
     */
    forget: () => void;
    action: string;
};
/**
 * @typedef {object} Pending
 * @property {(value: any) => void} resolve
 * @property {(error: FeaturescopeError) => void} reject
 * @property {((progress: import('./types.js').Progress) => void) | undefined} onProgress
 * @property {() => void} forget removes the listeners
 * @property {string} action
 */
/**
 * The page's end of the line to the worker. Messages are `{ id, action, watched, … }`; answers are
 * `{ id, result }`, `{ id, error }` or, where it is watched, `{ id, progress }`; `{ lost, picture }` says that the worker gave up on
 * itself, and because of which picture.
 */
export declare class Messenger {
    #private;
    /** Settles with the reason once the worker is gone for good; never rejects.
     * @type {Promise<FeaturescopeError>} */
    lost: Promise<FeaturescopeError>;
    worker: Worker;
    /** The picture, by its key or address, at which a lost worker's decoder panicked.
     * @type {string | number | undefined} */
    broke: string | number | undefined;
    /**
     * @param {URL} url address of the worker's module
     * @param {import('./relay.js').Line} [line] to one that runs already
     */
    constructor(url: URL, line?: import('./relay.js').Line);
    /**
     * @param {string} action
     * @param {Record<string, unknown>} [content]
     * @param {import('./types.js').CallOptions & { transfer?: Transferable[], pause?: import('./types.js').PauseSwitch }} [options]
     * @returns {Promise<any>} what the action gives, which whoever asks for it knows
     */
    request(action: string, content?: Record<string, unknown>, { signal, onProgress, transfer, pause }?: import('./types.js').CallOptions & {
        transfer?: Transferable[];
        pause?: import('./types.js').PauseSwitch;
    }): Promise<any>;
    /** Whether the worker is at such a request, or will be. @param {string} action */
    isAsked(action: string): boolean;
    /** Resolves once the worker has answered everything that was cancelled. */
    idle(): Promise<any>;
    /**
     * Ends the worker at once.
     * @param {FeaturescopeError} reason what the requests that still wait are rejected with
     */
    terminate(reason: FeaturescopeError): void;
}
