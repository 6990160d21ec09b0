import { isFinal, lastMean, shownStage } from './drawn.js';

/** @typedef {import('./choices.js').Drawn} Drawn */

/**
 * A drawing as it shows.
 * @typedef {object} ShownDrawing
 * @property {ImageData} image
 * @property {number} map
 * @property {Pick<Drawn, 'layer' | 'map' | 'settings' | 'seed' | 'article'> & { activation: number } | null} how it can be made again, and the
 *   map's mean at the end; null of an earlier step and of what was stopped
 */

/**
 * The drawings that show: those of the unfolded part of the card, and those of the walls, which hang in the story and in the question about
 * a class's own maps.
 * @param {Pick<import('../../page/state.js').State, 'card' | 'drawings' | 'look' | 'openMap' | 'question'>} state
 * @returns {ShownDrawing[]}
 */
export function shownDrawings({ card, drawings, look, openMap, question }) {
  const [first, second] = drawings.easels;
  const easels = look && openMap !== null && card.drawing.open ? [first, card.drawing.both ? second : null] : [];
  const walls = drawings.walls.filter(({ place }) => place === 'story' || question === 'classes');
  const all = [...easels, ...walls.flatMap(({ tiles }) => tiles.map(({ drawn }) => drawn))];
  return all.flatMap((drawn) => {
    const stage = shownStage(drawn);
    return drawn && stage ? [{ image: stage.image, map: drawn.map, how: isFinal(drawn) ? madeBy(drawn) : null }] : [];
  });
}

/** @param {Drawn} drawn */
function madeBy({ layer, map, settings, seed, article, outcome }) {
  return { layer, map, settings, seed, article, activation: lastMean(outcome?.activations ?? []) };
}
