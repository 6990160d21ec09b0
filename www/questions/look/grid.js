import { overlayOptions, peakOf, shownMaps } from '../../page/state.js';
import { formatNumber, formatPercent, formatSigned, text } from '../../page/text.js';
import { h, setText } from '../../ui/dom.js';
import { overlayCanvas } from '../../ui/overlay-canvas.js';

/** A pointer that rests so long points at something, in milliseconds. */
const REST = 90;

/** How many tiles are drawn before others may have a turn. */
const TILES_AT_ONCE = 8;

/**
 * The tiles in rank order. One tile at a time is in the tab order; arrow keys move between them.
 * @param {import('../../page/session/session.js').Session} session
 */
export function createGrid(session) {
  const list = h('ol', {
    className: 'grid',
    'aria-label': text.look.grid,
    'aria-description': text.look.keys,
    title: text.look.keys,
  });
  const head = createHead(session);
  const element = h('div', { className: 'grid-box' }, list);
  /** @type {ReturnType<typeof createTile>[]} */
  const tiles = [];
  let focusable = 0;

  /** @param {number} place */
  function moveTo(place) {
    const shown = list.children.length;
    if (shown === 0) return;
    focusable = Math.max(0, Math.min(shown - 1, place));
    tiles.forEach((tile, i) => tile.setFocusable(i === focusable));
    tiles[focusable].button.focus();
  }

  /** How many tiles stand in the first row. */
  function columns() {
    const top = tiles[0]?.item.offsetTop;
    const next = tiles.findIndex(({ item }) => item.isConnected && item.offsetTop !== top);
    return next > 0 ? next : list.children.length;
  }

  /** Goes to the tile of a map, where it is shown. @param {number} map */
  function focusTile(map) {
    const place = tiles.findIndex((tile) => tile.map() === map);
    session.set({ tileToFocus: null });
    if (place >= 0) moveTo(place);
  }

  list.addEventListener('keydown', (event) => {
    const place = tiles.findIndex(({ item }) => item.contains(/** @type {Node} */ (event.target)));
    if (place < 0 || event.ctrlKey || event.metaKey || event.altKey) return;
    const last = list.children.length - 1;
    const to = {
      ArrowRight: place + 1,
      ArrowLeft: place - 1,
      ArrowDown: place + columns(),
      ArrowUp: place - columns(),
      Home: 0,
      End: last,
    }[event.key];
    if (to !== undefined) {
      if (to >= 0 && to <= last) moveTo(to);
    } else if (event.key.toLowerCase() === 's') session.toggleChosen(tiles[place].map());
    else if (event.key === 'Escape') session.closeCard();
    else return;
    event.preventDefault();
  });
  showPointedAt(session, list, tiles);
  list.addEventListener('focusin', (event) => {
    const place = tiles.findIndex(({ item }) => item.contains(/** @type {Node} */ (event.target)));
    if (place >= 0 && place !== focusable) {
      focusable = place;
      tiles.forEach((tile, i) => tile.setFocusable(i === focusable));
    }
  });

  return {
    element,
    head: head.element,
    /** @param {import('../../page/state.js').State} state */
    *update(state) {
      const { look } = state;
      const shown = shownMaps(state);
      const options = overlayOptions(state);
      if (focusable >= shown.length) focusable = 0;
      for (const [place, entry] of shown.entries()) {
        const tile = (tiles[place] ??= createTile(session));
        if (!tile.item.isConnected) list.append(tile.item);
        tile.setFocusable(place === focusable);
        if (look) tile.update(entry, look, options, state);
        if (place % TILES_AT_ONCE === TILES_AT_ONCE - 1) yield;
      }
      for (const tile of tiles.slice(shown.length)) tile.remove();
      tiles.length = shown.length;
      head.update(state, shown.length);
      if (state.tileToFocus !== null) focusTile(state.tileToFocus);
    },
  };
}

/**
 * The large picture shows the map whose tile is pointed at.
 * @param {import('../../page/session/session.js').Session} session
 * @param {HTMLElement} list
 * @param {ReturnType<typeof createTile>[]} tiles
 */
