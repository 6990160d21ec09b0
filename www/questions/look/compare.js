import { differences } from '../../page/facts.js';
import { comparedPhoto, currentPhoto, overlayOptions } from '../../page/state.js';
import { text as common } from '../../page/text.js';
import { text } from './compare-text.js';
import { h, setText, unfold } from '../../ui/dom.js';
import { loadStyle } from '../../ui/load-style.js';
import { overlayCanvas } from '../../ui/overlay-canvas.js';

/** How many of the differing maps are shown. */
const SHOWN = 12;

/**
 * Two photos side by side, with the maps whose means differ most.
 * @param {import('../../page/session/session.js').Session} session
 */
export async function createCompare(session) {
  await loadStyle('parts.css', import.meta.url);
  const lead = h('p');
  const list = h('ol', { className: 'pairs' });
  const element = h(
    'section',
    { className: 'figure compare' },
    h('h3', {}, text.heading),
    lead,
    list,
    unfold(common.whatAmISeeing, h('p', {}, text.explain)),
  );
  /** @type {ReturnType<typeof createPair>[]} */
  const pairs = [];

  function createPair() {
    const canvases = [overlayCanvas(), overlayCanvas()];
    const captions = [h('figcaption', { className: 'note numbers' }), h('figcaption', { className: 'note numbers' })];
    const open = h('button', {
      type: 'button',
      className: 'link',
      onclick: () => session.openMap(Number(open.dataset.map)),
    });
    const difference = h('span', { className: 'numbers' });
    const item = h(
      'li',
      {},
      h('p', { className: 'pair-head' }, open, difference),
      ...canvases.map((canvas, i) => h('figure', {}, canvas.element, captions[i])),
    );
    return { item, canvases, captions, open, difference };
  }

  return {
    element,
    /** @param {import('../../page/state.js').State} state */
    update(state) {
      const { look, secondLook } = state;
      element.hidden = !look || !secondLook || look.layer !== secondLook.layer;
      if (!look || !secondLook || element.hidden) return;
      const found = differences(look, secondLook, SHOWN);
      const names = [currentPhoto(state), comparedPhoto(state)].map((photo) => photo?.name ?? '');
      const [more, less] = found[0]?.difference > 0 ? names : [names[1], names[0]];
      setText(lead, found[0] ? text.lead(found[0].map, Math.abs(found[0].difference), more, less) : text.same);
      const options = overlayOptions(state);
      found.forEach((entry, place) => {
        const pair = (pairs[place] ??= createPair());
        if (!pair.item.isConnected) list.append(pair.item);
        setText(pair.open, common.card.title(entry.map));
        pair.open.dataset.map = String(entry.map);
        setText(pair.difference, text.difference(entry.difference));
        [entry.first, entry.second].forEach((mean, i) => setText(pair.captions[i], text.caption(names[i], mean)));
        pair.canvases[0].update({ look, maps: [entry.map], options });
        pair.canvases[1].update({ look: secondLook, maps: [entry.map], options });
      });
      for (const { item, canvases } of pairs.splice(found.length)) {
        item.remove();
        canvases.forEach((canvas) => canvas.dispose());
      }
    },
  };
}
