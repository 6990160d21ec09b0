/** @typedef {import('../../api/types.js').ClassMaps} ClassMaps */

/**
 * How many maps each combination of classes has in its lists, the largest combination of each kind first.
 * @param {ClassMaps[]} classMaps
 */
export function overlaps(classMaps) {
  /** @type {Map<string, { classes: string[], count: number }>} */
  const sets = new Map();
  const names = classMaps.map(({ name }) => name);
  /** @param {string[]} classes @param {number} count */
  const add = (classes, count) => {
    const key = JSON.stringify(classes);
    sets.set(key, { classes, count: (sets.get(key)?.count ?? 0) + count });
  };
  const seen = new Set();
  for (const { name, maps, removed } of classMaps) {
    if (maps.length > 0) add([name], maps.length);
    for (const { map, alsoIn } of removed) {
      // A shared map stands in the list of each class that shares it.
      if (!seen.has(map))
        add(
          names.filter((other) => other === name || alsoIn.includes(other)),
          1,
        );
      seen.add(map);
    }
  }
  return [...sets.values()].sort((one, other) => one.classes.length - other.classes.length || other.count - one.count);
}
