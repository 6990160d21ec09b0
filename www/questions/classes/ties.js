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

/** Which outputs of a model belong to a class: shown as chips, and changed by taking one away or adding one. */
class Ties {
  #tie;
  #chips = h('ul', { className: 'chips' });
  #input = h('input', {
    type: 'text',
    autocomplete: 'off',
    placeholder: text.ties.add,
    onchange: () => this.#commit(),
  });
  #note = h('p', { className: 'note', 'aria-live': 'polite' });
  #byName = h('button', { type: 'button', className: 'link note', onclick: () => this.#say(null) });
  #similar = h('button', { type: 'button', className: 'small', onclick: () => this.#add(this.#offered) });
  #none = h('button', { type: 'button', className: 'small', onclick: () => this.#say([]) }, text.ties.noSuch);
  #all = h('button', {
    type: 'button',
    className: 'link note',
    'aria-expanded': 'false',
    onclick: () => {
      this.#unfolded = !this.#unfolded;
      this.#drawChips();
    },
  });
  #heading = h('span');
  element = h(
    'div',
    { className: 'ties', role: 'group' },
    this.#heading,
    this.#chips,
    this.#all,
    this.#input,
    this.#note,
    h('div', { className: 'buttons' }, this.#similar, this.#none),
    this.#byName,
  );
  #drawn = '';
  #unfolded = false;
  #name = '';
  /** @type {number[]} */
  #outputs = [];
  /** Outputs that may belong to the class as well. @type {number[]} */
  #offered = [];
  /** @type {string[]} */
  #labels = [];

  /**
   * @param {(outputs: number[] | null) => void} tie
   * @param {string} list of the outputs that can be chosen
   */
  constructor(tie, list) {
    this.#tie = tie;
    this.#input.setAttribute('list', list);
  }

  /** @param {number[] | null} outputs what the visitor says of the class; the button that was pressed may be gone then */
  #say(outputs) {
    this.#tie(outputs);
    this.#input.focus();
  }

  #drawChips() {
    const outputs = this.#outputs;
    const shown = this.#unfolded || outputs.length <= CHIPS + 1 ? outputs : outputs.slice(0, CHIPS);
    this.#chips.replaceChildren(...shown.map((output) => this.#chip(output)));
    this.#all.hidden = outputs.length <= CHIPS + 1;
    this.#all.setAttribute('aria-expanded', String(this.#unfolded));
    setText(this.#all, this.#unfolded ? text.ties.fewer : text.ties.all(outputs.length));
    this.element.dataset.count = String(outputs.length);
  }

  /** @param {number} output */
  #chip(output) {
    const label = this.#labels[output];
    return h(
      'li',
      { className: 'chip', 'data-testid': 'tie', 'data-index': output },
      h('span', {}, text.ties.output(output, label ?? '')),
      h(
        'button',
        {
          type: 'button',
          className: 'remove-chip',
          'aria-label': text.ties.remove(label ?? String(output), this.#name),
          onclick: () => this.#untie(output),
        },
        '×',
      ),
    );
  }

  #commit() {
    const wanted = this.#input.value.trim();
    if (wanted === '') return;
    const found = outputsOf(wanted, this.#labels);
    if (found.length === 0) {
      const similar = outputsWith(wanted, this.#labels).map((output) => this.#labels[output]);
      return setText(this.#note, text.ties.unknown(wanted, similar));
    }
    this.#input.value = '';
    this.#add(found);
  }

  /** @param {number[]} found */
  #add(found) {
    this.#say([...new Set([...this.#outputs, ...found])]);
  }

  /** @param {number} output */
  #untie(output) {
    const place = this.#outputs.indexOf(output);
    this.#tie(this.#outputs.filter((other) => other !== output));
    // The chip is gone; the keyboard goes on with the next one.
    const buttons = this.#chips.querySelectorAll('button');
    (buttons[Math.min(place, buttons.length - 1)] ?? this.#input).focus();
  }

  /** @param {Tied} state */
  update(state) {
    const { tied, followed, title, name, labels, outputs } = state;
    const key = JSON.stringify([name, outputs, tied, followed, title]);
    if (this.#drawn === key && this.#labels === labels) return;
    this.#drawn = key;
    this.#name = name;
    this.#labels = labels;
    this.#outputs = outputs;
    setText(this.#heading, text.ties.title(title));
    this.element.setAttribute('aria-label', text.ties.label(name, title));
    this.#input.setAttribute('aria-label', text.ties.addTo(name, title));
    this.#drawChips();
    this.#byName.hidden = tied === undefined;
    setText(this.#byName, followed ? text.ties.follow : text.ties.byName);
    this.#offered = offeredOutputs(state);
    this.#similar.hidden = this.#offered.length === 0;
    setText(this.#similar, text.ties.similar(this.#offered.map((output) => labels[output])));
    this.#none.hidden = outputs.length > 0 || (tied ?? followed) !== undefined;
    setText(this.#note, noteOf(state));
  }
}

/**
 * @param {(outputs: number[] | null) => void} tie
 * @param {string} list of the outputs that can be chosen
 */
export function createTies(tie, list) {
  return new Ties(tie, list);
}

/**
 * Outputs that may belong to the class as well: of a word that means several things, or of a model that knows kinds of a thing and not
 * the thing.
 * @param {Tied} state
 */
function offeredOutputs({ name, labels, outputs, tied, followed }) {
  if (tied?.length === 0 && outputs.length === 0) return outputsWith(name, labels);
  if (tied ?? followed) return [];
  if (outputs.length === 0) return outputsWith(name, labels);
  return (superclassesOf(labels)?.(name)?.others ?? []).filter((output) => !outputs.includes(output));
}

/** Why these outputs belong to the class, where the visitor has not said so. @param {Tied} state */
function noteOf({ name, labels, outputs, tied, followed }) {
  if (outputs.length === 0) return text.ties.none(name, (tied ?? followed) !== undefined);
  if (tied) return '';
  if (followed) return text.ties.followed;
  const isOfKinds = (superclassesOf(labels)?.(name)?.outputs.length ?? 0) > 1;
  return isOfKinds ? text.ties.kinds(name, outputs.length) : text.ties.automatic;
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
