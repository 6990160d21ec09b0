import { h } from '../../ui/dom.js';
import { createDownloads } from './downloads.js';
import { createMeans } from './means.js';

/**
 * What stands below the grid: saving it, and the line of all means.
 * @param {import('../../page/session/session.js').Session} session
 */
export function createFigures(session) {
  const downloads = createDownloads(session);
  const means = createMeans(session);
  return {
    element: h('div', {}, downloads.element, means.element),
    /** @param {import('../../page/state.js').State} state */
    update(state) {
      downloads.update(state);
      means.update(state);
    },
  };
}
