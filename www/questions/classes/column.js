import { carriesFiles, connectInput, droppedFiles } from '../../ui/drop.js';
import { h, select, setText } from '../../ui/dom.js';
import { createColumnImages } from './column-images.js';
import { carriesImage, dragImage, draggedImage } from '../../ui/drag.js';
import { meant } from '../../files/file-kinds.js';
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

/** @type {(readonly [Role, string])[]} */
const ROLES = /** @type {Role[]} */ (['both', 'source', 'target']).map((role) => [role, text.columns.roles[role]]);

let nextId = 1;

/** One class with its images, as a card that images can be dropped on. */
export class ColumnCard {
  #thumbnails;
  #actions;
  #note = h('p', { className: 'note refusal', id: `column-note-${nextId++}`, 'aria-live': 'polite' });
  #name = h('input', {
    type: 'text',
    className: 'class-name',
    'aria-label': text.columns.name,
    'aria-describedby': this.#note.id,
    autocomplete: 'off',
    spellcheck: false,
    onchange: () => this.#rename(),
    onkeydown: (/** @type {KeyboardEvent} */ event) => {
      if (event.key === 'Escape') this.#name.value = this.#drawn;
    },
  });
  #remove = h('button', { type: 'button', className: 'close', onclick: () => this.#actions.remove() }, '×');
  #count = h('span', { className: 'note numbers' });
  #role = select(text.columns.role, ROLES, (value) => this.#setRole(/** @type {Role} */ (value)));
  #input = h('input', {
    type: 'file',
    accept: 'image/*,.zip',
    multiple: true,
    className: 'file-input',
    tabIndex: -1,
    'aria-hidden': 'true',
  });
  #add = h('button', { type: 'button' }, text.columns.addImages);
  #hint = h('p', { className: 'drop-hint note' }, text.columns.dropHere);
  #images;
  #ties = createTies((outputs) => this.#actions.tie(outputs), OWN_LIST);
  /** One for each further model. @type {Map<Study, ReturnType<typeof createTies>>} */
  #further = new Map();
  #furtherTies = h('div', { className: 'further-ties' });
  /** The name that is drawn. */
  #drawn = '';
  #id = 0;

  /**
   * @param {import('../../classes/thumbnails.js').Thumbnails} thumbnails
   * @param {ColumnActions} actions
   */
  constructor(thumbnails, actions) {
    this.#thumbnails = thumbnails;
    this.#actions = actions;
    this.#images = createColumnImages(this.#thumbnails, {
      show: actions.show,
      remove: (image) => this.#removeImage(image),
      drag: (image, event) => dragImage(event, { from: this.#id, image }),
    });
    this.#add.onclick = connectInput(this.#input, (files) => this.#take(files));
    this.element = h(
      'li',
      { className: 'column drop-place', 'data-testid': 'column' },
      h('div', { className: 'column-head' }, this.#name, this.#remove),
      this.#note,
      this.#hint,
      this.#images.element,
      h('div', { className: 'buttons' }, this.#add, this.#input, this.#count),
      this.#role.field,
      this.#ties.element,
      this.#furtherTies,
    );
    this.#listenForDrops();
  }

  #listenForDrops() {
    const { element } = this;
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
        setText(this.#note, this.#actions.receive(dragged.from, dragged.image));
      }
      if (!carriesFiles(event)) return;
      event.preventDefault();
      event.stopPropagation();
      droppedFiles(event)
        .files.then((files) => this.#take(files))
        .catch(this.#actions.report);
    });
  }

  #rename() {
    setText(this.#note, this.#actions.rename(this.#name.value));
    // Refused or trimmed, the field shows what the class is called.
    this.#name.value = this.#drawn;
  }

  /** @param {Role} role */
  #setRole(role) {
    setText(this.#note, this.#actions.setRole(role));
    this.#role.element.value = this.element.dataset.role ?? role;
  }

  /** @param {File[]} files */
  async #take(files) {
    try {
      setText(this.#note, await this.#actions.take(meant(files)));
    } catch (error) {
      this.#actions.report(error);
    }
  }

  /** @param {File} image */
  #removeImage(image) {
    this.#actions.removeImage(image);
    if (!this.#images.element.contains(document.activeElement)) this.#add.focus();
  }

  /**
   * @param {Column} column
   * @param {Tied} own of the page's own model
   * @param {(Tied & { study: Study, list: string })[]} others of further models
   */
  update(column, own, others) {
    this.#id = column.id;
    if (column.name !== this.#drawn) this.#drawName(column.name);
    const { element } = this;
    if (element.dataset.role !== column.role) element.dataset.role = this.#role.element.value = column.role;
    setText(this.#count, text.images(column.images.length));
    // Of a class without images only one thing can be done.
    const empty = column.images.length === 0;
    this.#hint.hidden = !empty;
    this.#count.hidden = this.#role.field.hidden = empty;
    this.#images.update(column.images);
    this.#ties.update(own);
    this.#ties.element.hidden = empty || own.labels.length === 0;
    this.#furtherTies.hidden = empty;
    this.#updateFurther(others);
  }

  /** @param {string} name */
  #drawName(name) {
    this.#drawn = this.#name.value = this.element.dataset.name = name;
    this.#remove.setAttribute('aria-label', text.columns.remove(name));
    this.#add.setAttribute('aria-label', text.columns.addImagesTo(name));
    this.#remove.title = text.columns.remove(name);
  }

  /** @param {(Tied & { study: Study, list: string })[]} others */
  #updateFurther(others) {
    for (const [study, { element: gone }] of this.#further) {
      if (others.some((other) => other.study === study)) continue;
      gone.remove();
      this.#further.delete(study);
    }
    for (const { study, list, ...tied } of others) {
      const one = this.#further.get(study) ?? createTies((outputs) => this.#actions.tie(outputs, study), list);
      this.#further.set(study, one);
      if (!one.element.isConnected) this.#furtherTies.append(one.element);
      one.update(tied);
    }
  }

  focus() {
    this.#add.focus({ preventScroll: true });
  }

  focusName() {
    this.#name.select();
  }

  close() {
    this.#images.close();
  }
}
