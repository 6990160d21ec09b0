import { cancelled } from '../api/errors.js';
import { choose } from '../page/changes.js';
import { loadSuperclasses, tiedOutputs, untiedNames } from '../api/tied-outputs.js';
import { Collection } from './collection.js';
import { randomMaps, shuffledClasses } from './controls.js';
import { framing, listedResult } from './framing.js';
import { areRecorded, loadRecordedFindings, recordedStudy } from './recorded-findings.js';
import { Study, recipeKey } from './study.js';
import { text } from './text.js';

/**
 * @typedef {import('../api/types.js').ClassMaps} ClassMaps
 * @typedef {import('../api/errors.js').FeaturescopeError} FeaturescopeError
 * @typedef {import('../featurescope.js').Model} Model
 */

/** Time between two words about how far a run is, in milliseconds. */
const TELL_EVERY = 100;

/** Models that can stand side by side. */
export const MOST_MODELS = 4;

/** @typedef {import('../questions/classes/choices.js').Control} Control */
/** @typedef {import('../questions/classes/choices.js').ClassesChoices} ClassesChoices */

/**
 * What a study says of the classes, with the numbers of maps in use.
 * @typedef {object} StudyResult
 * @property {string} key the same for the same study and control
 * @property {string} title
 * @property {Study} study
 * @property {Control | null} control
 * @property {ClassMaps[]} classMaps
 */

/** What is being looked at now. @typedef {{ title: string, done: number, total: number, secondsLeft: number }} Running */

/** Images in classes, and what up to four models make of them with the visitor's choices, which lie in the page's state. Tells whoever
 * listens of every change. */
export class Workbench {
  collection = new Collection();
  /** What the page's own model and others made of the images; the page's own is the first. @type {Study[]} */
  studies = [];
  /** @type {StudyResult[]} */
  results = [];
  /** @type {Running | null} */
  running = null;
  /** What was recorded of the photos that come with the page. @type {import('./recorded-findings.js').RecordedFindings | null} */
  #recorded = null;
  /** What stands until the page's own model has looked at all of these. @type {Study | null} */
  #standIn = null;
  #session;
  /** @type {(() => void)[]} */
  #listeners = [];
  /** @type {AbortController | null} */
  #controller = null;
  /** When the run that was begun last has ended. @type {Promise<void>} */
  #ended = Promise.resolve();
  /** Counts the questions, so that only the last one's answer is taken. */
  #asked = 0;

  /** @param {import('../page/session/session.js').Session} session */
  constructor(session) {
    this.#session = session;
  }

  /** @param {() => void} listener */
  onChange(listener) {
    this.#listeners.push(listener);
  }

  /** The study of the page's own model, where there is one. */
  get study() {
    return this.studies.find(({ owned }) => !owned) ?? null;
  }

  /** The studies of models as they are. */
  get models() {
    return this.studies.filter(({ randomised }) => !randomised);
  }

  /** Whether some images were not looked at by every model. */
  get unseen() {
    const images = this.collection.images();
    return (
      images.length > 0 &&
      (this.study === null || this.studies.some((study) => images.some((image) => !study.knows(image))))
    );
  }

