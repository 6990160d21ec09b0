import { FeaturescopeError } from '../api/errors.js';
import { text } from '../api/text.js';

/**
 * A GPU that computes wrongly does not say so. Each adapter is therefore checked against known values once, and the
 * outcome is remembered for as long as browser and adapter stay the same.
 */

/** To be raised when the check or the engine's kernels change, so that everybody is checked anew. */
const VERSION = 6;
const DATABASE = 'featurescope';
const STORE = 'self-checks';

/** @typedef {{ ok: boolean, op?: string | null }} Outcome */

/**
 * @param {import('../api/engine-types.js').EngineScope} scope
 * @throws {FeaturescopeError} `wrong-results` with the first operator that is wrong
 */
export async function checkOnce(scope) {
  const key = [VERSION, scope.info().adapter, navigator.userAgent].join(' ');
  const outcome = (await remembered(key)) ?? (await scope.selfCheck());
  await remember(key, outcome);
  if (!outcome.ok) throw new FeaturescopeError('wrong-results', text.engine.wrongResults(outcome.op ?? ''));
}

/** @returns {Promise<IDBDatabase>} */
function openDatabase() {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(DATABASE, 1);
    request.onupgradeneeded = () => request.result.createObjectStore(STORE);
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

/**
 * @template T
 * @param {IDBTransactionMode} mode
 * @param {(store: IDBObjectStore) => IDBRequest<T>} action
 * @returns {Promise<T | undefined>} undefined where the browser keeps nothing (a private window, say)
 */
async function withStore(mode, action) {
  try {
    const database = await openDatabase();
    try {
      return await new Promise((resolve, reject) => {
        const request = action(database.transaction(STORE, mode).objectStore(STORE));
        request.onsuccess = () => resolve(request.result);
        request.onerror = () => reject(request.error);
      });
    } finally {
      database.close();
    }
  } catch {
    return undefined;
  }
}

/**
 * @param {string} key
 * @returns {Promise<Outcome | undefined>}
 */
function remembered(key) {
  return withStore('readonly', (store) => store.get(key));
}

/**
 * @param {string} key
 * @param {Outcome} outcome
 */
function remember(key, outcome) {
  return withStore('readwrite', (store) => store.put(outcome, key));
}
