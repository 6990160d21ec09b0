import { text } from '../../page/text.js';
import { h } from '../../ui/dom.js';
import { createFold } from '../../ui/fold.js';
import { createLate } from '../../ui/late.js';
import { createGrid } from './grid.js';

/**
 * The view "Where does it look?" below its picture: the grid of maps, and what few visits begin with.
 * @param {HTMLElement} root
 * @param {import('../../page/session/session.js').Session} session
 */
export function createLook(root, session) {
  const report = (/** @type {unknown} */ error) => session.report(error);
  const grid = createGrid(session);
  const loadSettings = async () => (await import('./settings.js')).createSettings(session);
  const settings = createFold('settings', text.look.settings, loadSettings, report);
  const loadExplanation = async () => (await import('./explained.js')).explainGrid();
  const explanation = createFold('unfold', text.whatAmISeeing, loadExplanation, report);
  const compare = createLate('', async () => (await import('./compare.js')).createCompare(session), report);
  const figures = createLate('look-figures', async () => (await import('./figures.js')).createFigures(session), report);
  root.append(
    compare.element,
    h('div', { className: 'look-head' }, h('h3', {}, text.look.all), grid.head),
    grid.element,
    settings.element,
    explanation.element,
    figures.element,
  );

  return {
    /** @param {import('../../page/state.js').State} state */
    *update(state) {
      root.setAttribute('aria-busy', String(state.status === 'busy' || state.status === 'loading'));
      yield* grid.update(state);
      settings.update(state);
      compare.update(state, state.secondLook);
      // A recorded look has not all means.
      figures.update(state, state.recorded ? null : state.look);
    },
  };
}
