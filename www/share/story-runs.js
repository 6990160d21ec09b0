/**
 * The story's pictures in a link: they lie beside every page, numbered within their groups, so that one reference stands for a whole class
 * of them, where each by itself would make the link twenty times as long. Outside of links each is a bundled picture with a name of its own.
 */

import { LIMITS } from './finding.js';
import { Mismatch } from './schema.js';

/**
 * @typedef {import('./finding.js').Finding} Finding
 * @typedef {import('./finding.js').ShortFinding} ShortFinding
 * @typedef {{ group: string, first: number, count: number }} Run
 */

/** What a picture of the story is called in a finding: its path below models/story/pictures/. */
const NUMBERED = /^story\.([\w.-]{1,60})\.(\d\d)\.webp$/;

/** @param {string} group @param {number} number */
const numbered = (group, number) => ({
  kind: /** @type {const} */ ('bundled'),
  name: `story.${group}.${String(number).padStart(2, '0')}.webp`,
  erased: [],
});

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
      images: run ? [images.push({ kind: 'story', ...run }) - 1] : one.images.map((image) => at.get(image) ?? 0),
    };
  });
  return { ...finding, images, photo: place(finding.photo), comparison: place(finding.comparison), classes };
}

/**
 * @param {Finding['images']} images of a class
 * @returns {Run | null} null where they are no run
 */
function runOf(images) {
  const found = images.map((image) =>
    image.kind === 'bundled' && image.erased.length === 0 ? NUMBERED.exec(image.name) : null,
  );
  const [group, first] = [found[0]?.[1] ?? '', Math.min(...found.map((one) => Number(one?.[2])))];
  const numbers = new Set(found.flatMap((one) => (one?.[1] === group ? [Number(one[2])] : [])));
  const isRun = found.length > 1 && numbers.size === found.length && Math.max(...numbers) === first + found.length - 1;
  return isRun ? { group, first, count: found.length } : null;
}

/**
 * The finding that a link's short form stands for, with each picture by itself; one that is named twice is there once.
 * @param {ShortFinding} short
 * @returns {Finding}
 * @throws {Mismatch} where it stands for more images than a finding has, or where one is wanted and many are named
 */
export function expanded(short) {
  if (short.images.every(({ kind }) => kind !== 'story')) return /** @type {Finding} */ (short);
  const total = short.images.reduce((sum, image) => sum + (image.kind === 'story' ? image.count : 1), 0);
  if (total > LIMITS.images) throw new Mismatch('images', ['list', 0, LIMITS.images]);
  /** @type {Finding['images']} */
  const images = [];
  /** @type {Map<string, number>} */
  const known = new Map();
  const places = short.images.map((image) => {
    const all =
      image.kind === 'story'
        ? Array.from({ length: image.count }, (_, number) => numbered(image.group, image.first + number))
        : [image];
    return all.map((one) => {
      const key = one.kind === 'bundled' && one.erased.length === 0 && NUMBERED.test(one.name) ? one.name : '';
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
