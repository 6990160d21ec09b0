import { text } from '../../page/text.js';
import { h, unfold } from '../../ui/dom.js';
import { createDownloads } from './downloads.js';
import { createGrid } from './grid.js';
import { createMeans } from './means.js';
import { createSettings } from './settings.js';

/**
 * The view "Where does it look?" below its picture: the grid of maps and what belongs to it.
 * @param {HTMLElement} root
 * @param {import('../../page/session/session.js').Session} session
 */
export function createLook(root, session) {
  const settings = createSettings(session);
  const grid = createGrid(session);
  const means = createMeans(session);
  const downloads = createDownloads(session);
  /** @type {import('../../page/paint.js').Component[]} */
  const parts = [settings, grid, means, downloads];
  root.append(
    h('div', { className: 'look-head' }, h('h3', {}, text.look.all), grid.head),
    grid.element,
    settings.element,
    unfold(text.whatAmISeeing, h('p', {}, text.look.explain)),
    downloads.element,
    means.element,
  );

  /** The second look that its part of the page was last loaded for. One that could not be loaded is tried with the next.
   * @type {import('../../page/state.js').LookView | null} */
  let compared = null;
  let hasCompare = false;
  /** @param {import('../../page/state.js').State} state */
  async function compare({ secondLook }) {
    if (!secondLook || secondLook === compared || hasCompare) return;
    compared = secondLook;
    try {
      const part = (await import('./compare.js')).createCompare(session);
      if (hasCompare) return;
      hasCompare = true;
      root.prepend(part.element);
      parts.push(part);
      part.update(session.state);
    } catch (error) {
      session.report(error);
    }
  }

  return {
    /** @param {import('../../page/state.js').State} state */
    *update(state) {
      root.setAttribute('aria-busy', String(state.status === 'busy' || state.status === 'loading'));
      compare(state);
      for (const part of parts) {
        const more = part.update(state);
        if (more) yield* more;
        yield;
      }
    },
  };
}
