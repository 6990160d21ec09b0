/**
 * What the library says: why something did not work, and which engine was chosen. Other languages: see language.js.
 */
export declare const text: {
    model: {
        /** What a model beside the page is called. @param {string} _name @param {string} title as its card says */
        named: (_name: string, title: string) => string;
    };
    engine: {
        forced: string;
        noWebGpu: string;
        noAdapter: string;
        softwareAdapter: string;
        webGpuCrashed: string;
        /** @param {string} op */
        wrongResults: (op: string) => string;
        /** @param {string} why */
        webGpuFailed: (why: string) => string;
        /** @param {string} why */
        unsupported: (why: string) => string;
        /** @param {import('./types.js').Waiting['for']} what @param {number} seconds */
        noAnswer: (what: import('./types.js').Waiting['for'], seconds: number) => string;
        /** @param {string} adapter @param {boolean} emulated */
        chosen: (adapter: string, emulated: boolean) => string;
    };
    errors: {
        cancelled: string;
        closed: string;
        /** @param {{ name: string, shape: number[] }[]} results */
        noScores: (results: {
            name: string;
            shape: number[];
        }[]) => string;
        badImage: string;
        canvasReads: string;
        canvasWrites: string;
        decoderBroke: string;
        /** @param {number} width @param {number} height */
        tooManyPixels: (width: number, height: number) => string;
        /** @param {string} url */
        offline: (url: string) => string;
        /** @param {string} url */
        cors: (url: string) => string;
        /** @param {string} url @param {number} status */
        status: (url: string, status: number) => string;
        /** @param {string} url */
        interrupted: (url: string) => string;
        /** @param {string} url */
        downloadTooLarge: (url: string) => string;
        /** @param {string} labels */
        unknownLabels: (labels: string) => string;
        /** @param {string} host */
        redirected: (host: string) => string;
        engineMissing: string;
        /** @param {string} file */
        engineDamaged: (file: string) => string;
        noWebAssembly: string;
        workerMissing: string;
        workerInFrame: string;
        /** @param {string} name */
        badCard: (name: string) => string;
        /** @param {number} count */
        whichModel: (count: number) => "There is no .onnx file among these. Add the model itself to its data files." | "These are several .onnx files. Give one model at a time, with its data file and card.";
        /** @param {string} name @param {string} value @param {string} range */
        badArgument: (name: string, value: string, range: string) => string;
        /** @param {number} least @param {number} most */
        wholeFrom: (least: number, most: number) => string;
        /** @param {number} least @param {number} most */
        numberFrom: (least: number, most: number) => string;
        /** @param {string[]} choices */
        oneOf: (choices: string[]) => string;
        /** @param {string} shape */
        listOf: (shape: string) => string;
        atLeastOne: string;
        /** @param {number | string} map @param {number} channels */
        noSuchMap: (map: number | string, channels: number) => string;
        /** @param {string} name @param {string[]} names */
        noSuchClass: (name: string, names: string[]) => string;
        /** @param {string} name */
        sameClassTwice: (name: string) => string;
        /** @param {string} detail */
        workerLost: (detail: string) => string;
        /** @param {string} detail */
        internal: (detail: string) => string;
        /** What the engine reports, which is in English.
         * @param {string} _code @param {string} message @param {string} [_node] */
        engine: (_code: string, message: string, _node?: string) => string;
        /** @param {string} name */
        noSuchEngine: (name: string) => string;
        /** @param {string} id */
        noSuchLayer: (id: string) => string;
        otherOrigin: string;
        /** @param {string} detail */
        notSendable: (detail: string) => string;
        noAddress: string;
    };
};
