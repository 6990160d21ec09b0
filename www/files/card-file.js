/**
 * What a visitor tells about a model: its card, the names of its classes, the numbers of its recipe. Nothing here knows the DOM or a language: why
 * something is refused is a key of a catalogue and what its sentence is about.
 */

/**
 * @typedef {import('../api/types.js').Card} Card
 * @typedef {import('../api/types.js').Recipe} Recipe
 * @typedef {[key: string, ...about: (string | number)[]]} Problem
 */

/** The longest side of an input, as the core has it. */
const MAX_SIDE = 4096;
/** Beyond this a number is a mistake, and no link takes it. */
const LARGEST = 1e30;
/** The most channels of a network that takes pictures, as the core has it. */
const MOST_BANDS = 16;
/** Longer than any name of a class. */
const LONGEST_NAME = 300;
/** Lists that hold names under one of these are those of Hugging Face's `config.json` and of this page's cards. */
const LISTS = ['id2label', 'labels'];
/** A file with one of these tells about a model. */
const FIELDS = ['recipe', 'labels', 'output', 'scores', 'defaultLayer', 'title', 'bands'];
const OUTPUTS = ['logits', 'softmax', 'sigmoid'];
/** Pillow's names. */
export const FILTERS = /** @type {const} */ (['bilinear', 'bicubic', 'lanczos']);

/**
 * A number, or a fraction such as `1/255`.
 * @param {string} text
 * @returns {number | null}
 */
