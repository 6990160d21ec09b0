/** What is known of the open map beside the photo. Nothing here knows the DOM or the engine. */

/** @typedef {import('../../page/state.js').State} State */

/** What was drawn of the open map, as it is by now. @param {Pick<State, 'drawings' | 'look' | 'openMap'>} state */
export function drawnOf({ drawings, look, openMap }) {
  const [easel] = drawings.easels;
  return easel && easel.layer === look?.layer && easel.map === openMap ? easel.stages.at(-1)?.image : undefined;
}

/** Where the open map was found in other photos; null where that was not asked. @param {Pick<State, 'found' | 'look' | 'openMap'>} state */
export function elsewhereOf({ found, look, openMap }) {
  const { elsewhere } = found;
  return elsewhere && elsewhere.look === look && elsewhere.map === openMap ? elsewhere : null;
}
