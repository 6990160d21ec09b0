/**
 * A finding: everything that makes what a visitor sees, as plain JSON, and the claim that it made there. Links, snapshots,
 * lessons and embeds all carry one. Nothing here knows the DOM or an engine: `gather.js` makes one of what the page shows, and
 * `apply.js` makes the page show one.
 */

import { FeaturescopeError } from '../api/errors.js';
import { Mismatch, list, nullable, object, oneOf, real, string, truth, variants, whole } from './schema.js';
import { text } from './text.js';

/** The version that this page writes. One that reads older ones too keeps tests/share/links/ open. */
export const VERSION = 1;

/** What a finding may hold at the most; what is beyond was not made by the page. */
export const LIMITS = {
  images: 2000,
  classes: 100,
  maps: 65_535,
  outputs: 100_000,
  title: 300,
  path: 1024,
  address: 2048,
  caption: 1000,
  picture: 400_000,
  strokes: 200,
  points: 5000,
  claimMaps: 10,
  claimPredictions: 5,
  side: 8192,
  furtherModels: 3,
  stills: 8,
};

/** The longest side of a map that a link holds as a still, in cells. */
export const STILL_SIDE = 16;

const name = string(LIMITS.title, /\S/, 'name');
const address = string(LIMITS.address, { test: isWebAddress }, 'address');
const sha256 = string(64, /^[0-9a-f]{64}$/, 'sha256');
const bytes = whole(0, 2 ** 40);
const map = whole(0, LIMITS.maps);
const imageIndex = whole(0, LIMITS.images - 1);
const value = real(-1e30, 1e30);
const perChannel = list(value, 4, 1);

/** A file by its content, since a path says nothing on another machine. */
const file = { name, sha256, bytes };

const model = variants({
  bundled: object({ name: string(100, /^[\w.-]+$/, 'bundledModel') }),
  address: object({ address, sha256: nullable(sha256) }),
  file: object({ ...file, parts: list(object(file), 20) }),
});

/** `erased` are the eraser's strokes over this picture, in its own pixels. */
const erased = list(
  object({ radius: real(0, 1e5), points: list(list(real(-1e5, 1e5), 2, 2), LIMITS.points) }),
  LIMITS.strokes,
);

const images = {
  bundled: object({ name: string(100, /^[\w.-]+$/, 'bundledPhoto'), erased }),
  address: object({ address, sha256: nullable(sha256), erased }),
  inline: object({
    name,
    type: oneOf(['image/webp', 'image/jpeg', 'image/png']),
    data: string(LIMITS.picture, /^[\w-]*$/, 'picture'),
    erased,
  }),
  file: object({ ...file, erased }),
};
const image = variants(images);

/** In a link one reference may stand for many of the page's own pictures, which are numbered within a group: see story-runs.js. */
const run = { group: string(60, /^[\w.-]+$/, 'bundledPhoto'), first: whole(0, 99), count: whole(1, 100) };
const shortImage = variants({ ...images, story: object(run), class: object(run) });

const recipe = object(
  {
    size: /** @type {import('./schema.js').Schema<number | number[]>} */ (sizeSchema()),
    resize: oneOf(['squash', 'crop', 'letterbox']),
    channels: oneOf(['rgb', 'bgr', 'grey']),
    scale: value,
    mean: perChannel,
    std: perChannel,
    layout: oneOf(['nchw', 'nhwc']),
    cropShare: real(0.05, 1),
    filter: oneOf(['bilinear', 'bicubic', 'lanczos']),
  },
  ['resize', 'channels', 'scale', 'mean', 'std', 'layout', 'cropShare', 'filter'],
  2,
);

/** Which colour each channel of a network gets that takes neither one nor three of them. */
export const bands = list(nullable(oneOf(['red', 'green', 'blue'])), 16, 1);

/** What is drawn where it is not a map's mean: the value at a position by row and column, a class's score, or the sum with other maps' means. */
const drawnTarget = variants({
  spot: object({ position: list(whole(0, LIMITS.side), 2, 2) }),
  class: object({ classIndex: whole(0, LIMITS.outputs) }),
  mix: object({ others: list(map, 500, 1) }),
});

/** How a map is drawn; what is missing is 0. `second`: the settings of the one beside it, which has the same map and seed. */
const strength = real(0, 1e6);
const way = { preset: oneOf(['article', 'modern']), size: whole(1, 4096) };
const extra = { blur: real(0, 1000), totalVariation: strength, l2: strength };
const drawing = object(
  {
    map,
    ...way,
    seed: whole(0, 2 ** 32 - 1),
    ...extra,
    second: object({ ...way, ...extra }, ['blur', 'totalVariation', 'l2']),
    target: drawnTarget,
  },
  ['blur', 'totalVariation', 'l2', 'second', 'target'],
  5,
);

