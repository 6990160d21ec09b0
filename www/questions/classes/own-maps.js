import { mapCount } from '../../page/state.js';
import { h, select, unfold } from '../../ui/dom.js';
import { drawOverlap } from '../../classes/charts.js';
import { setChoices } from '../../ui/choices.js';
import { chartTools } from '../../classes/figure.js';
import { numberField } from '../../ui/number-field.js';
import { overlaps } from './overlaps.js';
import { text } from '../../classes/text.js';

/**
 * @typedef {import('../../api/types.js').ClassMaps} ClassMaps
 * @typedef {import('../../classes/workbench.js').Workbench} Workbench
 */

/**
 * Question 1: which maps belong to which class?
 * @param {Workbench} workbench
 * @param {import('../../page/engine/session.js').Session} session
 */
export function createOwnMaps(workbench, session) {
  const perImage = numberField(text.own.perImage, workbench.perImage, (value) => workbench.choose({ perImage: value }));
  const perClass = numberField(text.own.perClass, workbench.perClass, (value) => workbench.choose({ perClass: value }));
  const model = select(text.own.model, [], () => show());
  const list = h('ul', { className: 'class-list' });
  const overlap = h('div', { className: 'plot-box' });
  const tools = chartTools({
    name: 'overlap',
    report: (error) => session.report(error),
    charts: () => [...overlap.querySelectorAll('svg')],
    rows: () =>
      overlaps(result()?.classMaps ?? []).map(({ classes, count }) => ({ classes: classes.join(' + '), maps: count })),
  });
  const figure = h(
    'figure',
    { className: 'overlap-figure' },
    h('h3', {}, text.own.overlap),
    overlap,
    h('figcaption', { className: 'note' }, text.own.overlapExplain),
    tools.element,
  );
  const element = h(
    'div',
    { className: 'question' },
    h('p', { className: 'note' }, text.own.explain),
    h('div', { className: 'buttons' }, perImage.field, perClass.field, model.field),
    list,
    figure,
  );
  /** Drawings of a class's maps. @type {Map<string, ReturnType<typeof import('../draw/wall.js').createWall>>} */
  const walls = new Map();
  /** The result shown, and what the grid of the page shows, as of the last drawing. */
  let drawn = /** @type {any[]} */ ([]);

  function result() {
    return workbench.results.find(({ key }) => key === model.element.value) ?? workbench.results[0];
  }

  /** Frames the maps of the class that is framed already, or else of the first. */
  function show() {
    const found = result();
    const { name } = session.state.framed;
    frame(found?.classMaps.find((one) => one.name === name) ?? found?.classMaps[0]);
    draw();
  }

  /** @param {ClassMaps | undefined} one whose maps are framed in the grid */
  function frame(one) {
    const { control = null, study = null } = result() ?? {};
    const name = one?.name ?? '';
    // The grid shows the page's own model: maps of the same numbers in another one are others.
    const layer = study && isOfPage(study) ? study.layer : '';
    session.set({
      framed: {
        name,
        label: control ? text.controls.titles[control](name) : name,
        layer,
        maps: one?.maps.map(({ map }) => map) ?? [],
      },
    });
  }

  /** @param {import('../../classes/study.js').Study} study */
  function isOfPage(study) {
    return study.model === session.model;
  }

  function draw() {
    const found = result();
    drawn = [workbench.results, session.state.look];
    const focused = document.activeElement;
    const card = /** @type {HTMLElement | null} */ (focused?.closest('.class'));
    const place = focused ? [...(card?.querySelectorAll('button, summary') ?? [])].indexOf(focused) : -1;
    list.replaceChildren(
      ...workbench.collection
        .sources()
        .map((one) =>
          h(
            'li',
            { className: 'class', 'data-testid': 'class', 'data-name': one.name },
            h('h3', {}, one.name, ' ', h('span', { className: 'note' }, text.images(one.images.length))),
            ...contentOf(found?.classMaps.find(({ name }) => name === one.name)),
          ),
        ),
    );
    // The list is new; the keyboard stays where it was.
    const again = [...list.children].find(
      (one) => card && list.contains(one) && /** @type {HTMLElement} */ (one).dataset.name === card.dataset.name,
    );
    /** @type {HTMLElement | undefined} */ (again?.querySelectorAll('button, summary')[place])?.focus({
      preventScroll: true,
    });
    drawOverlapOf(found?.classMaps ?? []);
  }

  /**
   * Draws all maps of a class, one after another; the last wall of the class goes.
   * @param {ClassMaps} one
   * @param {Event} event
   */
  async function drawWall(one, event) {
    const study = result()?.study;
    if (!study) return;
    try {
      const { createWall } = await import('../draw/wall.js');
      walls.get(one.name)?.stop();
      const wall = createWall(
        session,
        study,
        one.maps.map(({ map }) => map),
      );
      walls.set(one.name, wall);
      /** @type {HTMLElement} */ (event.target).closest('.class')?.append(wall.element);
      draw();
      wall.focus();
      await wall.draw();
    } catch (error) {
      session.report(error);
    }
  }

  /** What the lists have in common, where there are several. @param {ClassMaps[]} classMaps */
  async function drawOverlapOf(classMaps) {
    const sets = overlaps(classMaps);
    figure.hidden = classMaps.length < 2 || sets.length === 0;
    if (figure.hidden) return;
    try {
      const chart = await drawOverlap({ sets, names: classMaps.map(({ name }) => name), label: text.own.overlap });
      if (result()?.classMaps !== classMaps) return;
      overlap.replaceChildren(chart);
      tools.update();
    } catch (error) {
      session.report(error);
    }
  }

  /** @param {ClassMaps | undefined} one */
  function contentOf(one) {
    if (!one) return [];
    const { look, framed } = session.state;
    const count = mapCount(session.state);
    const study = result()?.study;
    const layer = study?.layer ?? '';
    const ranks = new Map(look?.top(count).map(({ map, rank }) => [map, rank]));
    const inGrid = one.maps.flatMap(({ map }) => ranks.get(map) ?? []).sort((a, b) => a - b);
    const pressed = framed.name === one.name;
    const where =
      study && !isOfPage(study)
        ? text.own.otherModel(study.title)
        : look?.layer === layer
          ? text.own.ranks(one.name, inGrid, count)
          : text.own.elsewhere(layer);
    return [
      h('p', { className: 'note' }, text.own.summary(one.maps.length, one.removed.length, workbench.perClass)),
      one.maps.length === 0 ? null : h('p', { className: 'note' }, text.own.chip(one.maps[0].map, one.maps[0].count)),
      h(
        'ul',
        { className: 'chips' },
        ...one.maps.map(({ map, count }) =>
          h(
            'li',
            {},
            h(
              'button',
              {
                type: 'button',
                className: 'small numbers',
                'data-testid': 'class-map',
                'data-map': map,
                'data-count': count,
                title: text.own.often(count),
                onclick: () => session.openMap(map),
              },
              `#${map} `,
              h('span', { className: 'note' }, `×${count}`),
            ),
          ),
        ),
      ),
      h(
        'p',
        { className: 'buttons' },
        h(
          'button',
          {
            type: 'button',
            className: 'small',
            'aria-pressed': String(pressed),
            onclick: () => {
              frame(one);
              draw();
            },
          },
          text.own.frame,
        ),
        one.maps.length === 0
          ? null
          : h(
              'button',
              { type: 'button', className: 'small', onclick: (/** @type {Event} */ event) => drawWall(one, event) },
              text.own.draw,
            ),
        h('span', { className: 'note' }, pressed ? where : ''),
      ),
      walls.get(one.name)?.element ?? null,
      one.removed.length === 0
        ? null
        : unfold(
            text.own.shared(one.removed.length),
            h(
              'ul',
              { className: 'shared note' },
              ...one.removed.map(({ map, count, alsoIn }) => h('li', {}, text.own.sharedMap(map, count, alsoIn))),
            ),
          ),
    ].filter((part) => part !== null);
  }

  return {
    element,
    /** The study whose maps are listed. */
    get study() {
      return result()?.study ?? null;
    },
    /** Lists the maps of a study, and frames those of a class.
     * @param {import('../../classes/study.js').Study | null} study
     * @param {string | null} name of the class */
    choose(study, name) {
      this.update();
      const listed = workbench.results.find((one) => one.study === study);
      if (listed) model.element.value = listed.key;
      frame(result()?.classMaps.find((one) => one.name === name) ?? result()?.classMaps[0]);
      draw();
    },
    update() {
      const { results } = workbench;
      perImage.show(workbench.perImage);
      perClass.show(workbench.perClass);
      setChoices(
        model.element,
        results.map(({ key, title }) => /** @type {const} */ ([key, title])),
      );
      model.field.hidden = results.length < 2;
      if (drawn[0] !== results) {
        // Other lists have other maps.
        for (const wall of walls.values()) wall.stop();
        walls.clear();
        show();
      }
      if (drawn[1] !== session.state.look) draw();
    },
  };
}
