/** Files by themselves that tell about the open model: its card, or the names of its classes. */

import { toError } from '../../api/errors.js';
import { parseTold } from '../../files/card-file.js';
import { alertOf, openSheet } from '../changes.js';
import { problemText, text } from '../model-sheet/text.js';
import { sayOfModel } from './said.js';

/**
 * @typedef {import('../../api/types.js').Card} Card
 * @typedef {import('../../api/types.js').Recipe} Recipe
 * @typedef {import('./core.js').Core} Core
 * @typedef {import('./core.js').Said} Said
 */

/** What lists of class names are called. */
const LIST = /label|class|name|synset|categor|类|标签/i;

/**
 * Applies them to the open model, one after the other; what cannot be used is told and changes nothing.
 * @param {Core} core
 * @param {File[]} files
 * @returns {Promise<File[]>} those that are about no model
 */
export async function takeTold(core, files) {
  await core.opening;
  /** @type {File[]} */
  const others = [];
  for (const file of files) if (await isOther(core, file)) others.push(file);
  for (const file of files) if (!others.includes(file)) await takeOne(core, file);
  return others;
}

/** Whether a text is just any text. @param {Core} core @param {File} file */
async function isOther({ state: { model } }, file) {
  if (!/\.txt$/i.test(file.name) || LIST.test(file.name)) return false;
  const told = await file.text().then(parseTold, () => null);
  return !told || 'problem' in told || ('names' in told && told.names.length !== model?.classes);
}

/** @param {Core} core @param {File} file */
async function takeOne(core, file) {
  const refuse = (/** @type {string} */ sentence) =>
    core.set({ errors: [...core.state.errors, alertOf(core, `${file.name}: ${sentence}`, file.name)] });
  const { model } = core.state;
  if (!model || core.state.recorded) return refuse(text.told.noModel);
  /** @type {string} */
  let content;
  try {
    content = await file.text();
  } catch (error) {
    return refuse(toError(error).message);
  }
  const told = ofHub(core, file.name, content) ?? parseTold(content);
  if ('problem' in told) return refuse(problemText(told.problem));
  const card = 'card' in told ? told.card : { labels: told.names };
  const { labels } = card;
  if (Array.isArray(labels) && labels.length !== model.classes) {
    refuse(text.names.differ(labels.length, model.classes));
    // What is wrong can be put right there; the rest of a card is not applied by halves.
    return openSheet(core, { names: labels.join('\n') });
  }
  const { source: _source, offered: _offered, ...before } = core.opened;
  await sayOfModel(core, saidBy(core, card));
  // What was refused stands in an alert, and the model is as it was.
  if (core.state.errors.length > 0 || core.wanted) return;
  const things = thingsIn(card, core.state.model);
  if (core.state.model?.told.unread.includes(file.name) || things.length === 0) {
    // A file that says nothing takes nothing away.
    await sayOfModel(core, before);
    return refuse(problemText(['neither']));
  }
  core.set({ notice: text.told.applied(file.name, core.state.model?.title ?? '', things) });
}

/**
 * What Hugging Face's and timm's files say of pixels is read by the core when it opens the model.
 * @param {Core} core
 * @param {string} name
 * @param {string} text
 * @returns {{ card: Card } | null} null for any other file
 */
function ofHub({ opened }, name, text) {
  if (!/\.json$/i.test(name) || !/"(image_mean|do_rescale|do_normalize|pretrained_cfg)"\s*:/.test(text)) return null;
  const others = (opened.card?.beside ?? []).filter((one) => one.name !== name);
  return { card: { beside: [...others, { name, text }] } };
}

/**
 * What has been said by now, with what the card says instead.
 * @param {Core} core
 * @param {Card} card
 * @returns {Said}
 */
function saidBy({ opened, state: { model } }, { recipe, labels, output, title, scores, defaultLayer, bands, beside }) {
  const { source, offered, ...said } = opened;
  const more = Object.fromEntries(
    Object.entries({ title, scores, defaultLayer, bands, beside }).filter(([, value]) => value !== undefined),
  );
  return {
    ...said,
    ...(recipe && model ? { recipe: completed(recipe, model.recipe) } : {}),
    // What was said before would count before the file.
    ...(beside ? { recipe: undefined } : {}),
    ...(labels?.length ? { labels } : {}),
    ...(output ? { output } : {}),
    ...(Object.keys(more).length > 0 ? { card: { ...said.card, ...more } } : {}),
  };
}

/**
 * What a card leaves out has the value that the core gives it; size and layout are the network's.
 * @param {Recipe} recipe
 * @param {Recipe} own
 * @returns {Recipe}
 */
function completed(recipe, { size, layout }) {
  return {
    resize: 'squash',
    channels: 'rgb',
    scale: 1,
    mean: [0],
    std: [1],
    ...recipe,
    size: recipe.size ?? size,
    layout: recipe.layout ?? layout,
  };
}

/**
 * What the card told, by keys of the catalogue.
 * @param {Card} card
 * @param {import('../state.js').OpenModel | null} model
 * @returns {string[]}
 */
function thingsIn({ recipe, labels, output, title, scores, defaultLayer, bands, beside }, model) {
  const { things } = text.told;
  return [
    ...(labels?.length || (beside && model?.told.labelsFrom) ? [things.names(model?.labels.length ?? 0)] : []),
    ...(recipe || (beside && model?.told.recipeFrom) ? [things.recipe] : []),
    ...(output ? [things.output] : []),
    ...(title ? [things.title] : []),
    ...(scores ? [things.scores] : []),
    ...(defaultLayer ? [things.layer] : []),
    ...(bands ? [things.bands] : []),
  ];
}
