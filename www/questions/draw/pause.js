/**
 * Holds drawings between two steps, and lets them go on: the option `pause` of `model.draw`. While they are held the engine is
 * free for other things.
 */
export class Pause extends EventTarget {
  #held = false;

  /** Whether drawings are held. */
  get held() {
    return this.#held;
  }

  set held(held) {
    if (held === this.#held) return;
    this.#held = held;
    this.dispatchEvent(new Event('change'));
  }
}