export function parseNumber(text) {
  const parts = text.trim().replace('−', '-').split('/');
  if (parts.length > 2 || parts.some((part) => !/^\s*[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?\s*$/i.test(part))) return null;
  const value = parts.length === 2 ? Number(parts[0]) / Number(parts[1]) : Number(parts[0]);
  // JSON has no −0.
  return Math.abs(value) <= LARGEST ? value + 0 : null;
}

/**
 * Numbers with commas, semicolons or space between them, in brackets or not.
 * @param {string} text
 * @returns {number[] | null}
 */
export function parseNumbers(text) {
  const inside = text.trim().replace(/^[[(](.*)[\])]$/s, '$1');
  const numbers = inside
    .replace(/\s*\/\s*/g, '/')
    .split(/[\s,;]+/)
    .filter((part) => part !== '')
    .map(parseNumber);
  return numbers.length > 0 && numbers.every((value) => value !== null) ? numbers : null;
}

/**
 * A side in pixels, or height and width.
 * @param {string} text such as `224`, `224 × 160` or `[224, 160]`
 * @returns {number | [number, number] | null}
 */
export function parseSize(text) {
  const sides = parseNumbers(text.replace(/[×x*]/gi, ' '));
  if (!sides || sides.length > 2) return null;
  if (!sides.every((side) => Number.isInteger(side) && side >= 1 && side <= MAX_SIDE)) return null;
  return sides.length === 1 || sides[0] === sides[1] ? sides[0] : [sides[0], sides[1]];
}

/** @param {unknown} share */
export const isShare = (share) => typeof share === 'number' && share >= 0.05 && share <= 1;

/** @param {unknown} band */
const isBand = (band) => band === null || ['red', 'green', 'blue'].includes(String(band));

/**
 * What each channel of a network gets, as people write it.
 * @param {string} text a colour or its first letter for each channel, 0 or - for nothing: `r g b 0`
 * @returns {import('../api/types.js').Band[] | null}
 */
export function parseBands(text) {
  const words = text.split(/[\s,;]+/).filter((word) => word !== '');
  const bands = words.map((word) => {
    if (/^(0|-|−|null)$/.test(word)) return null;
    const colours = /** @type {const} */ (['red', 'green', 'blue']);
    return colours.find((colour) => colour.startsWith(word.toLowerCase()));
  });
  const known = bands.filter((band) => band !== undefined);
  return known.length === bands.length && bands.length > 0 ? known : null;
}

/**
 * The names of classes in the order of the network's outputs: one on each line, a JSON list, or a JSON object of names by their places or of places by
 * their names, as frameworks write them.
 * @param {string} text
 * @returns {{ names: string[] } | { problem: Problem }}
 */
export function parseNames(text) {
  const trimmed = text.replace(/^\uFEFF/, '').trim();
  if (!/^[[{]/.test(trimmed)) return namesOfLines(text);
  try {
    return namesIn(JSON.parse(trimmed)) ?? { problem: ['noNames'] };
  } catch {
    // A class may well be called “[background]”.
    return trimmed.startsWith('[') && !/["',]/.test(trimmed.split('\n')[0])
      ? namesOfLines(text)
      : { problem: ['notJson'] };
  }
}

/** @param {string} text @returns {{ names: string[] } | { problem: Problem }} */
function namesOfLines(text) {
  const lines = text
    .replace(/^\uFEFF/, '')
    .split(/\r\n|\r|\n/)
    .map((line) => line.trim());
  // A class in the middle may have no name; at the end that is how files end.
  while (lines.length > 0 && lines.at(-1) === '') lines.pop();
  return checked(lines);
}

/**
 * @param {unknown} json
 * @returns {{ names: string[] } | { problem: Problem } | null} null for what holds no names
 */
function namesIn(json) {
  if (Array.isArray(json)) return json.every(isName) ? checked(json.map(nameOf)) : null;
  if (typeof json !== 'object' || json === null) return null;
  const entries = Object.entries(json);
  const list = LISTS.flatMap((key) =>
    Object.hasOwn(json, key) ? [/** @type {Record<string, unknown>} */ (json)[key]] : [],
  );
  if (list.length > 0) return namesIn(list[0]);
  if (entries.length === 0) return null;
  if (entries.every(([key, name]) => /^\d+$/.test(key) && isName(name)))
    return placed(entries.map(([key, name]) => [Number(key), nameOf(name)]));
  if (entries.every(([, place]) => Number.isInteger(place) && Number(place) >= 0))
    return placed(entries.map(([name, place]) => [Number(place), name]));
  return null;
}

/** A name, or several of one class with its code before them, as Keras has ImageNet's. @param {unknown} name */
const isName = (name) =>
  typeof name === 'string' ||
  (Array.isArray(name) && name.length > 0 && name.every((part) => typeof part === 'string'));

/** @param {unknown} name @returns {string} */
const nameOf = (name) => (Array.isArray(name) ? String(name.at(-1)) : String(name)).trim();

/**
 * @param {[place: number, name: string][]} entries
 * @returns {{ names: string[] } | { problem: Problem }}
 */
function placed(entries) {
  const places = new Map(entries);
  const missing = entries.findIndex((_, place) => !places.has(place));
  if (missing >= 0) return { problem: ['noPlace', missing, entries.length] };
  return checked(entries.map((_, place) => places.get(place) ?? ''));
}

/** @param {string[]} names @returns {{ names: string[] } | { problem: Problem }} */
function checked(names) {
  const long = names.findIndex((name) => name.length > LONGEST_NAME);
  if (long >= 0) return { problem: ['longName', long + 1] };
  // Half of a pair would not come back from a link.
  return { names: names.map((name) => name.replace(/\p{Surrogate}/gu, '\uFFFD')) };
}

/**
 * What a file tells about a model.
 * @param {string} text the file's content
 * @returns {{ card: Card } | { names: string[] } | { problem: Problem }}
 */
export function parseTold(text) {
  const trimmed = text.replace(/^\uFEFF/, '').trim();
  if (trimmed === '') return { problem: ['empty'] };
  // What a text file does not hold.
  if (/[\0-\x08\x0e-\x1f]/.test(text.slice(0, 2000))) return { problem: ['notText'] };
  if (!trimmed.startsWith('{')) return parseNames(text);
  /** @type {unknown} */
  let json;
  try {
    json = JSON.parse(trimmed);
  } catch {
    return { problem: ['notJson'] };
  }
  if (isCard(json)) return cardOf(json);
  return namesIn(json) ?? { problem: ['neither'] };
}

/** A dictionary of places may have a class that is called “title”. @param {unknown} json @returns {json is Record<string, unknown>} */
function isCard(json) {
  const known = Object.entries(/** @type {object} */ (json)).filter(([key]) => FIELDS.includes(key));
  return known.some(([, value]) => typeof value !== 'number');
}

/**
 * The fields of a card that say how to read a model; those that only describe it, or are of another page, are left out.
 * @param {Record<string, unknown>} json
 * @returns {{ card: Card } | { problem: Problem }}
 */
function cardOf({ recipe, labels, output, scores, defaultLayer, title, bands }) {
  /** @type {Card} */
  const card = {};
  for (const [key, value] of Object.entries({ title, scores, defaultLayer })) {
    if (value === undefined || value === null) continue;
    if (typeof value !== 'string' || value.length > LONGEST_NAME) return { problem: ['cardText', key] };
    Object.assign(card, { [key]: value });
  }
  if (output !== undefined && output !== null) {
    if (!OUTPUTS.includes(String(output))) return { problem: ['cardOutput', String(output).slice(0, 40)] };
    card.output = /** @type {Card['output']} */ (output);
  }
  // A name of one of this page's lists is looked up by who opens the model.
  if (typeof labels === 'string') card.labels = labels;
  else if (labels !== undefined && labels !== null) {
    const read = namesIn(labels) ?? { problem: /** @type {Problem} */ (['cardLabels']) };
    if ('problem' in read) return read;
    if (read.names.length > 0) card.labels = read.names;
  }
  if (bands !== undefined && bands !== null) {
    if (!Array.isArray(bands) || bands.length > MOST_BANDS || !bands.every(isBand)) return { problem: ['cardBands'] };
    card.bands = bands;
  }
  if (recipe !== undefined && recipe !== null) {
    const problem = problemOf(recipe);
    if (problem) return { problem: ['cardRecipe', problem] };
    // A copy, in which −0 is 0.
    card.recipe = JSON.parse(JSON.stringify(recipe));
  }
  return Object.keys(card).length > 0 ? { card } : { problem: ['neither'] };
}

/**
 * The first field of a recipe that cannot be used.
 * @param {unknown} recipe
 * @returns {string | null}
 */
function problemOf(recipe) {
  if (typeof recipe !== 'object' || Array.isArray(recipe)) return 'recipe';
  const { size, resize, channels, scale, mean, std, layout, cropShare, filter } =
    /** @type {Record<string, unknown>} */ (recipe);
  const isNumber = (/** @type {unknown} */ value) => typeof value === 'number' && Math.abs(value) <= LARGEST;
  const sides = Array.isArray(size) ? size : [size];
  const isList = (/** @type {unknown} */ list) =>
    list === undefined || (Array.isArray(list) && (list.length === 1 || list.length === 3) && list.every(isNumber));
  const isOneOf = (/** @type {unknown} */ value, /** @type {unknown[]} */ words) =>
    value === undefined || words.includes(value);
  const fits = {
    // What is left out is the network's.
    size:
      size === undefined ||
      (sides.length <= 2 &&
        sides.length > 0 &&
        sides.every((side) => Number.isInteger(side) && Number(side) >= 1 && Number(side) <= MAX_SIDE)),
    resize: isOneOf(resize, ['squash', 'crop', 'letterbox']),
    channels: isOneOf(channels, ['rgb', 'bgr', 'grey']),
    scale: scale === undefined || isNumber(scale),
    mean: isList(mean),
    std: isList(std) && !(Array.isArray(std) && std.includes(0)),
    layout: isOneOf(layout, ['nchw', 'nhwc']),
    cropShare: cropShare === undefined || isShare(cropShare),
    filter: isOneOf(filter, [...FILTERS]),
  };
  return Object.entries(fits).find(([, isRight]) => !isRight)?.[0] ?? null;
}
