// A wall of drawings through the page, as a visitor has the strongest maps drawn.

import { oneCore } from './one-core.mjs';

/** Maps that are drawn, and steps of each: fewer than on the page, where each drawing takes eight times as long. */
const DRAWINGS = 24;
const STEPS = 64;

/**
 * @param {import('@playwright/test').Browser} browser
 * @param {string} address of the page
 * @param {{ alone?: boolean }} [options] `alone`: with a single worker, whatever the machine has
 * @returns {Promise<{ seconds: number, drawings: number, steps: number }>} from the beginning to the last drawing
 */
export async function wall(browser, address, { alone = false } = {}) {
  const context = await browser.newContext();
  try {
    if (alone) await oneCore(context);
    const page = await context.newPage();
    page.setDefaultTimeout(600_000);
    await page.goto(address);
    await page.waitForFunction(() => document.body.dataset.state === 'ready' && globalThis.featurescope.model);
    const seconds = await page.evaluate(async ([count, steps]) => {
      const [{ createWall }, { PRESETS }] = await Promise.all(['wall', 'choices'].map((name) => import(new URL(`questions/draw/${name}.js`, document.baseURI).href)));
      const session = globalThis.featurescope;
      const layer = session.model.defaultLayer;
      const maps = Array.from({ length: count }, (_, place) => place * 7);
      const settings = { ...PRESETS.modern, size: 96, steps };
      const hung = createWall(session, { model: session.model, layer, options: {} }, maps, { place: 'draw', settings });
      document.querySelector('main').append(hung.element);
      const begun = performance.now();
      await hung.draw();
      const seconds = (performance.now() - begun) / 1000;
      const { tiles } = session.state.drawings.walls.at(-1);
      if (tiles.some(({ status }) => status !== 'done')) throw new Error('not everything was drawn');
      return seconds;
    }, [DRAWINGS, STEPS]);
    return { seconds, drawings: DRAWINGS, steps: STEPS };
  } finally {
    await context.close();
  }
}
