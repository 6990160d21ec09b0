/** Looking at the current photo with the open model, or with the one that is to take its place. */

import { cancelled, part } from '../../api/errors.js';
import { comparedPhoto, currentPhoto, imageOf } from '../state.js';
import { text } from '../text.js';
import { explained, updatePalette } from './beside.js';
import { lookFailed } from './failure.js';
import { begin, callOptions, report } from './request.js';
import { renew } from './scope.js';
import { PHOTO_SIZE, TRAY_SIZE, makeThumbnail } from './tray.js';

/**
 * @typedef {import('../../featurescope.js').Look} Look
 * @typedef {import('../../featurescope.js').Model} Model
 * @typedef {import('../state.js').Photo} Photo
 * @typedef {import('../state.js').State} State
 * @typedef {import('./core.js').Alerts} Alerts
 * @typedef {import('./core.js').Candidate} Candidate
 * @typedef {import('./core.js').Core} Core
 */

/** So long a look that is there waits for scripts that are not, in milliseconds. */
const PATIENCE = 1000;
/** Pixels of a photo that may be what made it so large. */
const LARGE_PHOTO = 12_000_000;

/**
 * Looks anew after something was chosen. An opening goes on and looks with the new choice; without any model, after a start
 * that failed or was cancelled, this is the next start.
 * @param {Core} core
 * @param {Alerts} [standing] alerts that stay after a success
 * @returns {Promise<void>}
 */
export async function lookAgain(core, standing) {
  core.set({ asked: true });
  core.askedMeanwhile = true;
  if (core.opening) return core.opening;
  const { photo, comparison } = core.state;
  // With the same photo the memory would be as large again.
  if (core.swollenBy !== null && core.swollenBy !== photo && comparison === null) renew(core);
  if (!core.model && !core.candidate) return core.start(standing);
  await look(core, begin(core), standing);
}

/**
 * @param {Core} core
 * @param {AbortController} controller
 * @param {Alerts} [standing]
 */
export async function look(core, controller, standing) {
  try {
    await lookOnce(core, controller, standing);
  } catch (error) {
    await goOn(core, lookFailed(core, controller, error, standing));
  }
}

/**
 * What follows a failure.
 * @param {Core} core
 * @param {import('./failure.js').Step} step
 */
export async function goOn(core, step) {
  if (step?.next === 'look') await lookAgain(core, step.standing);
  else if (step) await core.start(step.standing);
}

/**
 * @param {Core} core
 * @param {AbortController} controller
 * @param {Alerts} [standing]
 */
async function lookOnce(core, controller, standing = []) {
  const { state, candidate } = core;
  const { signal } = controller;
  const model = candidate?.model ?? core.model;
  if (signal.aborted || !model) throw cancelled();
  const photo = currentPhoto(state);
  const errors = (/** @type {Alerts} */ kept) => state.errors.filter((error) => kept.includes(error));
  if (!photo) {
    const none = { look: null, secondLook: null, recorded: false, progress: null, errors: errors(standing) };
    return show(core, candidate, none);
  }
  const { layer, article, card } = { ...state, ...candidate?.change };
  const asked = model.layers.find(({ id }) => id === layer && !article);
  const options = {
    ...(layer && !article ? { layer } : {}),
    article,
    patch: (asked?.op === 'Attention' && card.patch) || undefined,
    ...callOptions(core, controller),
  };
  // While the engine is at its first look, so that whoever sees the page ready can go on at once. What does not come is asked for when it is needed.
  const rest = core.loadRest().catch(() => {});
  const first = await model.look(imageOf(photo, model), { ...options, erase: photo.strokes });
  await Promise.race([rest, new Promise((resolve) => setTimeout(resolve, PATIENCE))]);
  const beside = await lookBeside(core, model, options, first);
  const { secondLook, alert } = beside;
  if (signal.aborted) {
    first.close();
    secondLook?.close();
    throw cancelled();
  }
  for (const one of [first, secondLook]) if (one) nameUnnamed(model, one);
  core.losses = 0;
  core.settled = { photo: photo.id, layer, article };
  show(core, candidate, {
    ...changeOf(state, candidate, first, secondLook),
    engine: explained(core, model.engine),
    errors: errors(alert ? [...standing, alert] : standing),
  });
  updatePalette(core);
  if (state.classIndex === null) core.set({ order: 'mean' });
  if (state.classIndex !== null || state.article) askMore(core);
  makeThumbnail(core, photo, PHOTO_SIZE).then(async () => {
    const { width = 0, height = 0 } = core.state.photos.find(({ id }) => id === photo.id) ?? {};
    if (width * height < LARGE_PHOTO) return;
    await (await part(import('./weigh.js'))).weigh(core, photo.id);
    // Another photo may have been chosen before the memory was known: its engine is replaced at once, and not with the photo after it.
    const { photo: current, comparison } = core.state;
    if (core.swollenBy === photo.id && current !== photo.id && comparison === null && renew(core))
      await lookAgain(core);
  });
  if (beside.photo) makeThumbnail(core, beside.photo, TRAY_SIZE);
}

