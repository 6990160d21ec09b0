import { areExamples } from '../../classes/examples.js';
import { text } from '../../classes/text.js';
import { choose } from '../../page/changes.js';
import { h, setText } from '../../ui/dom.js';

/** A model's title without what stands behind it in brackets. @param {string} title */
const shortTitle = (title) => title.replace(/\s*[(（].*$/, '');

/**
 * Everything that is asked of, in one line that unfolds: the classes with their images, the models, the checks, the numbers of maps.
 * @param {import('../../page/session/session.js').Session} session
 * @param {import('../../classes/workbench.js').Workbench} workbench
 * @param {HTMLElement[]} parts
 */
export function createSetUp(session, workbench, parts) {
  const { collection } = workbench;
  /** The state is asked before the browser unfolds anything. @param {Event} event */
  const toggle = (event) => {
    event.preventDefault();
    choose(session, 'classes', { setUpOpen: !session.state.classes.setUpOpen });
  };
  const line = h('span');
  const summary = h('summary', { onclick: toggle }, line, ' ', h('span', { className: 'change' }, text.change));
  const examples = h('p', { className: 'note', 'data-testid': 'examples' });
  const found = h('p', { className: 'note' });
  const body = h('div', { className: 'set-up-body' }, examples, ...parts, found);
  const element = h('details', { className: 'set-up', 'data-testid': 'set-up' }, summary, body);
  /** Whether it is unfolded by what was last drawn. */
  let drawn = false;
  /** A browser that finds a word in here unfolds it by itself. */
  const takeOver = () => {
    if (element.open !== drawn) choose(session, 'classes', { setUpOpen: element.open });
  };
  element.addEventListener('toggle', takeOver);
  return {
    element,
    /** @param {string} status what was found, in a sentence */
    update(status) {
      const { setUpOpen } = session.state.classes;
      if (element.open !== drawn && setUpOpen === drawn) takeOver();
      drawn = session.state.classes.setUpOpen;
      element.open = drawn;
      const images = collection.images();
      const { models } = workbench;
      const title = models.length > 1 ? null : (models[0]?.title ?? session.state.model?.title ?? null);
      setText(line, text.setUp(collection.names().length, images.length, title && shortTitle(title), models.length));
      const bundled = images.filter((image) => areExamples([image])).length;
      examples.hidden = bundled === 0;
      if (bundled > 0) setText(examples, text.examples.about(bundled));
      setText(found, status);
    },
  };
}
