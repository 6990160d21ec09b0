import { formatPercent } from '../api/numbers.js';
import { h, setText } from '../ui/dom.js';
import { figureEngine } from './figure-engine.js';
import { text } from './record-text.js';
import { lookAt, recompute } from './recompute.js';

/** Maps that are shown, and pixels of their tiles and of the chosen one. */
const MAPS = 12;
const TILE = 160;
const LARGE = 480;

/**
 * A figure that the network draws here and now: the strongest maps of a picture, one of them large.
 * @param {import('./record.js').Recorded} recorded
 * @param {NonNullable<Parameters<typeof recompute>[1]> & { onOwnPicture?: () => void }} options `onOwnPicture`: a picture of the visitor's
 *   stands in the place of the recorded one
 */
export async function createLiveFigure(recorded, options) {
  const { scope, model, look: first, notes } = await recompute(recorded, { start: figureEngine, ...options });
  let look = first;
  const { colormap, style, scale, enlargement } = recorded.finding.view.overlay;
  const overlay = { colormap, style, scale, enlargement };
  const large = h('canvas', { role: 'img', width: 1, height: 1 });
  const name = h('p', { 'aria-live': 'polite' });
  const tiles = h('ul', { className: 'recorded-tiles' });
  const said = h('ol', { className: 'recorded-list' });
  const line = h('p', { className: 'note', role: 'status' });
  const input = h('input', {
    type: 'file',
    accept: 'image/*',
    className: 'visually-hidden',
    'aria-label': text.embed.own,
    onchange: async () => {
      const file = input.files?.[0];
      if (!file) return;
      setText(line, text.live.running);
      try {
        const next = await lookAt(recorded, model, file);
        look.close();
        look = next;
        await draw();
        options.onOwnPicture?.();
        setText(line, '');
      } catch (error) {
        setText(line, /** @type {Error} */ (error).message);
      }
    },
  });
  const element = arranged({ notes, large, name, said, input, line, tiles });
  await draw();

  async function draw() {
    const top = look.top(MAPS);
    said.replaceChildren(
      ...look.predictions
        .slice(0, 3)
        .map(({ label, probability }) => h('li', {}, `${label}: ${formatPercent(probability)}`)),
    );
    tiles.replaceChildren(
      ...(await Promise.all(
        top.map(async ({ map, mean }) => {
          const canvas = h('canvas', { 'aria-hidden': 'true' });
          put(canvas, await look.overlay(map, { ...overlay, size: TILE }));
          return h(
            'li',
            {},
            h(
              'button',
              { type: 'button', className: 'tile', 'data-map': map, 'data-mean': mean, onclick: () => choose(map) },
              canvas,
              h('span', {}, text.figures.tile(map, mean)),
            ),
          );
        }),
      )),
    );
    if (top[0]) await choose(top[0].map);
  }

  /** @param {number} map */
  async function choose(map) {
    put(large, await look.overlay(map, { ...overlay, size: LARGE }));
    large.setAttribute('aria-label', text.figures.tileAlt(map, look.means[map]));
    setText(name, text.figures.tileAlt(map, look.means[map]));
    for (const tile of tiles.querySelectorAll('button'))
      tile.setAttribute('aria-pressed', String(tile.dataset.map === String(map)));
  }

  return { element, engine: model.engine, lost: scope.lost, close: () => scope.close() };
}

/**
 * @param {{ notes: string[] } & Record<'large' | 'name' | 'said' | 'input' | 'line' | 'tiles', HTMLElement>} parts
 */
function arranged({ notes, large, name, said, input, line, tiles }) {
  return h(
    'div',
    { 'data-testid': 'live-figure' },
    ...notes.map((note) => h('p', { className: 'alert', 'data-testid': 'other-file' }, note)),
    h(
      'div',
      { className: 'embed-top' },
      h('div', { className: 'embed-large' }, large, name),
      h(
        'div',
        {},
        h('h3', {}, text.figures.predictions),
        said,
        h(
          'div',
          { className: 'buttons' },
          h('button', { type: 'button', onclick: () => input.click() }, text.embed.own),
          input,
        ),
        line,
      ),
    ),
    tiles,
  );
}

/** @param {HTMLCanvasElement} canvas @param {ImageData} image */
function put(canvas, image) {
  canvas.width = image.width;
  canvas.height = image.height;
  canvas.getContext('2d')?.putImageData(image, 0, 0);
}
