import { tiedOutputs } from '../image-set.js';
import { h, setText } from '../ui/dom.js';
import { text } from './text.js';

/** The list of the model's outputs that every field offers. */
const LIST = 'outputs-of-the-model';

/** The model's outputs by name, to choose from. */
export function createOutputList() {
  const element = h('datalist', { id: LIST });
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
 * Which outputs of the model belong to a class: shown as chips, and changed by taking one away or adding one.
 * @param {(outputs: number[] | null) => void} tie
 */
export function createTies(tie) {
  const chips = h('ul', { className: 'chips' });
  const input = h('input', { type: 'text', autocomplete: 'off', placeholder: text.ties.add, onchange: commit });
  input.setAttribute('list', LIST);
  const note = h('p', { className: 'note', 'aria-live': 'polite' });
  const byName = h('button', { type: 'button', className: 'link note', onclick: () => tie(null) }, text.ties.byName);
  const similar = h('button', { type: 'button', className: 'small', onclick: () => add(outputsWith(drawn.name, labels)) });
  const title = h('span', {}, text.ties.title);
  const element = h('div', { className: 'ties', role: 'group' }, title, chips, input, note, similar, byName);
  /** @type {{ name: string, tied: number[] | undefined }} */
  let drawn = { name: '', tied: undefined };
  /** @type {number[]} */
  let outputs = [];
  /** @type {string[]} */
  let labels = [];

  function commit() {
    const wanted = input.value.trim();
    if (wanted === '') return;
    const found = outputsOf(wanted, labels);
    if (found.length === 0) return setText(note, text.ties.unknown(wanted, outputsWith(wanted, labels).map((output) => labels[output])));
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
    /**
     * @param {string} name of the class
     * @param {number[] | undefined} tied by the visitor
     * @param {string[]} all the model's labels
     */
    update(name, tied, all) {
      if (drawn.name === name && drawn.tied === tied && labels === all) return;
      drawn = { name, tied };
      labels = all;
      outputs = tiedOutputs([name], tied ? { [name]: tied } : {}, labels)[0];
      element.setAttribute('aria-label', text.ties.label(name));
      input.setAttribute('aria-label', text.ties.addTo(name));
      chips.replaceChildren(...outputs.map((output) => h('li', { className: 'chip', 'data-testid': 'tie', 'data-index': output },
        h('span', {}, text.ties.output(output, labels[output] ?? '')),
        h('button', { type: 'button', className: 'remove-chip', 'aria-label': text.ties.remove(labels[output] ?? String(output), name), onclick: () => untie(output) }, '×'))));
      byName.hidden = tied === undefined;
      const others = outputs.length === 0 ? outputsWith(name, labels).map((output) => labels[output]) : [];
      similar.hidden = others.length === 0;
      setText(similar, text.ties.similar(others));
      setText(note, outputs.length === 0 ? text.ties.none(name, tied !== undefined) : tied ? '' : text.ties.automatic);
    },
  };
}

/**
 * The outputs that a visitor means: one of the list, its number alone, or those of that name.
 * @param {string} wanted
 * @param {string[]} labels
 */
function outputsOf(wanted, labels) {
  const listed = labels.findIndex((label, index) => text.ties.output(index, label) === wanted || String(index) === wanted);
  if (listed >= 0) return [listed];
  const exact = labels.findIndex((label) => label.toLowerCase() === wanted.toLowerCase());
  return exact >= 0 ? [exact] : tiedOutputs([wanted], {}, labels)[0];
}

/**
 * The outputs with a word in their labels: a model may know kinds of a thing and not the thing.
 * @param {string} word
 * @param {string[]} labels
 */
function outputsWith(word, labels) {
  const wanted = word.toLowerCase();
  return labels.flatMap((label, index) => (label.toLowerCase().split(/[^\p{L}\p{N}]+/u).includes(wanted) ? [index] : []));
}
