import { Collection } from './collection.js';
import { Study } from './study.js';

/**
 * @typedef {import('./collection.js').ImageClass} ImageClass
 * @typedef {import('../types.js').ClassMaps} ClassMaps
 * @typedef {import('../errors.js').FeaturescopeError} FeaturescopeError
 */

/** The article's numbers of maps, for images and for classes. */
const MAPS = 25;

/** Models that can stand side by side. */
export const MOST_MODELS = 4;

/** What a study says of the classes, with the numbers of maps in use.
 * @typedef {{ study: Study, classMaps: ClassMaps[] }} Finding */

/** What is being looked at now. @typedef {{ title: string, done: number, total: number, secondsLeft: number }} Running */

/** Images in classes, what up to four models make of them, and the visitor's choices. Tells whoever listens of every
 * change. */
export class Workbench {
  collection = new Collection();
  /** What the page's own model and others made of the images; the page's own is the first. @type {Study[]} */
  studies = [];
  /** One for each study. @type {Finding[]} */
  findings = [];
  perImage = MAPS;
  perClass = MAPS;
  /** @type {Running | null} */
  running = null;
  #session;
  /** @type {(() => void)[]} */
  #listeners = [];
  /** @type {AbortController | null} */
  #controller = null;

  /** @param {import('../session.js').Session} session */
  constructor(session) {
    this.#session = session;
  }

  /** @param {() => void} listener */
  onChange(listener) {
    this.#listeners.push(listener);
  }

  changed() {
    for (const listener of this.#listeners) listener();
  }

  /** The study of the page's own model, where there is one. */
  get study() {
    return this.studies.find(({ owned }) => !owned) ?? null;
  }

  /** Whether some images were not looked at by every model. */
  get unseen() {
    const images = this.collection.images();
    return this.studies.length === 0 || this.studies.some(({ places, failed }) => images.some((image) => !places.has(image) && !failed.has(image)));
  }

  /**
   * Changes the classes; what the models made of the images stays.
   * @param {(collection: Collection) => unknown} change
   */
  async edit(change) {
    change(this.collection);
    await this.ask();
  }

  /** @param {Partial<Pick<Workbench, 'perImage' | 'perClass'>>} choice */
  async choose(choice) {
    Object.assign(this, choice);
    await this.ask();
  }

  /** Lets every model look at the images that it has not seen. A cancelled or failed run leaves what was done. */
  async run() {
    const { model } = this.#session;
    if (!model || this.#controller) return;
    const controller = new AbortController();
    this.#controller = controller;
    try {
      if (!this.study) {
        const study = await this.#begin(model, false);
        if (this.#controller !== controller) return study.close();
        this.studies = [study, ...this.studies];
      }
      for (const study of this.studies) await this.#see(study, controller);
    } catch (error) {
      if (this.#controller !== controller) return;
      if (/** @type {FeaturescopeError} */ (error).code !== 'cancelled') this.#session.report(error);
    }
    await this.#finish(controller);
  }

  /**
   * Opens another model beside the page's own and lets it look at the images.
   * @param {import('../featurescope.js').ModelSource} source
   */
  async addModel(source) {
    const { scope } = this.#session;
    if (!scope || this.#controller || this.studies.length >= MOST_MODELS) return;
    const controller = new AbortController();
    this.#controller = controller;
    this.#progress('', 0, 1, performance.now());
    try {
      const model = await scope.open(source, { signal: controller.signal });
      const study = await this.#begin(model, true);
      if (this.#controller !== controller) return study.close();
      this.studies = [...this.studies, study];
      await this.#see(study, controller);
    } catch (error) {
      if (this.#controller !== controller) return;
      if (/** @type {FeaturescopeError} */ (error).code !== 'cancelled') this.#session.report(error);
    }
    await this.#finish(controller);
  }

  /** @param {Study} study */
  async removeStudy(study) {
    study.close();
    this.studies = this.studies.filter((other) => other !== study);
    await this.ask();
  }

  cancel() {
    this.#controller?.abort();
  }

  /** Lets go of what the page's own model made of the images: another one is open, or it looks at another layer.
   * @param {(study: Study) => boolean} gone */
  forget(gone) {
    const forgotten = this.studies.filter(gone);
    if (forgotten.length === 0) return;
    this.#controller?.abort();
    this.#controller = null;
    this.running = null;
    for (const study of forgotten) study.close();
    this.studies = this.studies.filter((study) => !forgotten.includes(study));
    this.findings = this.findings.filter(({ study }) => !forgotten.includes(study));
    this.changed();
  }

  /** Asks every study with the numbers and classes that are there, without running a network. */
  async ask() {
    const { perImage, perClass } = this;
    const sources = this.collection.sources();
    const studies = this.studies.filter(({ places }) => places.size > 0);
    try {
      const findings = await Promise.all(studies.map(async (study) =>
        ({ study, classMaps: await study.classMaps(study.placed(sources), { perImage, perClass }) })));
      // A newer question has another answer.
      if (perImage !== this.perImage || perClass !== this.perClass) return;
      this.findings = findings.filter(({ study }) => this.studies.includes(study));
    } catch (error) {
      this.findings = [];
      this.#session.report(error);
    }
    this.changed();
  }

  /**
   * @param {import('../featurescope.js').Model} model
   * @param {boolean} owned
   */
  #begin(model, owned) {
    const { article, layer: chosen } = this.#session.state;
    const own = !owned && chosen && !article ? { layer: chosen } : {};
    const layer = article ? model.article.layer : (own.layer ?? model.defaultLayer);
    return Study.begin(model, { article, ...own }, { layer, title: model.title, owned });
  }

  /**
   * @param {Study} study
   * @param {AbortController} controller
   */
  async #see(study, controller) {
    const begun = performance.now();
    await study.see(this.collection.images(), {
      signal: controller.signal,
      onImage: (done, total) => {
        if (this.#controller === controller) this.#progress(study.title, done, total, begun);
      },
    });
  }

  /** @param {AbortController} controller */
  async #finish(controller) {
    if (this.#controller !== controller) return;
    this.#controller = null;
    this.running = null;
    await this.ask();
  }

  /**
   * @param {string} title
   * @param {number} done
   * @param {number} total
   * @param {number} begun
   */
  #progress(title, done, total, begun) {
    const secondsLeft = done === 0 ? 0 : ((performance.now() - begun) / 1000) * (total / done - 1);
    this.running = { title, done, total, secondsLeft };
    this.changed();
  }
}
