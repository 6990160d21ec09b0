/** @typedef {import('../api/engine-types.js').EngineLook} EngineLook */

/**
 * What the network found instead of classes.
 * @param {EngineLook} look
 * @returns {import('../api/types.js').LookFinds | null}
 */
function findsOf(look) {
  const found = look.finds();
  if (!found) return null;
  const { frame, boxes, mask = null, embedding = null, picture = null, notFinite = false } = found;
  const named = boxes?.map((box) => ({ ...box, label: box.label || `class ${box.classIndex}` })) ?? null;
  const areas = mask?.areas.map((area) => ({ ...area, label: area.label || `class ${area.index}` })) ?? [];
  return { frame, boxes: named, mask: mask && { ...mask, areas }, embedding, picture, notFinite };
}

/**
 * The same, with the arrays that the page is to own.
 * @param {EngineLook} look
 */
export function findsIn(look) {
  const finds = findsOf(look);
  const { mask, embedding, picture } = finds ?? {};
  const arrays = [mask?.data, embedding, picture?.data].filter((array) => array !== undefined && array !== null);
  return { finds, arrays };
}
