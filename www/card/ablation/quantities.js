import { cosine } from '../../statistics/cosine.js';
import { maskName } from '../mask-names.js';
import { text } from './text.js';

/**
 * @typedef {import('../../api/types.js').Ablation} Ablation
 * @typedef {import('../../api/types.js').FoundBox} FoundBox
 * @typedef {Pick<Ablation, 'after' | 'finds'>} Given what a network gives
 * @typedef {Pick<import('../../page/state.js').LookView, 'boxes' | 'mask' | 'embedding' | 'picture'>} Found with all maps
 * @typedef {{ index: number, label: string, before: number, value: (given: Given) => number }} Quantity
 */

/** Classes in the table: those that the photo is most probably of, before and after. */
const CLASSES_BEFORE = 4;
const CLASSES_AFTER = 2;
/** Boxes, and classes of a mask, in the table: the best, and the largest. */
const FEW = 6;
/** Two boxes of one class that share so much of what they cover together are one thing that has moved. */
const SAME_THING = 0.3;

/**
 * What may change when maps are switched off, each from 0 to 1.
 * @param {Ablation} ablation
 * @param {Found | null} look at what is found with all maps
 * @returns {Quantity[]} what the network says first is the first
 */
export function quantities(ablation, look) {
  if (look?.boxes) return look.boxes.slice(0, FEW).map(boxScore);
  const mask = look?.mask;
  // What a mask of one class is about comes before what it is not about.
  const areas = mask?.isBinary ? [...mask.areas].sort((one, other) => other.index - one.index) : mask?.areas;
  if (mask && areas) return areas.slice(0, FEW).map((area) => areaShare(area, maskName(mask, area)));
  if (look?.embedding) return [likeness(text.likeness, look.embedding, ({ finds }) => finds?.embedding, cosine)];
  if (look?.picture) return [likeness(text.likeness, look.picture.data, ({ finds }) => finds?.picture?.data, alike)];
  const { before, after } = ablation;
  if (before.length === 0) return [];
  const classes = new Map(
    [...before.slice(0, CLASSES_BEFORE), ...after.slice(0, CLASSES_AFTER)].map(({ index, label }) => [index, label]),
  );
  const of = (/** @type {Ablation['before']} */ list, /** @type {number} */ index) =>
    list.find((one) => one.index === index)?.probability ?? 0;
  return Array.from(classes, ([index, label]) => ({
    index,
    label,
    before: of(before, index),
    value: (given) => of(given.after, index),
  }));
}

/** The score of a thing, wherever it is found now; 0 where it is not. @param {FoundBox} box @param {number} place @returns {Quantity} */
function boxScore(box, place) {
  const isIt = (/** @type {FoundBox} */ other) =>
    other.classIndex === box.classIndex && overlap(box, other) > SAME_THING;
  return {
    index: place,
    label: text.box(place + 1, box.label),
    before: box.score,
    value: ({ finds }) => finds?.boxes?.find(isIt)?.score ?? 0,
  };
}

/** @param {{ index: number, share: number }} area @param {string} name of its class @returns {Quantity} */
function areaShare({ index, share }, name) {
  return {
    index,
    label: text.area(name),
    before: share,
    value: ({ finds }) => finds?.mask?.areas.find((area) => area.index === index)?.share ?? 0,
  };
}

/**
 * How like to what it was before.
 * @template {ArrayLike<number>} T
 * @param {string} label
 * @param {T} own
 * @param {(given: Given) => T | null | undefined} of
 * @param {(one: T, other: T) => number} measure
 * @returns {Quantity}
 */
function likeness(label, own, of, measure) {
  const value = (/** @type {Given} */ given) => {
    const other = of(given);
    return other ? measure(own, other) : 0;
  };
  return { index: 0, label, before: 1, value };
}

/** 1 for equal pixels, 0 for black in the place of white everywhere. @param {ArrayLike<number>} one @param {ArrayLike<number>} other */
function alike(one, other) {
  let apart = 0;
  let count = 0;
  for (let place = 0; place < one.length; place++) {
    // Every fourth is how much covers what is behind it, which nothing is.
    if (place % 4 === 3) continue;
    apart += Math.abs(one[place] - other[place]);
    count += 1;
  }
  return count > 0 ? 1 - apart / (255 * count) : 0;
}

/** The area that both cover, as a part of what they cover together. @param {FoundBox} one @param {FoundBox} other */
function overlap(one, other) {
  const along = (/** @type {'x' | 'y'} */ start, /** @type {'width' | 'height'} */ length) =>
    Math.max(0, Math.min(one[start] + one[length], other[start] + other[length]) - Math.max(one[start], other[start]));
  const shared = along('x', 'width') * along('y', 'height');
  const together = one.width * one.height + other.width * other.height - shared;
  return together > 0 ? shared / together : 0;
}
