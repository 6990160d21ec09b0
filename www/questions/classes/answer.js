/** The answer to the question which maps belong to which class, in one sentence. Nothing here knows the DOM. */

import { text } from '../../classes/text.js';

/**
 * The map that comes up in the largest part of its class's images.
 * @param {import('../../api/types.js').ClassMaps[]} classMaps
 * @param {Map<string, number>} images how many of each class were looked at
 */
export function tellingMap(classMaps, images) {
  const all = classMaps.flatMap(({ name, maps }) => {
    const total = images.get(name) ?? 0;
    return total === 0 ? [] : maps.slice(0, 1).map(({ map, count }) => ({ name, map, count, total }));
  });
  return all.reduce(
    (/** @type {typeof all[number] | null} */ best, one) =>
      best === null || one.count / one.total > best.count / best.total ? one : best,
    null,
  );
}

/**
 * @param {{ title: string, control: import('./choices.js').Control | null, classMaps: import('../../api/types.js').ClassMaps[] }} result
 * @param {Map<string, number>} images how many of each class were looked at
 * @param {number} perImage maps of each image that count
 */
export function classesAnswer({ title, control, classMaps }, images, perImage) {
  if (control) return text.own.checked(title);
  const telling = tellingMap(classMaps, images);
  return telling ? text.own.answer({ ...telling, perImage, several: classMaps.length > 1 }) : text.own.noAnswer;
}
