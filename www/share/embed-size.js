/**
 * How high a frame has to be to show an embed's still without scrolling, since a frame cannot tell a page without scripts.
 */

import { currentPhoto } from '../page/state.js';
import { h } from '../ui/dom.js';
import { loadStyle } from '../ui/load-style.js';
import { claimNumbers } from './claim-view.js';
import { TILES, creditOf, embedContent, stillOf, stillPanels } from './embed-still.js';
import { largeMapPath, largeMapTexts } from './figure-parts.js';
import { objectAddresses } from './figures.js';
import { recordOfLink } from './linked.js';
import { predictionsFigure } from './record-make.js';
import { text } from './record-text.js';

/** @typedef {Pick<import('./record.js').RecordData, 'figures' | 'layer'>} Still */

/** The width that frames are given, in pixels; embed.css has it too. */
export const WIDTH = 640;
/** Pixels of the longer side of a recorded tile, and of the map that is recorded by itself. */
const TILE = 224;
const LARGE = 480;

/**
 * Heights at that width, in pixels, of a link's frame and of a snapshot's, as the page would make them now.
 * @param {import('./record.js').Finding} finding
 * @param {import('../page/state.js').State} state
 * @param {import('./embed-still.js').Part[]} asked what is to be shown
 * @returns {Promise<{ link: number, snapshot: number }>}
 */
export async function embedHeights(finding, state, asked) {
  await Promise.all(['record.css', 'embed.css', 'share.css'].map((sheet) => loadStyle(sheet, import.meta.url)));
  const recorded = await recordOfLink(finding);
  const { addressOf, release } = objectAddresses(recorded.files);
  const { openMap } = finding.view;
  const credit = creditOf(recorded);
  try {
    return {
      link: await heightOf(finding, stillOf(stillPanels(recorded.record, openMap, asked), addressOf), credit, [
        claimNumbers(finding),
      ]),
      snapshot: await heightOf(finding, ...snapshotStill(state, finding, asked), []),
    };
  } finally {
    release();
  }
}

/**
 * What a snapshot's still would show, with nothing on its pictures, and whose it is.
 * @param {import('../page/state.js').State} state
 * @param {import('./record.js').Finding} finding
 * @param {import('./embed-still.js').Part[]} asked
 * @returns {[still: ReturnType<typeof stillOf>, credit: string]}
 */
function snapshotStill(state, finding, asked) {
  const look = /** @type {NonNullable<typeof state.look>} */ (state.look);
  const { width, height } = look.seen();
  const photo = currentPhoto(state);
  const open = finding.view.openMap ?? look.top(1)[0]?.map ?? 0;
  /** Addresses by path. @type {Map<string, string>} */
  const addresses = new Map([
    ['figures/seen.png', blank(width, height)],
    [largeMapPath(open, 'png'), blank(width, height, LARGE)],
    ['overlays/tile.png', blank(width, height, TILE)],
  ]);
  /** @type {Still} */
  const record = {
    layer: { id: look.layer, channels: look.channels, height: 1, width: 1 },
    figures: [
      {
        kind: 'picture',
        title: text.figures.seen,
        caption: text.figures.seenCaption(photo?.name ?? ''),
        alt: '',
        path: 'figures/seen.png',
        width,
        height,
      },
      { kind: 'picture', ...largeMapTexts(open, look.means[open]), path: largeMapPath(open, 'png'), width, height },
      {
        kind: 'maps',
        title: text.figures.maps,
        caption: '',
        size: TILE,
        tiles: look.top(TILES).map(({ map, mean, rank }) => ({ path: 'overlays/tile.png', map, mean, rank })),
      },
      predictionsFigure(look),
    ],
  };
  const still = stillOf(stillPanels(record, finding.view.openMap, asked), (path) => addresses.get(path) ?? '');
  const pictures = [{ image: finding.photo ?? 0, credit: photo?.credit ?? '' }];
  return [still, creditOf({ finding, record: { pictures, model: { title: state.model?.title ?? '' } } })];
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
 * @param {ReturnType<typeof stillOf>} still
 * @param {string} credit
 * @param {HTMLElement[]} more that stands below
 */
async function heightOf(finding, still, credit, more) {
  const buttons = [text.embed.run, text.embed.fullScreen, text.embed.whole].map((name) =>
    h('button', { type: 'button' }, name),
  );
  const line = h('p', { className: 'note' }, text.embed.costs(1));
  const content = h(
    'div',
    { className: 'recorded embed' },
    ...embedContent(finding, { still, credit, buttons, line }),
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
