import { Featurescope } from '../../featurescope.js';
import * as changes from '../changes.js';
import { showEngine } from './beside.js';
import { createCore } from './core.js';
import * as model from './model.js';
import * as photos from './photos.js';
import { cancel, recover, switchEngine } from './recover.js';
import { report } from './request.js';
import { addSamples, addToTray, setThumbnail } from './tray.js';

/** @typedef {import('./core.js').Core} Core */

/** What can be done with the core of a session. `any`: each function has arguments of its own.
 * @typedef {Record<string, (core: Core, ...rest: any[]) => unknown>} Functions */

/**
 * The same as methods.
 * @template {Functions} F
 * @typedef {{ [N in keyof F]: F[N] extends (core: Core, ...rest: infer A) => infer R ? (...rest: A) => R : never }} Methods
 */

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
  core.recover = (error) => recover(core, error);
  core.start = (standing) => model.start(core, standing);
  return Object.assign(
    core,
    methods(core, { ...changes, ...model, ...photos }),
    methods(core, { addSamples, addToTray, cancel, report, setThumbnail, showEngine, switchEngine }),
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
