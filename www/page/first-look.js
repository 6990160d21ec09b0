import { overlayOptions, createState } from './state.js';
import { text } from '../api/text.js';

/**
 * The recorded first look: what the engine finds in the first bundled photo, written down by
 * tests/browser/record-first-look.mjs, so that the page has something to show before the engine is there.
 * @typedef {object} Recording
 * @property {import('../api/types.js').ModelDescription & { offered: string }} model
 * @property {string} layer
 * @property {number} channels
 * @property {number} width
 * @property {number} height
 * @property {number} live
 * @property {number[]} means
 * @property {number[]} maxima
 * @property {number[]} minima
 * @property {number[]} peaks
 * @property {number[]} dead
 * @property {boolean} signed
 * @property {number} layerScale
 * @property {import('../api/types.js').RankedMap[]} ranking the maps in the picture
 * @property {import('../api/types.js').Prediction[]} predictions
 * @property {string} values the ranked maps' values, Float32 in base64
 * @property {number[]} palette 256 RGB triples: the colours of the maps' values
 * @property {number[]} legend likewise: what the colours of the overlays mean
 * @property {{ columns: number, size: number }} tiles the picture of overlays in rank order; what the network saw comes last. The first
 *   of them is recorded once more in the size of the card's picture
 */

/** @returns {Promise<Pick<import('./state.js').State, 'model' | 'look' | 'palette' | 'openMap'> | null>} null where there is none */
export async function loadFirstLook() {
  try {
    const [recording, sheet, large] = await Promise.all([
      fetch(new URL('first-look/look.json', import.meta.url)).then((response) => response.json()),
      loadImage(new URL('first-look/tiles.webp', import.meta.url).href),
      loadImage(new URL('first-look/large.webp', import.meta.url).href),
    ]);
    return {
      model: { ...recording.model, title: text.model.named(recording.model.offered, recording.model.title) },
      look: recordedLook(recording, sheet, large),
      palette: Uint8Array.from(recording.legend),
      openMap: recording.ranking[0].map,
    };
  } catch {
    return null;
  }
}

/** @param {string} address */
async function loadImage(address) {
  const image = new Image();
  image.src = address;
  await image.decode();
  return image;
}

/**
 * @param {Recording} recording
 * @param {HTMLImageElement} sheet
 * @param {HTMLImageElement} large the first map's overlay
 * @returns {import('./state.js').LookView}
 */
function recordedLook(recording, sheet, large) {
  const { width, height, ranking, palette } = recording;
  const { columns, size } = recording.tiles;
  const bytes = Uint8Array.from(atob(recording.values), (character) => character.charCodeAt(0));
  const values = new Float32Array(bytes.buffer);
  const cells = width * height;
  const standard = JSON.stringify(overlayOptions(createState()));

  /** @param {number} place */
  const cut = (place) => {
    const canvas = new OffscreenCanvas(size, size);
    const x = (place % columns) * size;
    const y = Math.floor(place / columns) * size;
    canvas.getContext('2d')?.drawImage(sheet, x, y, size, size, 0, 0, size, size);
    return canvas.transferToImageBitmap();
  };
  /** @param {number} map */
  const placeOf = (map) => ranking.findIndex((entry) => entry.map === map);
  /** @param {number} map */
  const valuesOf = (map) => {
    const place = placeOf(map);
    return {
      width,
      height,
      data: place < 0 ? new Float32Array(cells) : values.slice(place * cells, (place + 1) * cells),
    };
  };

  return {
    ...recording,
    milliseconds: 0,
    means: Float32Array.from(recording.means),
    maxima: Float32Array.from(recording.maxima),
    minima: Float32Array.from(recording.minima),
    peaks: Uint32Array.from(recording.peaks),
    dead: Uint8Array.from(recording.dead),
    top: (count) => ranking.slice(0, count),
    map: valuesOf,
    seen: () => cut(ranking.length),
    async draw(maps, { size: wanted = size, signal, ...options } = {}) {
      const list = Array.isArray(maps) ? maps : [maps];
      const place = list.length === 1 ? placeOf(list[0]) : -1;
      if (place < 0) return null;
      if (JSON.stringify(options) === standard) {
        const image = place === 0 && wanted > size ? await createImageBitmap(large) : cut(place);
        return { image, dead: false, scaleValue: null };
      }
      if (options.style !== 'raw') return null;
      const { cellImage } = await import('./cell-image.js');
      return { image: cellImage(valuesOf(list[0]), palette), dead: false, scaleValue: null };
    },
    close() {},
  };
}
