import { WAYS } from '../../questions/draw/choices.js';
import { showDrawn } from '../../questions/draw/changes.js';
import { text } from '../../questions/draw/text.js';
import { createWall } from '../../questions/draw/wall.js';
import { h, setText } from '../../ui/dom.js';
import { recordedDrawing } from './recorded.js';

/** So many of the photo's strongest maps are drawn. */
const COUNT = 12;

/**
 * The photo's strongest maps as a gallery, each of which opens in the large picture.
 * @param {import('../../page/session/session.js').Session} session
 */
export function createGallery(session) {
  const start = h('button', { type: 'button', onclick: hang });
  const place = h('div');
  const shelf = h('ul', { className: 'draw-wall' });
  const element = h(
    'div',
    { className: 'panel', 'data-testid': 'draw-gallery' },
    h('h3', {}, text.galleryHeading),
    shelf,
    h('p', {}, start),
    place,
  );
  /** @type {ReturnType<typeof createWall> | null} */
  let wall = null;
  /** What hangs is of it: another model, layer or recipe has other maps. @type {string | null} */
  let hung = null;

  /** The maps that hang are those of the photo that is looked at. */
  async function hang() {
    const { model, state } = session;
    const { look, article, card } = state;
    if (!model || !look) return;
    takeDown();
    hung = keyOf(state);
    const { settings, seed } = card.drawing;
    const maps = strongest(look);
    const subject = { model, layer: look.layer, options: { article } };
    wall = createWall(session, subject, maps, { place: 'draw', settings: settings[0], seed, onOpen: open });
    place.replaceChildren(wall.element);
    wall.focus();
    await wall.draw();
  }

  /** @param {number} map */
  function open(map) {
    const { drawings } = session.state;
    const tiles = drawings.walls.flatMap((one) => (one.place === 'draw' ? one.tiles : []));
    const tile = tiles.find((one) => one.map === map);
    session.openMap(map);
    if (tile?.status === 'done' && tile.drawn && !drawings.running) showDrawn(session, tile.drawn);
    element.parentElement?.scrollIntoView({ block: 'start' });
  }

  function takeDown() {
    wall?.stop();
    wall?.element.remove();
    wall = null;
    hung = null;
  }

  return {
    element,
    /** @param {import('../../page/state.js').State} state */
    update(state) {
      if (wall && state.look && state.model && hung !== keyOf(state)) takeDown();
      // Elsewhere the card is about one map.
      element.hidden = !wall && state.view !== 'draw';
      if (state.look) setText(start, text.gallery(strongest(state.look).length));
      start.disabled = state.recorded;
      const recorded = wall || !state.look ? [] : recordedOf(state, strongest(state.look));
      shelf.hidden = recorded.length === 0;
      const key = JSON.stringify(recorded);
      if (shelf.dataset.recorded === key) return;
      shelf.dataset.recorded = key;
      shelf.replaceChildren(...recorded.map(([map, address]) => recordedTile(map, address, open)));
    },
  };
}

/**
 * Those of the maps of which there is a recorded drawing, with its address.
 * @param {import('../../page/state.js').State} state
 * @param {number[]} maps
 * @returns {[number, string][]}
 */
function recordedOf(state, maps) {
  return maps.flatMap((map) => {
    const address = recordedDrawing(state, map, WAYS.modern);
    return address ? [/** @type {[number, string]} */ ([map, address])] : [];
  });
}

/** @param {number} map @param {string} address @param {(map: number) => void} onOpen */
function recordedTile(map, address, onOpen) {
  const picture = h('img', { className: 'drawing', width: 128, height: 128, alt: text.alt(map), src: address });
  const caption = h('span', { className: 'note' }, `#${map}`);
  const button = h('button', { type: 'button', className: 'tile', onclick: () => onOpen(map) }, picture, caption);
  return h('li', { 'data-testid': 'recorded-drawing', 'data-map': map }, button);
}

/** @param {Pick<import('../../page/state.js').State, 'model' | 'look' | 'article'>} state */
function keyOf({ model, look, article }) {
  return JSON.stringify([model?.title, model?.bytes, article || model?.recipe, look?.layer]);
}

/** @param {import('../../page/state.js').LookView} look */
function strongest(look) {
  return look.top(COUNT).map(({ map }) => map);
}
