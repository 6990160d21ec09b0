import { text } from '../../classes/text.js';
import { Workbench } from '../../classes/workbench.js';
import { visit } from '../../page/address.js';
import { text as page } from '../../page/text.js';
import { h } from '../../ui/dom.js';
import { loadStyle } from '../../ui/load-style.js';
import { createTabs } from '../../ui/tabs.js';
import { createEverywhere } from '../everywhere/view.js';
import { Unique } from '../unique/view.js';
import { Columns } from './columns.js';
import { createFramedRanks } from './framed-ranks.js';
import { createModels } from './models.js';
import { createRunBar } from './run-bar.js';
import { OwnMaps } from './view.js';

/** @typedef {import('../../page/state.js').State} State */

/** The tabs' own names for the questions. @type {Record<State['question'], string>} */
const TABS = { classes: 'own', everywhere: 'everywhere', unique: 'unique' };

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
  #runBar;
  #tabs;
  #ranks = createFramedRanks();
  #views;
  /** @type {unknown[]} */
  #drawn = [];

  /**
   * @param {HTMLElement} root
   * @param {import('../../page/engine/session.js').Session} session
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
    this.#runBar = createRunBar(workbench, session, () => this.#tabs.focus());
    this.#views = {
      classes: new OwnMaps(workbench, session),
      everywhere: createEverywhere(workbench, session),
      unique: new Unique(workbench, session),
    };
    this.#tabs = this.#createTabs();
    root.replaceChildren(
      h('h2', { id: 'classes-heading' }, text.heading),
      h('p', { className: 'note' }, text.explain),
      this.#columns.element,
      this.#runBar.element,
      this.#models.element,
      this.#tabs.element,
      ...Object.values(this.#views).map((view) => view.element),
    );
    document.querySelector('.grid-head')?.after(this.#ranks.element);
    workbench.onChange(() => this.#drawWorkbench());
    this.#tabs.show(TABS[session.state.question]);
  }

  #createTabs() {
    const questions = /** @type {State['question'][]} */ (Object.keys(TABS));
    return createTabs(
      text.questions,
      questions.map((question) => ({
        id: TABS[question],
        title: page.questions[/** @type {'own' | 'everywhere' | 'unique'} */ (TABS[question])],
        element: this.#views[question].element,
      })),
      (id) => this.#choose(/** @type {State['question']} */ (questions.find((question) => TABS[question] === id))),
    );
  }

  /** Another question, which shows at once: whoever pressed its tab reads on there. @param {State['question']} question */
  #choose(question) {
    visit(this.#session, question);
    this.#drawQuestion();
  }

  #drawWorkbench() {
    this.#runBar.update();
    this.#columns.update();
    this.#models.update();
    if (!this.workbench.running) this.#drawQuestion();
  }

  /** Only the question that shows is drawn. */
  #drawQuestion() {
    const { question } = this.#session.state;
    this.#tabs.show(TABS[question]);
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
    const inputs = drawnFrom(state);
    if (inputs.every((input, place) => input === this.#drawn[place])) return;
    this.#drawn = inputs;
    this.#drawQuestion();
  }

  /** @param {import('../../classes/folders.js').Folder[]} folders */
  async take(folders) {
    this.root.hidden = false;
    await this.workbench.edit((collection) => {
      // Nobody has named or filled these.
      for (const { id, name, images } of collection.columns)
        if (images.length === 0 && text.columns.unnamed.test(name)) collection.remove(id);
      for (const { name, images, role } of folders) collection.add(name, images, role);
    });
    this.root.scrollIntoView({ block: 'start' });
  }

  /** Brings a question to the front. @param {State['question']} question */
  show(question) {
    this.#choose(question);
    this.#tabs.element.scrollIntoView({ block: 'start' });
  }

  /** Goes to a question; without images to ask it of, to the classes that want them. @param {State['question']} question */
  async ask(question) {
    this.#choose(question);
    if (this.workbench.collection.images().length === 0) return this.begin();
    this.root.hidden = false;
    this.#tabs.element.scrollIntoView({ block: 'start' });
  }

  /** Shows the classes; a visitor who has none gets two empty ones. */
  async begin() {
    this.root.hidden = false;
    await this.#columns.begin();
    this.root.scrollIntoView({ block: 'start' });
  }
}