function showPointedAt(session, list, tiles) {
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let resting;
  list.addEventListener('pointerover', (event) => {
    if (event.pointerType !== 'mouse') return;
    const tile = tiles.find(({ item }) => item.contains(/** @type {Node} */ (event.target)));
    clearTimeout(resting);
    // A pointer on its way somewhere else points at nothing.
    resting = setTimeout(() => session.pointAt(tile?.map() ?? null), REST);
  });
  list.addEventListener('pointerleave', () => {
    clearTimeout(resting);
    session.pointAt(null);
  });
}

/** How many maps there are. @param {import('../../page/session/session.js').Session} session */
function createHead(session) {
  const counts = h('p', { className: 'note' });
  const clear = h(
    'button',
    { type: 'button', className: 'small', onclick: () => session.clearChosen() },
    text.look.clearSum,
  );
  return {
    element: h('div', { className: 'grid-head' }, counts, clear),
    /** @param {import('../../page/state.js').State} state @param {number} shown tiles */
    update({ look, framed, chosen }, shown) {
      const frames =
        look && framed.layer === look.layer && framed.maps.length > 0 ? text.look.framed(framed.label) : '';
      setText(counts, look ? text.look.few(shown, look.live) + frames : '');
      counts.title = look ? text.look.counts(shown, look.live, look.channels - look.live) : '';
      clear.hidden = chosen.length === 0;
    },
  };
}

/** Words for those who hear the page.
 * @param {string} words */
function hidden(words) {
  return h('span', { className: 'visually-hidden' }, words);
}

/** @param {import('../../page/session/session.js').Session} session */
function createTile(session) {
  const overlay = overlayCanvas();
  const number = h('span', { className: 'tile-map' });
  const mean = h('span', { className: 'numbers' });
  const facts = hidden('');
  const share = h('span', { className: 'tile-share numbers' });
  let map = -1;
  /** @type {import('../../page/state.js').LookView | null} */
  let described = null;
  const button = h(
    'button',
    { type: 'button', className: 'tile', 'data-testid': 'map-tile', onclick: () => session.openMap(map) },
    overlay.element,
    h('span', { className: 'tile-caption' }, number, hidden(text.look.mean), mean),
    facts,
    share,
  );
  const box = h('input', { type: 'checkbox', className: 'tile-box', onchange: () => session.toggleChosen(map) });
  const item = h('li', {}, button, box);

  return {
    item,
    button,
    map: () => map,
    /** @param {boolean} focusable */
    setFocusable(focusable) {
      button.tabIndex = box.tabIndex = focusable ? 0 : -1;
    },
    /**
     * @param {import('../../api/types.js').RankedMap} entry
     * @param {import('../../page/state.js').LookView} look
     * @param {import('../../api/types.js').OverlayOptions} options
     * @param {import('../../page/state.js').State} state
     */
    update(entry, look, options, state) {
      if (entry.map !== map || described !== look) {
        map = entry.map;
        described = look;
        const { y, x } = peakOf(look, map);
        Object.assign(button.dataset, { map: String(map), mean: String(entry.mean), rank: String(entry.rank) });
        setText(facts, text.look.tile(entry.rank, text.place(y, x)));
        box.setAttribute('aria-label', text.look.choose(map));
        setText(number, `#${map}`);
        setText(mean, formatNumber(entry.mean));
      }
      const added = state.order === 'contribution' ? state.contributions?.[map] : undefined;
      const { inside } = state.finds;
      const part = inside?.look === look ? formatPercent(inside.shares[map]) : '';
      setText(share, part || (added === undefined ? '' : formatSigned(added)));
      button.setAttribute('aria-current', String(state.openMap === map));
      button.classList.toggle('framed', state.framed.layer === look.layer && state.framed.maps.includes(map));
      box.checked = state.chosen.includes(map);
      overlay.update({ look, maps: [map], options });
    },
    remove() {
      item.remove();
      overlay.dispose();
    },
  };
}
