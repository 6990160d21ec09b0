/** Which model looks, and with which recipe. */

import { FeaturescopeError, cancelled, toError } from '../../api/errors.js';
import { text as apiText } from '../../api/text.js';
import { alertOf } from '../changes.js';
import { text } from '../text.js';
import { lookFailed, openingFailed } from './failure.js';
import { goOn, look, lookAgain } from './look.js';
import { begin, callOptions, dropCandidate, recovered, report } from './request.js';
import { startScope } from './scope.js';

/**
 * @typedef {import('../../api/types.js').Recipe} Recipe
 * @typedef {import('../state.js').Guess} Guess
 * @typedef {import('../state.js').State} State
 * @typedef {import('./core.js').Alerts} Alerts
 * @typedef {import('./core.js').Candidate} Candidate
 * @typedef {import('./core.js').Core} Core
 * @typedef {import('./core.js').ModelSource} ModelSource
 * @typedef {import('./core.js').Opened} Opened
 */

/** What was chosen in a model says nothing in another one.
 * @type {Partial<State>} */
const NOTHING_CHOSEN = { chosen: [], classIndex: null, order: 'mean', setMaxima: {} };

/**
 * Opens the model that is wanted, or the one before it, and looks with it; the engine is started where there is none.
 * @param {Core} core
 * @param {Alerts} [standing] alerts that stay after a success
 */
export function start(core, standing) {
  dropCandidate(core);
  core.askedMeanwhile = false;
  core.opening = open(core, begin(core, core.scope ? 'download' : 'setup'), standing);
  return core.opening;
}

/**
 * @param {Core} core
 * @param {AbortController} controller
 * @param {Alerts} [standing]
 */
async function open(core, controller, standing) {
  try {
    if (!core.scope) await startScope(core, controller);
    const candidate = await openCandidate(core, core.wanted ?? core.opened, controller);
    if (controller.signal.aborted) {
      candidate.model.close();
      throw cancelled();
    }
    core.candidate = candidate;
  } catch (error) {
    if (core.running !== controller) return;
    core.opening = null;
    return goOn(core, openingFailed(core, toError(error), standing));
  }
  core.opening = null;
  await look(core, controller, standing);
}

/**
 * @param {Core} core
 * @param {import('./core.js').Wanted} wanted
 * @param {AbortController} controller
 * @returns {Promise<Candidate>}
 */
async function openCandidate(core, { choices, ...wanted }, controller) {
  if (!core.scope) throw new FeaturescopeError('closed', apiText.errors.closed);
  const { source, offered, output, labels, card } = wanted;
  const known = guessBefore(core, wanted);
  const usual = known ? (choices ? (known.recipes[0]?.recipe ?? known.recipe) : known.recipe) : null;
  const model = await core.scope.open(
    source,
    {
      ...callOptions(core, controller),
      ...(labels || card || known ? { card: { ...card, ...(labels ? { labels } : labelsOf(known)) } } : {}),
      ...(known ? { recipe: wanted.recipe ?? usual ?? known.recipe } : {}),
    },
    typeof source === 'string' && !offered ? () => mayFollow(source) : undefined,
  );
  try {
    if (labels) checkNames(model);
    const guess = known ?? (labels || card ? null : guessOf(model));
    if (known) Object.assign(model, { recipes: known.recipes, recipeIsKnown: known.recipeIsKnown });
    const recipe = wanted.recipe ?? (choices ? (usual ?? model.recipes[0]?.recipe ?? model.recipe) : null);
    if (recipe && !known) await model.setRecipe(recipe);
    if (output) await model.setOutput(output);
    const chosen = choices ? { ...NOTHING_CHOSEN, ...choices } : {};
    return {
      model,
      opened: { ...wanted, ...(recipe ? { recipe } : {}), ...(labels ? { labels: model.labels } : {}) },
      change: {
        ...unchosen(core, model, offered),
        ...chosen,
        model: { ...model, offered, guess, isSaid: Boolean(recipe) },
      },
    };
  } catch (error) {
    model.close();
    throw error;
  }
}

/** What of the choices goes with another model. @param {Core} core @param {Candidate['model']} model @param {string | null} offered */
function unchosen({ state: { model: shown } }, model, offered) {
  const isSameModel = shown && shown.offered === offered && shown.title === model.title;
  return isSameModel ? {} : { ...NOTHING_CHOSEN, layer: null, openMap: null };
}

/**
 * What was guessed when the same file was opened before, which takes many runs of the network.
 * @param {Core} core
 * @param {import('./core.js').Wanted} wanted
 * @returns {Guess | null}
 */
function guessBefore({ state, opened }, { source, offered }) {
  return offered === null && isSame(source, opened.source) ? (state.model?.guess ?? null) : null;
}

/** @param {Candidate['model']} model @returns {Guess} */
function guessOf({ recipe, recipes, recipeIsKnown, labels, labelsAreGuessed }) {
  return { recipe, recipes, recipeIsKnown, labels, labelsAreGuessed };
}

/** @param {Guess | null} guess @returns {{ labels?: string[] }} */
const labelsOf = (guess) => (guess?.labelsAreGuessed ? { labels: guess.labels } : {});

/** @param {Candidate['model']} model */
function checkNames({ labels, classes }) {
  if (labels.length > 0 && labels.length !== classes)
    throw new FeaturescopeError('bad-card', text.errors.namesDiffer(labels.length, classes));
}

/**
 * @param {Core} core
 * @param {ModelSource} source
 * @param {string | null} offered its name in the list of offered models
 */
