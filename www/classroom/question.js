import { h, setText } from '../ui/dom.js';
import { mapFacts } from '../page/state.js';
import { text as page } from '../page/text.js';
import { paint } from '../ui/overlay-canvas.js';
import { strongestOf } from './rounds.js';
import { text } from './text.js';

/** @typedef {import('./tiles.js').Looked} Looked */

/**
 * A map to choose, and where it shows itself on the photo in question afterwards.
 * @typedef {{ map: number, seen: HTMLElement, choice: HTMLInputElement, element: HTMLElement }} Row
 */

/**
 * What is asked in a round: which of some maps fires most on the first photo, by what they do on the others.
 * @param {Looked[]} looked the photo in question first
 * @param {number[]} maps to choose from
 * @param {{ tile: (map: number, on: Looked) => HTMLElement, onAnswer: (answer: { chosen: number, strongest: number, why: string }) => void,
 *   onNext: () => void }} options
 */
export function createQuestion(looked, maps, { tile, onAnswer, onNext }) {
  const [asked, ...references] = looked;
  const why = h('input', { id: 'predict-why', autocomplete: 'off' });
  const line = h('p', { className: 'lead', role: 'status' });
  const show = h('button', { type: 'submit', className: 'primary' }, text.predict.show);
  const next = h('button', { type: 'button', className: 'primary', hidden: true, onclick: onNext }, text.predict.next);
  const rows = maps.map((map) => createRow(map, references, tile));
  const form = h(
    'form',
    {
      className: 'predict-form',
      onsubmit: (/** @type {SubmitEvent} */ event) => {
        event.preventDefault();
        answer(rows.find(({ choice }) => choice.checked)?.map);
      },
    },
    h('fieldset', {}, h('legend', {}, text.predict.maps), ...rows.map((row) => row.element)),
    h('p', { className: 'field' }, h('label', { for: why.id }, text.predict.why), why),
    line,
    h('p', { className: 'buttons' }, show, next),
  );

  /** @param {number | undefined} chosen */
  function answer(chosen) {
    if (chosen === undefined) return setText(line, text.predict.choose);
    const { means } = asked.look;
    const strongest = strongestOf(asked.look, maps);
    for (const row of rows) reveal(row, tile(row.map, asked), means[row.map], row.map === strongest);
    onAnswer({ chosen, strongest, why: why.value.trim() });
    const isRight = chosen === strongest;
    form.classList.add(isRight ? 'is-right' : 'is-wrong');
    setText(line, text.predict.result(foundBy(asked.look, strongest), isRight ? null : foundBy(asked.look, chosen)));
    why.disabled = true;
    show.hidden = true;
    next.hidden = false;
    next.focus();
  }

  return [askedPhoto(asked, references.length), form];
}

/** What a map does on the photo. @param {import('../featurescope.js').Look} look @param {number} map @returns {import('./text.js').Fires} */
function foundBy(look, map) {
  const { mean, dead, share, x, y } = mapFacts(look, map);
  return { map, mean, share: dead ? 0 : share, where: page.place(y, x) };
}

/** The photo that is asked about. @param {Looked} asked @param {number} references beside it */
function askedPhoto({ photo, look }, references) {
  const picture = h('canvas', { className: 'photo', role: 'img', 'aria-label': text.predict.asked(photo.name) });
  paint(picture, photo.thumbnail ?? look.seen());
  return h(
    'div',
    { className: 'predict-asked' },
    h('h3', {}, text.predict.question),
    picture,
    h('p', {}, photo.name),
    h('p', { className: 'note' }, text.predict.hint(references)),
  );
}

/**
 * @param {number} map
 * @param {Looked[]} references
 * @param {(map: number, on: Looked) => HTMLElement} tile
 * @returns {Row}
 */
function createRow(map, references, tile) {
  const choice = h('input', { type: 'radio', name: 'map', value: String(map), required: true });
  const seen = h('span', { className: 'predict-here', hidden: true });
  const tiles = references.map((reference) => tile(map, reference));
  const element = h(
    'label',
    { className: 'predict-map', 'data-map': map },
    h('span', { className: 'predict-name' }, choice, ' ', text.predict.map(map)),
    h('span', { className: 'predict-tiles' }, ...tiles),
    seen,
  );
  return { map, seen, choice, element };
}

/** Shows what a map does on the photo in question. @param {Row} row @param {HTMLElement} tile @param {number} mean @param {boolean} isStrongest */
function reveal({ choice, seen, element }, tile, mean, isStrongest) {
  choice.disabled = true;
  seen.hidden = false;
  seen.append(tile, h('span', { className: 'numbers' }, text.predict.mean(mean)));
  element.classList.toggle('strongest', isStrongest);
}