const view = object(
  {
    openMap: nullable(map),
    chosen: list(map, 500),
    topCount: whole(1, LIMITS.maps + 1),
    order: oneOf(['mean', 'contribution']),
    classIndex: nullable(whole(0, LIMITS.outputs)),
    overlay: object({
      style: oneOf(['alpha', 'multiply', 'raw', 'glow', 'spotlight']),
      colormap: oneOf(['viridis', 'inferno', 'cividis', 'turbo', 'jet', 'grey']),
      scale: oneOf(['map', 'layer', 'set']),
      enlargement: oneOf(['bilinear', 'nearest']),
    }),
    article: truth,
    drawing: nullable(drawing),
    setMaximum: real(0, 1e30),
    allPredictions: truth,
    cam: object({ classIndex: whole(0, LIMITS.outputs) }),
    without: object({ to: oneOf(['zero', 'mean']) }),
    patch: object({ x: real(0, 1), y: real(0, 1) }),
  },
  ['setMaximum', 'allPredictions', 'cam', 'without', 'patch'],
  5,
);

const classes = list(
  object({
    name,
    role: oneOf(['both', 'source', 'target']),
    images: list(imageIndex, LIMITS.images),
    outputs: nullable(list(whole(0, LIMITS.outputs), 2000)),
  }),
  LIMITS.classes,
);

/** What is chosen in the questions about classes beside the subject: the `Arrangement` of class-view.js. */
const arrangement = object(
  {
    framed: name,
    model: whole(0, LIMITS.furtherModels + 1),
    images: nullable(name),
    order: oneOf(['strongest', 'weakest', 'name']),
    cell: list(whole(0, LIMITS.classes), 2, 2),
    ownScale: truth,
    thresholds: list(nullable(value), LIMITS.furtherModels),
    layer: string(LIMITS.path),
    article: truth,
    mapsFrom: whole(0, LIMITS.furtherModels),
  },
  ['framed', 'model', 'images', 'order', 'cell', 'ownScale', 'thresholds', 'layer', 'article', 'mapsFrom'],
  10,
);

const claim = object(
  {
    caption: string(LIMITS.caption),
    maps: list(object({ map, mean: value }), LIMITS.claimMaps),
    predictions: list(
      object({ label: string(LIMITS.title), probability: real(0, 1), index: whole(0, LIMITS.outputs) }, ['index'], 1),
      LIMITS.claimPredictions,
    ),
    classes: list(object({ name, maps: list(map, 200), counts: list(whole(0, LIMITS.images), 200) }), LIMITS.classes),
    made: string(10, /^\d{4}-\d\d-\d\d$/, 'date'),
    generated: nullable(list(real(0, 1), 2, 2)),
  },
  ['generated'],
  1,
);

/** What shows where the picture, or an engine, is not at hand: maps as map-still.js makes them, over what the network saw of the photo. */
const stills = object({
  width: whole(1, LIMITS.side),
  height: whole(1, LIMITS.side),
  resize: oneOf(['squash', 'crop', 'letterbox']),
  maps: list(
    object({
      map,
      width: whole(1, STILL_SIDE),
      height: whole(1, STILL_SIDE),
      // Two cells in a byte.
      cells: string(Math.ceil(((STILL_SIDE * STILL_SIDE) / 2 / 3) * 4), /^[\w-]*$/, 'picture'),
    }),
    LIMITS.stills,
    1,
  ),
});

/** The fields in the order that version 1 of the links has, and behind them those that came since.
 * @template I
 * @param {import('./schema.js').Schema<I>} image */
const fields = (image) => ({
  version: oneOf([VERSION]),
  model,
  recipe: nullable(recipe),
  layer: nullable(string(LIMITS.path)),
  question: oneOf(['look', 'classes', 'everywhere', 'unique', 'draw']),
  images: list(image, LIMITS.images),
  photo: nullable(imageIndex),
  comparison: nullable(imageIndex),
  view,
  classes,
  n1: whole(1, 200),
  n2: whole(1, 200),
  subject: object({ name: nullable(name), maps: list(map, 200) }),
  threshold: nullable(value),
  controls: list(oneOf(['maps', 'labels', 'network']), 3),
  seed: whole(0, 2 ** 32 - 1),
  language: oneOf(['en', 'zh']),
  claim,
  models: list(model, LIMITS.furtherModels, 1),
  arrangement,
  output: oneOf(['logits', 'softmax', 'sigmoid']),
  stills,
  labels: list(string(LIMITS.title), LIMITS.outputs, 1),
  bands,
});
const OPTIONAL = /** @type {const} */ (['models', 'arrangement', 'output', 'stills', 'labels', 'bands']);
export const FINDING = object(fields(image), [...OPTIONAL], OPTIONAL.length);

/** A finding as its link holds it. */
export const SHORT = object(fields(shortImage), [...OPTIONAL], OPTIONAL.length);

