import { text } from '../../classes/text.js';
import { areExamples, loadExamples } from '../../classes/examples.js';
import { bundledNames } from '../../classes/bundled-names.js';
import { Workbench } from '../../classes/workbench.js';
import { bringForward, showing, visit } from '../../page/address.js';
import { choose } from '../../page/changes.js';
import { text as page } from '../../page/text.js';
import { h, setText } from '../../ui/dom.js';
import { loadStyle } from '../../ui/load-style.js';
import { createEverywhere } from '../everywhere/view.js';
import { Unique } from '../unique/view.js';
import { Columns } from './columns.js';
import { createFramedRanks } from './framed-ranks.js';
import { createModels } from './models.js';
import { createNumbers } from './numbers.js';
import { createRunBar, statusOf } from './run-bar.js';
import { createSetUp } from './set-up.js';
import { OwnMaps } from './view.js';

/** @typedef {import('../../page/state.js').State} State */

/** The texts' own names for the questions. @type {Record<State['question'], 'own' | 'everywhere' | 'unique'>} */
const NAMES = { classes: 'own', everywhere: 'everywhere', unique: 'unique' };

/** What of the state the questions are drawn from, beside the workbench.
 * @type {(state: State) => unknown[]} */
const drawnFrom = ({ look, overlay, article, framed, topCount, question, classes, everywhere, unique }) => [
  look,
  overlay,
  article,
  framed,
  topCount,
  question,
  classes,
  everywhere,
  unique,
];

/** The part of the page about classes: the images in their columns, the run, and the questions. */
export class ClassesPanel {
  #session;
  #scope;
  #columns;
  #models;
  #numbers;
  #useMine;
  #setUp;
  #runBar;
  #heading = h('h2', { id: 'classes-heading', tabIndex: -1 });
  #ranks = createFramedRanks();
  #views;
  /** @type {unknown[]} */
  #drawn = [];

