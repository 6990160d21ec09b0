import { isFinal, lastMean, shownStage } from './drawn.js';

/** @typedef {import('./choices.js').Drawn} Drawn */

/**
 * A drawing as it shows.
 * @typedef {object} ShownDrawing
 * @property {ImageData} image
 * @property {number} map
 * @property {import('./choices.js').Target} [target] where it is not of the map's mean
 * @property {Pick<Drawn, 'layer' | 'map' | 'target' | 'settings' | 'seed' | 'article'> & { activation: number } | null} how it can be made again, and
 *   what is drawn at the end; null of an earlier step and of what was stopped
 */

/**
 * The drawings that show: those of the unfolded part of the card, and those of the walls, which hang below them, in the story and in the
 * question about a class's own maps.
 * @param {Pick<import('../../page/state.js').State, 'card' | 'drawings' | 'look' | 'openMap' | 'question'>} state
 * @returns {ShownDrawing[]}
 */
export function shownDrawings({ card, drawings, look, openMap, question }) {
  const [first, second] = drawings.easels;
  const onCard = look !== null && openMap !== null && card.drawing.open;
  const easels = onCard ? [first, card.drawing.both ? second : null] : [];
  const hangs = { draw: onCard, story: true, classes: question === 'classes' };
  const walls = drawings.walls.filter(({ place }) => hangs[place]);
  const all = [...easels, ...walls.flatMap(({ tiles }) => tiles.map(({ drawn }) => drawn))];
  return all.flatMap((drawn) => {
    const stage = shownStage(drawn);
    if (!drawn || !stage) return [];
    const { map, target } = drawn;
    return [{ image: stage.image, map, ...(target ? { target } : {}), how: isFinal(drawn) ? madeBy(drawn) : null }];
  });
}

/** @param {Drawn} drawn */
function madeBy({ layer, map, target, settings, seed, article, outcome }) {
  return {
    layer,
    map,
    ...(target ? { target } : {}),
    settings,
    seed,
    article,
    activation: lastMean(outcome?.activations ?? []),
  };
}
