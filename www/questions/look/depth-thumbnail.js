import { resampled } from '../../ui/resample.js';

/**
 * Thumbnails in the colours of the overlay `glow` (src/domain/overlay/light.rs), which are small enough to be drawn here: what the network saw
 * in dark grey, and over it inferno where the map is strong.
 */

/** Pixels of a thumbnail's longer side. */
const SIDE = 112;

/** The greys of black and white, as `glow` has them. */
const GREYS = [16, 92];
/** From this value on the colours hide the grey, and where in inferno a value begins, as in `glow`. */
const FULL = 0.3;
const FIRST = 0.2;

/** @param {import('../../page/session/session.js').Session} session */
export function createPainter(session) {
  /** What is under all thumbnails, and the look that it is of.
   * @type {{ look: import('../../page/state.js').LookView, grey: OffscreenCanvas } | null} */
  let ground = null;
  /** 256 RGB triples. @type {Uint8Array | null} */
  let inferno = null;
  let asked = false;
  /** What each canvas shows. @type {WeakMap<HTMLCanvasElement, unknown[]>} */
  const shown = new WeakMap();

  async function load() {
    asked = true;
    try {
      inferno = (await session.scope?.colormap('inferno')) ?? null;
      session.set({});
    } catch {
      // It is asked for again with the next drawing.
    }
    asked = inferno !== null;
  }

  return {
    /** @param {import('../../page/state.js').LookView | null} look */
    see(look) {
      if (!inferno && !asked) load();
      if (!look || ground?.look === look) return;
      const seen = look.seen();
      ground = seen instanceof ImageData ? { look, grey: greyOf(seen) } : null;
    },
    /**
     * @param {HTMLCanvasElement} canvas
     * @param {import('../../api/types.js').StrongestMap | null} strongest
     * @returns {boolean} whether anything had to be drawn
     */
    paint(canvas, strongest) {
      if (!ground || !inferno) return false;
      const before = shown.get(canvas);
      if (before?.[0] === ground && before[1] === strongest) return false;
      shown.set(canvas, [ground, strongest]);
      const { grey } = ground;
      [canvas.width, canvas.height] = [grey.width, grey.height];
      const context = canvas.getContext('2d');
      context?.drawImage(grey, 0, 0);
      if (strongest) context?.drawImage(glowOf(strongest, inferno), 0, 0, grey.width, grey.height);
      canvas.toggleAttribute('data-drawn', strongest !== null);
      return true;
    },
  };
}

/** @param {ImageData} seen */
function greyOf(seen) {
  const factor = SIDE / Math.max(seen.width, seen.height);
  const [width, height] = [seen.width, seen.height].map((side) => Math.max(1, Math.round(side * factor)));
  const data = resampled(seen, { left: 0, top: 0, width: seen.width, height: seen.height }, width, height);
  for (let at = 0; at < data.length; at += 4) {
    // Rec. 709's weights; middle tones are lifted.
    const luma = (0.2126 * data[at] + 0.7152 * data[at + 1] + 0.0722 * data[at + 2]) / 255;
    data.fill(GREYS[0] + (GREYS[1] - GREYS[0]) * (luma + 0.3 * luma * (1 - luma)), at, at + 3);
  }
  return canvasOf(new ImageData(data, width, height));
}

/**
 * One pixel for each cell, clear where the map is weak.
 * @param {import('../../api/types.js').StrongestMap} map
 * @param {Uint8Array} inferno
 */
function glowOf({ width, height, data }, inferno) {
  const image = new ImageData(width, height);
  const most = data.reduce((largest, value) => (Number.isFinite(value) ? Math.max(largest, value) : largest), 0) || 1;
  data.forEach((value, i) => {
    const strength = Math.min(1, Math.max(0, value / most || 0));
    const colour = 3 * Math.round(255 * (FIRST + (1 - FIRST) * Math.sqrt(strength)));
    const share = Math.min(1, strength / FULL);
    const opacity = 255 * share * share * (3 - 2 * share);
    image.data.set([inferno[colour], inferno[colour + 1], inferno[colour + 2], opacity], 4 * i);
  });
  return canvasOf(image);
}

/** @param {ImageData} image */
function canvasOf(image) {
  const canvas = new OffscreenCanvas(image.width, image.height);
  canvas.getContext('2d')?.putImageData(image, 0, 0);
  return canvas;
}
