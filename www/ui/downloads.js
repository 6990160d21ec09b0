import { gridImage, meansCsv, meansJson } from '../exports.js';
import { text } from '../text.js';
import { h } from './dom.js';

/**
 * @param {Blob} blob
 * @param {string} name
 */
function save(blob, name) {
  const link = h('a', { href: URL.createObjectURL(blob), download: name });
  link.click();
  // The browser has taken over the blob by the time of the next task but one; a minute is safe.
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}

/**
 * Saving what is shown as files.
 * @param {import('../session.js').Session} session
 */
export function createDownloads(session) {
  const { state } = session;
  const png = h('button', { type: 'button', onclick: async () => {
    png.disabled = true;
    try {
      save(await gridImage(state), 'featurescope-grid.png');
    } catch (error) {
      session.report(error);
    } finally {
      png.disabled = false;
    }
  } }, text.downloads.png);
  const csv = h('button', { type: 'button', onclick: () => save(new Blob([meansCsv(state)], { type: 'text/csv' }), 'featurescope-means.csv') }, text.downloads.csv);
  const json = h('button', { type: 'button', onclick: () => save(new Blob([meansJson(state)], { type: 'application/json' }), 'featurescope-means.json') }, text.downloads.json);
  const element = h('p', { className: 'buttons', role: 'group', 'aria-label': text.downloads.heading }, png, csv, json);
  return {
    element,
    /** @param {import('../state.js').State} next */
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
