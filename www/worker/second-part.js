import { cancelled, part } from '../api/errors.js';

/** What a visit begins with; whoever begins with something else waits. The first part was made for these (xtask/src/build/later.rs). */
const FIRST_MODEL = 'squeezenet1.1';
const FIRST_PHOTO = '/chelsea.webp';

/** Actions that no engine has to be whole for: what the first look of a visit asks for, and what asks an engine for nothing. */
const SMALL = new Set([
  'create',
  'setRecipe',
  'setOutput',
  'overlay',
  'contributions',
  'colormap',
  'loaded',
  'memory',
  'destroyDevice',
]);

/**
 * @typedef {{ module: import('../api/engine-types.js').EngineModule, folder: string }} Engine
 * @typedef {import('./engines.js').Call} Call
 * @typedef {{ done: Promise<void>, watching: Set<Call['progress']> }} Loading `watching`: who is told how far it is
 */

/**
 * An engine comes in two files: one for the first look of a visit, which is all that a visitor waits for, and the rest. The rest is loaded
 * behind that look, and whatever asks for more waits for it. Should an engine need it before, it loads it by itself, and its
 * worker stands still meanwhile.
 */
export class SecondParts {
  /** @type {Map<string, Loading>} */
  #loading = new Map();
  #hasLooked = false;

  /**
   * Waits for the rest of the engine where the request may need it.
   * @param {string} action
   * @param {{ source?: { name?: string }, picture?: { url?: string } }} content
   * @param {Engine | null} engine
   * @param {Call} call
   */
  async before(action, { source, picture }, engine, call) {
    const isFirst =
      !this.#hasLooked &&
      ((action === 'open' && source?.name === FIRST_MODEL) ||
        (action === 'look' && picture?.url?.endsWith(FIRST_PHOTO)));
    if (engine && !isFirst && !SMALL.has(action)) await this.whole(engine, call);
  }

  /**
   * Loads the rest behind a look.
   * @param {Engine} engine
   */
  behindLook(engine) {
    this.#hasLooked = true;
    // Whoever needs it tries again, and is told.
    this.#begin(engine).done.catch(() => {});
  }

  /**
   * Waits until there is all of an engine. It is loaded once for all who wait, and none of them ends it for the others.
   * @param {Engine} engine
   * @param {Call} call
   */
  async whole(engine, { signal, progress }) {
    signal.throwIfAborted();
    const { done, watching } = this.#begin(engine);
    let end = () => {};
    watching.add(progress);
    try {
      await new Promise((resolve, reject) => {
        end = () => reject(cancelled());
        signal.addEventListener('abort', end);
        done.then(resolve, reject);
      });
    } finally {
      watching.delete(progress);
      signal.removeEventListener('abort', end);
    }
  }

  /** @param {Engine} engine @returns {Loading} */
  #begin(engine) {
    const begun = this.#loading.get(engine.folder);
    if (begun) return begun;
    /** @type {Loading['watching']} */
    const watching = new Set();
    const done = part(import('./take-second.js')).then(({ take }) =>
      take(engine, (progress) => watching.forEach((tell) => tell(progress))),
    );
    const loading = { done, watching };
    this.#loading.set(engine.folder, loading);
    // What failed is tried anew by the next who asks.
    done.catch(() => this.#loading.delete(engine.folder));
    return loading;
  }
}
