import { text } from '../../page/text.js';
import { h, select, setOptions } from '../../ui/dom.js';
import { paintThumbnail } from '../../ui/thumbnail.js';

/**
 * The photos at hand: choose, add, remove, compare.
 * @param {HTMLElement} root
 * @param {import('../../page/session/session.js').Session} session
 * @param {{ images: () => void, folder: () => void }} pickers
 */
export function createTray(root, session, pickers) {
  const list = h('ul', { className: 'tray' });
  const compare = select(text.tray.compare, [], (id) => session.compareWith(id ? Number(id) : null));
  compare.field.classList.add('inline');
  root.append(
    h('h2', { id: 'tray-heading', className: 'visually-hidden' }, text.tray.heading),
    list,
    h(
      'div',
      { className: 'tray-add' },
      h('button', { type: 'button', className: 'small', onclick: pickers.images }, text.tray.add),
      h('button', { type: 'button', className: 'small', onclick: pickers.folder }, text.tray.addFolder),
      compare.field,
    ),
  );
  /** @type {Map<number, { item: HTMLLIElement, button: HTMLButtonElement, canvas: HTMLCanvasElement, painted: ImageBitmap | undefined }>} */
  const entries = new Map();

  /** @param {import('../../page/state.js').Photo} photo */
  function create(photo) {
    const canvas = h('canvas', { width: 1, height: 1, 'aria-hidden': 'true' });
    const button = h(
      'button',
      {
        type: 'button',
        className: 'thumb',
        title: photo.name,
        'aria-label': text.tray.show(photo.name),
        onclick: () => session.choosePhoto(photo.id),
      },
      canvas,
    );
    const remove = photo.credit
      ? null
      : h(
          'button',
          {
            type: 'button',
            className: 'remove',
            'aria-label': text.tray.remove(photo.name),
            onclick: () => session.removePhoto(photo.id),
          },
          '×',
        );
    return { item: h('li', {}, button, remove), button, canvas, painted: undefined };
  }

  return {
    /** @param {import('../../page/state.js').State} state */
    update({ photos, photo: current, comparison }) {
      for (const [id, { item }] of entries) {
        if (photos.some((photo) => photo.id === id)) continue;
        item.remove();
        entries.delete(id);
      }
      photos.forEach((photo, place) => {
        const entry = entries.get(photo.id) ?? create(photo);
        entries.set(photo.id, entry);
        if (list.children[place] !== entry.item) list.insertBefore(entry.item, list.children[place] ?? null);
        entry.button.setAttribute('aria-pressed', String(photo.id === current));
        if (photo.thumbnail && entry.painted !== photo.thumbnail) {
          entry.painted = photo.thumbnail;
          paintThumbnail(entry.canvas, photo.thumbnail);
        }
      });
      const others = photos.filter(({ id }) => id !== current);
      setOptions(compare.element, [
        ['', text.tray.noCompare],
        ...others.map(({ id, name }) => /** @type {const} */ ([String(id), name])),
      ]);
      compare.element.value = comparison ? String(comparison) : '';
    },
  };
}
