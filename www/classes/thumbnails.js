import { h } from '../ui/dom.js';
import { bundledNames } from './bundled-names.js';
import { paintThumbnail } from '../ui/thumbnail.js';

/** Longer side of what is asked for, in pixels: of a copy of the whole image, and of one of which a part is cut out. */
const SIZE = 160;
const SIZE_TO_CUT = 640;
/** How many images are decoded at a time; what the network looks at has to pass too. */
const AT_ONCE = 2;

/** @typedef {(canvas: HTMLCanvasElement, bitmap: ImageBitmap) => void} Paint */

/** Small copies of images, which are made only where they can be seen: a class may have a thousand images. */
export class Thumbnails {
  #session;
  /** Those in sight that are not painted yet, with their images. @type {Map<Element, File>} */
  #waiting = new Map();
  /** @type {WeakMap<Element, File>} */
  #images = new WeakMap();
  /** How those are painted that are no copies of the whole. @type {WeakMap<Element, Paint>} */
  #cuts = new WeakMap();
  #running = 0;
  /** The scope that went away while it was asked. @type {import('../featurescope.js').Featurescope | null} */
  #lost = null;
  #observer = new IntersectionObserver(
    (changes) => {
      for (const { target, isIntersecting } of changes) {
        const image = this.#images.get(target);
        if (isIntersecting && image) this.#waiting.set(target, image);
        else this.#waiting.delete(target);
      }
      this.work();
    },
    { rootMargin: '100px' },
  );

  /** @param {import('../page/session/session.js').Session} session */
  constructor(session) {
    this.#session = session;
  }

  /**
   * @param {File} image
   * @param {Paint} [cut] paints a part of the image; when left out the whole is shown
   * @param {HTMLCanvasElement} [canvas] one that is there already
   */
  create(image, cut, canvas = h('canvas', { width: 1, height: 1, 'aria-hidden': 'true' })) {
    if (cut) this.#cuts.set(canvas, cut);
    this.#images.set(canvas, image);
    this.#observer.observe(canvas);
    return canvas;
  }

  /** @param {HTMLCanvasElement} canvas that is on the page no longer */
  remove(canvas) {
    this.#observer.unobserve(canvas);
    this.#waiting.delete(canvas);
  }

  /** Makes what is waited for, as far as there is an engine to decode it. */
  work() {
    const { scope } = this.#session;
    for (const [canvas, image] of this.#waiting) {
      if (this.#running >= AT_ONCE) return;
      // What comes with the page any browser decodes, so that nobody waits for the engine.
      const decoder = bundledNames.has(image) ? null : scope;
      if (decoder === scope && (!scope || scope === this.#lost)) continue;
      this.#waiting.delete(canvas);
      this.#running += 1;
      this.#make(decoder, /** @type {HTMLCanvasElement} */ (canvas), image).finally(() => {
        this.#running -= 1;
        this.work();
      });
    }
  }

  /**
   * @param {import('../featurescope.js').Featurescope | null} scope null: the browser decodes
   * @param {HTMLCanvasElement} canvas
   * @param {File} image
   */
  async #make(scope, canvas, image) {
    try {
      const cut = this.#cuts.get(canvas);
      const size = cut ? SIZE_TO_CUT : SIZE;
      const bitmap = scope ? (await scope.thumbnail(image, { size })).bitmap : await createImageBitmap(image);
      (cut ?? paintThumbnail)(canvas, bitmap);
      bitmap.close();
    } catch (error) {
      const { code } = /** @type {import('../api/errors.js').FeaturescopeError} */ (error);
      if (code === 'closed' || code === 'worker-lost') {
        // The next engine makes it.
        this.#lost = scope;
        this.#waiting.set(canvas, image);
        return;
      }
      canvas.classList.add('unreadable');
    }
    this.#observer.unobserve(canvas);
  }
}
