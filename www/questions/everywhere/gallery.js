import { visit } from '../../page/address.js';
import { shownName } from '../../page/shown-names.js';
import { h } from '../../ui/dom.js';
import { paint } from '../../ui/overlay-canvas.js';
import { TILE } from './gallery-scale.js';
import { seenPainter } from '../../classes/strongest.js';
import { Thumbnails } from '../../classes/thumbnails.js';
import { text } from '../../classes/text.js';

/**
 * @typedef {import('../../featurescope.js').Look} Look
 * @typedef {import('../../classes/study.js').Study} Study
 */

/**
 * An image in a gallery.
 * @typedef {object} Entry
 * @property {File} file
 * @property {string} caption
 * @property {string} [note] below the caption
 * @property {boolean} [marked] with a frame in the colour of class maps
 */

/** Entries shown at first, and with every "show more". A thousand tiles would be slow to lay out. */
const PAGE = 60;

/** Pixels of a photo's side that stands there until its overlay is drawn. */
const PHOTO = 112;

/**
 * Images of which each is drawn from a look of its own. Looks are not kept, since a thousand would fill the memory: a tile
 * asks for its own while it is in sight.
 * @param {import('../../page/session/session.js').Session} session
 * @param {string} label
 * @param {{ photos?: boolean }} [options] `photos`: what is drawn is the whole image, which stands there by itself until then
 */
export function createGallery(session, label, { photos = false } = {}) {
  const thumbnails = photos ? new Thumbnails(session) : null;
  const list = h('ul', { className: 'grid gallery', 'aria-label': label });
  const more = h('button', { type: 'button', className: 'small', onclick: () => extend() }, text.gallery.more);
  const element = h('div', { className: 'gallery-box' }, list, more);
  /** @type {{ study: Study, entries: Entry[], draw: (look: Look, entry: Entry) => Promise<{ image: ImageData, dead: boolean }>, key: string } | null} */
  let shown = null;
  /** @type {Map<Element, () => Promise<void>>} */
  const waiting = new Map();
  const sight = new IntersectionObserver(
    (changes) => {
      for (const { target, isIntersecting } of changes) {
        const tile = tiles.get(target);
        if (!tile) continue;
        if (isIntersecting) waiting.set(target, tile);
        else waiting.delete(target);
      }
      work();
    },
    { rootMargin: '100px' },
  );
  /** @type {WeakMap<Element, () => Promise<void>>} */
  const tiles = new WeakMap();
  let working = false;

  /** As many looks at a time as there are workers, and none for a tile that was scrolled away. */
  async function work() {
    if (working || !shown) return;
    working = true;
    // Without the library's part nothing can be asked, which the tiles find out.
    const atOnce = await shown.study.model.workers().catch(() => 1);
    await Promise.all(Array.from({ length: atOnce }, workOn));
    working = false;
    if (waiting.size > 0) work();
  }

  async function workOn() {
    for (let next = waiting.entries().next(); !next.done; next = waiting.entries().next()) {
      const [item, draw] = next.value;
      waiting.delete(item);
      await draw();
    }
  }

  function extend() {
    if (!shown) return;
    const { study, entries, draw } = shown;
    const from = list.children.length;
    for (const entry of entries.slice(from, from + PAGE)) {
      const { item, canvas } = galleryTile(session, entry);
      const paintPhoto = seenPainter(study, PHOTO);
      const unlessDrawn = (/** @type {HTMLCanvasElement} */ _, /** @type {ImageBitmap} */ bitmap) => {
        if (!canvas.dataset.drawn || canvas.classList.contains('unlit')) paintPhoto(canvas, bitmap);
      };
      thumbnails?.create(entry.file, unlessDrawn, canvas);
      const current = shown;
      tiles.set(item, async () => {
        if (canvas.dataset.drawn || shown !== current) return;
        try {
          const { image, dead } = await study.model.ask(entry.file, study.options, (look) => draw(look, entry));
          // Maps that are dead there lay nothing over the photo, which stays, as dark as the others.
          if (dead) canvas.classList.add('unlit');
          else paint(canvas, image);
          canvas.dataset.drawn = 'true';
        } catch {
          // The engine went away, which the page reports where it happens; the tile stays empty.
        }
      });
      list.append(item);
      sight.observe(item);
    }
    thumbnails?.work();
    more.hidden = list.children.length >= entries.length;
  }

  return {
    element,
    /**
     * @param {Study} study
     * @param {Entry[]} entries
     * @param {(look: Look, entry: Entry) => Promise<{ image: ImageData, dead: boolean }>} draw
     * @param {string} key tells one drawing of the same images from another
     */
    show(study, entries, draw, key) {
      const whole = `${study.pictureKey} ${key} ${entries.map(({ file, caption, note, marked }) => `${file.name} ${caption} ${note} ${marked}`)}`;
      if (shown?.key === whole) return;
      sight.disconnect();
      waiting.clear();
      for (const canvas of list.querySelectorAll('canvas')) thumbnails?.remove(canvas);
      list.replaceChildren();
      shown = { study, entries, draw, key: whole };
      extend();
    },
    /** Must be called when it is thrown away. */
    dispose() {
      sight.disconnect();
      waiting.clear();
      shown = null;
    },
  };
}

/**
 * @param {import('../../page/session/session.js').Session} session
 * @param {Entry} entry
 */
function galleryTile(session, { file, caption, note, marked }) {
  const canvas = h('canvas', { className: 'overlay', width: TILE, height: TILE, 'aria-hidden': 'true' });
  const button = h(
    'button',
    {
      type: 'button',
      className: `tile${marked ? ' framed' : ''}`,
      title: text.gallery.open(shownName(file)),
      onclick: () => lookAt(session, file),
    },
    canvas,
    h('span', { className: 'tile-caption numbers' }, h('span', { className: 'tile-name' }, caption)),
    note ? h('span', { className: 'tile-note note' }, note) : null,
  );
  return { canvas, item: h('li', { 'data-testid': 'gallery-tile', 'data-file': file.name }, button) };
}

/**
 * Shows an image of the classes where single images are looked at.
 * @param {import('../../page/session/session.js').Session} session
 * @param {File} file
 */
export async function lookAt(session, file) {
  visit(session, 'look');
  scrollTo(0, 0);
  await session.lookAt(file);
}
