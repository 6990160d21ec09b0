import { h, setText, unfold } from '../ui/dom.js';
import { text } from '../text.js';

/**
 * @typedef {import('./folders.js').ImageClass} ImageClass
 * @typedef {import('../types.js').ClassMaps} ClassMaps
 */

/** The article's numbers of maps, for images and for classes. */
const MAPS = 25;

/**
 * Question 1: which maps belong to which class?
 * @param {HTMLElement} root
 * @param {import('../session.js').Session} session
 */
export function createClasses(root, session) {
  /** @type {ImageClass[]} */
  let classes = [];
  /** What a model made of the images, and in which layer.
   * @typedef {{ set: import('../image-set.js').ImageSet, model: import('../featurescope.js').Model, layer: string, done: number, failed: string[] }} Found
   * @type {Found | null} */
  let found = null;
  /** @type {ClassMaps[]} */
  let classMaps = [];
  /** @type {AbortController | null} */
  let running = null;

  const perImage = numberField(text.classes.perImage);
  const perClass = numberField(text.classes.perClass);
  for (const { input } of [perImage, perClass]) input.addEventListener('input', () => ask());
  const start = h('button', { type: 'button', className: 'primary', onclick: () => run() }, text.classes.find);
  const cancel = h('button', { type: 'button', onclick: () => running?.abort() }, text.cancel);
  const bar = h('progress', { max: 1, value: 0, 'aria-hidden': 'true' });
  const line = h('p', { className: 'note', role: 'status' });
  const list = h('ul', { className: 'class-list' });
  root.replaceChildren(
    h('h2', { id: 'classes-heading' }, text.classes.heading),
    h('p', { className: 'note' }, text.classes.explain),
    h('div', { className: 'buttons' }, perImage.field, perClass.field, start, cancel),
    bar, line, list);

  /** @param {ImageClass[]} given */
  function take(given) {
    forget();
    classes = given;
    root.hidden = false;
    draw();
    root.scrollIntoView({ block: 'start' });
  }

  /** Lets go of all that was found; the classes stay. */
  function forget() {
    running?.abort();
    running = null;
    found?.set.close();
    found = null;
    classMaps = [];
    frame(undefined);
  }

  /** Looks at all images; a cancelled or failed one leaves what was done. */
  async function run() {
    const { model } = session;
    if (!model || running) return;
    const controller = new AbortController();
    running = controller;
    const { layer, article } = session.state;
    const options = { article, ...(layer && !article ? { layer } : {}) };
    const total = classes.reduce((sum, { images }) => sum + images.length, 0);
    const begun = performance.now();
    draw();
    try {
      const set = await model.imageSet(classes.map(({ name }) => name), options);
      if (running !== controller) return set.close();
      found?.set.close();
      /** @type {Found} */
      const mine = { set, model, layer: session.state.look?.layer ?? '', done: 0, failed: [] };
      found = mine;
      let seen = 0;
      for (const { name, images } of classes) {
        for (const image of images) {
          try {
            await set.add(name, image, { signal: controller.signal });
            mine.done += 1;
          } catch (error) {
            const { code } = /** @type {import('../errors.js').FeaturescopeError} */ (error);
            if (code !== 'bad-image' && code !== 'too-large') throw error;
            mine.failed.push(image.name);
          }
          if (running !== controller) return;
          seen += 1;
          bar.value = seen / total;
          const secondsLeft = ((performance.now() - begun) / 1000) * (total / seen - 1);
          setText(line, text.classes.progress(seen, total, secondsLeft));
        }
      }
    } catch (error) {
      if (running !== controller) return;
      if (/** @type {{ code?: string }} */ (error).code !== 'cancelled') session.report(error);
    }
    running = null;
    await ask();
  }

  /** Asks the numbers that are there, without running the network. */
  async function ask() {
    if (!found) return draw();
    const options = { perImage: perImage.value(), perClass: perClass.value() };
    try {
      classMaps = await found.set.classMaps(options);
    } catch (error) {
      classMaps = [];
      session.report(error);
    }
    const { name } = session.state.framed;
    frame(classMaps.find((other) => other.name === name) ?? classMaps[0]);
    draw();
  }

  /** @param {ClassMaps | undefined} one whose maps are framed in the grid */
  function frame(one) {
    session.set({ framed: { name: one?.name ?? '', layer: found?.layer ?? '', maps: one?.maps.map(({ map }) => map) ?? [] } });
  }

  function draw() {
    start.hidden = running !== null;
    cancel.hidden = bar.hidden = running === null;
    if (!running) setText(line, found ? text.classes.done(found.done, found.layer, found.failed) : text.classes.waiting);
    list.replaceChildren(...classes.map((one) => h('li', { className: 'class', 'data-testid': 'class', 'data-name': one.name },
      h('h3', {}, one.name, ' ', h('span', { className: 'note' }, text.classes.images(one.images.length))),
      ...result(classMaps.find(({ name }) => name === one.name)))));
  }

  /** @param {ClassMaps | undefined} one */
  function result(one) {
    if (!one) return [];
    const { look } = session.state;
    const here = look?.layer === found?.layer;
    const ranks = new Map(look?.top(session.state.topCount).map(({ map, rank }) => [map, rank]));
    const inGrid = one.maps.flatMap(({ map }) => ranks.get(map) ?? []).sort((a, b) => a - b);
    const pressed = session.state.framed.name === one.name;
    return [
      h('p', { className: 'note' }, text.classes.summary(one.maps.length, one.removed.length, perClass.value())),
      h('ul', { className: 'chips' }, ...one.maps.map(({ map, count }) => h('li', {}, h('button', {
        type: 'button', className: 'small numbers', 'data-testid': 'class-map', 'data-map': map, 'data-count': count,
        title: text.classes.often(count), onclick: () => session.openMap(map),
      }, `#${map} `, h('span', { className: 'note' }, `×${count}`))))),
      h('p', { className: 'buttons' },
        h('button', { type: 'button', className: 'small', 'aria-pressed': String(pressed), onclick: () => {
          frame(one);
          draw();
          // The list is new; the keyboard stays where it was.
          /** @type {HTMLElement | null} */ (list.querySelector('[aria-pressed=true]'))?.focus();
        } }, text.classes.frame),
        h('span', { className: 'note' }, !pressed ? '' : here ? text.classes.ranks(one.name, inGrid, session.state.topCount) : text.classes.elsewhere(found?.layer ?? ''))),
      one.removed.length === 0 ? null : unfold(text.classes.shared(one.removed.length),
        h('ul', { className: 'shared note' }, ...one.removed.map(({ map, count, alsoIn }) => h('li', {}, text.classes.sharedMap(map, count, alsoIn))))),
    ].filter((part) => part !== null);
  }

  /** @type {import('../state.js').LookView | null} */
  let shown = null;
  return {
    take,
    /** @param {import('../state.js').State} state */
    update({ look }) {
      // Another model has other maps; one in a new worker has to look again.
      if (found && session.model && session.model !== found.model) {
        forget();
        draw();
      }
      if (look === shown) return;
      shown = look;
      if (classMaps.length > 0) draw();
    },
  };
}

/** @param {string} label */
function numberField(label) {
  const input = h('input', { type: 'number', min: '1', max: '200', value: String(MAPS) });
  return {
    input,
    field: h('label', { className: 'field' }, h('span', {}, label), input),
    value: () => Math.max(1, Math.min(200, Math.round(Number(input.value)) || MAPS)),
  };
}