/**
 * `recipe` and `layer`: null stands for the model's own. `outputs` of a class: null stands for those with its name.
 * `subject`: the class, and of its maps those chosen (none: all), that the questions "everywhere" and "unique" are about.
 * `threshold`: where the visitor dragged the alarm line. `models`: those that stand beside the first. `output`: what the
 * visitor said that the network's last numbers are, where the page asked. `labels`: the names of its classes, where somebody gave them. `bands`: which colours its channels get, where somebody chose them. `stills`: maps to be shown where nothing can be computed. `view.setMaximum`: the largest value of
 * the images that the maker looked at, where overlays are scaled by it. `view.cam` and `view.without`: parts of the card that are unfolded.
 * The claim's means have three digits, and `index` of a prediction is there where the output has no name. `claim.generated`: the caption is the page's own, so that it can be said in another language; with
 * the strongest map's peak as parts of height and width, where the caption is about it.
 * @typedef {ReturnType<typeof FINDING.check>} Finding
 * @typedef {ReturnType<typeof SHORT.check>} ShortFinding
 * @typedef {Finding['model']} ModelReference
 * @typedef {Finding['images'][number]} ImageReference
 * @typedef {Finding['claim']} Claim
 * @typedef {NonNullable<Finding['stills']>} Stills
 * @typedef {Stills['maps'][number]} MapStill
 */

/**
 * Checks every field of what may be a finding.
 * @param {unknown} json
 * @param {{ mayBeNewer?: boolean }} [options] `mayBeNewer`: a page may have written it that knows more fields than this one
 * @returns {Finding} a copy with the known fields alone
 * @throws {FeaturescopeError} `bad-finding`, `newer-finding`: a sentence that says which field is wrong, or that a newer page made it
 */
export function validate(json, options) {
  const { version } = /** @type {{ version?: unknown }} */ (json ?? {});
  if (Number.isInteger(version) && Number(version) > VERSION) throw newer();
  return reading(() => {
    const finding = FINDING.check(json, 'finding');
    refuseUnknownImages(finding);
    return finding;
  }, options);
}

/** @returns {FeaturescopeError} */
function newer() {
  return new FeaturescopeError('newer-finding', text.errors.newer);
}

/**
 * Turns whatever goes wrong with data from elsewhere into a sentence.
 * @template T
 * @param {() => T} read
 * @param {{ mayBeNewer?: boolean }} [options] as for `validate`
 * @returns {T}
 */
export function reading(read, { mayBeNewer = false } = {}) {
  try {
    return read();
  } catch (error) {
    if (error instanceof FeaturescopeError) throw error;
    if (error instanceof Mismatch) {
      if (mayBeNewer && error.isNewer) throw newer();
      throw new FeaturescopeError(
        'bad-finding',
        text.errors.field(error.path.replace(/^finding\.?/, '') || 'finding', expectation(error.expected)),
      );
    }
    // Data that is nested too deeply for the reader, say.
    throw new FeaturescopeError('bad-finding', text.errors.unreadableFinding);
  }
}

/** What belongs in a field, in the visitor's language. @param {import('./schema.js').Expected} expected */
function expectation([key, ...about]) {
  return /** @type {Record<string, (...about: import('./schema.js').About[]) => string>} */ (text.expected)[key](
    ...about,
  );
}

/** @param {Finding} finding */
function refuseUnknownImages({ images, photo, comparison, classes: all, claim: { classes: claimed } }) {
  const most = images.length - 1;
  const check = (/** @type {number | null} */ index, /** @type {string} */ path) => {
    if (index !== null && index > most) throw new Mismatch(path, ['image', images.length]);
  };
  check(photo, 'photo');
  check(comparison, 'comparison');
  all.forEach(({ images: indices }, place) => indices.forEach((index) => check(index, `classes[${place}].images`)));
  claimed.forEach(({ maps, counts }, place) => {
    if (maps.length !== counts.length) throw new Mismatch(`claim.classes[${place}].counts`, ['counts']);
  });
}

/**
 * An address in full and as browsers write it, without a password in it, which would hide whose it is.
 * @param {string} text
 */
function isWebAddress(text) {
  if (!/^https?:\/\/[^\s/]\S*$/i.test(text) || !URL.canParse(text)) return false;
  const { host, username, password } = new URL(text);
  return host !== '' && username === '' && password === '';
}

/** A side, or height and width; numbers and lists are told apart by themselves. */
function sizeSchema() {
  const side = whole(1, LIMITS.side);
  const both = list(side, 2, 2);
  return {
    check: (/** @type {unknown} */ size, /** @type {string} */ path) =>
      (Array.isArray(size) ? both : side).check(size, path),
    pack: (/** @type {unknown} */ size) => size,
    unpack: (/** @type {unknown} */ packed) => packed,
  };
}
