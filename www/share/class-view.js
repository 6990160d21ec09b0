/** The questions about classes as a finding has them: a selection from the state, and back. Nothing here knows the DOM. */

import { choiceKey } from '../classes/choice-key.js';
import { framing, listedResult } from '../classes/framing.js';
import { ALL, everywhereChoices } from '../questions/everywhere/choices.js';
import { choicesOf, shownClasses, shownMaps } from '../questions/everywhere/selection.js';
import { shownSum, summedMaps, thresholdKey, thresholdOf } from '../questions/unique/selection.js';

/**
 * @typedef {import('../page/state.js').State} State
 * @typedef {import('../classes/workbench.js').Workbench} Workbench
 * @typedef {import('../classes/workbench.js').StudyResult} StudyResult
 */

/** A class, and of its maps those chosen; none chosen: all of them. @typedef {{ name: string | null, maps: number[] }} Subject */

/**
 * What is chosen in the questions beside their subject, as far as it is not so by itself.
 * @typedef {object} Arrangement
 * @property {string} [framed] the class whose maps have red frames in the grid
 * @property {number} [model] the place of the one whose maps are listed, among the models side by side and the random one behind them
 * @property {string | null} [images] the class whose images are shown; null: those of all classes
 * @property {'strongest' | 'weakest' | 'name'} [order] of these images
 * @property {number[]} [cell] of the confusion matrix, row and column, whose images are shown
 * @property {boolean} [ownScale] each model's sums have an axis of their own
 * @property {number} [mapsFrom] the place of the model whose maps the further ones are asked with, among the models side by side
 * @property {(number | null)[]} [thresholds] where the visitor put the alarm lines of the further models
 * @property {string} [layer] that the images were looked at in, where the page looks in another one by now
 * @property {boolean} [article] whether they were looked at as the article has it, likewise
 */

/** @typedef {{ question: State['question'], subject: Subject, threshold: number | null, arrangement: Arrangement }} ClassView */

/** Of the page's own model before it has found anything. */
const OWN = /** @type {Pick<StudyResult, 'study' | 'control'>} */ ({ study: { owned: false }, control: null });

/**
 * What the questions about classes show.
 * @param {State} state
 * @param {Workbench} workbench
 * @returns {ClassView}
 */
export function classViewOf(state, workbench) {
  const { question } = state;
  const shown =
    question === 'everywhere'
      ? everywhereOf(state, workbench)
      : question === 'unique'
        ? uniqueOf(state, workbench)
        : null;
  return {
    question,
    subject: shown?.subject ?? { name: null, maps: [] },
    threshold: shown?.threshold ?? null,
    arrangement: { ...studiedOf(state, workbench), ...listedOf(state, workbench), ...shown?.arrangement },
  };
}

/**
 * The change of the state that shows what `classViewOf` gave, with the results that are there by now.
 * @param {Pick<ClassView, 'subject' | 'threshold' | 'arrangement'> & { question: string }} view
 * @param {State} state
 * @param {Workbench} workbench
 * @param {import('../featurescope.js').Model | null} model the page's own
 * @returns {Partial<State>}
 */
export function showClassView({ question, subject, threshold, arrangement }, state, workbench, model) {
  const study = side(workbench)[arrangement.model ?? 0];
  const listed = workbench.results.find((result) => result.study === study) ?? listedResult(workbench.results, null);
  const name = arrangement.framed ?? null;
  const change = {
    question: /** @type {State['question']} */ (
      question === 'everywhere' || question === 'unique' ? question : 'classes'
    ),
    classes: { ...state.classes, listed: listed && choiceKey(listed) },
    framed: listed ? framing(listed, name, model) : { name: name ?? '', label: '', layer: '', maps: [] },
  };
  if (question === 'everywhere') return { ...change, everywhere: toEverywhere({ subject, arrangement }, workbench) };
  if (question === 'unique') return { ...change, unique: toUnique({ subject, threshold, arrangement }, workbench) };
  return change;
}

/** The studies that stand side by side, with the random network's last. @param {Workbench} workbench */
function side({ models, studies }) {
  return [...models, ...studies.filter(({ randomised }) => randomised)];
}

/** @param {Workbench} workbench */
function namesOf({ collection }) {
  const [targets, sources] = [collection.targets(), collection.sources()].map((list) => list.map(({ name }) => name));
  return { targets, sources };
}

/**
 * Where the images were looked at, as far as the page looks elsewhere by now.
 * @param {State} state
 * @param {Workbench} workbench
 * @returns {Arrangement}
 */
function studiedOf({ look, article }, { study }) {
  const asArticle = Boolean(study?.options.article);
  return {
    ...(study && study.layer !== look?.layer ? { layer: study.layer } : {}),
    ...(study && asArticle !== article ? { article: asArticle } : {}),
  };
}

/**
 * Which maps are listed, and which of them are framed.
 * @param {State} state
 * @param {Workbench} workbench
 * @returns {Arrangement}
 */
function listedOf({ framed: { name }, classes }, workbench) {
  const listed = listedResult(workbench.results, classes.listed);
  const place = listed ? side(workbench).indexOf(listed.study) : 0;
  return {
    ...(name && name !== workbench.collection.sources()[0]?.name ? { framed: name } : {}),
    ...(place > 0 ? { model: place } : {}),
  };
}

