/** Which model is wanted, and what a visitor says about the open one. */

import { text as apiText } from '../../api/text.js';
import { alertOf } from '../changes.js';
import { lookFailed } from './failure.js';
import { goOn, look, lookAgain } from './look.js';
import { NOTHING_CHOSEN, isSame, start } from './model.js';
import { text } from './text.js';
import { begin, dropCandidate, recovered, report } from './request.js';

/**
 * @typedef {import('../../api/types.js').Recipe} Recipe
 * @typedef {import('../state.js').State} State
 * @typedef {import('./core.js').Core} Core
 * @typedef {import('./core.js').ModelSource} ModelSource
 * @typedef {import('./core.js').Opened} Opened
 */

/**
 * Opens another model.
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
  if (!model || core.opened.source !== source) return;
  // Who it was that the host passed the request on to.
  const sentences = model.cameFrom ? [text.cameFrom(new URL(String(source)).host, model.cameFrom)] : [];
  const { beside, bands, slices } = model.takes;
  if (beside.length + bands.length + slices > 1)
    sentences.push(...(await import('../model-sheet/takes.js')).takesOf(model.takes));
  if (sentences.length > 0 && core.model === model) core.set({ notice: sentences.join(' ') });
}

/**
 * Goes to what was found before: the model is opened unless it is open, and looks once, with all choices in place.
 * @param {Core} core
 * @param {{ source: ModelSource, offered: string | null, recipe: Recipe | null, output?: Opened['output'], labels?: string[], card?: Opened['card'] }} model
 *   `recipe`: null for the model's own; `output`: what a visitor said that the scores are, if anybody did; `labels`: likewise the classes' names; `card`: likewise the rest
 * @param {Partial<State>} choices
 */
export async function restore(
  core,
  { source, offered, recipe, output, labels, card },
  { photo, comparison, ...choices },
) {
  core.set({
    asked: true,
    ...(photo === undefined ? {} : { photo }),
    ...(comparison === undefined ? {} : { comparison }),
  });
  // A model that was told what its scores are forgets it by being opened anew.
  const isOpen =
    core.model !== null &&
    output === core.opened.output &&
    JSON.stringify([labels, card?.bands]) === JSON.stringify([core.opened.labels, core.opened.card?.bands]) &&
    (offered ? offered === core.opened.offered : isSame(source, core.opened.source));
  if (isOpen) await restoreOpen(core, recipe, choices);
  else {
    core.wanted = {
      source,
      offered,
      recipe,
      ...(output ? { output } : {}),
      ...(labels ? { labels } : {}),
      ...(card ? { card } : {}),
      choices,
    };
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
