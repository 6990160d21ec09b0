import { shownName } from '../../page/shown-names.js';
import { h, setText } from '../../ui/dom.js';
import { text } from '../../classes/text.js';

/** Thumbnails that show at first, and how many more each time. */
const FIRST = 12;
const MORE = 48;

/**
 * The first images of a class, more when asked for.
 * @param {import('../../classes/thumbnails.js').Thumbnails} thumbnails
 * @param {{ show: (image: File) => void, remove: (image: File) => void, drag: (image: File, event: DragEvent) => void }} actions
 */
export function createColumnImages(thumbnails, actions) {
  const list = h('ul', { className: 'class-thumbs' });
  const more = h('button', { type: 'button', className: 'small', onclick: showMore });
  const element = h('div', {}, list, more);
  /** @type {Map<File, { item: HTMLLIElement, canvas: HTMLCanvasElement }>} */
  const entries = new Map();
  let count = FIRST;
  /** @type {File[]} */
  let images = [];

  function showMore() {
    const before = list.children.length;
    count += MORE;
    draw();
    // The button moves away; the keyboard goes on with the first of the new ones.
    list.children[before]?.querySelector('button')?.focus();
  }

  /** @param {File} image */
  function remove(image) {
    const place = images.indexOf(image);
    actions.remove(image);
    const next = list.children[Math.min(place, list.children.length - 1)];
    /** @type {HTMLElement | null | undefined} */ (next?.querySelector('.remove'))?.focus();
  }

  /** @param {File} image */
  function create(image) {
    const canvas = thumbnails.create(image);
    // Not the button, which Firefox does not let be dragged.
    const item = h(
      'li',
      { draggable: true, ondragstart: (/** @type {DragEvent} */ event) => actions.drag(image, event) },
      h(
        'button',
        {
          type: 'button',
          className: 'class-thumb',
          title: shownName(image),
          'aria-label': text.columns.show(shownName(image)),
          onclick: () => actions.show(image),
        },
        canvas,
      ),
      h(
        'button',
        {
          type: 'button',
          className: 'remove',
          'aria-label': text.columns.removeImage(shownName(image)),
          onclick: () => remove(image),
        },
        '×',
      ),
    );
    return { item, canvas };
  }

  function draw() {
    const shown = new Set(images.slice(0, count));
    for (const [image, { item, canvas }] of entries) {
      if (shown.has(image)) continue;
      thumbnails.remove(canvas);
      item.remove();
      entries.delete(image);
    }
    let place = 0;
    for (const image of shown) {
      const entry = entries.get(image) ?? create(image);
      entries.set(image, entry);
      if (list.children[place] !== entry.item) list.insertBefore(entry.item, list.children[place] ?? null);
      place += 1;
    }
    const left = images.length - shown.size;
    more.hidden = left === 0;
    setText(more, text.columns.more(Math.min(MORE, left), left));
  }

  return {
    element,
    /** @param {File[]} all */
    update(all) {
      if (all === images) return;
      images = all;
      draw();
    },
    /** Lets go of what waits to be painted. */
    close() {
      for (const { canvas } of entries.values()) thumbnails.remove(canvas);
    },
  };
}
