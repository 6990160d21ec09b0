/**
 * Which language the page speaks, and its catalogues of text.
 *
 * A catalogue is written in English where it is used (`export const text = catalogue('name', { … })`). Another language is
 * a folder of the same catalogues; its `index.js` exports them by name, one line each. It loads before any text is read,
 * and only when it is wanted. Its files must not import a module that has text, which would wait for itself.
 */
/** Every language by its code, called by its own name. */
export declare const LANGUAGES: {
    en: string;
    zh: string;
};
export type Language = keyof typeof LANGUAGES;
/** @typedef {keyof typeof LANGUAGES} Language */
/** Under this name the browser remembers the visitor's choice. */
export declare const REMEMBERED = "featurescope-language";
/** The language in use. @type {Language} */
export declare let language: Language;
/**
 * A catalogue in the language in use.
 * @template T
 * @param {string} name
 * @param {T} english
 * @returns {T}
 */
export declare function catalogue<T>(name: string, english: T): T;
