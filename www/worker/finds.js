/**
 * @typedef {import('../api/engine-types.js').EngineLook} EngineLook
 * @typedef {import('../api/engine-types.js').EngineFinds} EngineFinds
 * @typedef {import('../api/types.js').LookFinds} LookFinds
 */

/**
 * What the network found instead of classes, with a name for each class.
 * @param {EngineFinds | undefined} found
 * @returns {LookFinds | null}
 */
function named(found) {
  if (!found) return null;
  const { frame, boxes, mask = null, embedding = null, picture = null, notFinite = false } = found;
  const all = boxes?.map(ofBox) ?? null;
  const unnamed = (/** @type {number} */ index) => (mask?.isBinary ? ['no', 'yes'][index] : `class ${index}`);
  const areas = mask?.areas.map((area) => ({ ...area, label: area.label || unnamed(area.index) })) ?? [];
  return { frame, boxes: all, mask: mask && { ...mask, areas }, embedding, picture, notFinite };
}

/** @param {import('../api/engine-types.js').EngineBox} box */
function ofBox({ mask, ...box }) {
  return { ...box, label: box.label || `class ${box.classIndex}`, mask: mask ?? null };
}

/** The arrays that the page is to own. @param {LookFinds | null} finds */
function arraysOf(finds) {
  const { boxes, mask, embedding, picture } = finds ?? {};
  const ofBoxes = boxes?.map((box) => box.mask?.data) ?? [];
  return [...ofBoxes, mask?.data, embedding, picture?.data].filter((array) => array !== undefined && array !== null);
}

/** What a look found, with its arrays. @param {EngineLook} look */
export function findsIn(look) {
  const finds = named(look.finds());
  return { finds, arrays: arraysOf(finds) };
}

/**
 * What is found without some maps, and without others in their place, with the arrays.
 * @param {import('../api/engine-types.js').EngineAblation} ablation
 */
export function findsWithout({ after, finds, controls }) {
  const value = {
    after,
    finds: named(finds),
    controls: controls.map(({ finds: found, ...control }) => ({ ...control, finds: named(found) })),
  };
  return { value, arrays: [value, ...value.controls].flatMap((given) => arraysOf(given.finds)) };
}
