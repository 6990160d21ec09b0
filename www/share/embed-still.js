import { h } from '../ui/dom.js';
import { captionOf } from './caption.js';
import { PARTS, largeMapTexts, partOf } from './figure-parts.js';
import { recordedFigure } from './figures.js';
import { text } from './record-text.js';

/**
 * What an embed shows before anybody has asked for more.
 * @typedef {import('./figure-parts.js').Part} Part
 * @typedef {import('./record.js').Figure} Figure
 * @typedef {Extract<Figure, { kind: 'picture' }>} Picture
 * @typedef {Pick<import('./record.js').RecordData, 'figures' | 'layer'>} Shown
 * @typedef {{ part: Part, figures: Figure[] }} Panel
 */

/** Tiles of the grid: two rows of four. */
export const TILES = 8;

/**
 * The parts that an embed's address or attribute asks for, in its order.
 * @param {string | null} show separated by spaces; names that are none count for nothing
 * @returns {Part[]}
 */
export function partsOf(show) {
  const names = (show ?? '').toLowerCase().split(/[\s,]+/);
  return [...new Set(names.flatMap((name) => PARTS.find((part) => part === name) ?? []))];
}

/**
 * What is shown of a record: what is asked for and there, or else its maps, or else what it has.
 * @param {Shown} record
 * @param {number | null} openMap the map that its maker had chosen
 * @param {Part[]} [asked]
 * @returns {Panel[]}
 */
export function stillPanels(record, openMap, asked = []) {
  const panels = asked.flatMap((part) => panelOf(record, openMap, part) ?? []);
  if (panels.length > 0) return panels;
  const grid = panelOf(record, openMap, 'grid');
  if (grid) return [grid];
  return /** @type {Part[]} */ (['photo', 'answer']).flatMap((part) => panelOf(record, openMap, part) ?? []);
}

/** @param {Panel[]} panels */
export function figuresOf(panels) {
  return panels.flatMap(({ figures }) => figures);
}

/**
 * @param {Shown} record
 * @param {number | null} openMap
 * @param {Part} part
 * @returns {Panel | null} null where the record has none
 */
function panelOf({ figures, layer }, openMap, part) {
  const found = figures.filter((figure) => partOf(figure) === part);
  if (part === 'grid') {
    const [maps] = found;
    if (maps?.kind !== 'maps' || maps.tiles.length === 0) return null;
    const tiles = maps.tiles.slice(0, TILES);
    return { part, figures: [{ ...maps, caption: text.figures.mapsCaption(tiles.length, layer.id), tiles }] };
  }
  if (part === 'map') {
    const map = found[0] ?? tileAsPicture(figures, openMap);
    const photo = figures.find((figure) => partOf(figure) === 'photo');
    return map ? { part, figures: photo ? [photo, map] : [map] } : null;
  }
  const some = part === 'photo' ? found.slice(0, 1) : found;
  return some.length > 0 ? { part, figures: some } : null;
}

/**
 * The map that was chosen, of records that were made before they held it large.
 * @param {Figure[]} figures
 * @param {number | null} openMap
 * @returns {Picture | null}
 */
function tileAsPicture(figures, openMap) {
  const maps = figures.find((figure) => figure.kind === 'maps');
  if (maps?.kind !== 'maps') return null;
  const tile = maps.tiles.find(({ map }) => map === openMap) ?? maps.tiles[0];
  if (!tile) return null;
  const { path, map, mean } = tile;
  return { kind: 'picture', ...largeMapTexts(map, mean), path, width: maps.size, height: maps.size };
}

/**
 * @param {Panel[]} panels
 * @param {(path: string) => string} addressOf a file of the record
 * @returns {{ element: HTMLElement, caption: string }} `caption`: of a figure that is shown alone, which stands below what is found there
 */
export function stillOf(panels, addressOf) {
  const figures = figuresOf(panels);
  const alone = figures.length === 1;
  const element = h(
    'div',
    { 'data-testid': 'still', className: 'embed-still' },
    ...panels.map((panel) =>
      h(
        'div',
        { className: `embed-panel embed-${panel.part}` },
        ...panel.figures.map((one) => drawn(alone ? { ...one, caption: '' } : one, addressOf)),
      ),
    ),
  );
  // One figure's name says nothing that the sentences below do not.
  element.classList.toggle('embed-single', panels.length === 1);
  return { element, caption: alone ? figures[0].caption : '' };
}

/** @param {Figure} figure @param {(path: string) => string} addressOf */
function drawn(figure, addressOf) {
  return figure.kind === 'maps' ? grid(figure, addressOf) : recordedFigure(figure, addressOf);
}

/**
 * The maps with their numbers and nothing else: what a mean is, an article's reader need not know.
 * @param {Extract<Figure, { kind: 'maps' }>} figure
 * @param {(path: string) => string} addressOf
 */
function grid({ title, caption, tiles, size }, addressOf) {
  return h(
    'figure',
    { className: 'recorded-figure' },
    h('h3', {}, title),
    h(
      'ul',
      { className: 'embed-tiles' },
      ...tiles.map(({ path, map, mean }) =>
        h(
          'li',
          { 'data-map': map, 'data-mean': mean },
          h('img', { src: addressOf(path), alt: text.figures.tileAlt(map, mean), width: size, height: size }),
          h('span', {}, text.figures.large(map)),
        ),
      ),
    ),
    caption ? h('figcaption', {}, caption) : null,
  );
}

/**
 * All that stands in an embed: the pictures, what they say, whose they are, and what can be done with them.
 * @param {import('./record.js').Finding} finding
 * @param {{ still: ReturnType<typeof stillOf>, credit: string, buttons: (HTMLElement | null)[], line: HTMLElement }} parts
 */
export function embedContent(finding, { still, credit, buttons, line }) {
  return [
    still.element,
    h('h2', { className: 'embed-lead', 'data-recorded': '' }, captionOf(finding) || text.view.heading),
    still.caption ? h('p', { className: 'embed-caption', 'data-recorded': '' }, still.caption) : null,
    h('p', { className: 'embed-credit', 'data-testid': 'credit', 'data-recorded': '' }, credit),
    h('div', { className: 'buttons embed-buttons' }, ...buttons),
    line,
  ].filter((element) => element !== null);
}

/**
 * Whose the picture and the network are, in one line.
 * @param {{ finding: import('./record.js').Finding, record: { model: { title: string }, pictures: { image: number, credit: string }[] } }} recorded
 */
export function creditOf({ finding, record }) {
  const picture = record.pictures.find(({ image }) => image === finding.photo);
  return [
    picture?.credit ? text.embed.credit(picture.credit) : '',
    text.embed.network(record.model.title),
    text.embed.made(finding.claim.made),
  ]
    .filter(Boolean)
    .join(' ');
}
