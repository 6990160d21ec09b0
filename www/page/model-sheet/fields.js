/** The fields of a model's sheet as text, and what they say. Nothing here knows the DOM. */

import {
  FILTERS,
  isShare,
  parseBands,
  parseNames,
  parseNumber,
  parseNumbers,
  parseSize,
} from '../../files/card-file.js';

/**
 * What stands in the fields. `output`: nothing where the file or the page tells by itself.
 * @typedef {object} Fields
 * @property {string} size
 * @property {string} resize
 * @property {string} channels
 * @property {string} scale
 * @property {string} mean
 * @property {string} std
 * @property {string} output
 * @property {string} names
 * @property {string} cropShare nothing where it is the usual one
 * @property {string} filter
 * @property {string} bands of a network of other than one or three channels
 */

/** The fields that make the recipe. */
export const RECIPE_FIELDS = /** @type {const} */ ([
  'size',
  'resize',
  'cropShare',
  'filter',
  'channels',
  'scale',
  'mean',
  'std',
]);

/**
 * @typedef {import('../../api/types.js').Recipe} Recipe
 * @typedef {import('../../files/card-file.js').Problem} Problem
 * @typedef {'logits' | 'softmax' | 'sigmoid'} Output
 * @typedef {{ [F in keyof Fields]?: Problem }} Problems
 * @typedef {{ recipe: Recipe | null, output: Output | undefined, names: string[] | null, bands: Band[] | null, problems: Problems }} Read `recipe`, `names`,
 *   `bands`: null where a field of theirs says nothing that can be used; names are none where the classes have none, bands where there are no others than colours
 * @typedef {import('../../api/types.js').Band} Band
 */

/** A number as a visitor would write it: 1/255 and no 0.00392156862745098. @param {number} value */
function written(value) {
  const divisor = Math.round(1 / value);
  const isFraction = value > 0 && value < 1 && divisor <= 1000 && 1 / divisor === value && String(value).length > 6;
  if (isFraction) return `1/${divisor}`;
  // Of halves such as 127.5 as well.
  return value > 0 && value < 1 && 2 / Math.round(2 / value) === value && String(value).length > 6
    ? `1/${Math.round(2 / value) / 2}`
    : String(value);
}

/** @type {NonNullable<Recipe['resize']>[]} */
const RESIZES = ['squash', 'crop', 'letterbox'];

/** @param {Recipe} recipe @returns {Pick<Fields, typeof RECIPE_FIELDS[number]>} */
export function fieldsOfRecipe({
  size,
  resize = 'squash',
  channels = 'rgb',
  scale = 1,
  mean = [0],
  std = [1],
  cropShare,
  filter = 'bilinear',
}) {
  return {
    size: Array.isArray(size) ? (size[0] === size[1] ? String(size[0]) : size.join(' × ')) : String(size),
    resize,
    cropShare: cropShare === undefined ? '' : String(cropShare),
    filter,
    channels,
    scale: written(scale),
    mean: mean.map(written).join(', '),
    std: std.map(written).join(', '),
  };
}

/**
 * What stands in the fields: what was typed, and where nothing was, what is known of the model.
 * @param {import('../state.js').OpenModel} model
 * @param {Partial<Fields>} typed
 * @returns {Fields}
 */
export function fieldsOf(model, typed) {
  return {
    ...fieldsOfRecipe(model.recipe),
    output: model.statedOutput ?? '',
    names: model.labels.join('\n'),
    bands: (model.takes?.bands ?? []).map((band) => band?.[0] ?? '0').join(' '),
    ...typed,
  };
}

/**
 * What the fields say of a model.
 * @param {Fields} fields
 * @param {Pick<import('../state.js').OpenModel, 'recipe' | 'classes'> & { takes?: import('../../api/types.js').Takes }} model
 * @returns {Read}
 */