/**
 * @param {State} state
 * @param {Workbench} workbench
 * @returns {Omit<ClassView, 'question'>}
 */
function everywhereOf({ everywhere }, workbench) {
  const { targets, sources } = namesOf(workbench);
  const { images, mapsOf } = shownClasses(everywhere, { targets, sources });
  const first = workbench.results[0];
  const { maps, cell } = choicesOf(everywhere, choiceKey(first ?? OWN));
  const own = first?.classMaps.find(({ name }) => name === mapsOf)?.maps.map(({ map }) => map) ?? [];
  const row = cell ? targets.indexOf(cell.truth) : -1;
  const column = cell?.said === null ? targets.length : targets.indexOf(cell?.said ?? '');
  return {
    // None are all of them, as every link has it that was ever made.
    subject: { name: mapsOf || null, maps: maps?.length === 0 ? [] : shownMaps(own, maps) },
    threshold: null,
    arrangement: {
      ...(images === (targets[0] ?? ALL) ? {} : { images: images === ALL ? null : images }),
      ...(everywhere.order === 'strongest' ? {} : { order: everywhere.order }),
      ...(row >= 0 && column >= 0 ? { cell: [row, column] } : {}),
    },
  };
}

/**
 * @param {Pick<ClassView, 'subject' | 'arrangement'>} view
 * @param {Workbench} workbench
 * @returns {State['everywhere']}
 */
function toEverywhere({ subject, arrangement: { images, order, cell } }, workbench) {
  const { targets } = namesOf(workbench);
  // The classes may have moved by the time it is drawn, so a cell is kept by their names; the column behind the last is for other outputs.
  const truth = cell && targets[cell[0]];
  // A link's maps and cell are the first model's: another one's maps are others, all of them where it is all of the first's.
  const all = subject.maps.length === 0 ? [] : null;
  const first = choiceKey(workbench.results[0] ?? OWN);
  const others = workbench.results.slice(1).map((result) => [choiceKey(result), { maps: all, cell: null }]);
  return {
    ...everywhereChoices,
    // Links have named the images of the first class by naming none.
    images: images === undefined ? null : (images ?? ALL),
    mapsOf: subject.name,
    order: order ?? 'strongest',
    models: {
      ...Object.fromEntries(others),
      [first]: {
        maps: subject.maps,
        cell: cell && truth !== undefined ? { truth, said: targets[cell[1]] ?? null } : null,
      },
    },
  };
}

/** @param {State} state @param {Workbench} workbench */
function sumOf({ unique }, workbench) {
  return shownSum(unique, { sources: namesOf(workbench).sources, results: workbench.results });
}

/**
 * @param {State} state
 * @param {Workbench} workbench
 * @returns {Omit<ClassView, 'question'>}
 */
function uniqueOf(state, workbench) {
  const { unique } = state;
  const sum = sumOf(state, workbench);
  const by = (/** @type {StudyResult | undefined} */ result) =>
    result ? thresholdOf(unique, result, { name: sum.name, maps: summedMaps(result, sum) }) : null;
  const thresholds = workbench.models
    .slice(1)
    .map((study) => by(workbench.results.find((result) => result.study === study && result.control === null)));
  return {
    subject: { name: sum.name || null, maps: sum.map === null ? [] : [sum.map] },
    threshold: by(workbench.results[0]),
    arrangement: {
      // There is nothing to share an axis with where there is one alone.
      ...(unique.ownScale && workbench.results.length > 1 ? { ownScale: true } : {}),
      ...(sum.from ? { mapsFrom: Math.max(0, workbench.models.indexOf(sum.from.study)) } : {}),
      ...(thresholds.some((threshold) => threshold !== null) ? { thresholds } : {}),
    },
  };
}

/**
 * @param {Pick<ClassView, 'subject' | 'threshold' | 'arrangement'>} view
 * @param {Workbench} workbench
 * @returns {State['unique']}
 */
function toUnique({ subject, threshold, arrangement }, workbench) {
  const source = arrangement.mapsFrom === undefined ? undefined : workbench.models[arrangement.mapsFrom];
  const choices = {
    mapsOf: subject.name,
    map: subject.maps[0] ?? null,
    ownScale: arrangement.ownScale ?? workbench.results.length < 2,
    mapsFrom: source ? choiceKey({ study: source, control: null }) : null,
  };
  const sum = shownSum(choices, { sources: namesOf(workbench).sources, results: workbench.results });
  /** @type {Record<string, number>} */
  const thresholds = {};
  /** @param {StudyResult | undefined} result @param {number | null | undefined} value */
  const put = (result, value) => {
    if (typeof value !== 'number') return;
    const key = result
      ? thresholdKey(result, { name: sum.name, maps: summedMaps(result, sum) })
      : thresholdKey(OWN, null);
    thresholds[key] = value;
  };
  put(workbench.results[0], threshold);
  workbench.models.slice(1).forEach((study, place) => {
    const result = workbench.results.find((other) => other.study === study && other.control === null);
    if (result) put(result, arrangement.thresholds?.[place]);
  });
  return { ...choices, thresholds };
}
