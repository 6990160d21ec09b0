import { Choices } from './choices.js';
import { FeaturescopeError } from './errors.js';
import { Featurescope } from './featurescope.js';
import { atLinearHead, currentPhoto, comparedPhoto } from './state.js';
import { text } from './text.js';
import { isModel } from './ui/drop.js';

/**
 * @typedef {import('./featurescope.js').ModelSource} ModelSource
 * @typedef {import('./state.js').Photo} Photo
 * @typedef {import('./state.js').State} State
 */

/** The model that the page opens with. */
const FIRST_MODEL = 'squeezenet1.1';
/** Longer sides of a photo's copy on the page, in pixels: the one looked at, and those in the tray, which may be a thousand. */
export const PHOTO_SIZE = 640;
const TRAY_SIZE = 160;
/** How long a cancelled request may keep the worker busy before the worker is ended, in milliseconds. */
const GRACE = 3000;
/** After so many losses of the worker without a success between them the page stops trying. */
const MOST_LOSSES = 4;

/** What the visitor does that needs the engine: start, models, photos, looks. */
export class Session extends Choices {
  /** @type {Featurescope | null} */
  #scope = null;
  /** @type {import('./featurescope.js').Model | null} */
  #model = null;
  /** The model's source, to open it again in a new worker.
   * @type {{ source: ModelSource, offered: string | null, recipe?: import('./types.js').Recipe }} */
  #opened = { source: FIRST_MODEL, offered: FIRST_MODEL };
  /** Takes what something else on the page waits for, such as a link whose files are missing, and gives back the rest.
   * @type {((files: File[]) => Promise<File[]>) | null} */
  receive = null;
  /** Settles when the first start has ended, well or not. @type {Promise<void>} */
  started = Promise.resolve();
  #running = new AbortController();
  /** The images in classes, where there are any: what else is asked about them is asked there.
   * @type {import('./classes/workbench.js').Workbench | null} */
  workbench = null;
  /** The parts of a map's card that can be unfolded, and what is chosen in them.
   * @type {import('./ui/card.js').CardParts | null} */
  card = null;
  #losses = 0;
  /** Why the engine is not the one that was asked for, where that is the page's decision.
   * @type {string | undefined} */
  #reason;
  /** The choices of the last look that worked, to go back to when the next one fails.
   * @type {Pick<State, 'photo' | 'layer' | 'article'>} */
  #settled = { photo: null, layer: null, article: false };

  /** The camera's picture that is in the tray, while it runs.
   * @type {File | null} */
  #frame = null;

  /** The open model. */
  get model() {
    return this.#model;
  }

  /** What the open model was opened from. */
  get opened() {
    return this.#opened;
  }

  /** The open scope, for the console and for tests. */
  get scope() {
    return this.#scope;
  }

  // Start, loss and end of the engine

  /** Starts the engine, opens the model and looks at the current photo. */
  async start() {
    const controller = this.#begin('setup');
    try {
      await this.#startScope(controller);
      await this.#open(controller);
      await this.#look(controller);
    } catch (error) {
      this.#end(controller, error);
    }
  }

