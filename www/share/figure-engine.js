/**
 * One engine for all figures of an article. Each figure is a frame of this origin, and frames of one origin in one page can reach each
 * other; so the first that runs starts the worker, and the others ask it through a port. A worker that belongs to no frame
 * (`SharedWorker`) would be simpler, but is missing in Chrome on Android and has no WebGPU in several browsers; and letting each figure
 * wait until the one before has ended would take away what the reader was just trying.
 */

import { toErrorData } from '../api/errors.js';
import { Featurescope } from '../featurescope.js';

/**
 * @typedef {import('../api/types.js').EngineRequest} EngineRequest
 * @typedef {import('../api/types.js').CallOptions} CallOptions
 * @typedef {(engine: EngineRequest, port: MessagePort, options?: CallOptions) => boolean} Host whether the port leads to an engine now
 */

/** Under this name a frame's window holds its `Host`. */
const HOST = Symbol.for('featurescope.host');

/** @type {{ engine: EngineRequest, scope: Promise<Featurescope>, figures: number } | null} */
let started = null;

/** @type {Host} */
function host(engine, port) {
  if (started?.engine !== engine) return false;
  const mine = started;
  mine.figures += 1;
  const end = () => {
    mine.figures -= 1;
    if (mine.figures > 0) return;
    if (started === mine) started = null;
    mine.scope.then((scope) => scope.close()).catch(() => {});
  };
  mine.scope.then(
    (scope) => scope.serve(port, end),
    (error) => port.postMessage({ lost: toErrorData(error) }),
  );
  return true;
}

/**
 * An object for one figure, on the engine that runs in its article, or else on one that is started for it.
 * @param {CallOptions & { engine?: EngineRequest }} options
 * @returns {Promise<Featurescope>} whose `close` frees what it has opened, and ends the engine with its last figure
 * @throws {import('../api/errors.js').FeaturescopeError} as `Featurescope.create`
 */
export function figureEngine({ engine = 'auto', signal, onProgress }) {
  const { port1, port2 } = new MessageChannel();
  if (!hostsAround().some((other) => other(engine, port1))) {
    // Whoever stops this figure does not stop those that wait for the same engine.
    const scope = Featurescope.create({ engine, onProgress });
    const mine = { engine, scope, figures: 0 };
    started = mine;
    const forget = () => {
      if (started === mine) started = null;
    };
    scope.then(({ lost }) => lost.then(forget), forget);
    host(engine, port1);
  }
  return Featurescope.create({ engine, signal }, port2);
}

/** The hosts in the frames of this page, this one's first. @returns {Host[]} */
function hostsAround() {
  /** @type {Host[]} */
  const found = [host];
  for (let place = 0; parent !== window && place < parent.frames.length; place++) {
    try {
      const other = /** @type {{ [HOST]?: Host }} */ (/** @type {unknown} */ (parent.frames[place]))[HOST];
      if (other && other !== host) found.push(other);
    } catch {
      // A frame of another origin, which tells nothing.
    }
  }
  return found;
}

Object.assign(window, { [HOST]: host });
// Figures of other frames are told, and can start one of their own.
addEventListener('pagehide', () => void started?.scope.then((scope) => scope.close()).catch(() => {}));
