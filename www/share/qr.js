/** What the largest QR code holds, in bytes, at the lowest level of correction. */
const MOST = 2953;
/** Pixels of a module at least, and of the whole code about. */
const MODULE = 3;
const SIDE = 420;
/** Modules of white around it, which readers need (ISO/IEC 18004). */
const QUIET = 4;

/**
 * Draws a QR code, black on white whatever the page's colours are, since many readers do not see the inverse.
 * @param {HTMLCanvasElement} canvas
 * @param {string} content
 * @returns {Promise<boolean>} whether it fits
 */
export async function drawQr(canvas, content) {
  if (new TextEncoder().encode(content).length > MOST) return false;
  const { encode } = await import('../vendor/uqr.js');
  const { data, size } = encode(content, { ecc: 'L', border: QUIET });
  const module = Math.max(MODULE, Math.round(SIDE / size));
  canvas.width = canvas.height = size * module;
  const context = canvas.getContext('2d');
  if (!context) return false;
  context.fillStyle = '#fff';
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.fillStyle = '#000';
  data.forEach((row, y) =>
    row.forEach((dark, x) => {
      if (dark) context.fillRect(x * module, y * module, module, module);
    }),
  );
  return true;
}
