import { isImage, isModel } from '../../files/file-kinds.js';
import { shownName } from '../../page/shown-names.js';
import { tiedOutputs } from '../../api/tied-outputs.js';
import { heicError } from '../../page/heic.js';
import { h, setText } from '../../ui/dom.js';
import { ColumnCard } from './column.js';
import { sortOut } from '../../classes/intake.js';
import { text } from '../../classes/text.js';
import { Thumbnails } from '../../classes/thumbnails.js';
import { OWN_LIST, createOutputList } from './ties.js';

/**
 * @typedef {import('../../classes/collection.js').Collection} Collection
 * @typedef {import('../../classes/collection.js').Column} Column
 * @typedef {import('../../classes/collection.js').Role} Role
 * @typedef {import('../../classes/workbench.js').Workbench} Workbench
 * @typedef {import('../../classes/study.js').Study} Study
 */

/** The classes side by side, each with its images. */
export class Columns {
  #workbench;
  #session;
  #thumbnails;
  #outputs = createOutputList(OWN_LIST);
  /** Those of further models. @type {Map<Study, ReturnType<typeof createOutputList>>} */
  #lists = new Map();
  #listsBox = h('div', { hidden: true }, this.#outputs.element);
  #hint = h('p', { className: 'note' });
  #list = h('ul', { className: 'columns', 'aria-label': text.columns.list });
  #removed = h('span', { className: 'note', 'aria-live': 'polite' });
  #undo = h('button', { type: 'button', className: 'small', hidden: true }, text.columns.undo);
  /** @type {Map<number, ColumnCard>} */
  #cards = new Map();
  /** The labels of the model whose outputs were tied by the visitor. @type {string[] | null} */
  #tiedLabels = null;

  /**
   * @param {Workbench} workbench
   * @param {import('../../page/session/session.js').Session} session
   */
  constructor(workbench, session) {
    this.#workbench = workbench;
    this.#session = session;
    this.#thumbnails = new Thumbnails(session);
    const add = h('button', { type: 'button', onclick: () => this.#addColumn() }, text.columns.add);
    this.element = h(
      'div',
      { className: 'columns-part' },
      this.#listsBox,
      this.#hint,
      this.#list,
      h('p', { className: 'buttons' }, add, this.#removed, this.#undo),
    );
    this.update();
  }

  /** Two classes to fill, where there are none, and the keyboard on the first. */
  async begin() {
    if (this.#workbench.collection.columns.length === 0) {
      await this.#edit((collection) => {
        for (let count = 0; count < 2; count++) collection.add(collection.freeName(text.columns.stem));
      });
    }
    this.#cards.get(this.#workbench.collection.columns[0].id)?.focus();
  }

  /** @param {(collection: Collection) => unknown} change */
  #edit(change) {
    const done = this.#workbench.edit(change);
    // At once: what the models say of it may have to wait for their turn.
    this.update();
    return done.catch((error) => this.#session.report(error));
  }

  /** Whether a change was made. @param {(collection: Collection) => boolean} change */
  #changes(change) {
    let changed = false;
    this.#edit((collection) => (changed = change(collection)));
    return changed;
  }

