import { h, select, setOptions, unfold } from '../ui/dom.js';
import { numberField } from './number-field.js';
import { text } from './text.js';

/**
 * @typedef {import('../types.js').ClassMaps} ClassMaps
 * @typedef {import('./workbench.js').Workbench} Workbench
 */

/**
 * Question 1: which maps belong to which class?
 * @param {Workbench} workbench
 * @param {import('../session.js').Session} session
 */
export function createOwnMaps(workbench, session) {
  const perImage = numberField(text.own.perImage, workbench.perImage, (value) => workbench.choose({ perImage: value }));
  const perClass = numberField(text.own.perClass, workbench.perClass, (value) => workbench.choose({ perClass: value }));
  const model = select(text.own.model, [], () => show());
  const list = h('ul', { className: 'class-list' });
  const element = h('div', { className: 'question' },
    h('p', { className: 'note' }, text.own.explain),
    h('div', { className: 'buttons' }, perImage.field, perClass.field, model.field),
    list);
  /** The finding shown, and what the grid of the page shows, as of the last drawing. */
  let drawn = /** @type {any[]} */ ([]);

  function finding() {
    return workbench.findings.find(({ study }) => String(study.id) === model.element.value) ?? workbench.findings[0];
  }

  /** Frames the maps of the class that is framed already, or else of the first. */
  function show() {
    const found = finding();
    const { name } = session.state.framed;
    frame(found?.classMaps.find((one) => one.name === name) ?? found?.classMaps[0]);
    draw();
  }

  /** @param {ClassMaps | undefined} one whose maps are framed in the grid */
  function frame(one) {
    session.set({ framed: { name: one?.name ?? '', layer: finding()?.study.layer ?? '', maps: one?.maps.map(({ map }) => map) ?? [] } });
  }

  function draw() {
    const found = finding();
    drawn = [workbench.findings, session.state.look];
    list.replaceChildren(...workbench.collection.sources().map((one) => h('li', { className: 'class', 'data-testid': 'class', 'data-name': one.name },
      h('h3', {}, one.name, ' ', h('span', { className: 'note' }, text.images(one.images.length))),
      ...result(found?.classMaps.find(({ name }) => name === one.name)))));
  }

  /** @param {ClassMaps | undefined} one */
  function result(one) {
    if (!one) return [];
    const { look, framed, topCount } = session.state;
    const layer = finding()?.study.layer ?? '';
    const ranks = new Map(look?.top(topCount).map(({ map, rank }) => [map, rank]));
    const inGrid = one.maps.flatMap(({ map }) => ranks.get(map) ?? []).sort((a, b) => a - b);
    const pressed = framed.name === one.name;
    const where = look?.layer === layer ? text.own.ranks(one.name, inGrid, topCount) : text.own.elsewhere(layer);
    return [
      h('p', { className: 'note' }, text.own.summary(one.maps.length, one.removed.length, workbench.perClass)),
      h('ul', { className: 'chips' }, ...one.maps.map(({ map, count }) => h('li', {}, h('button', {
        type: 'button', className: 'small numbers', 'data-testid': 'class-map', 'data-map': map, 'data-count': count,
        title: text.own.often(count), onclick: () => session.openMap(map),
      }, `#${map} `, h('span', { className: 'note' }, `×${count}`))))),
      h('p', { className: 'buttons' },
        h('button', { type: 'button', className: 'small', 'aria-pressed': String(pressed), onclick: () => {
          frame(one);
          draw();
          // The list is new; the keyboard stays where it was.
          /** @type {HTMLElement | null} */ (list.querySelector('[aria-pressed=true]'))?.focus();
        } }, text.own.frame),
        h('span', { className: 'note' }, pressed ? where : '')),
      one.removed.length === 0 ? null : unfold(text.own.shared(one.removed.length),
        h('ul', { className: 'shared note' }, ...one.removed.map(({ map, count, alsoIn }) => h('li', {}, text.own.sharedMap(map, count, alsoIn))))),
    ].filter((part) => part !== null);
  }

  return {
    element,
    update() {
      const { findings } = workbench;
      setOptions(model.element, findings.map(({ study }) => /** @type {const} */ ([String(study.id), study.title])));
      model.field.hidden = findings.length < 2;
      if (drawn[0] !== findings) show();
      else if (drawn[1] !== session.state.look) draw();
    },
  };
}
