/** Pixels of a thumbnail's side on the screen, twice for dense displays. */
const THUMB = 112;

/**
 * Cuts the centre square, as thumbnails in a row should have one shape.
 * @param {HTMLCanvasElement} canvas
 * @param {ImageBitmap} bitmap
 */
export function paintThumbnail(canvas, bitmap) {
  canvas.width = canvas.height = THUMB;
  const side = Math.min(bitmap.width, bitmap.height);
  canvas
    .getContext('2d')
    ?.drawImage(bitmap, (bitmap.width - side) / 2, (bitmap.height - side) / 2, side, side, 0, 0, THUMB, THUMB);
}
