import { text } from './text.js';
import { h } from '../../ui/dom.js';
import { save } from '../../ui/save.js';

/**
 * Saving what is shown as files.
 * @param {import('../../page/session/session.js').Session} session
 */
export function createDownloads(session) {
  const { state } = session;
  /**
   * A button that makes a file when it is pressed; what makes it is loaded then.
   * @param {string} label
   * @param {string} name
   * @param {(exports: typeof import('./exports.js')) => Blob | Promise<Blob>} make
   */
  const button = (label, name, make) => {
    const element = h(
      'button',
      {
        type: 'button',
        onclick: async () => {
          element.disabled = true;
          try {
            save(await make(await import('./exports.js')), name);
          } catch (error) {
            session.report(error);
          } finally {
            element.disabled = false;
          }
        },
      },
      label,
    );
    return element;
  };
  const png = button(text.downloads.png, 'featurescope-grid.png', ({ gridImage }) => gridImage(state));
  const csv = button(
    text.downloads.csv,
    'featurescope-means.csv',
    ({ meansCsv }) => new Blob([meansCsv(state)], { type: 'text/csv' }),
  );
  const json = button(
    text.downloads.json,
    'featurescope-means.json',
    ({ meansJson }) => new Blob([meansJson(state)], { type: 'application/json' }),
  );
  const element = h('p', { className: 'buttons', role: 'group', 'aria-label': text.downloads.heading }, png, csv, json);
  return {
    element,
    /** @param {import('../../page/state.js').State} next */
    update({ look, recorded }) {
      element.hidden = !look;
      csv.disabled = json.disabled = recorded;
      if (recorded) png.disabled = true;
      else if (look && csv.disabled === false && png.dataset.ready !== '1') {
        png.disabled = false;
        png.dataset.ready = '1';
      }
    },
  };
}
