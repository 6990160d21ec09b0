import { Featurescope } from '../../api/scope.js';
import * as changes from '../changes.js';
import { part } from '../../api/errors.js';
import { setOverlay, showEngine } from './beside.js';
import { createCore } from './core.js';
import { start } from './model.js';
import { abandon, report } from './request.js';
import { dropScope } from './scope.js';
import { addSamples, addToTray, endFrames, setThumbnail } from './tray.js';

/** @typedef {import('./core.js').Core} Core */

/** What can be done with the core of a session. `any`: each function has arguments of its own.
 * @typedef {Record<string, (core: Core, ...rest: any[]) => unknown>} Functions */

/**
 * The same as methods.
 * @template {Functions} F
 * @typedef {{ [N in keyof F]: F[N] extends (core: Core, ...rest: infer A) => infer R ? (...rest: A) => R : never }} Methods
 */

/** What a first look has no use for: what the visitor chooses to look at, other models, and what is said about the open one. */
const rest = onDemand(
  async () => (await import('./rest.js')).functions,
  [
    'addPhotos',
    'chooseClass',
    'chooseLayer',
    'chooseOutput',
    'choosePatch',
    'choosePhoto',
    'chooseRecipe',
    'clearErase',
    'compareWith',
    'endWhereLate',
    'erase',
    'goToLinearHead',
    'lookAt',
    'lookAtFrame',
    'openModel',
    'removePhoto',
    'replace',
    'restore',
    'sayOfModel',
    'setArticle',
    'switchEngine',
    'takeFiles',
    'undoErase',
  ],
);

/** Stops what is running, and what has been asked for and only begins once it is loaded. @param {Core} core */
async function cancel(core) {
  core.running.abort();
  if (!rest.isLoaded()) {
    await rest.load();
    core.running.abort();
  }
  await rest.functions.endWhereLate(core, core.running);
}

/**
 * What the visitor does with the engine, and what is open in it.
 * @typedef {ReturnType<typeof createSession>} Session
 */

/**
 * @param {import('../state.js').Store} store
 * @param {typeof Featurescope.create} [createScope] starts an engine
 */
export function createSession(store, createScope = Featurescope.create) {
  const core = createCore(store, createScope);
  core.recover = (error) => {
    // At once, so that nothing else is asked of what is lost, and nobody takes its end for a failure of the model or the photo.
    dropScope(core);
    abandon(core);
    const recovery = rest.functions.replace(core, error);
    core.recovery = core.opening = recovery;
    recovery.catch((failure) => {
      core.opening = null;
      report(core, failure);
    });
    return recovery;
  };
  core.start = (standing) => start(core, standing);
  core.loadRest = rest.load;
  return Object.assign(
    core,
    methods(core, { ...changes, ...rest.functions }),
    methods(core, {
      addSamples,
      addToTray,
      cancel,
      endFrames,
      report,
      setOverlay,
      setThumbnail,
      showEngine,
      start,
    }),
  );
}

/**
 * @template {Functions} F
 * @param {Core} core
 * @param {F} functions
 * @returns {Methods<F>}
 */
function methods(core, functions) {
  const bound = Object.entries(functions).map(([name, run]) => [
    name,
    (/** @type {unknown[]} */ ...rest) => run(core, ...rest),
  ]);
  return Object.fromEntries(bound);
}

/**
 * Functions of a module that loads with the first call of one of them, if it has not been loaded before. Then they begin at once, as others do.
 * @template {{ [N in K]: (core: Core, ...rest: any[]) => Promise<any> }} M
 * @template {string & keyof M} K
 * @param {() => Promise<M>} load
 * @param {K[]} names
 * @returns {{ functions: { [N in K]: M[N] }, load: () => Promise<M>, isLoaded: () => boolean }}
 */
function onDemand(load, names) {
  /** @type {M | null} */
  let module = null;
  /** @type {Promise<M> | null} */
  let loading = null;
  // One promise for all, so that what was called first begins first.
  const loadOnce = () => {
    loading ??= part(load()).then(
      (loaded) => (module = loaded),
      (error) => {
        loading = null;
        throw error;
      },
    );
    return loading;
  };
  const functions = names.map((name) => [
    name,
    async (/** @type {Core} */ core, /** @type {unknown[]} */ ...rest) =>
      (module ?? (await loadOnce()))[name](core, ...rest),
  ]);
  return { functions: Object.fromEntries(functions), load: loadOnce, isLoaded: () => module !== null };
}
