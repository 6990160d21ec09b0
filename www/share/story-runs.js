/**
 * The story's pictures and the photos in classes in a link: they lie beside every page, numbered within their groups, so that one reference stands for a whole class
 * of them, where each by itself would make the link twenty times as long. Outside of links each is a bundled picture with a name of its own.
 */

import { CLASS_PHOTOS } from './class-photos.js';
import { LIMITS } from './finding.js';
import { Mismatch } from './schema.js';

/**
 * @typedef {import('./finding.js').Finding} Finding
 * @typedef {import('./finding.js').ShortFinding} ShortFinding
 * @typedef {'story' | 'class'} Kind
 * @typedef {{ kind: Kind, group: string, first: number, count: number }} Run
 */

/** What a picture of the story is called in a finding: its path below models/story/pictures/. */
const NUMBERED = /^story\.([\w.-]{1,60})\.(\d\d)\.webp$/;

/** The names of a run's pictures by their numbers. @type {Record<Kind, (group: string, number: number) => string | undefined>} */
const NAMES = {
  story: (group, number) => `story.${group}.${String(number).padStart(2, '0')}.webp`,
  class: (group, number) => (Object.hasOwn(CLASS_PHOTOS, group) ? CLASS_PHOTOS[group][number] : undefined),
};

/** @param {Finding['images'][number]} image @returns {{ kind: Kind, group: string, number: number } | null} null where it has no number */
function placeOf(image) {
  if (image.kind !== 'bundled' || image.erased.length > 0) return null;
  const [, story, digits] = NUMBERED.exec(image.name) ?? [];
  if (story) return { kind: 'story', group: story, number: Number(digits) };
  const [group, names] = Object.entries(CLASS_PHOTOS).find(([, all]) => all.includes(image.name)) ?? [];
  return group && names ? { kind: 'class', group, number: names.indexOf(image.name) } : null;
}

/** @param {ShortFinding['images'][number]} image @returns {Run | null} */
function runIn(image) {
  return image.kind === 'story' || image.kind === 'class' ? image : null;
}

/**
 * The finding with one reference for each class of story pictures that are numbered one after another.
 * @param {Finding} finding
 * @returns {ShortFinding}
 */
export function shortened(finding) {
  const runs = finding.classes.map(({ images }) => runOf(images.map((index) => finding.images[index])));
  if (runs.every((run) => run === null)) return finding;
  // What is named by itself: the photo looked at may be one of a class as well.
  const singles = new Set(
    [
      finding.photo,
      finding.comparison,
      ...finding.classes.flatMap(({ images }, place) => (runs[place] ? [] : images)),
    ].filter((index) => index !== null),
  );
  const kept = [...singles].sort((one, other) => one - other);
  const at = new Map(kept.map((index, place) => [index, place]));
  /** @type {ShortFinding['images']} */
  const images = kept.map((index) => finding.images[index]);
  const place = (/** @type {number | null} */ index) => (index === null ? null : (at.get(index) ?? null));
  const classes = finding.classes.map((one, index) => {
    const run = runs[index];
    return {
      ...one,
      images: run ? [images.push(run) - 1] : one.images.map((image) => at.get(image) ?? 0),
    };
  });
  return { ...finding, images, photo: place(finding.photo), comparison: place(finding.comparison), classes };
}

/**
 * @param {Finding['images']} images of a class
 * @returns {Run | null} null where they are no run
 */
function runOf(images) {
  const found = images.map(placeOf);
  const [start] = found;
  if (!start || found.length < 2) return null;
  const { kind, group } = start;
  const numbers = new Set(found.flatMap((one) => (one?.kind === kind && one.group === group ? [one.number] : [])));
  const first = Math.min(...numbers);
  const isRun = numbers.size === found.length && Math.max(...numbers) === first + found.length - 1;
  return isRun ? { kind, group, first, count: found.length } : null;
}

/**
 * The finding that a link's short form stands for, with each picture by itself; one that is named twice is there once.
 * @param {ShortFinding} short
 * @returns {Finding}
 * @throws {Mismatch} where it stands for more images than a finding has, or where one is wanted and many are named
 */
export function expanded(short) {
  if (short.images.every((image) => !runIn(image))) return /** @type {Finding} */ (short);
  const total = short.images.reduce((sum, image) => sum + (runIn(image)?.count ?? 1), 0);
  if (total > LIMITS.images) throw new Mismatch('images', ['list', 0, LIMITS.images]);
  /** @type {Finding['images']} */
  const images = [];
  /** @type {Map<string, number>} */
  const known = new Map();
  const places = short.images.map((image) => {
    const run = runIn(image);
    const all = run ? expandedRun(run, short.images.length) : [/** @type {Finding['images'][number]} */ (image)];
    return all.map((one) => {
      const key = one.kind === 'bundled' && placeOf(one) ? one.name : '';
      const place = known.get(key) ?? images.push(one) - 1;
      if (key) known.set(key, place);
      return place;
    });
  });
  const single = (/** @type {number | null} */ index, /** @type {string} */ path) => {
    if (index === null) return null;
    if (places[index]?.length !== 1) throw new Mismatch(path, ['image', short.images.length]);
    return places[index][0];
  };
  const many = (/** @type {number} */ index, /** @type {string} */ path) => {
    if (!places[index]) throw new Mismatch(path, ['image', short.images.length]);
    return places[index];
  };
  return {
    ...short,
    images,
    photo: single(short.photo, 'photo'),
    comparison: single(short.comparison, 'comparison'),
    classes: short.classes.map((one, place) => ({
      ...one,
      images: one.images.flatMap((index) => many(index, `classes[${place}].images`)),
    })),
  };
}

/**
 * @param {Run} run
 * @param {number} images of the short form
 * @returns {Finding['images']}
 * @throws {Mismatch} where this page has no such pictures
 */
function expandedRun({ kind, group, first, count }, images) {
  return Array.from({ length: count }, (_, place) => {
    const name = NAMES[kind](group, first + place);
    if (name === undefined) throw new Mismatch('images', ['image', images], { isNewer: true });
    return { kind: 'bundled', name, erased: [] };
  });
}
