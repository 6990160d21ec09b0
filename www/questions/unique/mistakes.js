import { text } from '../../classes/text.js';
import { Thumbnails } from '../../classes/thumbnails.js';
import { shownName } from '../../page/shown-names.js';
import { h } from '../../ui/dom.js';
import { lookAt } from '../everywhere/gallery.js';

/** @typedef {import('./detector.js').Point} Point */

/** Images of each kind that are shown; the chart has all. */
const MOST = 8;

/**
 * The images that the alarm gets wrong, as pictures: those of the class that it misses, and others that set it off.
 * @param {import('../../page/session/session.js').Session} session
 */
export function createMistakes(session) {
  const thumbnails = new Thumbnails(session);
  const element = h('div', { className: 'mistakes' });
  /** @type {unknown[]} */
  let shown = [];

  /** @param {string} title @param {Point[]} points */
  const part = (title, points) =>
    h(
      'figure',
      {},
      h('figcaption', {}, title),
      h(
        'ul',
        { className: 'mistake-list' },
        ...points.slice(0, MOST).map(({ file }) =>
          h(
            'li',
            {},
            h(
              'button',
              {
                type: 'button',
                className: 'class-thumb',
                title: text.gallery.open(shownName(file)),
                onclick: () => lookAt(session, file),
              },
              thumbnails.create(file),
            ),
          ),
        ),
      ),
    );

  return {
    element,
    /** @param {{ name: string, missed: Point[], falseAlarms: Point[] }} wrong */
    update({ name, missed, falseAlarms }) {
      const now = [name, missed.length, ...[...missed, ...falseAlarms].map(({ file }) => file)];
      if (now.length === shown.length && now.every((one, place) => one === shown[place])) return;
      shown = now;
      for (const canvas of element.querySelectorAll('canvas')) thumbnails.remove(canvas);
      element.replaceChildren(
        ...(missed.length > 0 ? [part(text.unique.missed(name, missed.length), missed)] : []),
        ...(falseAlarms.length > 0 ? [part(text.unique.alarmedOthers(falseAlarms.length), falseAlarms)] : []),
      );
      thumbnails.work();
    },
    dispose() {
      for (const canvas of element.querySelectorAll('canvas')) thumbnails.remove(canvas);
    },
  };
}