  /**
   * Changes the classes; what the models made of the images stays.
   * @param {(collection: Collection) => unknown} change
   */
  async edit(change) {
    change(this.collection);
    // What a class's name stands for comes with the first class.
    const { model } = this.#session;
    if (model && this.collection.columns.length > 0) loadSuperclasses(model.labels).then(() => this.#changed());
    await this.ask();
  }

  /** What is chosen for all questions. */
  get choices() {
    return this.#session.state.classes;
  }

  /** @param {Partial<Pick<ClassesChoices, 'perImage' | 'perClass' | 'seed'>>} choice */
  async choose(choice) {
    const { seed } = this.choices;
    choose(this.#session, 'classes', choice);
    await this.ask();
    // Other random weights are those of another network, which has seen nothing yet.
    if (this.choices.seed === seed || !this.choices.controls.includes('network')) return;
    this.forget(({ randomised }) => randomised);
    await this.toggle('network');
  }

  /**
   * Lets every model look at the images that it has not seen. A cancelled or failed run leaves what was done.
   * @param {{ layer?: string, article?: boolean }} [where] the page's own model looks, unless it has begun already; where the page looks
   *   when left out
   */
  async run(where = {}) {
    const { model } = this.#session;
    if (!model) return;
    this.forgetOutdated();
    // What is asked comes first once there is nothing to sort.
    choose(this.#session, 'classes', { setUpOpen: false });
    await this.#during(async (signal) => {
      if (!this.study) this.studies = [await this.#begin(model, signal, where), ...this.studies];
      for (const study of this.studies) await this.#see(study, signal);
    });
  }

  /** Shows what was recorded of the images, where that is what the page's own model would find; it goes when that has. */
  async showRecorded() {
    this.#recorded ??= await loadRecordedFindings(this.#session.state.model?.offered ?? null);
    if (this.#recorded) await this.ask();
  }

  /** Whether what shows was recorded. */
  get isRecorded() {
    return this.#standIn !== null && this.results.some(({ study }) => study === this.#standIn);
  }

  /** The study that stands in for the page's own model's, where there is one: it is of all images, and says the same. */
  #standingIn() {
    const { model, state } = this.#session;
    const recorded = this.#recorded;
    const { perImage, perClass, controls } = this.choices;
    const isKnown = this.study !== null && this.collection.images().every((image) => this.study?.knows(image));
    const isSame =
      recorded !== null &&
      model !== null &&
      !isKnown &&
      controls.length === 0 &&
      perImage === recorded.perImage &&
      perClass === recorded.perClass &&
      state.model?.offered === recorded.model &&
      !state.article &&
      (this.study?.layer ?? state.layer ?? model.defaultLayer) === recorded.layer &&
      recipeKey(model.recipe) === recipeKey(recorded.recipe) &&
      areRecorded(recorded, this.collection);
    if (!isSame) return (this.#standIn = null);
    if (this.#standIn?.model !== model) this.#standIn = recordedStudy(recorded, model, this.collection);
    return this.#standIn;
  }

  /** Whether the page looks in another layer, or in another way, than the images were looked at. */
  get isElsewhere() {
    const { look, article } = this.#session.state;
    const { study } = this;
    return (
      study !== null && look !== null && (study.layer !== look.layer || Boolean(study.options.article) !== article)
    );
  }

  /** Looks at all images again, where and how the page looks by now. */
  async lookHere() {
    const { article } = this.#session.state;
    this.forget(({ owned, randomised }) => !owned || randomised);
    this.studies = await Promise.all(
      this.studies.map((study) =>
        Boolean(study.options.article) === article
          ? study
          : study.anew({ article }, article ? study.model.article.layer : study.model.defaultLayer),
      ),
    );
    this.results = this.results.filter(({ study }) => this.studies.includes(study));
    await this.run();
  }

  /**
   * Opens another model beside the page's own and lets it look at the images.
   * @param {import('../featurescope.js').ModelSource} source
   */
  async addModel(source) {
    const { scope } = this.#session;
    if (!scope || this.models.length >= MOST_MODELS) return;
    await this.#during(async (signal) => {
      const study = await this.#begin(await scope.open(source, { signal }), signal, { owned: true, source });
      this.studies = [...this.studies, study];
      await this.#see(study, signal);
    });
  }

  /** @param {Study} study */
  async removeStudy(study) {
    study.close();
    this.studies = this.studies.filter((other) => other !== study);
    await this.ask();
  }

  /**
   * Puts a control beside the results, or takes it away.
   * @param {Control} control
   */
  async toggle(control) {
    if (this.choices.controls.includes(control)) {
      this.#withoutControl(control);
      if (control === 'network') this.forget(({ randomised }) => randomised);
      return this.ask();
    }
    const { model } = this.#session;
    if (control === 'network' && (!model || this.#controller)) return;
    choose(this.#session, 'classes', { controls: [...this.choices.controls, control] });
    if (control !== 'network' || !model) return this.ask();
    await this.#during(async (signal) => {
      const title = text.controls.titles.network(model.title);
      // Where the network itself has looked, since these two are compared.
      const where = this.study ? { layer: this.study.layer, article: Boolean(this.study.options.article) } : {};
      const study = await this.#begin(await model.randomised(this.choices.seed, { signal }), signal, {
        ...where,
        owned: true,
        original: model,
        title,
      });
      this.studies = [...this.studies, study];
      await this.#see(study, signal);
    });
    if (this.studies.some(({ randomised }) => randomised)) return;
    this.#withoutControl('network');
    this.#changed();
  }

  /** @param {Control} control */
  #withoutControl(control) {
    choose(this.#session, 'classes', { controls: this.choices.controls.filter((other) => other !== control) });
  }

  cancel() {
    this.#controller?.abort();
  }

  /** Ends the run that is under way, and waits for its end. */
  async stop() {
    this.cancel();
    await this.#ended;
  }

  /**
   * Lets go of what some models made of the images, as when the page has another model.
   * @param {(study: Study) => boolean} gone
   */
  forget(gone) {
    const forgotten = this.studies.filter(gone);
    if (forgotten.length === 0) return;
    this.cancel();
    for (const study of forgotten) study.close();
    this.studies = this.studies.filter((study) => !forgotten.includes(study));
    this.results = this.results.filter(({ study }) => !forgotten.includes(study));
    if (forgotten.some(({ randomised }) => randomised)) this.#withoutControl('network');
    // What the grid and the cards say of the classes is of that study. The class stays the one that is framed.
    if (forgotten.some(({ owned }) => !owned)) {
      this.#session.set({
        classMaps: { layer: '', classes: [] },
        framed: { ...this.#session.state.framed, layer: '', maps: [] },
      });
    }
    this.#changed();
  }

