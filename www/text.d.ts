/**
 * Every text a visitor can read, by key. Another language is another object of the same shape.
 */
/**
 * @param {number} value
 * @returns {string}
 */
export declare function formatNumber(value: number): string;
/** @param {number} value */
export declare function formatSigned(value: number): string;
/** @param {number} value from 0 to 1 */
export declare function formatPercent(value: number): string;
/**
 * A place in words, from fractions of height and width.
 * @param {number} y
 * @param {number} x
 */
declare function place(y: number, x: number): string;
export declare const text: {
    title: string;
    subtitle: string;
    intro: string;
    whatAmISeeing: string;
    close: string;
    cancel: string;
    skip: string;
    model: {
        choose: string;
        bring: string;
        /** @param {number} classes @param {number[]} shape @param {boolean} guessed */
        summary: (classes: number, shape: number[], guessed: boolean) => string;
        yours: string;
    };
    layer: {
        label: string;
        reluShort: {
            before: string;
            after: string;
            none: string;
        };
        /** @param {import('./types.js').Layer} layer */
        option: (layer: import('./types.js').Layer) => string;
        /** @param {import('./types.js').Layer} layer */
        description: (layer: import('./types.js').Layer) => string;
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
        deviceLost: string;
        /** @param {'webgpu' | 'cpu'} device */
        device: (device: 'webgpu' | 'cpu') => "CPU" | "WebGPU";
        /** @param {number} milliseconds */
        speed: (milliseconds: number) => string;
        /** @param {string} adapter @param {boolean} emulated */
        chosen: (adapter: string, emulated: boolean) => string;
        starting: string;
        recorded: string;
        slow: string;
        tryCpu: string;
        why: string;
    };
    tray: {
        heading: string;
        add: string;
        addFolder: string;
        sort: string;
        story: string;
        hint: string;
        drop: string;
        /** @param {string} name */
        show: (name: string) => string;
        /** @param {string} name */
        remove: (name: string) => string;
        pasted: string;
        compare: string;
        noCompare: string;
        /** @param {string} name @param {string} credit */
        credit: (name: string, credit: string) => string;
        nothing: string;
    };
    photo: {
        /** @param {string} name */
        alt: (name: string) => string;
        seen: string;
    };
    look: {
        heading: string;
        /** @param {number} map @param {number} mean @param {string} where */
        lead: (map: number, mean: number, where: string) => string;
        allDead: string;
        top: string;
        topAll: string;
        sort: string;
        sortMean: string;
        /** @param {string} label */
        sortContribution: (label: string) => string;
        style: string;
        styles: {
            alpha: string;
            multiply: string;
            raw: string;
        };
        colormap: string;
        colormaps: string[];
        scale: string;
        scales: {
            map: string;
            layer: string;
            set: string;
        };
        enlargement: string;
        enlargements: {
            bilinear: string;
            nearest: string;
        };
        article: string;
        articleHelp: string;
        grid: string;
        mean: string;
        /** @param {number} rank @param {string} where */
        tile: (rank: number, where: string) => string;
        /** @param {number} map */
        choose: (map: number) => string;
        keys: string;
        clearSum: string;
        explain: string;
        /** @param {number} shown @param {number} live @param {number} dead */
        counts: (shown: number, live: number, dead: number) => string;
    };
    legend: {
        /** @param {'map' | 'layer' | 'set'} scale @param {number} largest */
        scale: (scale: 'map' | 'layer' | 'set', largest: number) => string;
        ownLargest: string;
        ownSmallest: string;
        signed: string;
        alt: string;
    };
    card: {
        cam: string;
        without: string;
        drawing: string;
        /** @param {number} map */
        title: (map: number) => string;
        goTo: string;
        previous: string;
        next: string;
        /** @param {{ rank: number, live: number, mean: number, max: number, where: string, share: number }} facts */
        caption: ({ rank, live, mean, max, where, share }: {
            rank: number;
            live: number;
            mean: number;
            max: number;
            where: string;
            share: number;
        }) => string;
        /** @param {number} value */
        dead: (value: number) => string;
        negative: string;
        original: string;
        overlay: string;
        values: string;
        /** @param {number} row @param {number} column @param {number} value */
        cell: (row: number, column: number, value: number) => string;
        /** @param {number} row @param {number} column @param {number} value */
        strongest: (row: number, column: number, value: number) => string;
        /** @param {number} height @param {number} width */
        gridAlt: (height: number, width: number) => string;
        /** @param {number} value @param {string} label */
        contribution: (value: number, label: string) => string;
        addToSum: string;
        inSum: string;
        /** @param {number[]} maps */
        sum: (maps: number[]) => string;
        sumCaption: string;
        explain: string;
        allValues: string;
    };
    predictions: {
        heading: string;
        class: string;
        /** @param {number} index */
        unnamed: (index: number) => string;
        probability: string;
        more: string;
        fewer: string;
        whyHelp: string;
        whyNotLayer: string;
        goToHead: string;
        /** @param {string | null} reason */
        whyNotModel: (reason: string | null) => string;
        explain: string;
        sigmoid: string;
    };
    means: {
        heading: string;
        /** @param {number} count @param {number} first @param {number} half */
        caption: (count: number, first: number, half: number) => string;
        explain: string;
        failed: string;
        loading: string;
    };
    compare: {
        heading: string;
        /** @param {number} map @param {number} difference @param {string} more @param {string} less */
        lead: (map: number, difference: number, more: string, less: string) => string;
        /** @param {string} name @param {number} mean */
        caption: (name: string, mean: number) => string;
        /** @param {number} value */
        difference: (value: number) => string;
        explain: string;
        same: string;
    };
    eraser: {
        start: string;
        stop: string;
        undo: string;
        clear: string;
        size: string;
        help: string;
        canvas: string;
        /** @param {number} strokes */
        active: (strokes: number) => string;
    };
    recipe: {
        heading: string;
        inUse: string;
        guessed: {
            tried: string;
            usual: string;
        };
        given: string;
        notGiven: string;
        /** @param {string} name */
        runnerUp: (name: string) => string;
        /** @param {string} name @param {number} [score] */
        name: (name: string, score?: number) => string;
        article: string;
        /** @param {import('./types.js').Recipe} recipe */
        formula: (recipe: import('./types.js').Recipe) => string;
        explain: string;
    };
    downloads: {
        heading: string;
        png: string;
        csv: string;
        json: string;
    };
    progress: {
        /** @param {import('./types.js').Progress} progress */
        line: ({ stage, done, total, secondsLeft }: import('./types.js').Progress) => string;
    };
    bring: {
        heading: string;
        intro: string;
        choose: string;
        url: string;
        open: string;
        pytorch: string;
        keras: string;
        copy: string;
        copied: string;
        card: string;
        missing: string;
    };
    classes: {
        other: string;
    };
    errors: {
        cancelled: string;
        closed: string;
        badImage: string;
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
        engineMissing: string;
        /** @param {string} name */
        badCard: (name: string) => string;
        /** @param {number} count */
        whichModel: (count: number) => "There is no .onnx file among these. Add the model itself to its data files." | "These are several .onnx files. Give one model at a time, with its data file and card.";
        /** @param {number} map @param {number} channels */
        noSuchMap: (map: number, channels: number) => string;
        /** @param {string} preset */
        noSuchPreset: (preset: string) => string;
        /** @param {number} map */
        noSuchMapInSet: (map: number) => string;
        /** @param {string} name @param {string[]} names */
        noSuchClass: (name: string, names: string[]) => string;
        /** @param {string} name */
        sameClassTwice: (name: string) => string;
        /** @param {string} detail */
        workerLost: (detail: string) => string;
        /** @param {string} message */
        restarting: (message: string) => string;
        restarted: string;
        gaveUp: string;
        /** @param {string} detail */
        internal: (detail: string) => string;
        /** @param {string} name @param {string} message @param {string} [code] */
        about: (name: string, message: string, code?: string) => string;
        dismiss: string;
        noIndex: string;
        noAddress: string;
    };
    place: typeof place;
};
export {};
