import { h } from './dom.js';

/**
 * @typedef {import('../page/state.js').LookView} LookView
 * @typedef {import('../api/types.js').OverlayOptions} OverlayOptions
 * @typedef {{ look: LookView, maps: number[], options: OverlayOptions }} Wish
 */

/** Every canvas draws only while it can be seen, or nearly, and at the size it has on the screen. The observers tell
 * both without a layout of their own, which sixty tiles that ask for their width would each force.
 * @type {WeakMap<Element, (change: { visible?: boolean, side?: number }) => void>} */
const watched = new WeakMap();
const sight = new IntersectionObserver(
  (entries) => entries.forEach((entry) => watched.get(entry.target)?.({ visible: entry.isIntersecting })),
  { rootMargin: '200px' },
);
const sizes = new ResizeObserver((entries) =>
  entries.forEach(({ target, contentRect: { width, height } }) =>
    watched.get(target)?.({ side: Math.max(width, height) }),
  ),
);

/** Numbers of the looks, to tell two drawings of the same map apart.
 * @type {WeakMap<LookView, number>} */
const lookNumbers = new WeakMap();
let nextLookNumber = 1;

/** @param {Wish} wish */
function keyOf({ look, maps, options }) {
  const number = lookNumbers.get(look) ?? nextLookNumber++;
  lookNumbers.set(look, number);
  return `${number} ${maps} ${JSON.stringify(options)}`;
}

/** Overlays that have been asked for and are not here yet. */
let outstanding = 0;

/** Whether canvases in sight still show something older than they should. */
export function overlaysAreLate() {
  return outstanding > 0;
}

/**
 * A canvas that shows the overlay of one or several maps. The pixels come from the worker, only while the
 * canvas is visible; what it showed before stays until the new pixels are there.
 * @param {string} [className]
 */
export function overlayCanvas(className = 'overlay') {
  const canvas = h('canvas', { className, width: 1, height: 1, 'aria-hidden': 'true' });
  let visible = false;
  let side = 0;
  /** @type {Wish | null} */
  let wish = null;
  let shown = '';
  let asked = '';
  let running = new AbortController();

  const draw = async () => {
    if (!wish || !visible || !side) return;
    const size = pixelSize(side);
    const key = `${keyOf(wish)} ${size}`;
    if (key === shown || key === asked) return;
    running.abort();
    running = new AbortController();
    asked = key;
    const { look, maps, options } = wish;
    outstanding += 1;
    try {
      const drawn = await look.draw(maps, { ...options, size, signal: running.signal });
      if (asked !== key) return;
      asked = '';
      if (!drawn) return;
      shown = key;
      paint(canvas, drawn.image);
      canvas.dataset.drawn = key;
      canvas.toggleAttribute('data-dead', drawn.dead);
    } catch {
      // Cancelled, or the engine went away: the page reports that where the cause is, and asks again.
      if (asked === key) asked = '';
    } finally {
      outstanding -= 1;
    }
  };
  watched.set(canvas, (change) => {
    visible = change.visible ?? visible;
    side = change.side ?? side;
    // A tile that was scrolled away before its turn gives the turn to those in sight.
    if (!visible && asked) {
      running.abort();
      asked = '';
    }
    draw();
  });
  sight.observe(canvas);
  sizes.observe(canvas);

  return {
    element: canvas,
    /** @param {Wish | null} next */
    update(next) {
      wish = next;
      draw();
    },
    /** Must be called when the canvas is thrown away. */
    dispose() {
      running.abort();
      sight.unobserve(canvas);
      sizes.unobserve(canvas);
    },
  };
}

/** Device pixels for a side on the screen.
 * @param {number} side in CSS pixels */
function pixelSize(side) {
  // In steps, so that a small change of the window's width asks for nothing new.
  return Math.min(448, Math.ceil((side * devicePixelRatio) / 32) * 32);
}

/**
 * @param {HTMLCanvasElement} canvas
 * @param {ImageData | ImageBitmap} image
 */
export function paint(canvas, image) {
  if (canvas.width !== image.width || canvas.height !== image.height) {
    canvas.width = image.width;
    canvas.height = image.height;
  }
  // Pixels from memory and back: a canvas on the GPU would only add a copy, sixty times over.
  const context = canvas.getContext('2d', { willReadFrequently: true });
  if (image instanceof ImageData) context?.putImageData(image, 0, 0);
  else {
    context?.clearRect(0, 0, image.width, image.height);
    context?.drawImage(image, 0, 0);
  }
}
