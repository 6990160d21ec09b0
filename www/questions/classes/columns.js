import { isImage, isModel } from '../../files/file-kinds.js';
import { shownName } from '../../page/shown-names.js';
import { tiedOutputs } from '../../api/tied-outputs.js';
import { heicError } from '../../page/heic.js';
import { h, setText } from '../../ui/dom.js';
import { createColumn } from './column.js';
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

/**
 * The classes side by side, each with its images.
 * @param {Workbench} workbench
 * @param {import('../../page/engine/session.js').Session} session
 */
export function createColumns(workbench, session) {
  const thumbnails = new Thumbnails(session);
  const outputs = createOutputList(OWN_LIST);
  /** Those of further models. @type {Map<Study, ReturnType<typeof createOutputList>>} */
  const lists = new Map();
  const listsBox = h('div', { hidden: true }, outputs.element);
  const hint = h('p', { className: 'note' });
  const list = h('ul', { className: 'columns', 'aria-label': text.columns.list });
  const add = h('button', { type: 'button', onclick: addColumn }, text.columns.add);
  const removed = h('span', { className: 'note', 'aria-live': 'polite' });
  const undo = h('button', { type: 'button', className: 'small', hidden: true }, text.columns.undo);
  const element = h(
    'div',
    { className: 'columns-part' },
    listsBox,
    hint,
    list,
    h('p', { className: 'buttons' }, add, removed, undo),
  );
  /** @type {Map<number, ReturnType<typeof createColumn>>} */
  const cards = new Map();
  /** The labels of the model whose outputs were tied by the visitor. @type {string[] | null} */
  let tiedLabels = null;

  /** @param {(collection: Collection) => unknown} change */
  function edit(change) {
    const done = workbench.edit(change);
    // At once: what the models say of it may have to wait for their turn.
    update();
    return done.catch((error) => session.report(error));
  }

  function addColumn() {
    edit((collection) => collection.add(collection.freeName(text.columns.stem)));
    cards.get(workbench.collection.columns.at(-1)?.id ?? 0)?.focusName();
  }

  /**
   * One step back, until the next one is taken.
   * @param {string} what was removed
   * @param {() => void} back
   */
  function offerUndo(what, back) {
    setText(removed, what);
    undo.hidden = false;
    undo.onclick = () => {
      undo.hidden = true;
      setText(removed, '');
      back();
    };
  }

  /** @param {Column} column */
  function removeColumn(column) {
    const place = workbench.collection.columns.indexOf(column);
    edit((collection) => collection.remove(column.id));
    offerUndo(text.columns.removed(column.name, column.images.length), () => {
      edit((collection) => collection.restore(column, place));
      cards.get(column.id)?.focus();
    });
    undo.focus();
  }

  /** @param {Column} column @param {File} image */
  function removeImage(column, image) {
    edit((collection) => collection.removeImage(column.id, image));
    offerUndo(text.columns.removedImage(shownName(image), column.name), () => {
      edit((collection) => collection.addImages(column.id, [image]));
      cards.get(column.id)?.focus();
    });
  }

  /** @param {number} from @param {Column} to @param {File} image */
  function receive(from, to, image) {
    if (from === to.id) return '';
    if (!changes((collection) => collection.moveImage(from, to.id, image))) return text.columns.there;
    offerUndo(text.columns.moved(shownName(image), to.name), () =>
      edit((collection) => collection.moveImage(to.id, from, image)),
    );
    return '';
  }

  /** @param {Column} column @param {string} wanted */
  function rename(column, wanted) {
    const name = wanted.trim();
    if (name === column.name) return '';
    if (name === '') return text.columns.noName;
    const { name: before } = column;
    if (!changes((collection) => collection.rename(column.id, name))) return text.columns.taken(name);
    workbench.renamed(before, name);
    update();
    return '';
  }

  /** @param {Column} column @param {Role} role */
  function setRole(column, role) {
    return column.role === role || changes((collection) => collection.setRole(column.id, role))
      ? ''
      : text.columns.roleTaken(column.name);
  }

  /** Whether a change was made. @param {(collection: Collection) => boolean} change */
  function changes(change) {
    let changed = false;
    edit((collection) => (changed = change(collection)));
    return changed;
  }

  /**
   * Images go to the class that they were dropped on; folders that are classes by themselves stay such.
   * @param {Column} column
   * @param {File[]} files
   */
  async function take(column, files) {
    const { folders, others, heic, stopped } = await sortOut(files, session);
    if (heic.length > 0) session.report(heicError(heic));
    const hasModel = isModel(others);
    const images = hasModel ? [] : others.filter(isImage);
    if (!hasModel && folders.length === 0 && images.length === 0)
      return stopped || (heic.length > 0 ? '' : text.columns.noImages);
    const before = column.images.length;
    await edit((collection) => {
      for (const folder of folders) collection.add(folder.name, folder.images, folder.role);
      collection.addImages(column.id, images);
    });
    if (hasModel) {
      await session.takeFiles(others);
      return stopped;
    }
    return (
      stopped ||
      (folders.length === 0 && heic.length === 0 && column.images.length === before ? text.columns.there : '')
    );
  }

  /** @param {File} image */
  function show(image) {
    const photo = session.state.photos.find(({ source }) => source === image);
    if (photo) session.choosePhoto(photo.id);
    else session.addPhotos([image]);
  }

  /** @param {Column} column @param {number[] | null} chosen @param {Study} [study] of another model than the page's own */
  function tie(column, chosen, study) {
    if (study) {
      workbench.tie(study, column.name, chosen).catch((error) => session.report(error));
      return update();
    }
    tiedLabels = session.state.model?.labels ?? null;
    edit((collection) => collection.tie(column.name, chosen));
  }

  /** @param {Column} column */
  function create(column) {
    return createColumn(thumbnails, {
      rename: (name) => rename(column, name),
      setRole: (role) => setRole(column, role),
      take: (files) => take(column, files),
      removeImage: (image) => removeImage(column, image),
      receive: (from, image) => receive(from, column, image),
      remove: () => removeColumn(column),
      tie: (chosen, study) => tie(column, chosen, study),
      show,
      report: (error) => session.report(error),
    });
  }

  /** The models beside the page's own, each with the list of its outputs. */
  function furtherModels() {
    const studies = workbench.models.filter(({ owned }) => owned);
    for (const [study, list] of lists) {
      if (studies.includes(study)) continue;
      list.element.remove();
      lists.delete(study);
    }
    return studies.map((study) => {
      const list = lists.get(study) ?? createOutputList(`outputs-of-model-${study.id}`);
      lists.set(study, list);
      if (!list.element.isConnected) listsBox.append(list.element);
      list.update(study.model.labels);
      return { study, list: list.element.id, followed: workbench.followed(study) };
    });
  }

  function update() {
    const labels = session.state.model?.labels ?? [];
    if (tiedLabels && labels !== tiedLabels && JSON.stringify(labels) !== JSON.stringify(tiedLabels)) {
      // Another model's outputs have other numbers.
      tiedLabels = null;
      edit((collection) => collection.untie());
    }
    const { columns, ties } = workbench.collection;
    outputs.update(labels);
    const others = furtherModels();
    const title = others.length > 0 ? session.state.model?.title : undefined;
    setText(hint, columns.length === 0 ? text.columns.none : text.columns.hint);
    for (const [id, card] of cards) {
      if (columns.some((column) => column.id === id)) continue;
      card.close();
      card.element.remove();
      cards.delete(id);
    }
    const names = workbench.collection.names();
    const own = tiedOutputs(names, ties, labels);
    const further = others.map(({ study }) => workbench.outputs(study, names));
    columns.forEach((column, place) => {
      const card = cards.get(column.id) ?? create(column);
      cards.set(column.id, card);
      const at = names.indexOf(column.name);
      card.update(
        column,
        { name: column.name, outputs: own[at], tied: ties[column.name], labels, title },
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
      if (list.children[place] !== card.element) list.insertBefore(card.element, list.children[place] ?? null);
    });
    thumbnails.work();
  }

  update();
  return {
    element,
    update,
    /** Two classes to fill, where there are none, and the keyboard on the first. */
    async begin() {
      if (workbench.collection.columns.length === 0) {
        await edit((collection) => {
          for (let count = 0; count < 2; count++) collection.add(collection.freeName(text.columns.stem));
        });
      }
      cards.get(workbench.collection.columns[0].id)?.focus();
    },
  };
}
