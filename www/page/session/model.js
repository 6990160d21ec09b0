/** Which model looks, and with which recipe. */

import { FeaturescopeError, cancelled, toError } from '../../api/errors.js';
import { text as apiText } from '../../api/text.js';
import { text } from '../text.js';
import { openingFailed } from './failure.js';
import { goOn, look } from './look.js';
import { begin, callOptions, dropCandidate } from './request.js';
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
export const NOTHING_CHOSEN = { chosen: [], classIndex: null, order: 'mean', setMaxima: {} };

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
  // What was guessed when the same file was opened before, which takes many runs of the network.
  const known =
    offered || card?.beside || !isSame(source, core.opened.source) ? null : (core.state.model?.guess ?? null);
  // What is known of the file, or was found beside it, is found there again, and said to be from there.
  const isGuess = known && !known.recipeIsKnown;
  const usual = (choices && known?.recipes[0]?.recipe) ?? known?.recipe;
  const model = await core.scope.open(
    source,
    {
      ...callOptions(core, controller),
      ...(labels || card || known ? { card: { ...card, ...(labels ? { labels } : labelsOf(known)) } } : {}),
      ...(isGuess ? { recipe: wanted.recipe ?? usual } : {}),
    },
    typeof source === 'string' && !offered ? () => mayFollow(source) : undefined,
  );
  try {
    if (labels) checkNames(model);
    const guess = known ?? (labels || card ? null : guessOf(model));
    if (isGuess) Object.assign(model, { recipes: known.recipes, recipeIsKnown: false });
    const recipe = wanted.recipe ?? (choices ? (usual ?? model.recipes[0]?.recipe ?? model.recipe) : null);
    if (recipe && !isGuess) await model.setRecipe(recipe);
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
 * Asks whether the host of a typed address may pass the request on.
 * @param {string} address
 */
async function mayFollow(address) {
  return (await import('../../share/remote.js')).askToFollow(address);
}

/**
 * Whether these are the same files or the same address.
 * @param {ModelSource} one
 * @param {ModelSource} other
 */
export function isSame(one, other) {
  const files = Array.isArray(one) ? one : [one];
  const others = Array.isArray(other) ? other : [other];
  return files.length === others.length && files.every((file) => others.includes(file));
}
