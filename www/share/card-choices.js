/**
 * What is chosen on a map's card, as a finding holds it, and back. Nothing here knows the DOM.
 */

import { camClass } from '../card/cam/selection.js';
import { PRESETS } from '../questions/draw/choices.js';
import { subjectOf } from '../questions/draw/subject.js';
import { targetOf } from '../questions/draw/target.js';

/**
 * @typedef {import('./finding.js').Finding['view']} View
 * @typedef {import('../questions/draw/choices.js').Settings} Settings
 * @typedef {import('../page/state.js').State} State
 */

/**
 * What is chosen in the parts of the card that are unfolded.
 * @param {Pick<State, 'card' | 'look' | 'model' | 'openMap' | 'chosen' | 'classIndex'>} state
 * @returns {Pick<View, 'drawing' | 'cam' | 'without' | 'patch'>}
 */
export function chosenOnCard(state) {
  const { cam, without, patch, drawing } = state.card;
  const [first, second] = drawing.settings;
  return {
    drawing:
      drawing.open && state.openMap !== null
        ? {
            map: state.openMap,
            ...stripped(first),
            seed: drawing.seed,
            ...(drawing.both ? { second: stripped(second) } : {}),
            ...targetField(state),
          }
        : null,
    ...(cam.open ? { cam: { classIndex: camClass(state) } } : {}),
    ...(without.open ? { without: { to: without.to } } : {}),
    // Of any other layer it says nothing.
    ...(patch && state.look?.patch ? { patch } : {}),
  };
}

/**
 * The card with the parts unfolded that a finding's view has, and what was chosen in them; the others are folded and keep what is chosen.
 * A drawing takes a press to be drawn, since that may take minutes.
 * @param {Pick<View, 'drawing' | 'cam' | 'without'>} view
 * @param {Pick<State, 'card' | 'model' | 'look' | 'openMap' | 'article'>} state that shows the finding's map already
 * @returns {State['card']}
 */
export function cardOfView({ drawing, cam, without }, state) {
  const { card } = state;
  return {
    cam: { ...card.cam, at: null, ...cam, open: cam !== undefined },
    without: { ...card.without, ...without, open: without !== undefined },
    patch: card.patch,
    drawing: drawing
      ? {
          open: true,
          target: drawing.target ?? { kind: 'map' },
          settings: [complete(drawing), drawing.second ? complete(drawing.second) : card.drawing.settings[1]],
          both: drawing.second !== undefined,
          seed: drawing.seed,
          brought: subjectOf(state),
        }
      : { ...card.drawing, open: false },
  };
}

/** What is drawn instead of the map's mean, as the one who opens it finds it: nothing is left open. @param {Parameters<typeof targetOf>[0]} state */
function targetField(state) {
  const target = targetOf(state);
  if (!target) return {};
  if (target.kind !== 'class') return { target };
  const { label: _, ...rest } = target;
  return { target: rest };
}

/** A drawing's settings without those that are 0, which a link need not hold. @param {Settings} settings */
function stripped({ preset, size, blur, totalVariation, l2 }) {
  return {
    preset,
    size,
    ...(blur === 0 ? {} : { blur }),
    ...(totalVariation === 0 ? {} : { totalVariation }),
    ...(l2 === 0 ? {} : { l2 }),
  };
}

/**
 * With those that are 0.
 * @param {Pick<Settings, 'preset' | 'size'> & Partial<Settings>} settings
 * @returns {Settings}
 */
function complete({ preset, size, blur, totalVariation, l2 }) {
  const given = Object.entries({ preset, size, blur, totalVariation, l2 }).filter(([, value]) => value !== undefined);
  return { ...PRESETS[preset], ...Object.fromEntries(given) };
}
