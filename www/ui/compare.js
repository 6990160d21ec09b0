import { comparedPhoto, currentPhoto, differences, overlayOptions } from '../state.js';
import { formatSigned, text } from '../text.js';
import { h, setText, unfold } from './dom.js';
import { overlayCanvas } from './overlay-canvas.js';

/** How many of the differing maps are shown. */
const SHOWN = 8;

/**
 * Two photos side by side, with the maps whose means differ most.
 * @param {import('../session.js').Session} session
 */
export function createCompare(session) {
  const lead = h('p');
  const names = [h('th', { scope: 'col' }), h('th', { scope: 'col' })];
  const body = h('tbody');
  const element = h('section', { className: 'figure compare' }, h('h3', {}, text.compare.heading), lead,
    h('table', {}, h('thead', {}, h('tr', {}, h('th', { scope: 'col' }, text.compare.map), ...names, h('th', { scope: 'col' }, text.compare.difference))), body),
    unfold(text.whatAmISeeing, h('p', {}, text.compare.explain)));
  /** @type {ReturnType<typeof createRow>[]} */
  const rows = [];

  function createRow() {
    const canvases = [overlayCanvas(), overlayCanvas()];
    const means = [h('span', { className: 'note numbers' }), h('span', { className: 'note numbers' })];
    const open = h('button', { type: 'button', className: 'link', onclick: () => session.openMap(Number(open.dataset.map)) });
    const difference = h('td', { className: 'numbers' });
    const row = h('tr', {}, h('th', { scope: 'row' }, open),
      ...canvases.map((canvas, i) => h('td', {}, canvas.element, means[i])), difference);
    return { row, canvases, means, open, difference };
  }

  return {
    element,
    /** @param {import('../state.js').State} state */
    update(state) {
      const { look, secondLook } = state;
      const photos = [currentPhoto(state), comparedPhoto(state)];
      element.hidden = !look || !secondLook || look.layer !== secondLook.layer;
      if (!look || !secondLook || element.hidden) return;
      const found = differences(look, secondLook, SHOWN);
      photos.forEach((photo, i) => setText(names[i], photo?.name ?? ''));
      const [a, b] = found[0]?.difference > 0 ? photos : [photos[1], photos[0]];
      setText(lead, found[0] ? text.compare.lead(found[0].map, Math.abs(found[0].difference), a?.name ?? '', b?.name ?? '') : text.compare.same);
      const options = overlayOptions(state);
      found.forEach((entry, place) => {
        const row = (rows[place] ??= createRow());
        if (!row.row.isConnected) body.append(row.row);
        setText(row.open, text.card.title(entry.map));
        row.open.dataset.map = String(entry.map);
        setText(row.difference, formatSigned(entry.difference));
        [entry.first, entry.second].forEach((mean, i) => setText(row.means[i], text.compare.mean(mean)));
        row.canvases[0].update({ look, maps: [entry.map], options });
        row.canvases[1].update({ look: secondLook, maps: [entry.map], options });
      });
      for (const { row, canvases } of rows.splice(found.length)) {
        row.remove();
        canvases.forEach((canvas) => canvas.dispose());
      }
    },
  };
}

