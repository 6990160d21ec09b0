import { canvasFile } from '../../api/canvas.js';
import { cell } from '../../files/csv.js';
import { currentLayer } from '../../page/facts.js';
import { currentPhoto, overlayOptions, shownMaps } from '../../page/state.js';
import { formatNumber } from '../../page/text.js';

/** Sizes in the PNG of the grid, in pixels. */
const TILE = 224;
const CAPTION = 28;
const GAP = 8;
const COLUMNS = 10;

/**
 * The tiles of the grid as one picture, with map number and mean below each.
 * @param {import('../../page/state.js').State} state
 * @returns {Promise<Blob>}
 */
export async function gridImage(state) {
  const { look } = state;
  const maps = shownMaps(state);
  const columns = Math.min(COLUMNS, maps.length);
  const rows = Math.ceil(maps.length / columns);
  const canvas = new OffscreenCanvas(columns * (TILE + GAP) + GAP, rows * (TILE + CAPTION + GAP) + GAP);
  const context = canvas.getContext('2d');
  if (!context || !look) throw new Error('no canvas');
  context.fillStyle = '#fff';
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.fillStyle = '#111';
  context.font = '16px system-ui, sans-serif';
  const options = { ...overlayOptions(state), size: TILE };
  for (const [place, { map, mean }] of maps.entries()) {
    const x = GAP + (place % columns) * (TILE + GAP);
    const y = GAP + Math.floor(place / columns) * (TILE + CAPTION + GAP);
    const drawn = await look.draw(map, options);
    if (drawn) {
      const bitmap = await createImageBitmap(drawn.image);
      context.drawImage(bitmap, x, y, TILE, TILE);
      bitmap.close();
    }
    context.fillText(`#${map}   ${formatNumber(mean)}`, x, y + TILE + CAPTION - 9);
  }
  return canvasFile(canvas);
}

/** @param {import('../../page/state.js').State} state */
function rows(state) {
  const { look, contributions } = state;
  if (!look) return [];
  const ranks = new Map(look.top(look.channels).map(({ map, rank }) => [map, rank]));
  return Array.from(look.means, (mean, map) => ({
    map,
    rank: ranks.get(map) ?? null,
    mean,
    max: look.maxima[map],
    min: look.minima[map],
    ...(contributions ? { contribution: contributions[map] } : {}),
  }));
}

/**
 * One line per map; a dead map has no rank.
 * @param {import('../../page/state.js').State} state
 */
export function meansCsv(state) {
  const list = rows(state);
  const names = Object.keys(list[0] ?? {});
  return `${[names, ...list.map((row) => Object.values(row).map((value) => cell(value) ?? ''))]
    .map((line) => line.join(','))
    .join('\n')}\n`;
}

/**
 * The same with what it belongs to.
 * @param {import('../../page/state.js').State} state
 */
export function meansJson(state) {
  const { model, classIndex, look, engine } = state;
  const photo = currentPhoto(state);
  return JSON.stringify(
    {
      model: model?.title,
      recipe: model?.recipe,
      asArticle: state.article,
      layer: currentLayer(state),
      photo: photo?.name,
      erased: photo?.strokes,
      engine: engine?.name,
      predictions: look?.predictions.slice(0, 20),
      contributionsTo: state.contributions && classIndex !== null ? model?.labels[classIndex] : undefined,
      maps: rows(state),
    },
    null,
    1,
  );
}
