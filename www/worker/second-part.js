import { FeaturescopeError, toError } from '../errors.js';
import { text } from '../text.js';
import { download } from './download.js';

/** Actions that no engine has to be whole for: what the first look of a visit asks for, and what asks an engine for nothing. */
const SMALL = new Set(['create', 'overlay', 'contributions', 'colormap', 'release', 'memory', 'destroyDevice']);

/** Its file, beside the first. */
const FILE = 'featurescope_later.wasm';

/** @typedef {{ module: import('../engine-types.js').EngineModule, folder: string }} Engine */

/**
 * An engine comes in two files: one for the first look of a visit, which is all that a visitor waits for, and the rest. The rest is loaded
 * behind that look, and whatever asks for more waits for it. Should an engine need it before, it loads it by itself, and its
 * worker stands still meanwhile.
 */
export class SecondParts {
  /** @type {Map<string, Promise<void>>} */
  #loading = new Map();
  #hasLooked = false;

  /**
   * Waits for the rest of the engines where the request may need it.
   * @param {string} action
   * @param {{ source?: { name?: string }, picture?: { url?: string } }} content
   * @param {Iterable<Engine>} engines
   * @param {import('./engines.js').Call} call
   */
  async before(action, { source, picture }, engines, call) {
    const isFirst = !this.#hasLooked && ((action === 'open' && source?.name) || (action === 'look' && picture?.url));
    if (!isFirst && !SMALL.has(action)) await this.load(engines, call);
  }

  /**
   * Loads the rest behind a look.
   * @param {Iterable<Engine>} engines
   */
  behindLook(engines) {
    if (this.#hasLooked) return;
    this.#hasLooked = true;
    // Whoever needs it tries again, and is told.
    this.load(engines, { signal: new AbortController().signal, progress: () => {} }).catch(() => {});
  }

  /**
   * @param {Iterable<Engine>} engines
   * @param {import('./engines.js').Call} call
   */
  async load(engines, call) {
    for (const engine of engines) {
      const { folder } = engine;
      if (!this.#loading.has(folder)) this.#loading.set(folder, take(engine, call));
      try {
        await this.#loading.get(folder);
      } catch (error) {
        this.#loading.delete(folder);
        throw error;
      }
    }
  }
}

/**
 * @param {Engine} engine
 * @param {import('./engines.js').Call} call
 */
async function take({ module, folder }, { signal, progress }) {
  const file = await download(new URL(FILE, folder).href, { stage: 'engine', signal, progress }).catch((error) => {
    throw toError(error).code === 'network' ? new FeaturescopeError('network', text.errors.engineMissing) : error;
  });
  try {
    module.takeSecondPart(await WebAssembly.compile(await file.arrayBuffer()));
  } catch {
    // Cut, a page in its place, or of another version than the first part.
    throw new FeaturescopeError('network', text.errors.engineDamaged(FILE));
  }
}
