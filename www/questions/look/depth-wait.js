import { overlaysAreLate } from '../../ui/overlay-canvas.js';

/** How often it is looked whether the look is drawn, in milliseconds. */
const AGAIN = 150;

/**
 * Puts the strip in its place, once a look is drawn, nothing else is under way and the place is in sight, or nearly.
 * @param {HTMLElement} root
 * @param {HTMLElement} place that the strip takes
 * @param {import('../../page/session/session.js').Session} session
 */
export function createWait(root, place, session) {
  /** @type {Awaited<ReturnType<typeof import('./depth-strip.js').createStrip>> | null} */
  let strip = null;
  /** The look that was last waited for.
   * @type {import('../../page/state.js').LookView | null} */
  let awaited = null;
  let visible = false;
  new IntersectionObserver(
    (entries) => {
      visible = entries.some((entry) => entry.isIntersecting);
      begin();
    },
    { rootMargin: '200px' },
  ).observe(root);

  const isReady = () => session.state.status === 'ready' && session.isDrawn && !overlaysAreLate();

  /** Waits until the look is drawn; another one is waited for anew. */
  async function begin() {
    const { look, recorded } = session.state;
    if (!visible || !look || recorded || look === awaited) return;
    awaited = look;
    do await new Promise((resolve) => setTimeout(resolve, AGAIN));
    while (session.state.look === look && !isReady());
    await idle();
    if (session.state.look !== look) return;
    try {
      const [{ createStrip }, { askDepth }] = await Promise.all([import('./depth-strip.js'), import('./depth-ask.js')]);
      const made = strip ?? (await createStrip(session));
      strip ??= made;
      place.replaceWith(strip.element);
      session.set({});
      if (session.state.look === look && isCancelled(await askDepth(session))) awaited = null;
    } catch {
      // A file that does not come is tried again with the next look; the layers are in the bar as well.
    }
  }

  return {
    /** @param {import('../../page/state.js').State} state */
    *update(state) {
      begin();
      if (strip) yield* strip.update(state);
    },
  };
}

/** @param {string | null} code why there is no answer */
const isCancelled = (code) => code === 'cancelled';

/** Resolves when the browser has nothing better to do. Not every browser tells. */
function idle() {
  return new Promise((resolve) =>
    'requestIdleCallback' in globalThis ? requestIdleCallback(resolve, { timeout: 2000 }) : setTimeout(resolve, AGAIN),
  );
}
