/** Where a long call waits between two steps while it is held. */
export class Gate {
  /** @type {Promise<void> | null} */
  #closed = null;
  #open = () => {};

  /** @param {boolean} held */
  hold(held) {
    if (held === (this.#closed !== null)) return;
    if (held) {
      this.#closed = new Promise((resolve) => (this.#open = resolve));
    } else {
      this.#closed = null;
      this.#open();
    }
  }

  /** Resolves once nothing holds the call.
   * @param {AbortSignal} signal */
  async passed(signal) {
    signal.addEventListener('abort', () => this.hold(false), { once: true });
    while (this.#closed) await this.#closed;
    signal.throwIfAborted();
  }
}
