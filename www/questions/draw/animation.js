import { resampled } from '../../ui/resample.js';
import { GIFEncoder, applyPalette, quantize } from '../../vendor/gifenc.js';

/** How long a picture stands, and the last one, in milliseconds. */
const DELAY = 120;
const LAST_DELAY = 2000;

/** Colours that a GIF may have, and pixels that they are chosen from: choosing them from all pixels of every picture would take
 * half a second each. */
const COLOURS = 256;
const SAMPLED = 8192;

/**
 * Pictures of a drawing one after another, all in the size of the last and with the same colours, as an animated GIF. The page
 * stays usable between two pictures.
 * @param {ImageData[]} pictures
 * @param {(done: number, total: number) => void} onPicture
 * @returns {Promise<Blob>}
 */
export async function animation(pictures, onPicture) {
  const last = pictures.length - 1;
  const { width, height } = pictures[last];
  const encoder = GIFEncoder();
  onPicture(0, pictures.length);
  await pause();
  const palette = quantize(sample(pictures), COLOURS);
  for (const [place, picture] of pictures.entries()) {
    const indices = applyPalette(enlarged(picture, width, height), palette);
    // The first picture's colours are those of the whole file.
    encoder.writeFrame(indices, width, height, {
      ...(place === 0 ? { palette } : {}),
      delay: place === last ? LAST_DELAY : DELAY,
    });
    onPicture(place + 1, pictures.length);
    await pause();
  }
  encoder.finish();
  return new Blob([encoder.bytes()], { type: 'image/gif' });
}

/** Pixels of all pictures at equal distances, as many of each. @param {ImageData[]} pictures */
function sample(pictures) {
  const each = Math.ceil(SAMPLED / pictures.length);
  const sampled = new Uint8ClampedArray(4 * each * pictures.length);
  pictures.forEach(({ data }, place) => {
    const pixels = data.length / 4;
    for (let pixel = 0; pixel < each; pixel++) {
      const from = 4 * Math.floor((pixel * pixels) / each);
      sampled.set(data.subarray(from, from + 4), 4 * (place * each + pixel));
    }
  });
  return sampled;
}

function pause() {
  return new Promise((resolve) => setTimeout(resolve));
}

/** @param {ImageData} picture @param {number} width @param {number} height */
function enlarged(picture, width, height) {
  if (picture.width === width && picture.height === height) return picture.data;
  return resampled(picture, { left: 0, top: 0, width: picture.width, height: picture.height }, width, height);
}
