import { FeaturescopeError, cancelled, toError } from '../../api/errors.js';
import { atLinearHead, comparedPhoto, currentPhoto } from '../state.js';
import { text as apiText } from '../../api/text.js';
import { text } from '../text.js';
import { Tray } from './tray.js';

/**
 * @typedef {import('../../featurescope.js').Look} Look
 * @typedef {import('../../featurescope.js').Model} Model
 * @typedef {import('../../featurescope.js').ModelSource} ModelSource
 * @typedef {import('../state.js').State} State
 * @typedef {State['errors']} Alerts
 */

/**
 * Where a model comes from, to open it again in a new worker.
 * @typedef {{ source: ModelSource, offered: string | null, recipe?: import('../../api/types.js').Recipe | null,
 *   output?: 'logits' | 'softmax' | 'sigmoid' }} Opened `offered`: its name in the list of offered models; `recipe`: another one than its
 *   own; `output`: what the visitor says that its scores are
 */

/**
 * What is to be opened. `choices`: with all choices in place, as somebody left them; a new worker takes them as well.
 * @typedef {Opened & { choices?: Partial<State> }} Wanted
 */

/**
 * An opened model that has not looked yet.
 * @typedef {{ model: Model, opened: Opened, change: Partial<State> }} Candidate `change`: of the page, once it has looked
 */

/** The model that the page opens with. */
const FIRST_MODEL = 'squeezenet1.1';
/** Memory of the engine that is no reason to replace it, in bytes, and for each byte of the model's file so many more. A photo of 50 megapixels
 * takes 150 MB and more, and WebAssembly gives nothing back. */
const ROOM = 96 * 2 ** 20;
const ROOM_OF_MODEL = 4;
/** Pixels of a photo that may be what made it so large. */
const LARGE_PHOTO = 12_000_000;
/** Longer sides of a photo's copy on the page, in pixels: the one looked at, and those in the tray, which may be a thousand. */
export const PHOTO_SIZE = 640;
export const TRAY_SIZE = 160;

/** Looking at the current photo with the open model, or with the one that is to take its place. */
export class Looks extends Tray {
  /** The open model, which has looked at a photo.
   * @type {Model | null} */
  model = null;
  /** What the open model was opened from; before there is one, what the page begins with.
   * @type {Opened} */
  opened = { source: FIRST_MODEL, offered: FIRST_MODEL };
  /** The model that the visitor wants next and that has not looked yet.
   * @type {Wanted | null} */
  wanted = null;
  /** That model once it is open. The model before it stays open, and on the page, until this one has looked.
   * @type {Candidate | null} */
  candidate = null;
  /** The opening under way, which ends with a look: what is chosen meanwhile is looked at then.
   * @type {Promise<void> | null} */
  opening = null;
  /** Something was chosen during the opening, so that the open model has to look again where the opening fails. */
  askedMeanwhile = false;
  /** The newest request. */
  running = new AbortController();
  /** Losses of the engine since the last look that worked. */
  losses = 0;
  /** The start after a loss of the engine, from when it is known that it is lost.
   * @type {Promise<void> | null} */
  recovery = null;
  /** The photo after which the engine's memory was too large.
   * @type {number | null} */
  swollenBy = null;
  /** Why the engine is not the one that was asked for, where that is the page's decision.
   * @type {string | undefined} */
  reason;
  /** The choices of the last look that worked, to go back to when the next one fails.
   * @type {Pick<State, 'photo' | 'layer' | 'article'>} */
  settled = { photo: null, layer: null, article: false };

  /** Opens the model that is wanted, or the one before it, and starts the engine where there is none.
   * @param {Alerts} [_standing] alerts that stay after a success
   * @returns {Promise<void>} */
  async start(_standing) {}

  /** Starts anew after the engine was lost.
   * @param {FeaturescopeError} _error
   * @returns {Promise<void>} */
  async recover(_error) {}

  /** Waits until an engine that was lost is replaced, and what it was asked last is done or has failed. */
  async recovered() {
    for (let recovery = this.recovery; recovery; recovery = this.recovery) {
      await recovery;
      // Where this one was lost as well, there is another.
      if (this.recovery === recovery) this.recovery = null;
    }
  }

