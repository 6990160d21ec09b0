/**
 * @typedef {import('../api/engine-types.js').EngineModule} EngineModule
 * @typedef {import('../api/engine-types.js').EnginePicture} EnginePicture
 * @typedef {import('./pictures.js').PictureSource} PictureSource
 */

/** A picture of more pixels is made smaller for its thumbnail before a canvas gets it, which would take four bytes of each in the engine's
 * memory. */
const LARGE = 8_000_000;

/**
 * A small copy of a picture.
 * @param {import('./pictures.js').Pictures} pictures
 * @param {EngineModule} module
 * @param {PictureSource} source
 * @param {number} size
 * @param {AbortSignal} signal
 */
export async function thumbnail(pictures, module, source, size, signal) {
  // From the engine's decoder, which knows the limits that keep a hostile file from filling the memory.
  const picture = await pictures.decode(module, source, signal);
  const { width, height } = picture;
  const factor = Math.min(1, size / Math.max(width, height));
  const pixels =
    width * height > LARGE ? reduced(picture, Math.floor(Math.max(width, height) / (2 * size)) || 1) : picture.pixels();
  const bitmap = await createImageBitmap(new ImageData(pixels.data, pixels.width, pixels.height), {
    resizeWidth: Math.max(1, Math.round(width * factor)),
    resizeHeight: Math.max(1, Math.round(height * factor)),
    resizeQuality: 'high',
  });
  return { bitmap, width, height };
}

/**
 * The mean of every `factor` by `factor` pixels. What is left over at the right and at the bottom, less than one of these, is cut off.
 * @param {EnginePicture} picture
 * @param {number} factor
 */
function reduced(picture, factor) {
  const rgb = picture.rgb();
  const [width, height] = [picture.width, picture.height].map((side) => Math.floor(side / factor));
  const data = new Uint8ClampedArray(4 * width * height);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const sums = [0, 0, 0];
      for (let row = y * factor; row < (y + 1) * factor; row++) {
        let at = 3 * (row * picture.width + x * factor);
        for (let column = 0; column < factor; column++) {
          sums[0] += rgb[at++];
          sums[1] += rgb[at++];
          sums[2] += rgb[at++];
        }
      }
      data.set([...sums.map((sum) => sum / (factor * factor)), 255], 4 * (y * width + x));
    }
  }
  return { width, height, data };
}