export async function openModel(core, source, offered) {
  if (typeof source === 'string' && !offered && !URL.canParse(source)) {
    return core.set({ errors: [alertOf(core, apiText.errors.noAddress)] });
  }
  core.wanted = { source, offered };
  core.set({ asked: true });
  // A start of the engine that is under way will take it.
  await (!core.scope && core.opening ? core.opening : start(core));
  const { model } = core;
  // Who it was that the host passed the request on to.
  if (model?.cameFrom && core.opened.source === source)
    core.set({ notice: text.errors.cameFrom(new URL(String(source)).host, model.cameFrom) });
}

/**
 * Goes to what was found before: the model is opened unless it is open, and looks once, with all choices in place.
 * @param {Core} core
 * @param {{ source: ModelSource, offered: string | null, recipe: Recipe | null, output?: Opened['output'], labels?: string[] }} model
 *   `recipe`: null for the model's own; `output`: what a visitor said that the scores are, if anybody did; `labels`: likewise the classes' names
 * @param {Partial<State>} choices
 */
export async function restore(core, { source, offered, recipe, output, labels }, { photo, comparison, ...choices }) {
  core.set({
    asked: true,
    ...(photo === undefined ? {} : { photo }),
    ...(comparison === undefined ? {} : { comparison }),
  });
  // A model that was told what its scores are forgets it by being opened anew.
  const isOpen =
    core.model !== null &&
    output === core.opened.output &&
    JSON.stringify(labels) === JSON.stringify(core.opened.labels) &&
    (offered ? offered === core.opened.offered : isSame(source, core.opened.source));
  if (isOpen) await restoreOpen(core, recipe, choices);
  else {
    core.wanted = { source, offered, recipe, ...(output ? { output } : {}), ...(labels ? { labels } : {}), choices };
    await start(core);
  }
  // What comes next reads the look, which an engine that was lost meanwhile has still to make.
  await recovered(core);
}

/**
 * @param {Core} core
 * @param {Recipe | null} recipe
 * @param {Partial<State>} choices
 */
async function restoreOpen(core, recipe, choices) {
  const {
    state: { model: shown },
    model,
  } = core;
  if (!shown || !model) return;
  dropCandidate(core);
  core.wanted = core.opening = null;
  const controller = begin(core);
  const chosen = recipe ?? shown.recipes[0]?.recipe ?? shown.recipe;
  try {
    await model.setRecipe(chosen);
  } catch (error) {
    return goOn(core, lookFailed(core, controller, error));
  }
  if (controller.signal.aborted) return;
  core.opened = { ...core.opened, recipe: chosen };
  core.set({ ...NOTHING_CHOSEN, ...choices, model: { ...shown, recipe: chosen, isSaid: true } });
  await look(core, controller);
}

/** @param {Core} core @param {number} place in the model's list */
export async function chooseRecipe(core, place) {
  const { model } = core.state;
  const named = model?.recipes[place];
  if (!model || !named || !core.model) return;
  try {
    await core.model.setRecipe(named.recipe);
  } catch (error) {
    return report(core, error);
  }
  core.opened = { ...core.opened, recipe: named.recipe };
  core.set({ model: { ...model, recipe: named.recipe, isSaid: true }, setMaxima: {} });
  await lookAgain(core);
}

/**
 * Takes what a visitor says about the open model, which is opened again where its layers or names change with that.
 * @param {Core} core
 * @param {import('./core.js').Said} said what is not named is as the model's files and the page's guess have it
 */
export async function sayOfModel(core, said) {
  const { source, offered } = core.opened;
  const { model: shown } = core.state;
  if (!core.model || !shown || core.opening || !said.recipe || isMore(core.opened, said, shown.recipe)) {
    core.wanted = { source, offered, ...said };
    core.set({ asked: true, setMaxima: {} });
    return start(core);
  }
  const { recipe, output } = said;
  const isOther = JSON.stringify(recipe) !== JSON.stringify(shown.recipe) || output !== core.opened.output;
  try {
    if (isOther) await core.model.setRecipe(recipe);
    if (isOther && output) await core.model.setOutput(output);
  } catch (error) {
    return report(core, error);
  }
  core.opened = { source, offered, ...said };
  const scores = output ? { output, statedOutput: output } : {};
  core.set({ model: { ...shown, recipe, ...scores, isSaid: true }, ...(isOther ? { setMaxima: {} } : {}) });
  if (isOther) await lookAgain(core);
}

/**
 * Whether more than the numbers that the network gets, and what its scores mean, is said otherwise than before.
 * @param {Opened} opened
 * @param {import('./core.js').Said} said
 * @param {Recipe} shown the recipe in use
 */
function isMore(opened, { recipe, output, labels, card }, shown) {
  const isForgotten = opened.output !== undefined && output === undefined;
  const rest = (/** @type {unknown[]} */ ...all) => JSON.stringify(all);
  return isForgotten || rest(labels, card, recipe?.size) !== rest(opened.labels, opened.card, shown.size);
}

/** @param {Core} core @param {'logits' | 'softmax' | 'sigmoid'} output what the scores of the model are, as the visitor says */
export async function chooseOutput(core, output) {
  const { model } = core.state;
  if (!model || !core.model) return;
  try {
    await core.model.setOutput(output);
  } catch (error) {
    return report(core, error);
  }
  core.opened = { ...core.opened, output };
  core.set({ model: { ...model, output, statedOutput: output } });
  await lookAgain(core);
}

/**
 * Asks whether the host of a typed address may pass the request on.
 * @param {string} address
 */
async function mayFollow(address) {
  return (await import('../../share/remote.js')).askToFollow(address);
}

/**
 * @param {ModelSource} one
 * @param {ModelSource} other
 */
function isSame(one, other) {
  const files = Array.isArray(one) ? one : [one];
  const others = Array.isArray(other) ? other : [other];
  return files.length === others.length && files.every((file) => others.includes(file));
}
