import { shownName } from '../../page/shown-names.js';
import { text as page } from '../../page/text.js';
import { h, setText } from '../../ui/dom.js';
import { loadStyle } from '../../ui/load-style.js';
import { createColumns } from './columns.js';
import { createEverywhere } from '../everywhere/everywhere.js';
import { createFramedRanks } from './framed-ranks.js';
import { createModels } from './models.js';
import { createOwnMaps } from './own-maps.js';
import { createTabs } from '../../ui/tabs.js';
import { text } from '../../classes/text.js';
import { createUnique } from '../unique/unique.js';
import { Workbench } from '../../classes/workbench.js';

/** A class, and of its maps those chosen; none chosen: all of them. @typedef {{ name: string | null, maps: number[] }} Subject */

/**
 * What is chosen in the questions beside their subject, as far as it is not so by itself.
 * @typedef {object} Arrangement
 * @property {string} [framed] the class whose maps have red frames in the grid
 * @property {number} [model] the place of the one whose maps are listed, among the models side by side and the random one behind them
 * @property {string | null} [images] the class whose images are shown; null: those of all classes
 * @property {'strongest' | 'weakest' | 'name'} [order] of these images
 * @property {number[]} [cell] of the confusion matrix, row and column, whose images are shown
 * @property {boolean} [ownScale] each model's sums have an axis of their own
 * @property {(number | null)[]} [thresholds] where the visitor put the alarm lines of the further models
 * @property {string} [layer] that the images were looked at in, where the page looks in another one by now
 * @property {boolean} [article] whether they were looked at as the article has it, likewise
 */

/**
 * The part of the page about classes: the images in their columns, the run, and the questions.
 * @param {HTMLElement} root
 * @param {import('../../page/engine/session.js').Session} session
 */
