import { currentLayer, depthAbout, seenSize } from '../../page/facts.js';
import { h, setText, whenChanged } from '../../ui/dom.js';
import { loadStyle } from '../../ui/load-style.js';
import { shownFor, shownLayers } from './depth-layers.js';
import { createPainter } from './depth-thumbnail.js';
import { text } from './depth-text.js';

/** How many thumbnails are drawn before others may have a turn. */
const AT_ONCE = 8;

/** @typedef {import('../../api/types.js').Layer} Layer */
/** @typedef {ReturnType<typeof createEntry>} Entry */

/**
 * One thumbnail for each layer. One at a time is in the tab order; arrow keys, Home and End move between them, Enter chooses.
 * @param {import('../../page/session/session.js').Session} session
 */
export async function createStrip(session) {
  await loadStyle('depth.css', import.meta.url);
  const list = h('ol', { className: 'depth-strip', 'aria-label': text.label });
  const name = h('span', { className: 'note' });
  const facts = h('span');
  const caption = h('p', { className: 'depth-caption' }, facts, ' ', name);
  const painter = createPainter(session);
  /** @type {Entry[]} */
  let entries = [];
  let focusable = 0;

  /** @param {number} place */
  function setFocusable(place) {
    focusable = Math.max(0, Math.min(entries.length - 1, place));
    entries.forEach(({ button }, i) => {
      button.tabIndex = i === focusable ? 0 : -1;
    });
  }
  const placeOf = (/** @type {EventTarget | null} */ target) =>
    entries.findIndex(({ item }) => item.contains(/** @type {Node} */ (target)));
  list.addEventListener('keydown', (event) => {
    const place = placeOf(event.target);
    if (place < 0 || event.ctrlKey || event.metaKey || event.altKey) return;
    const to = { ArrowRight: place + 1, ArrowLeft: place - 1, Home: 0, End: entries.length - 1 }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    setFocusable(to);
    entries[focusable].button.focus({ preventScroll: true });
    reveal(focusable);
  });
  list.addEventListener('focusin', (event) => setFocusable(placeOf(event.target)));

  /** Moves the strip, and never the page, so that the thumbnail stands in its middle. @param {number} place */
  function reveal(place) {
    const { item } = entries[place];
    const behavior = matchMedia('(prefers-reduced-motion: no-preference)').matches ? 'smooth' : 'auto';
    list.scrollTo({ left: item.offsetLeft - (list.clientWidth - item.offsetWidth) / 2, behavior });
  }
  // Where it was hidden, nothing could be moved.
  new ResizeObserver(() => entries[focusable] && reveal(focusable)).observe(list);

  const fill = whenChanged((/** @type {Layer[]} */ layers) => {
    const shown = shownLayers(layers);
    entries = shown.map((layer, place) => createEntry(session, layer, place + 1, shown.length));
    list.replaceChildren(...entries.map(({ item }) => item));
    setFocusable(0);
  });
  const mark = whenChanged((/** @type {Layer[]} */ layers, /** @type {string | undefined} */ id) => {
    const current = id === undefined ? null : shownFor(layers, id);
    const place = entries.findIndex(({ layer }) => layer === current);
    entries.forEach(({ button }, i) => button.setAttribute('aria-current', String(i === place)));
    if (place < 0) return;
    if (!list.contains(document.activeElement)) setFocusable(place);
    reveal(place);
  });

  return {
    element: h('div', {}, list, caption),
    /** @param {import('../../page/state.js').State} state */
    *update(state) {
      const { model, look, article } = state;
      if (!model) return;
      fill(model.layers);
      const layer = currentLayer(state);
      mark(model.layers, layer?.id);
      const size = seenSize(article ? model.article.recipe : model.recipe);
      const current = layer && shownFor(model.layers, layer.id);
      const place = entries.findIndex((entry) => entry.layer === current);
      const sentence = (/** @type {import('../../api/types.js').Layer} */ { op, receptiveField }) =>
        op === 'Attention'
          ? text.attention(place + 1, entries.length, Boolean(look?.patch))
          : text.facts(place + 1, entries.length, receptiveField, size);
      setText(facts, layer && place >= 0 ? sentence(layer) : '');
      setText(name, layer?.id ?? '');
      const found = depthAbout(state)?.maps;
      painter.see(look);
      for (const [i, entry] of entries.entries()) {
        const strongest = found?.find((one) => one.layer === entry.layer.id) ?? null;
        entry.update(strongest, { size, isKnown: found !== undefined && found.length > 0, isFixed: article });
        if (painter.paint(entry.canvas, strongest) && i % AT_ONCE === AT_ONCE - 1) yield;
      }
    },
  };
}

/**
 * @param {import('../../page/session/session.js').Session} session
 * @param {Layer} layer
 * @param {number} place from 1
 * @param {number} count
 */
function createEntry(session, layer, place, count) {
  const canvas = h('canvas', { width: 1, height: 1, 'aria-hidden': 'true' });
  const button = h(
    'button',
    {
      type: 'button',
      className: 'depth-layer',
      'data-testid': 'depth-layer',
      'data-layer': layer.id,
      onclick: () => session.chooseLayer(layer.id),
    },
    canvas,
  );
  return {
    layer,
    canvas,
    button,
    item: h('li', {}, button),
    /**
     * @param {import('../../api/types.js').StrongestMap | null} strongest
     * @param {{ size: number[], isKnown: boolean, isFixed: boolean }} about `size` of what the network sees; `isFixed`: the article's layer is
     *   looked at, whatever is chosen
     */
    update(strongest, { size, isKnown, isFixed }) {
      const what = strongest ? text.strongest(strongest.map) : isKnown ? text.none : '';
      const words = text.layer({ place, count, what, field: layer.receptiveField, size, id: layer.id });
      if (button.title !== words) {
        button.title = words;
        button.setAttribute('aria-label', words);
      }
      if (strongest) button.dataset.map = String(strongest.map);
      else delete button.dataset.map;
      button.disabled = isFixed;
    },
  };
}
