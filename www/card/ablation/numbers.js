/** Classes in the table: those that the photo is most probably of, before and after. */
const CLASSES_BEFORE = 4;
const CLASSES_AFTER = 2;

/**
 * What becomes of a class: `random` is its probability in each draw of equally many random maps.
 * @typedef {{ index: number, label: string, before: number, after: number, random: number[] }} Row
 */

/**
 * The classes that the photo is most probably of, with and without the maps.
 * @param {number[]} maps
 * @param {import('../../api/types.js').Ablation} ablation
 * @returns {Row[]} the class that the network names first is the first
 */
export function ablatedRows(maps, { before, after, controls }) {
  const of = (/** @type {import('../../api/types.js').Prediction[]} */ list, /** @type {number} */ index) =>
    list.find((one) => one.index === index)?.probability ?? 0;
  // Where too few other maps fire, a control switches off fewer than were chosen, or none, and is no comparison.
  const draws = controls.filter((control) => control.maps.length === maps.length);
  const classes = new Map(
    [...before.slice(0, CLASSES_BEFORE), ...after.slice(0, CLASSES_AFTER)].map(({ index, label }) => [index, label]),
  );
  return Array.from(classes, ([index, label]) => ({
    index,
    label,
    before: of(before, index),
    after: of(after, index),
    random: draws.map((control) => of(control.after, index)),
  }));
}
