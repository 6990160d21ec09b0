import { cancelled } from '../api/errors.js';

/**
 * @typedef {object} Job
 * @property {() => Promise<void>} start
 * @property {AbortSignal} signal
 */

/** Runs one job at a time, in order; background jobs only when no other waits. */
export class Queue {
  /** @type {Job[]} */
  #urgent = [];
  /** @type {Job[]} */
  #background = [];
  #busy = false;
  #channel = new MessageChannel();

  constructor() {
    this.#channel.port1.onmessage = () => this.#next();
  }

  /**
   * @template T
   * @param {() => Promise<T>} work
   * @param {{ signal: AbortSignal, background?: boolean }} options
   * @returns {Promise<T>} rejected as cancelled where the signal comes before the work has started
   */
  run(work, { signal, background = false }) {
    return new Promise((resolve, reject) => {
      const list = background ? this.#background : this.#urgent;
      /** @type {Job} */
      const job = { signal, start: async () => work().then(resolve, reject) };
      list.push(job);
      signal.addEventListener('abort', () => {
        const place = list.indexOf(job);
        if (place >= 0) list.splice(place, 1);
        reject(cancelled());
      });
      if (!this.#busy) this.#next();
    });
  }

  /** Lets go of the channel, which would keep a test's process alive. */
  close() {
    this.#channel.port1.close();
  }

  #next() {
    const job = this.#urgent.shift() ?? this.#background.shift();
    this.#busy = Boolean(job);
    if (!job) return;
    // Through a task and not a microtask, so that a cancel that has arrived is seen between two jobs.
    job.start().finally(() => this.#channel.port2.postMessage(null));
  }
}
