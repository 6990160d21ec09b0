import { fieldsOf, read } from './fields.js';
import { seenKey } from './changes.js';
import { text } from './text.js';
import { formatPercent } from '../../api/numbers.js';
import { text as common } from '../text.js';
import { h, setText, whenChanged } from '../../ui/dom.js';
import { paint } from '../../ui/overlay-canvas.js';

/** The photo as the network sees it by the recipe in the fields, and what it says then. */
export function createSeen() {
  const canvas = h('canvas', { width: 1, height: 1, role: 'img', 'aria-label': text.seen });
  const caption = h('figcaption', {}, text.seen);
  const range = h('p', { className: 'note' });
  const says = h('h3', {}, text.says);
  const list = h('ol', { className: 'sheet-says' });
  const line = h('p', { className: 'note', role: 'status', 'data-testid': 'sheet-status' });
  const draw = whenChanged((/** @type {ImageData | ImageBitmap | null} */ image) => {
    if (image) paint(canvas, image);
  });
  return {
    element: h(
      'div',
      { className: 'sheet-seen' },
      h('figure', {}, canvas, caption),
      h('div', { className: 'sheet-answer', 'aria-live': 'polite' }, says, list, range, line),
    ),
    /** @param {import('../state.js').State} state */
    update(state) {
      const { sheet, model } = state;
      if (!sheet || !model) return;
      const { seen } = sheet;
      const said = read(fieldsOf(model, sheet.typed), model);
      const key = seenKey(state);
      canvas.hidden = !seen?.image;
      draw(seen?.image ?? null);
      canvas.classList.toggle('stale', seen?.key !== key);
      setText(line, lineOf(seen, key, state.photos.length > 0));
      const [low, high] = seen?.image && said.recipe ? numbersOf(seen.image, said.recipe) : [NaN, NaN];
      setText(range, Number.isFinite(low) ? text.range(low, high) : '');
      const names = said.names?.length ? said.names : model.labels;
      // As other scores than they were taken for they would be other probabilities.
      const isSameOutput = said.output === undefined || said.output === model.output;
      const rows = (seen?.predictions ?? []).map(({ index, probability }) => [
        names[index] || common.predictions.unnamed(index),
        isSameOutput ? formatPercent(probability) : '',
      ]);
      says.hidden = rows.length === 0;
      if (list.dataset.rows !== JSON.stringify(rows)) {
        list.dataset.rows = JSON.stringify(rows);
        list.replaceChildren(
          ...rows.map(([name, share]) =>
            h('li', {}, h('span', {}, name), ' ', h('span', { className: 'numbers' }, share)),
          ),
        );
      }
    },
  };
}

/**
 * @param {import('../state.js').Seen | null} seen
 * @param {string | null} key of what is to be seen
 * @param {boolean} hasPhoto
 */
function lineOf(seen, key, hasPhoto) {
  if (!hasPhoto) return text.noPhoto;
  if (key !== null && seen?.key !== key) return text.looking;
  if (seen?.refused) return `${text.seenFailed} ${seen.refused}`;
  if (seen?.silence === 'unclear') return text.unclear;
  return seen && seen.predictions.length === 0 ? text.nothingSaid : '';
}

/**
 * The smallest and the largest number that the network gets.
 * @param {ImageData | ImageBitmap} image
 * @param {import('../../api/types.js').Recipe} recipe
 */
function numbersOf(image, { channels = 'rgb', scale = 1, mean = [0], std = [1] }) {
  if (!(image instanceof ImageData)) return [NaN, NaN];
  const order = channels === 'bgr' ? [2, 1, 0] : channels === 'grey' ? [0] : [0, 1, 2];
  let low = Infinity;
  let high = -Infinity;
  order.forEach((offset, place) => {
    const [off, by] = [mean[place] ?? mean[0], std[place] ?? std[0]];
    for (let at = offset; at < image.data.length; at += 4) {
      const value = (image.data[at] * scale - off) / by;
      low = Math.min(low, value);
      high = Math.max(high, value);
    }
  });
  return [low, high];
}
