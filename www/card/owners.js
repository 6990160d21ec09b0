/**
 * The classes that a map was found for, and where it stands among their maps.
 * @param {number} map
 * @param {import('../page/state.js').State['classMaps']['classes']} classes
 */
export function ownersOf(map, classes) {
  return classes
    .filter(({ maps }) => maps.includes(map))
    .map(({ name, maps }) => ({ name, place: maps.indexOf(map) + 1, count: maps.length }));
}
