import { peakOf } from '../../page/state.js';
import { text } from '../../page/text.js';
import { createControls } from './controls.js';
import { h, setText, unfold } from '../../ui/dom.js';
import { createDownloads } from './downloads.js';
import { createGrid } from './grid.js';
import { createLegend } from './legend.js';
import { createMeans } from './means.js';

/**
 * The view "Where does it look?": the answer in a sentence, the controls, the grid and what belongs to it.
 * @param {HTMLElement} root
 * @param {import('../../page/session/session.js').Session} session
 */
export function createLook(root, session) {
  const lead = h('p', { className: 'lead', role: 'status' });
  /** @type {(import('../../page/paint.js').Component & { element: HTMLElement })[]} */
  const parts = [
    createControls(session),
    createLegend(),
    createGrid(session),
    createMeans(session),
    createDownloads(session),
  ];
  const [controls, legend, grid, means, downloads] = parts.map(({ element }) => element);
  root.append(
    h('h2', { id: 'look-heading' }, text.look.heading),
    h('p', { className: 'intro' }, text.intro),
    lead,
    controls,
    legend,
    grid,
    unfold(text.whatAmISeeing, h('p', {}, text.look.explain)),
    downloads,
    means,
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
      means.before(part.element);
      parts.push(part);
      part.update(session.state);
    } catch (error) {
      session.report(error);
    }
  }

  return {
    /** @param {import('../../page/state.js').State} state */
    *update(state) {
      const { look } = state;
      const first = look?.top(1)[0];
      if (look?.finite === false) setText(lead, text.look.notFinite);
      else if (look && first) {
        const { y, x } = peakOf(look, first.map);
        setText(lead, text.look.lead(first.map, first.mean, text.place(y, x)));
      } else setText(lead, look ? text.look.allDead : '');
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