/**
 * The interface's own name for a class without one is the same in every language.
 * @param {Model} model
 * @param {Look} look
 */
function nameUnnamed({ labels, gives }, { predictions, boxes, mask }) {
  const { unnamed } = text.predictions;
  for (const prediction of predictions) {
    if (!labels[prediction.index]) prediction.label = unnamed(prediction.index);
  }
  for (const box of boxes ?? []) if (!gives.names[box.classIndex]) box.label = unnamed(box.classIndex);
  for (const area of mask?.areas ?? []) if (!gives.names[area.index]) area.label = unnamed(area.index);
}

/**
 * The look at the photo beside it, where there is one.
 * @param {Core} core
 * @param {Model} model
 * @param {import('../../api/types.js').LookOptions & { signal: AbortSignal }} options
 * @param {Look} first which is closed where this one fails for a reason that ends both
 * @returns {Promise<import('./look-beside.js').Beside>}
 */
async function lookBeside(core, model, options, first) {
  const photo = comparedPhoto(core.state);
  if (!photo) return { secondLook: null, photo, alert: null };
  try {
    return await (await part(import('./look-beside.js'))).lookBeside(core, model, options, photo);
  } catch (error) {
    first.close();
    throw error;
  }
}

/**
 * What a look changes on the page.
 * @param {State} state
 * @param {Candidate | null} candidate
 * @param {Look} look
 * @param {Look | null} secondLook
 * @returns {Partial<State>}
 */
function changeOf(state, candidate, look, secondLook) {
  const { openMap, setMaxima } = { ...state, ...candidate?.change };
  const sameLayer = state.look?.layer === look.layer;
  const looks = secondLook ? [look, secondLook] : [look];
  const setMaximum = Math.max(setMaxima[look.layer] ?? 0, ...looks.map(({ layerScale }) => layerScale));
  return {
    look,
    secondLook,
    warm: sameLayer && !candidate && !state.recorded,
    recorded: false,
    progress: null,
    setMaxima: { ...setMaxima, [look.layer]: setMaximum },
    openMap: sameLayer && openMap !== null && state.cardAsked ? openMap : (look.top(1)[0]?.map ?? 0),
    contributions: null,
  };
}

/**
 * Shows a look, and with the first look of a model that model: title, layers and tiles change in one step.
 * @param {Core} core
 * @param {Candidate | null} candidate
 * @param {Partial<State>} change
 */
function show(core, candidate, change) {
  const { look: lookBefore, secondLook: secondBefore } = core.state;
  const before = core.model;
  if (candidate) {
    core.model = candidate.model;
    core.opened = candidate.opened;
    core.candidate = null;
    core.wanted = null;
  }
  core.set({ ...candidate?.change, ...change });
  lookBefore?.close();
  secondBefore?.close();
  if (candidate) before?.close();
}

/** What some choices ask about a look. @param {Core} core */
async function askMore(core) {
  try {
    const { updateBesideArticle, updateContributions } = await part(import('./questions.js'));
    updateContributions(core);
    await updateBesideArticle(core);
  } catch (error) {
    report(core, error);
  }
}
