import { tiedOutputs } from '../../api/tied-outputs.js';
import { superclassesOf } from '../../api/superclasses.js';
import { h, setText } from '../../ui/dom.js';
import { text } from '../../classes/text.js';

/** The list of the page's own model's outputs, which the fields offer. */
export const OWN_LIST = 'outputs-of-the-model';

/** Of a thing that the model knows a hundred kinds of, so many are shown until all are asked for. */
const CHIPS = 6;

/** What a class may be called is no key of it, whatever the name. @type {Record<string, number[]>} */
const nothingTied = Object.create(null);

/**
 * A model's outputs by name, to choose from.
 * @param {string} id
 */
export function createOutputList(id) {
  const element = h('datalist', { id });
  /** @type {string[]} */
  let drawn = [];
  return {
    element,
    /** @param {string[]} labels */
    update(labels) {
      if (labels === drawn) return;
      drawn = labels;
      element.replaceChildren(...labels.map((label, index) => h('option', { value: text.ties.output(index, label) })));
    },
  };
}

/**
 * What one model says of a class.
 * @typedef {object} Tied
 * @property {string} name of the class
 * @property {number[]} outputs that belong to it
 * @property {number[] | undefined} tied by the visitor in this model
 * @property {number[]} [followed] what follows from the page's own model, where that says something and this is another
 * @property {string[]} labels of all outputs
 * @property {string} [title] of the model, where there are several
 */

/**
 * Which outputs of a model belong to a class: shown as chips, and changed by taking one away or adding one.
 * @param {(outputs: number[] | null) => void} tie
 * @param {string} list of the outputs that can be chosen
 */
export function createTies(tie, list) {
  const chips = h('ul', { className: 'chips' });
  const input = h('input', { type: 'text', autocomplete: 'off', placeholder: text.ties.add, onchange: commit });
  input.setAttribute('list', list);
  const note = h('p', { className: 'note', 'aria-live': 'polite' });
  const byName = h('button', {
    type: 'button',
    className: 'link note',
    onclick: () => {
      tie(null);
      input.focus();
    },
  });
  const similar = h('button', { type: 'button', className: 'small', onclick: () => add(offered) });
  const none = h(
    'button',
    {
      type: 'button',
      className: 'small',
      onclick: () => {
        tie([]);
        input.focus();
      },
    },
    text.ties.noSuch,
  );
  const all = h('button', {
    type: 'button',
    className: 'link note',
    'aria-expanded': 'false',
    onclick: () => {
      unfolded = !unfolded;
      drawChips();
    },
  });
  const heading = h('span');
  const element = h(
    'div',
    { className: 'ties', role: 'group' },
    heading,
    chips,
    all,
    input,
    note,
    h('div', { className: 'buttons' }, similar, none),
    byName,
  );
  let drawn = '';
  let unfolded = false;
  let name = '';
  /** @type {number[]} */
  let outputs = [];
  /** Outputs that may belong to the class as well. @type {number[]} */
  let offered = [];
  /** @type {string[]} */
  let labels = [];

  function drawChips() {
    const shown = unfolded || outputs.length <= CHIPS + 1 ? outputs : outputs.slice(0, CHIPS);
    chips.replaceChildren(
      ...shown.map((output) =>
        h(
          'li',
          { className: 'chip', 'data-testid': 'tie', 'data-index': output },
          h('span', {}, text.ties.output(output, labels[output] ?? '')),
          h(
            'button',
            {
              type: 'button',
              className: 'remove-chip',
              'aria-label': text.ties.remove(labels[output] ?? String(output), name),
              onclick: () => untie(output),
            },
            '×',
          ),
        ),
      ),
    );
    all.hidden = outputs.length <= CHIPS + 1;
    all.setAttribute('aria-expanded', String(unfolded));
    setText(all, unfolded ? text.ties.fewer : text.ties.all(outputs.length));
    element.dataset.count = String(outputs.length);
  }

  function commit() {
    const wanted = input.value.trim();
    if (wanted === '') return;
    const found = outputsOf(wanted, labels);
    if (found.length === 0)
      return setText(
        note,
        text.ties.unknown(
          wanted,
          outputsWith(wanted, labels).map((output) => labels[output]),
        ),
      );
    input.value = '';
    add(found);
  }

  /** @param {number[]} found */
  function add(found) {
    tie([...new Set([...outputs, ...found])]);
    // The button that was pressed may be gone.
    input.focus();
  }

  /** @param {number} output */
  function untie(output) {
    const place = outputs.indexOf(output);
    tie(outputs.filter((other) => other !== output));
    // The chip is gone; the keyboard goes on with the next one.
    const buttons = chips.querySelectorAll('button');
    (buttons[Math.min(place, buttons.length - 1)] ?? input).focus();
  }

  return {
    element,
    /** @param {Tied} state */
    update(state) {
      const { tied, followed, title } = state;
      const key = JSON.stringify([state.name, state.outputs, tied, followed, title]);
      if (drawn === key && labels === state.labels) return;
      drawn = key;
      ({ name, labels, outputs } = state);
      const said = tied ?? followed;
      setText(heading, text.ties.title(title));
      element.setAttribute('aria-label', text.ties.label(name, title));
      input.setAttribute('aria-label', text.ties.addTo(name, title));
      drawChips();
      byName.hidden = tied === undefined;
      setText(byName, followed ? text.ties.follow : text.ties.byName);
      const found = superclassesOf(labels)?.(name);
      // A word that means several things; or a model that knows kinds of a thing and not the thing.
      offered = said
        ? []
        : outputs.length === 0
          ? outputsWith(name, labels)
          : (found?.others ?? []).filter((output) => !outputs.includes(output));
      if (tied?.length === 0 && outputs.length === 0) offered = outputsWith(name, labels);
      similar.hidden = offered.length === 0;
      setText(similar, text.ties.similar(offered.map((output) => labels[output])));
      none.hidden = outputs.length > 0 || said !== undefined;
      const byKind = (found?.outputs.length ?? 0) > 1;
      setText(
        note,
        outputs.length === 0
          ? text.ties.none(name, said !== undefined)
          : tied
            ? ''
            : followed
              ? text.ties.followed
              : byKind
                ? text.ties.kinds(name, outputs.length)
                : text.ties.automatic,
      );
    },
  };
}

/**
 * The outputs that a visitor means: one of the list, its number alone, or those of that name.
 * @param {string} wanted
 * @param {string[]} labels
 */
function outputsOf(wanted, labels) {
  const listed = labels.findIndex(
    (label, index) => text.ties.output(index, label) === wanted || String(index) === wanted,
  );
  if (listed >= 0) return [listed];
  const exact = labels.findIndex((label) => label.toLowerCase() === wanted.toLowerCase());
  return exact >= 0 ? [exact] : tiedOutputs([wanted], nothingTied, labels)[0];
}

/**
 * The outputs with a word in their labels: a model may know kinds of a thing and not the thing.
 * @param {string} word
 * @param {string[]} labels
 */
function outputsWith(word, labels) {
  const wanted = word.toLowerCase();
  return labels.flatMap((label, index) =>
    label
      .toLowerCase()
      .split(/[^\p{L}\p{N}]+/u)
      .includes(wanted)
      ? [index]
      : [],
  );
}