  /** Ends an engine whose memory is too large, so that the next one begins with none; where something would be lost with it, it stays. */
  renew() {}

  // Requests

  /**
   * The newest request wins: whatever ran before is cancelled.
   * @param {import('../../api/types.js').Progress['stage']} [stage] what comes first
   */
  begin(stage = 'run') {
    this.running.abort();
    this.running = new AbortController();
    this.set({ notice: null, progress: { stage, done: 0 } });
    return this.running;
  }

  /** Lets go of what is running, without a word. */
  abandon() {
    this.running.abort();
    this.running = new AbortController();
    this.opening = null;
  }

  /** @param {AbortController} controller */
  callOptions(controller) {
    return {
      signal: controller.signal,
      /** @param {import('../../api/types.js').Progress} progress */
      onProgress: (progress) => {
        if (!controller.signal.aborted) this.set({ progress });
      },
    };
  }

  /**
   * Opens a model and looks with it.
   * @param {import('../../api/types.js').Progress['stage']} stage what comes first
   * @param {(controller: AbortController) => Promise<Candidate>} open
   * @param {Alerts} [standing]
   */
  bringIn(stage, open, standing) {
    this.dropCandidate();
    this.askedMeanwhile = false;
    this.opening = this.#bringIn(this.begin(stage), open, standing);
    return this.opening;
  }

