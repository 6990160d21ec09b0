/** The strongest maps as stills in a link, and the pictures that are made of them where the link is opened. */

import { pictureFile } from '../files/picture-file.js';
import { glow } from './glow.js';
import { mapStill, strengthsOf } from './map-still.js';
import { seenPicture } from './seen-picture.js';

/** @typedef {import('./finding.js').Stills} Stills */

/**
 * The strongest maps of what the page shows, as stills.
 * @param {import('../page/state.js').State} state
 * @param {number} count
 * @returns {Stills | null} null where no map fires
 */
export function stillsOf({ look, model, article }, count) {
  if (!look || !model) return null;
  const maps = look.top(count).map(({ map }) => mapStill(map, look.map(map)));
  const { width, height } = look.seen();
  // The article squashes every picture (`src/domain/article.rs`).
  const resize = article ? 'squash' : (model.recipe.resize ?? 'squash');
  return maps.length > 0 ? { width, height, resize, maps } : null;
}

/**
 * Each still as a picture: in the style `glow` over the photo, or over black where that is not at hand.
 * @param {Stills} stills
 * @param {Blob | null} photo
 * @param {number} longer side, in pixels
 * @returns {Promise<{ map: number, file: Blob }[]>}
 */
export async function stillPictures({ maps, ...seen }, photo, longer) {
  const scale = longer / Math.max(seen.width, seen.height);
  const size = {
    width: Math.max(1, Math.round(seen.width * scale)),
    height: Math.max(1, Math.round(seen.height * scale)),
  };
  const under = photo && (await seenPicture(photo, seen, longer));
  const pictures = [];
  for (const still of maps) {
    const pixels = glow(strengthsOf(still), under, size);
    const image = new ImageData(new Uint8ClampedArray(pixels.data), pixels.width, pixels.height);
    pictures.push({ map: still.map, file: await pictureFile(image) });
  }
  return pictures;
}
