/**
 * What ImageNet's 1000 outputs are kinds of, by WordNet: of a class “dog” they know 118 kinds and no dog. The table is
 * models/imagenet-tree.json, which models/scripts/imagenet_tree.py writes.
 */

/** @typedef {{ words: string[], above: number[][], senses: Record<string, number[]>, plurals: Record<string, string> }} Tree */

/** ImageNet's outputs; some networks have one more before them, for the background. */
const OUTPUTS = 1000;

/** A list of labels is ImageNet's if at least this part of them are words for their outputs. Lists word a few differently (of the
 * page's own 812 are WordNet's words), and in another order hardly one label would be. */
const KNOWN = 0.75;

/** How a plural ends and its singular: the rules of WordNet's own morphy(7WN). @type {[string, string][]} */
const ENDINGS = [
  ['s', ''],
  ['ses', 's'],
  ['xes', 'x'],
  ['zes', 'z'],
  ['ches', 'ch'],
  ['shes', 'sh'],
  ['men', 'man'],
  ['ies', 'y'],
];

/** Upper and lower case are alike, and so are spaces, underscores and hyphens. @param {string} name */
const plain = (name) =>
  name
    .trim()
    .toLowerCase()
    .replace(/[\s_-]+/g, ' ');

/** Which outputs a word stands for. Outputs are numbered as in ImageNet. */
export class Superclasses {
  /** The synsets of every word, the most used meaning first. @type {Map<string, number[]>} */
  #synsets = new Map();
  /** The synsets right below each. @type {number[][]} */
  #below;
  #plurals;

  /** @param {Tree} tree */
  constructor({ words, above, senses, plurals }) {
    words.forEach((list, place) => {
      for (const word of list.split(','))
        this.#synsets.set(plain(word), [...(this.#synsets.get(plain(word)) ?? []), place]);
    });
    for (const [word, places] of Object.entries(senses)) this.#synsets.set(plain(word), places);
    this.#plurals = new Map(Object.entries(plurals));
    this.#below = words.map(() => []);
    above.forEach((places, place) => places.forEach((other) => this.#below[other].push(place)));
  }

  /**
   * The outputs that are what a name says, in the singular or plural: those under the synset that it means. Of several it is the one
   * that the word is used for most.
   * @param {string} name
   * @returns {{ outputs: number[], others: number[] }} in ascending order; `others`: under the other meanings alone
   */
  find(name) {
    const [first, ...others] =
      this.#singulars(plain(name))
        .map((word) => this.#synsets.get(word))
        .find((found) => found) ?? [];
    if (first === undefined) return { outputs: [], others: [] };
    const outputs = this.#under([first]);
    return { outputs, others: this.#under(others).filter((output) => !outputs.includes(output)) };
  }

  /** Whether labels are ImageNet's, in its order. @param {string[]} labels of all outputs */
  fits(labels) {
    if (labels.length !== OUTPUTS) return false;
    const known = labels.filter((label, output) =>
      label.split(',').some((word) => this.#synsets.get(plain(word))?.includes(output)),
    );
    return known.length >= KNOWN * OUTPUTS;
  }

  /** The word itself first: “glasses” are a thing of their own. @param {string} word */
  #singulars(word) {
    const regular = ENDINGS.flatMap(([plural, singular]) =>
      word.endsWith(plural) ? [word.slice(0, -plural.length) + singular] : [],
    );
    return [word, this.#plurals.get(word) ?? word, ...regular];
  }

  /** The outputs under some synsets, by which these may be outputs themselves. @param {number[]} synsets */
  #under(synsets) {
    const seen = new Set(synsets);
    // A set goes on to what is added meanwhile.
    for (const synset of seen) this.#below[synset].forEach((other) => seen.add(other));
    return [...seen].filter((synset) => synset < OUTPUTS).sort((one, other) => one - other);
  }
}

/** @type {Superclasses | null} */
let loaded = null;
/** @type {Promise<void> | null} */
let loading = null;

/**
 * Loads the table where a model may need it. Without it classes go by the labels alone, and the page says which have no output.
 * @param {string[]} labels of the model's outputs
 */
export async function loadSuperclasses(labels) {
  if (labels.length !== OUTPUTS && labels.length !== OUTPUTS + 1) return;
  loading ??= fetch(new URL('../models/imagenet-tree.json', import.meta.url))
    .then(async (response) => {
      loaded = new Superclasses(await response.json());
    })
    .catch(() => {
      // Another class may have more luck.
      loading = null;
    });
  await loading;
}

/** What was found out of lists of labels. @type {WeakMap<string[], ((name: string) => { outputs: number[], others: number[] }) | null>} */
const known = new WeakMap();

/**
 * Finds the outputs that a name stands for; null where the labels are not ImageNet's, or the table is not loaded.
 * @param {string[]} labels of the model's outputs
 * @param {Superclasses | null} [superclasses]
 */
export function superclassesOf(labels, superclasses = loaded) {
  if (!superclasses) return null;
  let found = known.get(labels);
  if (found === undefined) {
    const before = labels.length - OUTPUTS;
    const moved = (/** @type {number[]} */ outputs) => outputs.map((output) => output + before);
    found = superclasses.fits(labels.slice(Math.max(0, before)))
      ? (name) => {
          const { outputs, others } = superclasses.find(name);
          return { outputs: moved(outputs), others: moved(others) };
        }
      : null;
    known.set(labels, found);
  }
  return found;
}