  /**
   * @param {AbortController} controller
   * @param {(controller: AbortController) => Promise<Candidate>} open
   * @param {Alerts} [standing]
   */
  async #bringIn(controller, open, standing) {
    try {
      const candidate = await open(controller);
      if (controller.signal.aborted) {
        candidate.model.close();
        throw cancelled();
      }
      this.candidate = candidate;
    } catch (error) {
      if (this.running !== controller) return;
      this.opening = null;
      return this.#openingFailed(toError(error), standing);
    }
    this.opening = null;
    await this.look(controller, standing);
  }

  /** Closes a model that was opened and has not looked. */
  dropCandidate() {
    this.candidate?.model.close();
    this.candidate = null;
  }

  // The look

  /**
   * Looks anew after something was chosen. An opening goes on and looks with the new choice; without any model, after a start
   * that failed or was cancelled, this is the next start.
   * @param {Alerts} [standing] alerts that stay after a success
   */
  async lookAgain(standing) {
    this.set({ asked: true });
    this.askedMeanwhile = true;
    if (this.opening) return this.opening;
    const { photo, comparison } = this.state;
    // With the same photo the memory would be as large again.
    if (this.swollenBy !== null && this.swollenBy !== photo && comparison === null) this.renew();
    if (!this.model && !this.candidate) return this.start(standing);
    await this.look(this.begin(), standing);
  }

  /**
   * @param {AbortController} controller
   * @param {Alerts} [standing]
   */
  async look(controller, standing) {
    try {
      await this.#look(controller, standing);
    } catch (error) {
      await this.end(controller, error, standing);
    }
  }

  /**
   * @param {AbortController} controller
   * @param {Alerts} [standing]
   */
  async #look(controller, standing = []) {
    const { state, candidate } = this;
    const { signal } = controller;
    const model = candidate?.model ?? this.model;
    if (signal.aborted || !model) throw cancelled();
    const photo = currentPhoto(state);
    const errors = () => state.errors.filter((error) => standing.includes(error));
    if (!photo)
      return this.#show(candidate, { look: null, secondLook: null, recorded: false, progress: null, errors: errors() });
    let other = comparedPhoto(state);
    const { layer, article } = { ...state, ...candidate?.change };
    const options = { ...(layer && !article ? { layer } : {}), article, ...this.callOptions(controller) };
    const look = await model.look(photo.source, { ...options, erase: photo.strokes });
    let secondLook = null;
    try {
      if (other) secondLook = await model.look(other.source, { ...options, erase: other.strokes });
    } catch (error) {
      const { code, message } = toError(error);
      if (signal.aborted || !(code === 'bad-image' || code === 'too-large' || code === 'network')) {
        look.close();
        throw error;
      }
      // The photo itself has been looked at, and the one beside it must not keep it from being shown.
      const { id, name } = /** @type {import('../state.js').Photo} */ (other);
      const alert = this.error(text.errors.about(name, message, code), name);
      standing = [...standing, alert];
      this.set({ photos: withoutUnseen(state.photos, id), comparison: null, errors: [...state.errors, alert] });
      other = null;
    }
    // The photo beside may have been taken away meanwhile.
    if (secondLook && state.comparison !== other?.id) {
      secondLook.close();
      secondLook = null;
    }
    if (signal.aborted) {
      look.close();
      secondLook?.close();
      throw cancelled();
    }
    for (const prediction of [look, secondLook].flatMap((one) => one?.predictions ?? [])) {
      // The interface's own name for a class without one is the same in every language.
      if (!model.labels[prediction.index]) prediction.label = text.predictions.unnamed(prediction.index);
    }
    const { openMap, setMaxima } = { ...state, ...candidate?.change };
    const sameLayer = state.look?.layer === look.layer;
    const looks = secondLook ? [look, secondLook] : [look];
    const setMaximum = Math.max(setMaxima[look.layer] ?? 0, ...looks.map(({ layerScale }) => layerScale));
    this.losses = 0;
    this.settled = { photo: photo.id, layer, article };
    this.#show(candidate, {
      look,
      secondLook,
      engine: this.explained(model.engine),
      warm: sameLayer && !candidate && !state.recorded,
      recorded: false,
      progress: null,
      errors: errors(),
      setMaxima: { ...setMaxima, [look.layer]: setMaximum },
      openMap: sameLayer && openMap !== null && state.cardAsked ? openMap : (look.top(1)[0]?.map ?? 0),
      contributions: null,
    });
    this.updatePalette();
    this.updateContributions();
    this.makeThumbnail(photo, PHOTO_SIZE).then(() => this.#weigh(photo.id));
    if (other) this.makeThumbnail(other, TRAY_SIZE);
  }

  /** Finds out whether the engine's memory is larger than it has to be. @param {number} photo */
  async #weigh(photo) {
    const { scope, model } = this;
    const { width = 0, height = 0 } = this.state.photos.find(({ id }) => id === photo) ?? {};
    if (width * height < LARGE_PHOTO) return;
    const memory = await scope?.memory().catch(() => null);
    if (memory && model && this.scope === scope && this.model === model) {
      if (memory.wasmBytes > ROOM + ROOM_OF_MODEL * model.bytes) this.swollenBy = photo;
    }
  }

  /**
   * Shows a look, and with the first look of a model that model: title, layers and tiles change in one step.
   * @param {Candidate | null} candidate
   * @param {Partial<State>} change
   */
  #show(candidate, change) {
    const { look, secondLook } = this.state;
    const before = this.model;
    if (candidate) {
      this.model = candidate.model;
      this.opened = candidate.opened;
      this.candidate = null;
      this.wanted = null;
    }
    this.set({ ...candidate?.change, ...change });
    look?.close();
    secondLook?.close();
    if (candidate) before?.close();
  }

  /** Says where the model is now, after a question that may have moved it. */
  showEngine() {
    const { model, state } = this;
    if (model && !state.recorded && state.engine?.device !== model.engine.device)
      this.set({ engine: this.explained(model.engine) });
  }

  /** @param {import('../../api/types.js').EngineInfo} engine */
  explained(engine) {
    return this.reason ? { ...engine, reason: this.reason } : engine;
  }

  async updatePalette() {
    const { look, overlay } = this.state;
    const glows = overlay.style === 'glow';
    const name = look?.signed ? (glows ? 'glow-signed' : 'diverging') : glows ? 'glow' : overlay.colormap;
    try {
      const palette = await this.scope?.colormap(name);
      if (palette) this.set({ palette });
    } catch {
      // Without it the legend shows its numbers only.
    }
  }

  async updateContributions() {
    const { classIndex, look } = this.state;
    if (classIndex === null || !look || !atLinearHead(this.state)) return this.set({ order: 'mean' });
    try {
      const contributions = (await /** @type {Look} */ (look).contributions(classIndex))?.contributions ?? null;
      if (this.state.look === look && this.state.classIndex === classIndex) this.set({ contributions });
    } catch (error) {
      this.report(error);
    }
  }

  // What fails

  /**
   * Ends a look that failed or was cancelled.
   * @param {AbortController} controller
   * @param {unknown} thrown
   * @param {Alerts} [standing]
   */
  async end(controller, thrown, standing = []) {
    // A newer request has taken over, and shows its own result.
    if (this.running !== controller) return;
    const error = toError(thrown);
    if (this.#isNoFailure(error)) return;
    const { code } = error;
    const { candidate, settled } = this;
    const photo = currentPhoto(this.state);
    // A photo that was seen before is not to blame for its size.
    const unusable = code === 'bad-image' || code === 'too-large' ? photo?.id !== settled.photo : false;
    const ofPhoto =
      photo && (unusable || code === 'bad-image' || (code === 'network' && typeof photo.source === 'string'));
    const name = ofPhoto || !candidate ? photo?.name : nameOf(candidate.opened.source);
    const errors = [...standing, this.error(name ? this.#about(name, error) : error.message, name)];
    if (candidate && !ofPhoto) return this.#modelFailed(errors);
    if (unusable && photo) this.set({ photos: withoutUnseen(this.state.photos, photo.id) });
    this.set({ ...this.settledChoices(), progress: null, errors });
    const next = this.state.photo;
    const isShown = !candidate && next === settled.photo;
    if (ofPhoto && next !== null && next !== photo.id && !isShown) await this.lookAgain(errors);
  }

  /**
   * @param {FeaturescopeError} error
   * @param {Alerts} [standing]
   */
  async #openingFailed(error, standing = []) {
    if (this.#isNoFailure(error)) return;
    // Without an engine it is not the model that failed.
    const name = this.scope && this.wanted ? nameOf(this.wanted.source) : undefined;
    await this.#modelFailed([...standing, this.error(name ? this.#about(name, error) : error.message, name)]);
  }

  /**
   * The model before goes on; where none has been open yet, what the page begins with is opened instead.
   * @param {Alerts} errors
   */
  async #modelFailed(errors) {
    const { wanted, model, scope, askedMeanwhile } = this;
    this.dropCandidate();
    if (scope) this.wanted = null;
    this.set({ ...(askedMeanwhile ? {} : this.settledChoices()), progress: null, errors });
    if (model && askedMeanwhile) await this.lookAgain(errors);
    else if (!model && scope && wanted) await this.start(errors);
  }

  /**
   * Deals with what ends a request and is neither the model's nor the photo's fault.
   * @param {FeaturescopeError} error
   */
  #isNoFailure(error) {
    // The worker tells of its end by itself.
    if (error.code === 'worker-lost' && this.scope) {
      this.recovery ??= this.scope.lost.then(() => {});
      return true;
    }
    if (error.code === 'device-lost') {
      this.recover(error);
      return true;
    }
    if (error.code !== 'cancelled') return false;
    this.dropCandidate();
    this.wanted = null;
    this.set({ ...this.settledChoices(), progress: null, notice: apiText.errors.cancelled });
    return true;
  }

  /**
   * @param {string} name
   * @param {FeaturescopeError} error
   */
  #about(name, { code, message }) {
    // The CPU engine is a cure only where it was not the one that refused.
    const isLastWord = code === 'unsupported-op' && this.state.engineRequest !== 'webgpu';
    return text.errors.about(name, message, isLastWord ? 'unsupported-on-cpu' : code);
  }

  /** The choices of what is shown, or the first photo where that one is gone.
   * @returns {Partial<State>} */
  settledChoices() {
    const { photos, photo, look } = this.state;
    const has = (/** @type {number | null} */ wanted) => photos.some(({ id }) => id === wanted);
    if (look && has(this.settled.photo)) return this.settled;
    return has(photo) ? {} : { photo: photos[0]?.id ?? null };
  }
}

/**
 * A photo that could not be looked at leaves the tray again; one that had been seen before stays.
 * @param {State['photos']} photos
 * @param {number} failed
 */
function withoutUnseen(photos, failed) {
  return photos.filter(({ id, thumbnail }) => id !== failed || thumbnail);
}

/** @param {ModelSource} source */
function nameOf(source) {
  if (Array.isArray(source)) {
    const models = source.filter((file) => /\.onnx$/i.test(file.name));
    // Of several none is to blame more than the others.
    return models.length > 1 ? undefined : (models[0] ?? source[0])?.name;
  }
  if (source instanceof File) return source.name;
  return undefined;
}