  /**
   * @param {HTMLElement} root
   * @param {import('../../page/session/session.js').Session} session
   */
  constructor(root, session) {
    for (const sheet of ['columns.css', 'questions.css']) loadStyle(sheet, import.meta.url);
    const workbench = new Workbench(session);
    session.workbench = workbench;
    this.root = root;
    this.workbench = workbench;
    this.#session = session;
    this.#scope = session.scope;
    this.#columns = new Columns(workbench, session);
    this.#models = createModels(workbench, session);
    this.#numbers = createNumbers(workbench, session);
    this.#setUp = createSetUp(session, workbench, [this.#columns.element, this.#models.element, this.#numbers.element]);
    this.#useMine = h(
      'button',
      { type: 'button', className: 'small', onclick: () => this.begin() },
      text.examples.useMine,
    );
    this.#runBar = createRunBar(workbench, session, () => this.#heading.focus({ preventScroll: true }));
    this.#views = {
      classes: new OwnMaps(workbench, session),
      everywhere: createEverywhere(workbench, session),
      unique: new Unique(workbench, session),
    };
    root.replaceChildren(
      h('div', { className: 'classes-head' }, this.#heading, this.#setUp.element, this.#useMine),
      this.#runBar.element,
      ...Object.values(this.#views).map((view) => view.element),
    );
    document.querySelector('.grid-head')?.after(this.#ranks.element);
    workbench.onChange(() => this.#drawWorkbench());
    this.#drawHeading();
  }

  /** Which question it is, with what it asks; its answer shows, and the others do not. */
  #drawHeading() {
    const { question } = this.#session.state;
    setText(this.#heading, page.questions[NAMES[question]]);
    for (const [name, view] of Object.entries(this.#views)) view.element.hidden = name !== question;
  }

  /** Another question, which shows at once. @param {State['question']} question */
  #choose(question) {
    visit(this.#session, question);
    bringForward(question);
    this.#drawQuestion();
  }

  /** A view begins at its top. */
  #toTop() {
    globalThis.scrollTo(0, 0);
  }

  #drawWorkbench() {
    this.#runBar.update();
    this.#columns.update();
    this.#models.update();
    this.#drawSetUp();
    this.root.toggleAttribute('data-recorded', this.workbench.isRecorded);
    if (!this.workbench.running) this.#drawQuestion();
  }

  #drawSetUp() {
    const { collection } = this.workbench;
    const images = collection.images();
    this.#numbers.update();
    this.#setUp.update(statusOf(this.workbench));
    this.#useMine.hidden = images.length === 0 || !areExamples(images);
  }

  /** Only the question that shows is drawn. */
  #drawQuestion() {
    const { question } = this.#session.state;
    this.#drawHeading();
    this.#views[question].update();
  }

  /** @param {State} state */
  update(state) {
    this.#ranks.update(state);
    // A new worker knows nothing of what the last one saw.
    if (this.#session.scope && this.#session.scope !== this.#scope) {
      this.#scope = this.#session.scope;
      this.workbench.forget(() => true);
    }
    this.workbench.forgetOutdated();
    this.#columns.update();
    this.#runBar.updateHere();
    this.#drawSetUp();
    const inputs = drawnFrom(state);
    if (inputs.every((input, place) => input === this.#drawn[place])) return;
    this.#drawn = inputs;
    this.#drawQuestion();
  }

  /** @param {import('../../classes/folders.js').Folder[]} folders */
  async take(folders) {
    this.root.hidden = false;
    const { view, question } = this.#session.state;
    // Classes are looked at where a question is asked about classes.
    if (view !== question) this.#session.set(showing('classes'));
    await this.workbench.edit((collection) => {
      const images = folders.flatMap((folder) => folder.images);
      if (!areExamples(images)) this.#withoutExamples(collection);
      // What the visitor brought may want sorting before it is looked at.
      if (!images.every((image) => bundledNames.has(image))) choose(this.#session, 'classes', { setUpOpen: true });
      // Nobody has named or filled these.
      for (const { id, name, images } of collection.columns)
        if (images.length === 0 && text.columns.unnamed.test(name)) collection.remove(id);
      addFolders(collection, folders);
    });
    this.#toTop();
  }

  /** Brings a question to the front, which the visitor has not asked. @param {State['question']} question */
  show(question) {
    this.#session.set(showing(question));
    bringForward(question);
    this.#drawQuestion();
    this.#toTop();
  }

  /** Goes to a question. Without images of the visitor's own it is asked of those that come with the page.
   * @param {State['question']} question */
  async ask(question) {
    this.#choose(question);
    this.root.hidden = false;
    this.#toTop();
    if (this.workbench.collection.images().length > 0) return;
    const { columns } = this.workbench.collection;
    // Whoever has begun with images of their own meanwhile, or with another question, does not want these any more.
    const isWanted = () =>
      this.#session.state.view === question &&
      this.workbench.collection.columns === columns &&
      this.workbench.collection.images().length === 0;
    try {
      this.#session.set({ notice: text.examples.loading });
      const examples = await loadExamples();
      if (!isWanted()) return;
      await this.take(examples);
    } catch (error) {
      if (isWanted()) await this.begin();
      return this.#session.report(error);
    } finally {
      if (this.#session.state.notice === text.examples.loading) this.#session.set({ notice: null });
    }
    // What is asked comes first where nothing has to be sorted.
    choose(this.#session, 'classes', { setUpOpen: false });
    this.#drawSetUp();
    this.#toTop();
    await this.#session.started;
    // What an engine knew that was there before is forgotten now and not during the run.
    this.update(this.#session.state);
    if (!areExamples(this.workbench.collection.images())) return;
    await this.workbench.showRecorded();
    await this.workbench.run();
  }

  /** The visitor's own images take the place of those that come with the page, which nobody need wait for.
   * @param {import('../../classes/collection.js').Collection} collection */
  #withoutExamples(collection) {
    const gone = collection.columns.filter(({ images }) => images.length > 0 && areExamples(images));
    for (const { id } of gone) collection.remove(id);
    if (gone.length > 0) this.workbench.cancel();
  }

  /** Shows the classes; a visitor who has none gets two empty ones. */
  async begin() {
    this.root.hidden = false;
    this.#choose('classes');
    choose(this.#session, 'classes', { setUpOpen: true });
    await this.workbench.edit((collection) => this.#withoutExamples(collection));
    await this.#columns.begin();
    this.#toTop();
  }
}

/**
 * @param {import('../../classes/collection.js').Collection} collection
 * @param {import('../../classes/folders.js').Folder[]} folders
 */
function addFolders(collection, folders) {
  for (const { name, images, role } of folders) collection.add(name, images, role);
}