  /** Lets go of what the page's own model would not say any more: the page has another model, or this one another recipe. */
  forgetOutdated() {
    const { model } = this.#session;
    if (model) this.forget((study) => !study.isOf(model));
  }

  /** Asks every study with the numbers and classes that are there, without running a network. */
  async ask() {
    const question = ++this.#asked;
    try {
      const standIn = this.#standingIn();
      const asked = standIn ? [standIn, ...this.studies.filter(({ owned }) => owned)] : this.studies;
      const results = await Promise.all(
        asked.filter(({ places }) => places.size > 0).map((study) => this.#find(study)),
      );
      if (question !== this.#asked) return;
      this.results = results.flat().filter(({ study }) => study === standIn || this.studies.includes(study));
    } catch (error) {
      if (question !== this.#asked) return;
      this.results = [];
      this.#session.report(error);
    }
    const own = this.results.find(({ study, control }) => !study.owned && control === null);
    const classes = own?.classMaps.map(({ name, maps }) => ({ name, maps: maps.map(({ map }) => map) })) ?? [];
    const { framed } = this.#session.state;
    const listed = listedResult(this.results, this.choices.listed);
    // Other results have other maps. The class stays the one that is framed, also where nothing is found yet.
    const next = listed ? framing(listed, framed.name, this.#session.model) : { ...framed, layer: '', maps: [] };
    this.#session.set({
      classMaps: { layer: own?.study.layer ?? '', classes },
      // The same frames are the same object, which is drawn once.
      framed: JSON.stringify(next) === JSON.stringify(framed) ? framed : next,
    });
    this.#changed();
  }

  /**
   * For each class the outputs of a study's model that belong to it: those that the visitor tied in this model, or else what
   * follows from the page's own.
   * @param {Study} study
   * @param {string[]} names
   */
  outputs(study, names) {
    return tiedOutputs(names, this.#ties(study), study.model.labels);
  }

  /**
   * The classes that no output of a study's model is tied to, and of which the visitor has not said so.
   * @param {Study} study
   * @param {string[]} names
   */
  untied(study, names) {
    return untiedNames(names, this.#ties(study), study.model.labels);
  }

  /** @param {Study} study @returns {Record<string, number[]>} */
  #ties(study) {
    return Object.assign(Object.create(null), this.followed(study), study.ties);
  }

  /**
   * What the visitor tied in the page's own model, in another model: there it is the outputs with the same labels. Where that
   * has none of these, nothing follows, and the class goes by its name. That the page's own has no such class says nothing of another
   * one with such an output.
   * @param {Study} study
   */
  followed({ model }) {
    const labels = this.#session.model?.labels ?? [];
    const same = (/** @type {number} */ output) =>
      model.labels[output] === labels[output] ? output : model.labels.indexOf(labels[output]);
    const sameLabels =
      labels.length === model.labels.length && labels.every((label, output) => label === model.labels[output]);
    /** @type {Record<string, number[]>} */
    const followed = Object.create(null);
    for (const [name, outputs] of Object.entries(this.collection.ties)) {
      const here = outputs.map(same).filter((output) => output >= 0);
      const isNone =
        outputs.length === 0 && (sameLabels || tiedOutputs([name], Object.create(null), model.labels)[0].length === 0);
      if (here.length > 0 || isNone) followed[name] = here;
    }
    return followed;
  }

  /**
   * @param {Study} study of another model than the page's own
   * @param {string} name of a class
   * @param {number[] | null} outputs null: what follows from the page's own model again
   */
  async tie(study, name, outputs) {
    if (outputs) study.ties[name] = outputs;
    else delete study.ties[name];
    await this.ask();
  }

  /**
   * What was tied to a class goes with its name.
   * @param {string} before
   * @param {string} name
   */
  renamed(before, name) {
    const gone = !this.collection.columns.some((column) => column.name === before);
    for (const { ties } of this.studies) {
      if (ties[before]) ties[name] ??= ties[before];
      if (gone) delete ties[before];
    }
  }

  /**
   * What a study finds, and beside it the controls that need no other network.
   * @param {Study} study
   * @returns {Promise<StudyResult[]>}
   */
  async #find(study) {
    const { controls, seed, perImage, perClass } = this.choices;
    const options = { perImage, perClass };
    const sources = study.placed(this.collection.sources());
    const classMaps = await study.classMaps(sources, options);
    /** @param {Control | null} control @param {string} title @param {ClassMaps[]} found @returns {StudyResult} */
    const result = (control, title, found) => ({
      key: `${study.id} ${control}`,
      title,
      study,
      control,
      classMaps: found,
    });
    if (study.randomised) return [result('network', study.title, classMaps)];
    const found = [result(null, study.title, classMaps)];
    if (controls.includes('maps')) {
      found.push(result('maps', text.controls.titles.maps(study.title), randomMaps(classMaps, study.channels, seed)));
    }
    if (controls.includes('labels')) {
      const shuffled = await study.classMaps(shuffledClasses(sources, seed), options);
      found.push(result('labels', text.controls.titles.labels(study.title), shuffled));
    }
    return found;
  }

  /**
   * @param {Model} model
   * @param {AbortSignal} signal
   * @param {{ owned?: boolean, original?: Model, title?: string, source?: import('../featurescope.js').ModelSource, layer?: string, article?: boolean }} [about]
   */
  async #begin(model, signal, about = {}) {
    const {
      owned = false,
      original = null,
      title = model.title,
      source = null,
      article = this.#session.state.article,
      layer: chosen = this.#session.state.layer,
    } = about;
    // The layer that the visitor chose is one of the page's own model.
    const layer = chosen && !article && (!owned || original) ? chosen : undefined;
    await loadSuperclasses(model.labels);
    const study = await Study.begin(
      model,
      { article, ...(layer ? { layer } : {}) },
      {
        layer: layer ?? (article ? model.article.layer : model.defaultLayer),
        title,
        owned,
        source,
        original,
      },
    );
    if (!signal.aborted) return study;
    study.close();
    throw cancelled();
  }

  /**
   * @param {Study} study
   * @param {AbortSignal} signal
   */
  async #see(study, signal) {
    const begun = performance.now();
    let told = begun;
    await study.see(this.collection.images(), {
      signal,
      onImage: (done, total) => {
        const now = performance.now();
        // Drawing every count would take time from the network, and nobody reads so fast.
        if (signal.aborted || (now - told < TELL_EVERY && done < total)) return;
        told = now;
        this.#progress(study.title, done, total, ((now - begun) / 1000) * (total / done - 1));
      },
    });
  }

  /**
   * One run at a time; what it did before it was cancelled or failed stays.
   * @param {(signal: AbortSignal) => Promise<void>} work
   */
  async #during(work) {
    if (this.#controller) return;
    this.#ended = this.#attempt(work);
    await this.#ended;
  }

  /** @param {(signal: AbortSignal) => Promise<void>} work */
  async #attempt(work) {
    const controller = new AbortController();
    this.#controller = controller;
    this.#progress('', 0, 1, 0);
    try {
      await work(controller.signal);
    } catch (error) {
      if (/** @type {FeaturescopeError} */ (error).code !== 'cancelled') this.#session.report(error);
    }
    this.#controller = null;
    this.running = null;
    await this.ask();
  }

  /**
   * @param {string} title
   * @param {number} done
   * @param {number} total
   * @param {number} secondsLeft
   */
  #progress(title, done, total, secondsLeft) {
    this.running = { title, done, total, secondsLeft };
    this.#changed();
  }

  #changed() {
    for (const listener of this.#listeners) listener();
  }
}
