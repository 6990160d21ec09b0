/**
 * How high a frame has to be to show an embed's still without scrolling, since a frame cannot tell a page without scripts.
 */

import { currentPhoto } from '../page/state.js';
import { h } from '../ui/dom.js';
import { loadStyle } from '../ui/load-style.js';
import { claimNumbers } from './claim-view.js';
import { TILES, embedContent, stillOf } from './embed-still.js';
import { objectAddresses } from './figures.js';
import { recordOfLink } from './linked.js';
import { text } from './record-text.js';

/** @typedef {Pick<import('./record.js').RecordData, 'figures' | 'layer'>} Still */

/** The width that frames are given, in pixels; embed.css has it too. */
export const WIDTH = 640;
/** Pixels of a recorded overlay's longer side. */
const TILE = 224;

/**
 * Heights at that width, in pixels, of a link's frame and of a snapshot's, as the page would make them now.
 * @param {import('./record.js').Finding} finding
 * @param {import('../page/state.js').State} state
 * @returns {Promise<{ link: number, snapshot: number }>}
 */
export async function embedHeights(finding, state) {
  await Promise.all(['record.css', 'embed.css', 'share.css'].map((sheet) => loadStyle(sheet, import.meta.url)));
  const { record, files } = await recordOfLink(finding);
  const { addressOf, release } = objectAddresses(files);
  try {
    return {
      link: await heightOf(finding, stillOf(record, addressOf), [claimNumbers(finding)]),
      // A file's path is its address here.
      snapshot: await heightOf(
        finding,
        stillOf(snapshotStill(state), (path) => path),
        [],
      ),
    };
  } finally {
    release();
  }
}

/** What a snapshot's still would show. @param {import('../page/state.js').State} state @returns {Still} */
function snapshotStill(state) {
  const look = /** @type {NonNullable<typeof state.look>} */ (state.look);
  const { width, height } = look.seen();
  return {
    layer: { id: look.layer, channels: look.channels, height: 1, width: 1 },
    figures: [
      {
        kind: 'picture',
        title: text.figures.seen,
        caption: text.figures.seenCaption(currentPhoto(state)?.name ?? ''),
        alt: '',
        path: blank(width, height),
        width,
        height,
      },
      {
        kind: 'maps',
        title: text.figures.maps,
        caption: '',
        size: TILE,
        tiles: look.top(TILES).map(({ map, mean, rank }) => ({ path: blank(width, height, TILE), map, mean, rank })),
      },
    ],
  };
}

/**
 * The address of a picture of that size with nothing on it.
 * @param {number} width
 * @param {number} height
 * @param {number} [longer] side, where it is scaled to one
 */
function blank(width, height, longer = Math.max(width, height)) {
  const scale = longer / Math.max(width, height);
  const picture = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
  picture.setAttribute('width', String(Math.round(width * scale)));
  picture.setAttribute('height', String(Math.round(height * scale)));
  return `data:image/svg+xml,${encodeURIComponent(new XMLSerializer().serializeToString(picture))}`;
}

/**
 * @param {import('./record.js').Finding} finding
 * @param {HTMLElement} still
 * @param {HTMLElement[]} more that stands below
 */
async function heightOf(finding, still, more) {
  const button = h('button', { type: 'button' }, text.embed.run);
  const line = h('p', { className: 'note' }, text.embed.costs(1));
  const content = h(
    'div',
    { className: 'recorded embed' },
    ...embedContent(finding, { still, buttons: [button], line }),
    ...more,
  );
  const place = h('div', { className: 'embed-measure', inert: true }, content);
  document.body.append(place);
  try {
    await Promise.all(Array.from(content.querySelectorAll('img'), (image) => image.decode().catch(() => {})));
    return Math.ceil(content.getBoundingClientRect().height);
  } finally {
    place.remove();
  }
}
