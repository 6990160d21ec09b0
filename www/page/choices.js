import { FeaturescopeError } from '../api/errors.js';
import { pageState } from './state.js';
import { text } from '../api/text.js';

/**
 * @typedef {import('./state.js').State} State
 */

/** What the visitor does that changes the state alone and asks nothing of the engine. */
export class Choices {
  #store;
  #nextId = 1;

  /** @param {import('./state.js').Store} store */
  constructor(store) {
    this.#store = store;
    this.state = store.state;
  }

  /** @param {Partial<State>} change */
  set(change) {
    Object.assign(this.state, change);
    this.#store.set({ status: pageState(this.state) });
  }

  newId() {
    return this.#nextId++;
  }

  // Maps

  /** @param {number} map */
  openMap(map) {
    const { look, recorded } = this.state;
    if (!look || !Number.isInteger(map)) return;
    if (recorded && !look.top(look.channels).some((entry) => entry.map === map)) return;
    this.set({ openMap: Math.max(0, Math.min(look.channels - 1, map)), cardAsked: true });
  }

  /** @param {-1 | 1} step in rank */
  stepMap(step) {
    const { look, openMap } = this.state;
    const ranking = look?.top(look.channels) ?? [];
    const place = ranking.findIndex(({ map }) => map === openMap);
    const next = ranking[place + step] ?? ranking[place] ?? ranking[0];
    if (next) this.openMap(next.map);
  }

  closeCard() {
    this.set({ cardAsked: false });
  }

  /** @param {number} map */
  toggleChosen(map) {
    const { chosen } = this.state;
    this.set({ chosen: chosen.includes(map) ? chosen.filter((other) => other !== map) : [...chosen, map] });
  }

  clearChosen() {
    this.set({ chosen: [] });
  }

  /** @param {'mean' | 'contribution'} order */
  chooseOrder(order) {
    this.set({ order });
  }

  toggleAllPredictions() {
    this.set({ allPredictions: !this.state.allPredictions });
  }

  toggleErasing() {
    this.set({ erasing: !this.state.erasing });
  }

  stopErasing() {
    this.set({ erasing: false });
  }

  /** @param {number} eraserRadius */
  setEraserRadius(eraserRadius) {
    this.set({ eraserRadius });
  }

  // Errors

  /** @param {unknown} error */
  report(error) {
    const { code, message } =
      error instanceof FeaturescopeError
        ? error
        : new FeaturescopeError('internal', text.errors.internal(String(error)));
    if (code === 'closed' || code === 'cancelled' || code === 'worker-lost') return;
    this.set({ errors: [...this.state.errors, this.error(message)] });
  }

  /** @param {number[]} ids */
  dismiss(ids) {
    this.set({ errors: this.state.errors.filter((error) => !ids.includes(error.id)) });
  }

  /**
   * @param {string} message
   * @param {string} [name] of the file that the message begins with
   */
  error(message, name) {
    return { id: this.newId(), message, ...(name ? { name } : {}) };
  }
}