  /** @param {AbortController} controller */
  async #startScope(controller) {
    this.set({ progress: { stage: 'setup', done: 0 } });
    const scope = await Featurescope.create({ engine: this.state.engineRequest, ...this.#callOptions(controller) });
    this.#scope = scope;
    scope.lost.then((error) => {
      if (this.#scope === scope && error.code !== 'closed') this.#recover(error);
    });
    this.set({ engine: this.#explained(scope.engine) });
    this.#updatePalette();
  }

  /**
   * Starts anew after the worker or the graphics device was lost. The photos are all here still.
   * @param {FeaturescopeError} error
   */
  async #recover(error) {
    this.#losses += 1;
    this.#dropScope();
    if (this.#losses > MOST_LOSSES) {
      this.#running.abort();
      this.set({ progress: null, errors: [this.error(text.errors.gaveUp)] });
      return;
    }
    // The first time the same again; then without the photo or layer that may be to blame.
    if (this.#losses > 1) this.set({ ...this.#settled, photo: this.#settled.photo ?? this.state.photos[0]?.id ?? null });
    if (error.code === 'device-lost' && this.#losses > 1) {
      this.#reason = text.engine.deviceLost;
      this.set({ engineRequest: 'cpu' });
    }
    this.set({ errors: [this.error(text.errors.restarting(error.message))] });
    await this.start();
    // The sentence above went with the success; that it happened stays to be read.
    if (this.#losses === 0) this.set({ notice: text.errors.restarted });
  }

  /** @param {import('./types.js').EngineInfo} engine */
  #explained(engine) {
    return this.#reason ? { ...engine, reason: this.#reason } : engine;
  }

  #dropScope() {
    const scope = this.#scope;
    this.#scope = null;
    this.#model = null;
    scope?.close();
  }

  /** @param {import('./types.js').EngineRequest} engineRequest */
  async switchEngine(engineRequest) {
    this.#dropScope();
    this.#reason = undefined;
    this.set({ engineRequest, engine: null, errors: [] });
    await this.start();
  }

  // Models

  /**
   * @param {ModelSource} source
   * @param {string | null} offered its name in the list of offered models
   */
  async openModel(source, offered) {
    if (typeof source === 'string' && !offered && !URL.canParse(source)) {
      return this.set({ errors: [this.error(text.errors.noAddress)] });
    }
    const before = this.#opened;
    this.#opened = { source, offered };
    if (!this.#scope) {
      // The start under way will take it; without one this is the start.
      if (!this.state.progress) await this.start();
      return;
    }
    const controller = this.#begin('download');
    try {
      await this.#open(controller);
    } catch (error) {
      this.#opened = before;
      return this.#end(controller, error, nameOf(source));
    }
    await this.#lookAgain(controller);
  }

  /** @param {AbortController} controller */
  async #open(controller) {
    if (!this.#scope) throw new FeaturescopeError('closed', text.errors.closed);
    const { source, offered, recipe } = this.#opened;
    const model = await this.#scope.open(source, this.#callOptions(controller));
    if (controller.signal.aborted) return model.close();
    if (recipe) await model.setRecipe(recipe);
    this.#model?.close();
    this.#model = model;
    const sameModel = this.state.model && this.state.model.offered === offered && this.state.model.title === model.title;
    this.set({
      engine: this.#explained(model.engine),
      model: { ...model, offered },
      ...(sameModel ? {} : { layer: null, chosen: [], classIndex: null, order: 'mean', setMaxima: {}, openMap: null }),
    });
  }

  /**
   * Goes to what was found before: the model is opened unless it is open, and looks once, with all choices in place.
   * @param {{ source: ModelSource, offered: string | null, recipe: import('./types.js').Recipe | null }} model `recipe`: null
   *   for the model's own
   * @param {Partial<State>} choices
   */
  async restore({ source, offered, recipe }, choices) {
    const before = this.#opened;
    const isOpen = this.#model !== null && (offered ? offered === before.offered : isSame(source, before.source));
    const controller = this.#begin(isOpen ? 'run' : 'download');
    try {
      if (!isOpen) {
        this.#opened = { source, offered };
        await this.#open(controller);
      }
      const { model } = this.state;
      if (!model || !this.#model || controller.signal.aborted) return;
      const wanted = recipe ?? model.recipes[0]?.recipe ?? model.recipe;
      await this.#model.setRecipe(wanted);
      this.#opened = { ...this.#opened, recipe: wanted };
      this.set({ chosen: [], classIndex: null, order: 'mean', setMaxima: {}, ...choices, model: { ...model, recipe: wanted } });
    } catch (error) {
      if (!isOpen) this.#opened = before;
      return this.#end(controller, error, nameOf(source));
    }
    await this.#lookAgain(controller);
  }

  /** @param {number} place in the model's list */
  async chooseRecipe(place) {
    const { model } = this.state;
    const named = model?.recipes[place];
    if (!model || !named || !this.#model) return;
    try {
      await this.#model.setRecipe(named.recipe);
    } catch (error) {
      return this.report(error);
    }
    this.#opened.recipe = named.recipe;
    this.set({ model: { ...model, recipe: named.recipe }, setMaxima: {} });
    await this.#lookAgain();
  }

  // Photos

  /**
   * Whatever was dropped or pasted.
   * @param {File[]} files
   */
  async takeFiles(files) {
    const photos = files.filter((file) => file.type.startsWith('image/'));
    if (isModel(files)) {
      const added = this.addToTray(photos);
      if (added[0]) this.set({ photo: added[0].id });
      await this.openModel(files.filter((file) => !photos.includes(file)), null);
      for (const photo of added) await this.#makeThumbnail(photo, TRAY_SIZE);
      return;
    }
    if (photos.length > 0) return this.addPhotos(photos);
    // Something that is no photo by its name still gets its chance, and otherwise an error with its name.
    if (files.length === 1) return this.addPhotos(files);
    this.set({ errors: [this.error(text.tray.nothing)] });
  }

  /** @param {File[]} files */
  async addPhotos(files) {
    const added = this.addToTray(files);
    await this.choosePhoto(added[0].id);
    for (const photo of added.slice(1)) await this.#makeThumbnail(photo, TRAY_SIZE);
  }

  /** Photos that are looked at later. @param {File[]} files */
  addToTray(files) {
    const added = files.map((file) => ({ id: this.newId(), name: file.name || text.tray.pasted, source: file, strokes: [] }));
    this.set({ photos: [...this.state.photos, ...added] });
    return added;
  }

  /** @param {Omit<Photo, 'id' | 'strokes'>[]} samples */
  addSamples(samples) {
    const photos = samples.map((sample) => ({ ...sample, id: this.newId(), strokes: [] }));
    this.set({ photos: [...this.state.photos, ...photos], photo: this.state.photo ?? photos[0]?.id ?? null });
  }

  /** @param {number} id */
  async choosePhoto(id) {
    if (id === this.state.photo && !this.state.recorded && this.state.errors.length === 0) return;
    this.set({ photo: id, comparison: this.state.comparison === id ? null : this.state.comparison, erasing: false });
    await this.#lookAgain();
  }

  /**
   * Looks at a file of the classes, which joins the tray.
   * @param {File} file
   */
  async lookAt(file) {
    const photo = this.state.photos.find(({ source }) => source === file);
    await (photo ? this.choosePhoto(photo.id) : this.addPhotos([file]));
  }

  /**
   * Looks at one picture of a camera, which takes the place of the one before.
   * @param {File} frame
   * @param {string} name of the camera's place in the tray
   * @returns {Promise<boolean>} false where the visitor has turned to another photo, which stays
   */
  async lookAtFrame(frame, name) {
    const thumbnail = await createImageBitmap(frame);
    const { width, height } = thumbnail;
    const live = this.state.photos.find(({ source }) => source === this.#frame);
    if (this.#frame && live?.id !== this.state.photo) return false;
    this.#frame = frame;
    const photo = { ...(live ?? { id: this.newId(), strokes: [] }), name, source: frame, thumbnail, width, height };
    const photos = live ? this.state.photos.map((other) => (other === live ? photo : other)) : [...this.state.photos, photo];
    this.set({ photos, photo: photo.id, comparison: this.state.comparison === photo.id ? null : this.state.comparison });
    await this.#lookAgain();
    return this.state.photo === photo.id;
  }

  /** The camera's last picture becomes a photo like any other. */
  endFrames() {
    this.#frame = null;
  }

  /** @param {number} id */
  async removePhoto(id) {
    const photos = this.state.photos.filter((photo) => photo.id !== id);
    this.set({ photos, comparison: this.state.comparison === id ? null : this.state.comparison });
    if (this.state.photo === id && photos[0]) await this.choosePhoto(photos[0].id);
  }

  /** @param {number | null} id */
  async compareWith(id) {
    this.state.secondLook?.close();
    this.set({ comparison: id, secondLook: null });
    if (id !== null) await this.#lookAgain();
  }

  /**
   * Makes the photo's copy for the page, unless there is one of that size.
   * @param {Photo} photo
   * @param {number} size of the longer side, in pixels
   */
  async #makeThumbnail({ id, name, source }, size) {
    const { thumbnail, width: full = 0, height: fullHeight = 0 } = this.state.photos.find((photo) => photo.id === id) ?? {};
    const there = thumbnail && Math.max(thumbnail.width, thumbnail.height) >= Math.min(size, Math.max(full, fullHeight));
    if (there || !this.#scope) return;
    try {
      const { bitmap, width, height } = await this.#scope.thumbnail(source, { size });
      this.setThumbnail(id, bitmap, width, height);
    } catch (error) {
      const { code, message } = /** @type {FeaturescopeError} */ (error);
      if (code === 'closed' || code === 'worker-lost' || code === 'cancelled') return;
      this.set({
        photos: this.state.photos.filter((photo) => photo.id !== id),
        errors: [...this.state.errors, this.error(text.errors.about(name, message, code))],
      });
    }
  }

  /**
   * @param {number} id
   * @param {ImageBitmap} thumbnail
   * @param {number} width of the photo itself
   * @param {number} height
   */
  setThumbnail(id, thumbnail, width, height) {
    this.set({ photos: this.state.photos.map((photo) => (photo.id === id ? { ...photo, thumbnail, width, height } : photo)) });
  }

  // The look

  /** @param {string} layer */
  async chooseLayer(layer) {
    this.set({ layer, chosen: [], openMap: null });
    await this.#lookAgain();
  }

  /** @param {boolean} article */
  async setArticle(article) {
    this.set({ article, chosen: [], openMap: null, setMaxima: {} });
    await this.#lookAgain();
  }

  /** @param {AbortController} [running] */
  async #lookAgain(running) {
    if (!this.#model) return;
    const controller = running ?? this.#begin();
    try {
      await this.#look(controller);
    } catch (error) {
      this.#end(controller, error, currentPhoto(this.state)?.name);
    }
  }

  /** @param {AbortController} controller */
  async #look(controller) {
    const { state } = this;
    const photo = currentPhoto(state);
    const model = this.#model;
    if (!photo || !model || controller.signal.aborted) return;
    const options = { ...(state.layer && !state.article ? { layer: state.layer } : {}), article: state.article, ...this.#callOptions(controller) };
    const look = await model.look(photo.source, { ...options, erase: photo.strokes });
    const other = comparedPhoto(state);
    const secondLook = other ? await model.look(other.source, { ...options, erase: other.strokes }) : null;
    if (controller.signal.aborted) {
      look.close();
      secondLook?.close();
      return;
    }
    const { look: before, secondLook: secondBefore } = state;
    const sameLayer = before?.layer === look.layer;
    const looks = secondLook ? [look, secondLook] : [look];
    const setMaximum = Math.max(state.setMaxima[look.layer] ?? 0, ...looks.map(({ layerScale }) => layerScale));
    this.#losses = 0;
    this.#settled = { photo: photo.id, layer: state.layer, article: state.article };
    this.set({
      look,
      secondLook,
      engine: this.#explained(model.engine),
      warm: sameLayer && !state.recorded,
      recorded: false,
      progress: null,
      errors: [],
      setMaxima: { ...state.setMaxima, [look.layer]: setMaximum },
      openMap: sameLayer && state.openMap !== null && state.cardAsked ? state.openMap : (look.top(1)[0]?.map ?? 0),
      contributions: null,
    });
    before?.close();
    secondBefore?.close();
    this.#updatePalette();
    this.#updateContributions();
    this.#makeThumbnail(photo, PHOTO_SIZE);
    if (other) this.#makeThumbnail(other, TRAY_SIZE);
  }

  /** @param {Partial<State['overlay']>} change */
  setOverlay(change) {
    this.set({ overlay: { ...this.state.overlay, ...change } });
    if (change.colormap) this.#updatePalette();
  }

  async #updatePalette() {
    const { look, overlay } = this.state;
    const name = look?.signed ? 'diverging' : overlay.colormap;
    try {
      const palette = await this.#scope?.colormap(name);
      if (palette) this.set({ palette });
    } catch {
      // Without it the legend shows its numbers only.
    }
  }

  // Classes

  /** @param {number} index */
  async chooseClass(index) {
    const { model, classIndex, order } = this.state;
    if (!model?.linearHead) return;
    if (classIndex === index && order === 'contribution') return this.set({ order: 'mean' });
    this.set({ classIndex: index, order: 'contribution', contributions: null });
    if (atLinearHead(this.state)) return this.#updateContributions();
    await this.goToLinearHead();
  }

  async goToLinearHead() {
    const layer = this.state.model?.linearHead?.layer;
    if (layer) await this.chooseLayer(layer);
  }

  async #updateContributions() {
    const { classIndex, look } = this.state;
    if (classIndex === null || !look || !atLinearHead(this.state)) return this.set({ order: 'mean' });
    try {
      const contributions = (await /** @type {import('./featurescope.js').Look} */ (look).contributions(classIndex))?.contributions ?? null;
      if (this.state.look === look && this.state.classIndex === classIndex) this.set({ contributions });
    } catch (error) {
      this.report(error);
    }
  }

  /** @param {import('./types.js').Stroke} stroke */
  async erase(stroke) {
    await this.#setStrokes((strokes) => [...strokes, stroke]);
  }

  async undoErase() {
    await this.#setStrokes((strokes) => strokes.slice(0, -1));
  }

  async clearErase() {
    await this.#setStrokes(() => []);
  }

  /** @param {(strokes: import('./types.js').Stroke[]) => import('./types.js').Stroke[]} change */
  async #setStrokes(change) {
    const { photos, photo: current } = this.state;
    this.set({ photos: photos.map((photo) => (photo.id === current ? { ...photo, strokes: change(photo.strokes) } : photo)) });
    await this.#lookAgain();
  }

  // Requests and errors

  /**
   * The newest request wins: whatever ran before is cancelled.
   * @param {import('./types.js').Progress['stage']} [stage] what comes first
   */
  #begin(stage = 'run') {
    this.#running.abort();
    this.#running = new AbortController();
    this.set({ notice: null, progress: { stage, done: 0 } });
    return this.#running;
  }

  /** @param {AbortController} controller */
  #callOptions(controller) {
    return {
      signal: controller.signal,
      /** @param {import('./types.js').Progress} progress */
      onProgress: (progress) => {
        if (!controller.signal.aborted) this.set({ progress });
      },
    };
  }

  /**
   * @param {AbortController} controller
   * @param {unknown} error
   * @param {string} [name] the file it is about
   */
  #end(controller, error, name) {
    // A newer request has taken over, and shows its own result.
    if (this.#running !== controller) return;
    const { code, message } = /** @type {FeaturescopeError} */ (error);
    if (code === 'worker-lost' && this.#scope) return;
    if (code === 'device-lost') return void this.#recover(/** @type {FeaturescopeError} */ (error));
    const failed = this.state.photo;
    const back = this.#settled.photo !== null && this.state.look ? this.#settled : {};
    // A photo that could not be looked at leaves the tray again; one that had been seen before stays.
    const unusable = (code === 'bad-image' || code === 'too-large') && failed !== this.#settled.photo;
    const photos = unusable ? this.state.photos.filter(({ id, thumbnail }) => id !== failed || thumbnail) : this.state.photos;
    this.set({
      ...back,
      photos,
      progress: null,
      ...(code === 'cancelled' ? { notice: text.errors.cancelled } : { errors: [this.error(name ? text.errors.about(name, message, code) : message)] }),
    });
  }

  /** Stops what is running; a worker that does not stop is ended and started again. */
  async cancel() {
    const controller = this.#running;
    const scope = this.#scope;
    controller.abort();
    if (!scope) return;
    const late = new Promise((resolve) => setTimeout(() => resolve('late'), GRACE));
    const outcome = await Promise.race([scope.settled(), late]);
    if (outcome === 'late' && this.#scope === scope && this.#running === controller) {
      this.set(this.#settled);
      this.#dropScope();
      await this.start();
    }
  }

}

/**
 * @param {ModelSource} one
 * @param {ModelSource} other
 */
function isSame(one, other) {
  const files = Array.isArray(one) ? one : [one];
  const others = Array.isArray(other) ? other : [other];
  return files.length === others.length && files.every((file) => others.includes(file));
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
