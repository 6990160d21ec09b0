import { h, select, setOptions, unfold } from '../../ui/dom.js';
import { text } from '../../classes/text.js';
import { MOST_MODELS } from '../../classes/workbench.js';

/** What stands for a file in the list of models. */
const FILE = 'file';

/**
 * The models that look at the images, and the controls that stand beside them.
 * @param {import('../../classes/workbench.js').Workbench} workbench
 * @param {import('../../page/session/session.js').Session} session
 */
export function createModels(workbench, session) {
  const input = h('input', {
    type: 'file',
    multiple: true,
    className: 'file-input',
    tabIndex: -1,
    'aria-hidden': 'true',
    onchange: () => {
      const files = Array.from(input.files ?? []);
      input.value = '';
      if (files.length > 0) addModel(files);
    },
  });
  const add = select(text.models.add, [], (value) => {
    add.element.value = '';
    if (value === FILE) input.click();
    else if (value) addModel(value);
  });
  const list = h('ul', { className: 'chips', 'aria-label': text.models.heading });
  const controls = /** @type {const} */ (['maps', 'labels', 'network']).map((control) => ({
    control,
    button: h(
      'button',
      {
        type: 'button',
        className: 'small',
        'data-control': control,
        onclick: (/** @type {Event} */ { currentTarget }) =>
          during(workbench.toggle(control), /** @type {HTMLElement} */ (currentTarget)),
      },
      text.controls[control],
    ),
  }));
  const buttons = controls.map(({ button }) => button);
  const element = h(
    'div',
    { className: 'beside-models' },
    h('div', { className: 'buttons' }, list, add.field, input),
    h(
      'div',
      { className: 'buttons', role: 'group', 'aria-label': text.controls.label },
      h('span', { className: 'note' }, text.controls.label),
      ...buttons,
    ),
    unfold(text.controls.why, h('p', {}, text.controls.explain), h('p', {}, text.models.explain(MOST_MODELS))),
  );

  /** @param {import('../../featurescope.js').ModelSource} source */
  function addModel(source) {
    return during(workbench.addModel(source), add.element);
  }

  /**
   * What is pressed is disabled while a model runs and loses the keyboard, which comes back unless it went elsewhere.
   * @param {Promise<void>} run
   * @param {HTMLElement} pressed
   */
  async function during(run, pressed) {
    await run;
    if (document.activeElement === document.body) pressed.focus({ preventScroll: true });
  }

  return {
    element,
    update() {
      const { models, running } = workbench;
      element.hidden = models.length === 0;
      const remove = (/** @type {import('../../classes/study.js').Study} */ study) =>
        during(workbench.removeStudy(study), add.element);
      list.replaceChildren(...models.map((study) => studyChip(study, running !== null, remove)));
      const titles = new Set(models.map(({ title }) => title));
      const offered = session.state.offeredModels.filter(({ title }) => !titles.has(title));
      setOptions(add.element, [
        ['', text.models.choose],
        ...offered.map(({ name, title }) => /** @type {const} */ ([name, title])),
        [FILE, text.models.file],
      ]);
      add.field.hidden = models.length >= MOST_MODELS;
      add.element.disabled = running !== null;
      for (const { control, button } of controls) {
        button.setAttribute('aria-pressed', String(workbench.choices.controls.includes(control)));
        button.disabled = running !== null;
      }
    },
  };
}

/**
 * @param {import('../../classes/study.js').Study} study
 * @param {boolean} isBusy
 * @param {(study: import('../../classes/study.js').Study) => void} onRemove
 */
function studyChip(study, isBusy, onRemove) {
  const remove = () =>
    h(
      'button',
      {
        type: 'button',
        className: 'close',
        'aria-label': text.models.remove(study.title),
        disabled: isBusy,
        onclick: () => onRemove(study),
      },
      '×',
    );
  return h('li', { className: 'study-chip', 'data-testid': 'study' }, study.title, study.owned ? remove() : null);
}
