import { text } from './text.js';
import { h, setText } from '../ui/dom.js';

/** The classes that the open map was found for, and where it stands among their maps. */
export function createOwners() {
  const element = h('p');
  return {
    element,
    /** @param {import('../page/state.js').State} state */
    update({ openMap, classMaps }) {
      if (openMap === null) return;
      const owners = classMaps.classes
        .filter(({ maps }) => maps.includes(openMap))
        .map(({ name, maps }) => ({ name, place: maps.indexOf(openMap) + 1, count: maps.length }));
      setText(element, owners.length > 0 ? text.classes(owners) : '');
    },
  };
}
