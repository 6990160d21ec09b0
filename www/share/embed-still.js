import { h } from '../ui/dom.js';
import { captionOf } from './caption.js';
import { recordedFigure } from './figures.js';
import { text } from './record-text.js';

/** What an embed shows before anybody has asked for more. */

/** Tiles of the still. */
export const TILES = 6;

/**
 * The picture, and the strongest maps, or else the predictions.
 * @param {Pick<import('./record.js').RecordData, 'figures' | 'layer'>} record
 */
export function stillFigures({ figures, layer }) {
  const maps = figures.find((figure) => figure.kind === 'maps');
  const predictions = figures.find(({ kind }) => kind === 'predictions');
  return [
    ...figures.filter(({ kind }) => kind === 'picture').slice(0, 1),
    ...(maps?.kind === 'maps'
      ? [
          {
            ...maps,
            caption: text.figures.mapsCaption(Math.min(TILES, maps.tiles.length), layer.id),
            tiles: maps.tiles.slice(0, TILES),
          },
        ]
      : predictions
        ? [predictions]
        : []),
  ];
}

/**
 * @param {Pick<import('./record.js').RecordData, 'figures' | 'layer'>} record
 * @param {(path: string) => string} addressOf a file of the record
 */
export function stillOf(record, addressOf) {
  return h(
    'div',
    { 'data-testid': 'still' },
    ...stillFigures(record).map((figure) => recordedFigure(figure, addressOf)),
  );
}

/**
 * All that stands in an embed.
 * @param {import('./record.js').Finding} finding
 * @param {{ still: HTMLElement, buttons: (HTMLElement | null)[], line: HTMLElement }} parts
 */
export function embedContent(finding, { still, buttons, line }) {
  return [
    h('h2', {}, captionOf(finding) || text.view.heading),
    still,
    h('div', { className: 'buttons' }, ...buttons),
    line,
  ];
}
