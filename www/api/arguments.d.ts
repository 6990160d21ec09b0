export type OverlayOptions = import('./types.js').OverlayOptions;
/** @typedef {import('./types.js').OverlayOptions} OverlayOptions */
/**
 * @param {string} name
 * @param {unknown} value
 * @param {number} [least]
 * @param {number} [most]
 */
export declare function checkWhole(name: string, value: unknown, least?: number, most?: number): void;
/**
 * @param {string} name
 * @param {unknown} value
 * @param {number} [least]
 * @param {number} [most]
 */
export declare function checkNumber(name: string, value: unknown, least?: number, most?: number): void;
/**
 * @param {string} name
 * @param {unknown} value
 * @param {string[]} choices
 */
export declare function checkChoice(name: string, value: unknown, choices: string[]): void;
/**
 * @param {unknown} map
 * @param {number} channels of the layer
 */
export declare function checkMap(map: unknown, channels: number): void;
/**
 * One map or several.
 * @param {unknown} maps
 * @param {number} channels of the layer
 * @returns {number[]}
 */
export declare function mapList(maps: unknown, channels: number): number[];
/**
 * What is to be drawn: one map, one place of it, several maps or a class.
 * @param {import('./types.js').DrawTarget} target
 * @param {{ channels: number, height: number, width: number } | null} layer null where a class is asked for
 * @param {number} classes
 * @returns {Pick<import('./types.js').EngineDrawOptions, 'maps' | 'position' | 'classIndex'>} as the engine takes it
 */
export declare function checkTarget({ map, maps, position, classIndex }: import('./types.js').DrawTarget, layer: {
    channels: number;
    height: number;
    width: number;
} | null, classes: number): Pick<import('./types.js').EngineDrawOptions, 'maps' | 'position' | 'classIndex'>;
/** @param {unknown} seed */
export declare function checkSeed(seed: unknown): void;
/**
 * Pixels of a longer side.
 * @param {unknown} size
 */
export declare function checkSize(size: unknown): void;
/** Colours to look up, among them those of the style that has its own. @param {unknown} name */
export declare function checkRamp(name: unknown): void;
/**
 * What is left out is not looked at.
 * @param {OverlayOptions} options
 */
export declare function checkOverlay({ style, colormap, scale, setMaximum, alpha, gain, enlargement, size }: OverlayOptions): void;
/**
 * @param {string} name
 * @param {unknown} list
 * @param {string} of what it is a list of
 */
export declare function checkList(name: string, list: unknown, of: string): void;
/**
 * The strokes of an eraser.
 * @param {unknown} strokes
 */
export declare function checkStrokes(strokes: unknown): void;
