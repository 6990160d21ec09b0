/**
 * One worker for several pages of an origin, as figures that stand in one article are: each has a messenger of its own, and what it
 * asks goes through a port to the page that started the worker. The worker knows nothing of it: requests and kept pictures are
 * numbered so that none is taken for another page's, and what a page had opened is freed when it goes.
 */
export type Line = {
    postMessage: (message: any, transfer?: Transferable[]) => void;
    terminate: () => void;
    onmessage: ((event: MessageEvent) => any) | null;
    onerror: ((event: ErrorEvent) => any) | null;
    onmessageerror: ((event: MessageEvent) => any) | null;
};
/**
 * What a messenger needs of a worker.
 * @typedef {object} Line
 * @property {(message: any, transfer?: Transferable[]) => void} postMessage
 * @property {() => void} terminate
 * @property {((event: MessageEvent) => any) | null} onmessage
 * @property {((event: ErrorEvent) => any) | null} onerror
 * @property {((event: MessageEvent) => any) | null} onmessageerror
 */
/**
 * The line to a worker that another page has started.
 * @param {MessagePort} port
 * @returns {Line}
 */
export declare function lineThrough(port: MessagePort): Line;
/**
 * Passes on what comes through a port to the worker, and its answers back.
 * @param {import('./messenger.js').Messenger} messenger of the page that started the worker
 * @param {import('./types.js').EngineInfo} engine that runs there, whatever the other page asks for
 * @param {MessagePort} port
 * @param {() => void} onEnd when the other page needs it no more
 */
export declare function relay(messenger: import('./messenger.js').Messenger, engine: import('./types.js').EngineInfo, port: MessagePort, onEnd: () => void): void;
