import { carriesFiles, connectInput, droppedFiles } from '../../ui/drop.js';
import { h, select, setText } from '../../ui/dom.js';
import { createColumnImages } from './column-images.js';
import { carriesImage, dragImage, draggedImage } from '../../ui/drag.js';
import { text } from '../../classes/text.js';
import { OWN_LIST, createTies } from './ties.js';

/**
 * @typedef {import('../../classes/collection.js').Column} Column
 * @typedef {import('../../classes/collection.js').Role} Role
 * @typedef {import('../../classes/study.js').Study} Study
 * @typedef {import('./ties.js').Tied} Tied
 */

/** What a card asks for. @typedef {object} ColumnActions
 * @property {(name: string) => string} rename gives back why not, or nothing
 * @property {(role: Role) => string} setRole gives back why not, or nothing
 * @property {(files: File[]) => Promise<string>} take gives back why not, or nothing
 * @property {(image: File) => void} removeImage
 * @property {(from: number, image: File) => string} receive an image of another column; gives back why not, or nothing
 * @property {() => void} remove
 * @property {(outputs: number[] | null, study?: Study) => void} tie `study`: of another model than the page's own
 * @property {(image: File) => void} show
 * @property {(error: unknown) => void} report
 */

let nextId = 1;

/**
 * One class with its images, as a card that images can be dropped on.
 * @param {import('../../classes/thumbnails.js').Thumbnails} thumbnails
 * @param {ColumnActions} actions
 */
export function createColumn(thumbnails, actions) {
  const note = h('p', { className: 'note refusal', id: `column-note-${nextId++}`, 'aria-live': 'polite' });
  const name = h('input', {
    type: 'text',
    className: 'class-name',
    'aria-label': text.columns.name,
    'aria-describedby': note.id,
    autocomplete: 'off',
    spellcheck: false,
    onchange: () => {
      setText(note, actions.rename(name.value));
      // Refused or trimmed, the field shows what the class is called.
      name.value = drawn;
    },
    onkeydown: (/** @type {KeyboardEvent} */ event) => {
      if (event.key === 'Escape') name.value = drawn;
    },
  });
  const remove = h('button', { type: 'button', className: 'close', onclick: actions.remove }, '×');
  const count = h('span', { className: 'note numbers' });
  const roles = /** @type {Role[]} */ (['both', 'source', 'target']);
  const role = select(
    text.columns.role,
    roles.map((value) => /** @type {const} */ ([value, text.columns.roles[value]])),
    (value) => {
      setText(note, actions.setRole(/** @type {Role} */ (value)));
      role.element.value = element.dataset.role ?? value;
    },
  );
  const input = h('input', {
    type: 'file',
    accept: 'image/*,.zip',
    multiple: true,
    className: 'file-input',
    tabIndex: -1,
    'aria-hidden': 'true',
  });
  const pick = connectInput(input, (files) => take(files));
  const add = h('button', { type: 'button', onclick: pick }, text.columns.addImages);
  const hint = h('p', { className: 'drop-hint note' }, text.columns.dropHere);
  const images = createColumnImages(thumbnails, {
    show: actions.show,
    remove: removeImage,
    drag: (image, event) => dragImage(event, { from: id, image }),
  });
  const ties = createTies((outputs) => actions.tie(outputs), OWN_LIST);
  /** One for each further model. @type {Map<Study, ReturnType<typeof createTies>>} */
  const further = new Map();
  const furtherTies = h('div', { className: 'further-ties' });
  const element = h(
    'li',
    { className: 'column drop-place', 'data-testid': 'column' },
    h('div', { className: 'column-head' }, name, remove),
    note,
    hint,
    images.element,
    h('div', { className: 'buttons' }, add, input, count),
    role.field,
    ties.element,
    furtherTies,
  );
  let drawn = '';
  let id = 0;

  element.addEventListener('dragover', (event) => {
    if (carriesImage(event)) event.preventDefault();
    else if (!carriesFiles(event)) return;
    element.classList.add('over');
  });
  element.addEventListener('dragleave', ({ relatedTarget }) => {
    if (!(relatedTarget instanceof Node && element.contains(relatedTarget))) element.classList.remove('over');
  });
  element.addEventListener('drop', (event) => {
    element.classList.remove('over');
    const dragged = draggedImage(event);
    if (dragged) {
      event.preventDefault();
      setText(note, actions.receive(dragged.from, dragged.image));
    }
    if (!carriesFiles(event)) return;
    event.preventDefault();
    event.stopPropagation();
    droppedFiles(event).files.then(take).catch(actions.report);
  });

  /** @param {File[]} files */
  async function take(files) {
    try {
      setText(note, await actions.take(files));
    } catch (error) {
      actions.report(error);
    }
  }

  /** @param {File} image */
  function removeImage(image) {
    actions.removeImage(image);
    if (!images.element.contains(document.activeElement)) add.focus();
  }

  return {
    element,
    /**
     * @param {Column} column
     * @param {Tied} own of the page's own model
     * @param {(Tied & { study: Study, list: string })[]} others of further models
     */
    update(column, own, others) {
      id = column.id;
      if (column.name !== drawn) {
        drawn = name.value = element.dataset.name = column.name;
        remove.setAttribute('aria-label', text.columns.remove(drawn));
        add.setAttribute('aria-label', text.columns.addImagesTo(drawn));
        remove.title = text.columns.remove(drawn);
      }
      if (element.dataset.role !== column.role) element.dataset.role = role.element.value = column.role;
      setText(count, text.images(column.images.length));
      // Of a class without images only one thing can be done.
      const empty = column.images.length === 0;
      hint.hidden = !empty;
      count.hidden = role.field.hidden = empty;
      images.update(column.images);
      ties.update(own);
      ties.element.hidden = empty || own.labels.length === 0;
      furtherTies.hidden = empty;
      for (const [study, { element: gone }] of further) {
        if (others.some((other) => other.study === study)) continue;
        gone.remove();
        further.delete(study);
      }
      for (const { study, list, ...tied } of others) {
        const one = further.get(study) ?? createTies((outputs) => actions.tie(outputs, study), list);
        further.set(study, one);
        if (!one.element.isConnected) furtherTies.append(one.element);
        one.update(tied);
      }
    },
    focus: () => add.focus({ preventScroll: true }),
    focusName: () => name.select(),
    close: images.close,
  };
}
