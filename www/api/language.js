/**
 * Which language the page speaks, and its catalogues of text.
 *
 * A catalogue is written in English where it is used (`export const text = catalogue('name', { … })`). Another language is
 * a folder of the same catalogues; its `index.js` exports them by name, one line each. It loads before any text is read,
 * and only when it is wanted. Its files must not import a module that has text, which would wait for itself.
 */

/** Every language by its code, called by its own name. */
export const LANGUAGES = { en: 'English', zh: '中文' };

/** @typedef {keyof typeof LANGUAGES} Language */

/** Under this name the browser remembers the visitor's choice. */
export const REMEMBERED = 'featurescope-language';

/** What page, worker and Node have of this.
 * @type {{ document?: unknown, localStorage?: { getItem: (key: string) => string | null }, location?: { search: string },
 *   name?: string, navigator: { languages: readonly string[] } }} */
const here = globalThis;

/** The language in use. @type {Language} */
export let language = wanted();

/** @type {Record<string, unknown>} */
let translated = {};
if (language !== 'en') {
  try {
    translated = await import(`../${language}/index.js`);
  } catch {
    // English is here already, and better than no page.
    language = 'en';
  }
}

/**
 * A catalogue in the language in use.
 * @template T
 * @param {string} name
 * @param {T} english
 * @returns {T}
 */
export function catalogue(name, english) {
  return /** @type {T} */ (translated[name] ?? english);
}

/** A worker is told in its name; a page by its address, then by what was chosen before, then by the browser's languages.
 * @returns {Language} */
function wanted() {
  if (!here.document) return known(here.name ?? '') ?? 'en';
  let chosen = null;
  try {
    chosen = here.localStorage?.getItem(REMEMBERED);
  } catch {
    // The browser remembers nothing here.
  }
  const candidates = [new URLSearchParams(here.location?.search).get('lang'), chosen, ...here.navigator.languages];
  for (const candidate of candidates) {
    const found = known(candidate ?? '');
    if (found) return found;
  }
  return 'en';
}

/** The language of a tag such as `zh-CN`, where there is one.
 * @param {string} tag */
function known(tag) {
  return /** @type {Language[]} */ (Object.keys(LANGUAGES)).find((code) => tag.toLowerCase().split('-')[0] === code);
}