export function read(fields, { recipe: { layout, channels: own = 'rgb' }, classes, takes }) {
  /** @type {Problems} */
  const problems = {};
  const size = parseSize(fields.size);
  if (size === null) problems.size = ['size'];
  const scale = parseNumber(fields.scale);
  if (scale === null || scale === 0) problems.scale = ['scale'];
  const channels = /** @type {NonNullable<Recipe['channels']>} */ (fields.channels);
  if ((channels === 'grey') !== (own === 'grey')) problems.channels = ['channels', own === 'grey' ? 1 : 3];
  const count = own === 'grey' ? 1 : 3;
  const mean = perChannel(fields.mean, count);
  if (mean === null) problems.mean = ['perChannel', count];
  const std = perChannel(fields.std, count);
  if (std === null) problems.std = ['perChannel', count];
  else if (std.includes(0)) problems.std = ['stdZero'];
  // What does not show is not read.
  const isCropped = fields.resize === 'crop' && fields.cropShare.trim() !== '';
  const cropShare = isCropped ? parseNumber(fields.cropShare) : undefined;
  if (cropShare !== undefined && !isShare(cropShare)) problems.cropShare = ['cropShare'];
  const isRecipe = Object.keys(problems).length === 0;
  const resize = RESIZES.find((one) => one === fields.resize) ?? 'squash';
  const filter = FILTERS.find((one) => one === fields.filter) ?? 'bilinear';
  const more = {
    ...(cropShare === undefined || cropShare === null ? {} : { cropShare }),
    ...(filter === 'bilinear' ? {} : { filter }),
  };
  const names = namesOf(fields.names, classes, problems);
  return {
    recipe: isRecipe
      ? { size: size ?? 1, resize, channels, scale: scale ?? 1, mean: mean ?? [0], std: std ?? [1], layout, ...more }
      : null,
    output: fields.output === '' ? undefined : /** @type {Output} */ (fields.output),
    names,
    bands: bandsOf(fields.bands, takes?.bands.length ?? 0, problems),
    problems,
  };
}

/** One number for each channel, or one for all. @param {string} typed @param {number} count */
function perChannel(typed, count) {
  const numbers = parseNumbers(typed);
  return numbers && (numbers.length === 1 || numbers.length === count) ? numbers : null;
}

/**
 * @param {string} typed
 * @param {number} count of the network's channels, 0 of one that takes colours
 * @param {Problems} problems to which what is wrong with them is added
 */
function bandsOf(typed, count, problems) {
  if (count === 0) return [];
  const bands = parseBands(typed);
  if (bands?.length === count) return bands;
  problems.bands = ['bands', count];
  return null;
}

/**
 * @param {string} typed
 * @param {number} classes
 * @param {Problems} problems to which what is wrong with them is added
 */
function namesOf(typed, classes, problems) {
  if (typed.trim() === '') return [];
  const parsed = parseNames(typed);
  if ('problem' in parsed) {
    problems.names = parsed.problem;
    return null;
  }
  // Classes at the end may have no names either, which a text does not show.
  const { names } = parsed;
  if (names.length === classes) return names;
  problems.names = ['count', names.length, classes];
  return null;
}

/**
 * Whether two recipes do the same.
 * @param {Recipe} one
 * @param {Recipe} other
 */
export function isSameRecipe(one, other) {
  const [first, second] = [one, other].map((recipe) => JSON.stringify(fieldsOfRecipe(recipe)));
  return first === second;
}

/**
 * The card of a model, as the page reads it again.
 * @param {{ title: string, recipe: Recipe, names: string[], output?: Output, scores?: string | null, defaultLayer: string, bands?: Band[] }} said
 * @param {{ name: string, bytes: number, sha256?: string } | null} file of the network, where it is one
 */
export function cardOf({ title, recipe, names, output, scores, defaultLayer, bands = [] }, file) {
  return {
    ...(file
      ? { name: stem(file.name), file: file.name, bytes: file.bytes, ...(file.sha256 ? { sha256: file.sha256 } : {}) }
      : {}),
    title,
    recipe,
    ...(names.length > 0 ? { labels: names } : {}),
    ...(output ? { output } : {}),
    ...(scores ? { scores } : {}),
    ...(bands.length > 0 ? { bands } : {}),
    defaultLayer,
  };
}

/** A file's name without its ending. @param {string} name */
export const stem = (name) => name.replace(/\.[^.]*$/, '') || name;