  #addColumn() {
    this.#edit((collection) => collection.add(collection.freeName(text.columns.stem)));
    this.#cards.get(this.#workbench.collection.columns.at(-1)?.id ?? 0)?.focusName();
  }

  /**
   * One step back, until the next one is taken.
   * @param {string} what was removed
   * @param {() => void} back
   */
  #offerUndo(what, back) {
    setText(this.#removed, what);
    this.#undo.hidden = false;
    this.#undo.onclick = () => {
      this.#undo.hidden = true;
      setText(this.#removed, '');
      back();
    };
  }

  /** @param {Column} column */
  #removeColumn(column) {
    const place = this.#workbench.collection.columns.indexOf(column);
    this.#edit((collection) => collection.remove(column.id));
    this.#offerUndo(text.columns.removed(column.name, column.images.length), () => {
      this.#edit((collection) => collection.restore(column, place));
      this.#cards.get(column.id)?.focus();
    });
    this.#undo.focus();
  }

  /** @param {Column} column @param {File} image */
  #removeImage(column, image) {
    this.#edit((collection) => collection.removeImage(column.id, image));
    this.#offerUndo(text.columns.removedImage(shownName(image), column.name), () => {
      this.#edit((collection) => collection.addImages(column.id, [image]));
      this.#cards.get(column.id)?.focus();
    });
  }

  /** @param {number} from @param {Column} to @param {File} image */
  #receive(from, to, image) {
    if (from === to.id) return '';
    if (!this.#changes((collection) => collection.moveImage(from, to.id, image))) return text.columns.there;
    this.#offerUndo(text.columns.moved(shownName(image), to.name), () =>
      this.#edit((collection) => collection.moveImage(to.id, from, image)),
    );
    return '';
  }

  /** @param {Column} column @param {string} wanted */
  #rename(column, wanted) {
    const name = wanted.trim();
    if (name === column.name) return '';
    if (name === '') return text.columns.noName;
    const { name: before } = column;
    if (!this.#changes((collection) => collection.rename(column.id, name))) return text.columns.taken(name);
    this.#workbench.renamed(before, name);
    this.update();
    return '';
  }

  /** @param {Column} column @param {Role} role */
  #setRole(column, role) {
    return column.role === role || this.#changes((collection) => collection.setRole(column.id, role))
      ? ''
      : text.columns.roleTaken(column.name);
  }

  /**
   * Images go to the class that they were dropped on; folders that are classes by themselves stay such.
   * @param {Column} column
   * @param {File[]} files
   */
  async #take(column, files) {
    const { folders, others, heic, stopped } = await sortOut(files, this.#session);
    if (heic.length > 0) this.#session.report(heicError(heic));
    const hasModel = isModel(others);
    const images = hasModel ? [] : others.filter(isImage);
    if (!hasModel && folders.length === 0 && images.length === 0)
      return stopped || (heic.length > 0 ? '' : text.columns.noImages);
    const before = column.images.length;
    await this.#edit((collection) => {
      for (const folder of folders) collection.add(folder.name, folder.images, folder.role);
      collection.addImages(column.id, images);
    });
    if (hasModel) {
      await this.#session.takeFiles(others);
      return stopped;
    }
    const isNothingNew = folders.length === 0 && heic.length === 0 && column.images.length === before;
    return stopped || (isNothingNew ? text.columns.there : '');
  }

  /** @param {File} image */
  #show(image) {
    const photo = this.#session.state.photos.find(({ source }) => source === image);
    if (photo) this.#session.choosePhoto(photo.id);
    else this.#session.addPhotos([image]);
  }

  /** @param {Column} column @param {number[] | null} chosen @param {Study} [study] of another model than the page's own */
  #tie(column, chosen, study) {
    if (study) {
      this.#workbench.tie(study, column.name, chosen).catch((error) => this.#session.report(error));
      return this.update();
    }
    this.#tiedLabels = this.#session.state.model?.labels ?? null;
    this.#edit((collection) => collection.tie(column.name, chosen));
  }

  /** @param {Column} column */
  #create(column) {
    return new ColumnCard(this.#thumbnails, {
      rename: (name) => this.#rename(column, name),
      setRole: (role) => this.#setRole(column, role),
      take: (files) => this.#take(column, files),
      removeImage: (image) => this.#removeImage(column, image),
      receive: (from, image) => this.#receive(from, column, image),
      remove: () => this.#removeColumn(column),
      tie: (chosen, study) => this.#tie(column, chosen, study),
      show: (image) => this.#show(image),
      report: (error) => this.#session.report(error),
    });
  }

  /** The models beside the page's own, each with the list of its outputs. */
  #furtherModels() {
    const studies = this.#workbench.models.filter(({ owned }) => owned);
    for (const [study, list] of this.#lists) {
      if (studies.includes(study)) continue;
      list.element.remove();
      this.#lists.delete(study);
    }
    return studies.map((study) => {
      const list = this.#lists.get(study) ?? createOutputList(`outputs-of-model-${study.id}`);
      this.#lists.set(study, list);
      if (!list.element.isConnected) this.#listsBox.append(list.element);
      list.update(study.model.labels);
      return { study, list: list.element.id, followed: this.#workbench.followed(study) };
    });
  }

  update() {
    const labels = this.#session.state.model?.labels ?? [];
    if (this.#tiedLabels && JSON.stringify(labels) !== JSON.stringify(this.#tiedLabels)) {
      // Another model's outputs have other numbers.
      this.#tiedLabels = null;
      this.#edit((collection) => collection.untie());
    }
    const { columns } = this.#workbench.collection;
    this.#outputs.update(labels);
    setText(this.#hint, columns.length === 0 ? text.columns.none : text.columns.hint);
    for (const [id, card] of this.#cards) {
      if (columns.some((column) => column.id === id)) continue;
      card.close();
      card.element.remove();
      this.#cards.delete(id);
    }
    this.#updateCards(labels);
    this.#thumbnails.work();
  }

  /** @param {string[]} labels of the page's own model */
  #updateCards(labels) {
    const { collection } = this.#workbench;
    const others = this.#furtherModels();
    const title = others.length > 0 ? this.#session.state.model?.title : undefined;
    const names = collection.names();
    const own = tiedOutputs(names, collection.ties, labels);
    const further = others.map(({ study }) => this.#workbench.outputs(study, names));
    collection.columns.forEach((column, place) => {
      const card = this.#cards.get(column.id) ?? this.#create(column);
      this.#cards.set(column.id, card);
      const at = names.indexOf(column.name);
      card.update(
        column,
        { name: column.name, outputs: own[at], tied: collection.ties[column.name], labels, title },
        others.map(({ study, list, followed }, other) => ({
          study,
          list,
          name: column.name,
          outputs: further[other][at],
          tied: study.ties[column.name],
          followed: followed[column.name],
          labels: study.model.labels,
          title: study.title,
        })),
      );
      const before = this.#list.children[place] ?? null;
      if (before !== card.element) this.#list.insertBefore(card.element, before);
    });
  }
}
