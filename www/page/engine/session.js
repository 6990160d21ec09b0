import { Featurescope } from '../../featurescope.js';
import { Photos } from './photos.js';
import { text } from '../text.js';

/**
 * @typedef {import('../../api/errors.js').FeaturescopeError} FeaturescopeError
 */

/** How long a cancelled request may keep the worker busy before the worker is ended, in milliseconds. */
const GRACE = 3000;
/** After so many losses of the worker without a success between them the page stops trying. */
const MOST_LOSSES = 4;

/** What the visitor does that needs the engine, and the engine's start, loss and end. */
export class Session extends Photos {
  /** Takes what something else on the page waits for, such as a link whose files are missing, and gives back the rest.
   * @type {((files: File[]) => Promise<File[]>) | null} */
  receive = null;
  /** Whether the page shows the state as it is by now. */
  isDrawn = false;
  /** Settles when the first start has ended, well or not. @type {Promise<void>} */
  started = Promise.resolve();
  /** The images in classes, where there are any: what else is asked about them is asked there.
   * @type {import('../../classes/workbench.js').Workbench | null} */
  workbench = null;

  /** @param {AbortController} controller */
  async startScope(controller) {
    this.set({ progress: { stage: 'setup', done: 0 } });
    const scope = await Featurescope.create({ engine: this.state.engineRequest, ...this.callOptions(controller) });
    this.scope = scope;
    scope.lost.then((error) => {
      if (this.scope === scope && error.code !== 'closed') this.recover(error);
    });
    this.set({ engine: this.explained(scope.engine) });
    this.updatePalette();
  }

  /**
   * Starts anew after the worker or the graphics device was lost. The photos are all here still.
   * @param {FeaturescopeError} error
   */
  recover(error) {
    this.recovery = this.#recover(error);
    return this.recovery;
  }

  /** @param {FeaturescopeError} error */
  async #recover(error) {
    this.losses += 1;
    this.#dropScope();
    if (this.losses > MOST_LOSSES) {
      this.abandon();
      this.set({ progress: null, errors: [this.error(text.errors.gaveUp)] });
      return;
    }
    // The first time the same again; then without the model, photo or layer that may be to blame.
    if (this.losses > 1) {
      this.wanted = null;
      this.set({
        ...this.settledChoices(),
        ...(this.settled.photo === null ? { photo: this.state.photos[0]?.id ?? null } : {}),
      });
    }
    if (error.code === 'device-lost' && this.losses > 1) {
      this.reason = text.engine.deviceLost;
      this.set({ engineRequest: 'cpu' });
    }
    this.set({ errors: [this.error(text.errors.restarting(error.message))] });
    await this.start();
    // The sentence above went with the success; that it happened stays to be read.
    if (this.losses === 0) this.set({ notice: text.errors.restarted });
  }

  renew() {
    // What the classes' studies know lies in the engine's memory, and would have to be looked at again.
    if (!this.workbench?.studies.length && !this.scope?.isDrawing) this.#dropScope();
  }

  #dropScope() {
    const { scope } = this;
    this.swollenBy = null;
    this.scope = null;
    this.model = null;
    this.candidate = null;
    scope?.close();
  }

  /**
   * Goes on with another engine, or with the one before where that one does not start.
   * @param {import('../../api/types.js').EngineRequest} engineRequest
   */
  async switchEngine(engineRequest) {
    const { engineRequest: before } = this.state;
    this.#dropScope();
    this.reason = undefined;
    this.set({ engineRequest, engine: null, errors: [] });
    await this.start();
    const { engineRequest: now, errors } = this.state;
    if (this.scope || now !== engineRequest || before === engineRequest) return;
    this.set({ engineRequest: before });
    await this.start(errors);
  }

  /** Stops what is running; a worker that does not stop is ended and started again. */
  async cancel() {
    const { running, scope } = this;
    running.abort();
    if (!scope) return;
    const late = new Promise((resolve) => setTimeout(() => resolve('late'), GRACE));
    const outcome = await Promise.race([scope.settled(), late]);
    if (outcome === 'late' && this.scope === scope && this.running === running) {
      this.set(this.settledChoices());
      this.#dropScope();
      await this.start();
    }
  }

  /**
   * @param {unknown} error of whatever else asks the engine: a lost device is replaced there as in a look
   */
  report(error) {
    const lost = /** @type {FeaturescopeError} */ (error)?.code === 'device-lost';
    if (!lost) return super.report(error);
    // Without a scope a new one is on its way already.
    if (this.scope) this.recover(/** @type {FeaturescopeError} */ (error));
  }
}
