/**
 * The numbers behind a record's figures, as far as they can be computed again from what is in it. Nothing here knows the DOM.
 */

import { list, nullable, object, oneOf, real, string, truth, variants, whole } from './schema.js';

/** What is recorded at the most; the page has fewer. */
const LIMITS = { classes: 100, images: 100_000, maps: 500, cells: 65_536, outputs: 20, drawings: 200 };

const label = string(2000);
const map = whole(0, 65_535);
const value = real(-1e38, 1e38);
const share = real(0, 1);
const count = whole(0, LIMITS.images);
/** Found, missed, false alarms, and the rest without alarm. */
const alarms = list(count, 4, 4);

/** How many images of each class the network's answer takes for each; the last column is for all other outputs. */
const confusion = object({
  names: list(label, LIMITS.classes),
  counts: list(list(count, LIMITS.classes + 1), LIMITS.classes),
});

/** For each class the sum of its maps' means for every tested image; null where it is no number. */
const sums = list(
  object({
    name: label,
    maps: list(map, LIMITS.maps),
    images: list(object({ name: label, sums: list(nullable(value), LIMITS.images) }), LIMITS.classes),
  }),
  LIMITS.classes,
);

/** The alarm that is looked at. `byHand`: where the visitor put the line; `threshold`: null where there is none, or never an alarm. */
const alarm = object({
  name: label,
  maps: list(map, LIMITS.maps),
  byHand: nullable(value),
  threshold: nullable(value),
  auc: nullable(share),
  low: nullable(share),
  high: nullable(share),
  byMaps: nullable(alarms),
  byHead: nullable(alarms),
  p: nullable(share),
});

/** Grad-CAM's cells, row by row. */
const cam = object({
  classIndex: whole(0, 100_000),
  label,
  width: whole(1, 8192),
  height: whole(1, 8192),
  cells: list(value, LIMITS.cells),
});

/** What the most probable classes become without some maps, and without as many random ones on average; null where too few others fire. */
const ablation = object({
  maps: list(map, LIMITS.maps),
  to: oneOf(['zero', 'mean']),
  outputs: list(
    object({ index: whole(0, 100_000), label, before: share, after: share, random: nullable(share) }),
    LIMITS.outputs,
  ),
});

/** How the picture at `path` was drawn, and the map's mean at the end, or what was drawn instead of it: the fields of a link's drawing, with
 * the class's name. */
const target = variants({
  spot: object({ position: list(whole(0, LIMITS.cells), 2, 2) }),
  class: object({ classIndex: whole(0, 100_000), label }),
  mix: object({ others: list(map, LIMITS.maps, 1) }),
});
const drawing = object(
  {
    path: label,
    layer: label,
    map,
    preset: oneOf(['article', 'modern']),
    size: whole(1, 4096),
    seed: whole(0, 2 ** 32 - 1),
    blur: real(0, 1000),
    totalVariation: real(0, 1e6),
    l2: real(0, 1e6),
    article: truth,
    activation: value,
    target,
  },
  ['target'],
);

export const RESULTS = object({ confusion, sums, alarm, cam, ablation, drawings: list(drawing, LIMITS.drawings) }, [
  'confusion',
  'sums',
  'alarm',
  'cam',
  'ablation',
  'drawings',
]);

/**
 * @typedef {ReturnType<typeof RESULTS.check>} Results
 * @typedef {NonNullable<Results['drawings']>[number]} RecordedDrawing
 */

/** A number as JSON has it, without −0, and with more digits than engines agree on. @param {number} number */
export function plain(number) {
  return Number.isFinite(number) ? Number(number.toPrecision(7)) + 0 : 0;
}

/** A text that can be written as JSON and read again: no halves of a character. @param {string} value */
export function cleanText(value) {
  return value
    .slice(0, 2000)
    .replace(/[\uD800-\uDBFF]$/, '')
    .replace(/\p{Surrogate}/gu, '\uFFFD');
}
