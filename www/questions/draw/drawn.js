/**
 * A drawing from its beginning to its end, as values. Nothing here knows the DOM or the engine.
 */

/**
 * @typedef {import('./choices.js').Drawn} Drawn
 * @typedef {import('./choices.js').Stage} Stage
 * @typedef {import('../../api/types.js').Progress} Progress
 */

/** @param {Pick<Drawn, 'layer' | 'map' | 'target' | 'settings' | 'seed' | 'article'>} how @returns {Drawn} */
export function begun(how) {
  return { ...how, status: 'drawing', stages: [], shown: 0, activations: [], progress: null, outcome: null };
}

/**
 * After one more step; preparations are none.
 * @param {Drawn} drawn
 * @param {Progress} progress
 * @returns {Drawn}
 */
export function stepped(drawn, { image, ...progress }) {
  if (progress.activation === undefined) return drawn;
  const next = { ...drawn, progress, activations: [...drawn.activations, progress.activation] };
  return image ? withPicture(next, { image, step: progress.done - 1 }) : next;
}

/** @param {Drawn} drawn @param {import('../../api/types.js').Drawing} drawing @returns {Drawn} */
export function finished(drawn, { image, ...outcome }) {
  const last = { image, step: outcome.activations.length };
  return { ...withPicture(drawn, last), status: 'done', outcome };
}

/** @param {Drawn} drawn @param {'stopped' | 'failed'} status @returns {Drawn} */
export function ended(drawn, status) {
  return { ...drawn, status };
}

/** @param {Drawn} drawn @param {number} place @returns {Drawn} */
export function lookedBack(drawn, place) {
  return { ...drawn, shown: Math.max(0, Math.min(drawn.stages.length - 1, place)) };
}

/** With nothing of its way but the last picture, where many drawings are kept. @param {Drawn} drawn @returns {Drawn} */
export function withoutPast(drawn) {
  return { ...drawn, stages: drawn.stages.slice(-1), shown: 0 };
}

/** With one more picture, which is shown unless somebody looks back at an earlier one. @param {Drawn} drawn @param {Stage} stage @returns {Drawn} */
function withPicture(drawn, stage) {
  const stages = [...drawn.stages, stage];
  return { ...drawn, stages, shown: drawn.shown >= drawn.stages.length - 1 ? stages.length - 1 : drawn.shown };
}

/** The picture that is shown; null before the first. @param {Drawn | null} drawn */
export function shownStage(drawn) {
  return drawn?.stages[drawn.shown] ?? null;
}

/** Whether the picture that is shown is the one that its settings make: the last of a drawing that was not stopped. @param {Drawn} drawn */
export function isFinal({ status, stages, shown }) {
  return status === 'done' && shown === stages.length - 1;
}

/** What is drawn, at the end of a drawing: the last that is a number, or else 0. @param {ArrayLike<number>} activations */
export function lastMean(activations) {
  return Array.from(activations).findLast(Number.isFinite) ?? 0;
}