export function createClasses(root, session) {
  for (const sheet of ['columns.css', 'questions.css']) loadStyle(sheet, import.meta.url);
  const workbench = (session.workbench = new Workbench(session));
  let { scope } = session;
  const columns = createColumns(workbench, session);
  const start = h('button', { type: 'button', className: 'primary', onclick: () => workbench.run() });
  const cancel = h('button', { type: 'button', onclick: () => workbench.cancel() }, text.cancel);
  const bar = h('progress', { max: 1, value: 0, 'aria-hidden': 'true' });
  const line = h('p', { className: 'note', role: 'status' });
  const here = h('button', {
    type: 'button',
    hidden: true,
    onclick: () => workbench.lookHere().catch((error) => session.report(error)),
  });
  const models = createModels(workbench, session);
  const everywhere = createEverywhere(workbench, session);
  const unique = createUnique(workbench, session);
  const own = createOwnMaps(workbench, session);
  const views = [
    { id: 'own', title: page.questions.own, view: own },
    { id: 'everywhere', title: page.questions.everywhere, view: everywhere },
    { id: 'unique', title: page.questions.unique, view: unique },
  ];
  const tabs = createTabs(
    text.questions,
    views.map(({ id, title, view }) => ({ id, title, element: view.element })),
    () => drawView(),
  );
  root.replaceChildren(
    h('h2', { id: 'classes-heading' }, text.heading),
    h('p', { className: 'note' }, text.explain),
    columns.element,
    h('div', { className: 'buttons' }, start, cancel, bar, line, here),
    models.element,
    tabs.element,
    ...views.map(({ view }) => view.element),
  );
  const ranks = createFramedRanks();
  document.querySelector('.grid-head')?.after(ranks.element);
  workbench.onChange(draw);

  function draw() {
    const { running, study } = workbench;
    const empty = workbench.collection.images().length === 0;
    const focused = document.activeElement;
    start.hidden = running !== null || !(workbench.unseen || empty);
    start.disabled = empty;
    setText(start, study ? text.again : text.find);
    cancel.hidden = bar.hidden = running === null;
    if (running) bar.value = running.done / running.total;
    setText(line, running ? text.progress(running) : status());
    drawHere();
    // The button that was pressed may be gone.
    if ((focused === start && start.hidden) || (focused === here && here.hidden))
      (cancel.hidden ? tabs : cancel).focus();
    if (focused === cancel && cancel.hidden) (start.hidden ? tabs : start).focus();
    columns.update();
    models.update();
    if (!running) drawView();
  }

  /** The images can be looked at again where the page looks now. */
  function drawHere() {
    const { running, study, isElsewhere } = workbench;
    here.hidden = running !== null || !isElsewhere;
    setText(here, study?.layer === session.state.look?.layer ? text.lookAgain : text.lookHere);
  }

  function status() {
    const { study, collection } = workbench;
    const images = collection.images();
    if (images.length === 0) return text.noImages;
    if (!study) return text.waiting;
    const failed = images.filter((image) => study.failed.has(image)).map(shownName);
    const seen = images.filter((image) => study.places.has(image)).length;
    return text.done(seen, study.layer, failed, images.length - seen - failed.length);
  }

  /** Only the question that shows is drawn. */
  function drawView() {
    views.find(({ id }) => id === tabs.current)?.view.update();
  }

  /** The studies that stand side by side, with the random network's last. */
  const side = () => [...workbench.models, ...workbench.studies.filter(({ randomised }) => randomised)];

  /** Where the images were looked at, as far as the page looks elsewhere by now. @returns {Arrangement} */
  function studied() {
    const { study } = workbench;
    const { look, article } = session.state;
    const asArticle = Boolean(study?.options.article);
    return {
      ...(study && study.layer !== look?.layer ? { layer: study.layer } : {}),
      ...(study && asArticle !== article ? { article: asArticle } : {}),
    };
  }

  /** Which maps are listed, and which of them are framed. @returns {Arrangement} */
  function listed() {
    const { name } = session.state.framed;
    const place = own.study ? side().indexOf(own.study) : 0;
    return {
      ...(name && name !== workbench.collection.sources()[0]?.name ? { framed: name } : {}),
      ...(place > 0 ? { model: place } : {}),
    };
  }

  tabs.choose(0);
  /** @type {import('../../page/state.js').LookView | null} */
  let shown = null;
  /** How the overlays are drawn, which the galleries follow. */
  let drawnWith = { overlay: session.state.overlay, article: session.state.article };
  return {
    workbench,
    root,
    /** @param {import('../../classes/folders.js').Folder[]} folders */
    async take(folders) {
      root.hidden = false;
      await workbench.edit((collection) => {
        // Nobody has named or filled these.
        for (const { id, name, images } of collection.columns)
          if (images.length === 0 && text.columns.unnamed.test(name)) collection.remove(id);
        for (const { name, images, role } of folders) collection.add(name, images, role);
      });
      root.scrollIntoView({ block: 'start' });
    },
    /** Which question shows, and what it is asked of. */
    get choices() {
      const question =
        /** @type {const} */ ({ own: 'classes', everywhere: 'everywhere', unique: 'unique' })[tabs.current] ??
        'classes';
      const shown = question === 'everywhere' ? everywhere : question === 'unique' ? unique : null;
      return {
        question,
        subject: shown?.subject ?? { name: null, maps: [] },
        threshold: question === 'unique' ? unique.threshold : null,
        arrangement: { ...studied(), ...listed(), ...shown?.arrangement },
      };
    },
    /** Goes to what `choices` gave.
     * @param {{ question: string, subject: Subject, threshold: number | null, arrangement: Arrangement }} choices */
    choose({ question, subject, threshold, arrangement }) {
      own.choose(side()[arrangement.model ?? 0] ?? null, arrangement.framed ?? null);
      if (question === 'everywhere') everywhere.choose(subject, arrangement);
      if (question === 'unique') unique.choose(subject, threshold, arrangement);
      tabs.choose(
        Math.max(
          0,
          views.findIndex(({ id }) => id === question),
        ),
      );
    },
    /** Brings a question to the front. @param {string} id */
    show(id) {
      tabs.choose(views.findIndex((view) => view.id === id));
      tabs.element.scrollIntoView({ block: 'start' });
    },
    /** Goes to a question; without images to ask it of, to the classes that want them.
     * @param {string} id */
    async ask(id) {
      tabs.choose(views.findIndex((view) => view.id === id));
      if (workbench.collection.images().length === 0) return this.begin();
      root.hidden = false;
      tabs.element.scrollIntoView({ block: 'start' });
    },
    /** Shows the classes; a visitor who has none gets two empty ones. */
    async begin() {
      root.hidden = false;
      await columns.begin();
      root.scrollIntoView({ block: 'start' });
    },
    /** @param {import('../../page/state.js').State} state */
    update(state) {
      const { look } = state;
      ranks.update(state);
      // A new worker knows nothing of what the last one saw.
      if (session.scope && session.scope !== scope) {
        scope = session.scope;
        workbench.forget(() => true);
      }
      workbench.forgetOutdated();
      columns.update();
      drawHere();
      if (look === shown && state.overlay === drawnWith.overlay && state.article === drawnWith.article) return;
      shown = look;
      drawnWith = { overlay: state.overlay, article: state.article };
      drawView();
    },
  };
}
