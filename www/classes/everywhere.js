import { h, select, setOptions, unfold } from '../ui/dom.js';
import { natural } from './collection.js';
import { confusionTable } from './confusion-table.js';
import { TILE, createGallery, sumOptions } from './gallery.js';
import { cutPatch, isLimited } from './patch.js';
import { text } from './text.js';

/**
 * @typedef {import('./workbench.js').StudyResult} StudyResult
 * @typedef {import('./workbench.js').Workbench} Workbench
 * @typedef {import('../session.js').Session} Session
 */

/** Crops on a patch wall. */
const PATCHES = 12;

/** What stands for the images of every class in the list of classes. */
const ALL = '';

/**
 * Question 4: one map, or several as their sum, over every image of a class; and what the network makes of the same images.
 * @param {Workbench} workbench
 * @param {Session} session
 */
export function createEverywhere(workbench, session) {
  const of = select(text.everywhere.images, [], () => draw());
  const maps = select(text.everywhere.mapsOf, [], () => draw());
  const order = select(text.everywhere.order, [['strongest', text.everywhere.strongest], ['weakest', text.everywhere.weakest], ['name', text.everywhere.byName]], () => draw());
  const blocks = h('div', { className: 'models' });
  const element = h('div', { className: 'question' },
    h('p', { className: 'note' }, text.everywhere.explain),
    h('div', { className: 'controls' }, of.field, maps.field, order.field),
    blocks);
  /** @type {Map<string, ReturnType<typeof createBlock>>} */
  const drawn = new Map();
  const nothing = h('p', { className: 'note' }, text.nothingYet);
  /** What was asked for before there was anything to choose from.
   * @type {{ subject: import('./panel.js').Subject, arrangement: import('./panel.js').Arrangement } | null} */
  let wanted = null;

  function draw() {
    const { results, collection } = workbench;
    const targets = collection.targets().map(({ name }) => name);
    setOptions(of.element, [...targets.map((name) => /** @type {const} */ ([name, name])), [ALL, text.everywhere.all]]);
    setOptions(maps.element, collection.sources().map(({ name }) => /** @type {const} */ ([name, name])));
    if (wanted && results.length > 0) {
      const { subject, arrangement } = wanted;
      maps.element.value = subject.name ?? maps.element.value;
      if (arrangement.images !== undefined) of.element.value = arrangement.images ?? ALL;
      order.element.value = arrangement.order ?? 'strongest';
    }
    for (const [key, { dispose, element: gone }] of drawn) {
      if (results.some((result) => result.key === key)) continue;
      dispose();
      gone.remove();
      drawn.delete(key);
    }
    for (const result of results) {
      const block = drawn.get(result.key) ?? createBlock(workbench, session);
      drawn.set(result.key, block);
      blocks.append(block.element);
      block.update(result, { images: of.element.value, mapsOf: maps.element.value, order: order.element.value }, wanted);
    }
    if (results.length > 0) wanted = null;
    if (results.length === 0) blocks.append(nothing);
    else nothing.remove();
  }

  return {
    element,
    update: draw,
    get subject() {
      return { name: maps.element.value || null, maps: drawn.values().next().value?.chosen ?? [] };
    },
    /** What is chosen beside the subject, as far as it is not so by itself. @returns {import('./panel.js').Arrangement} */
    get arrangement() {
      const cell = drawn.values().next().value?.cell;
      const images = of.element.value === ALL ? null : of.element.value;
      return {
        ...(images === (workbench.collection.targets()[0]?.name ?? null) ? {} : { images }),
        ...(order.element.value === 'strongest' ? {} : { order: /** @type {'weakest' | 'name'} */ (order.element.value) }),
        ...(cell ? { cell } : {}),
      };
    },
    /** Is shown when the view is drawn next.
     * @param {import('./panel.js').Subject} subject
     * @param {import('./panel.js').Arrangement} arrangement */
    choose(subject, arrangement) {
      wanted = { subject, arrangement };
    },
  };
}

/**
 * What one model shows.
 * @param {Workbench} workbench
 * @param {Session} session
 */
function createBlock(workbench, session) {
  const title = h('h3');
  const chips = h('ul', { className: 'chips', 'aria-label': text.everywhere.choose });
  const lead = h('p', { className: 'lead-note' });
  const gallery = createGallery(session, text.everywhere.gallery);
  const wall = createGallery(session, text.everywhere.patches);
  const wallNote = h('p', { className: 'note' });
  const wallBox = unfold(text.everywhere.patches, wallNote, wall.element);
  const table = h('div');
  const tableNote = h('p', { className: 'note' });
  const element = h('section', { className: 'model' }, title, table, tableNote, chips, lead, gallery.element, wallBox);
  /** Maps chosen of the class's; none: all of them. @type {Set<number>} */
  let chosen = new Set();
  let chosenOf = '';
  /** A cell of the confusion matrix whose images are shown. @type {[number, number] | null} */
  let cell = null;
  /** The last drawing asked for: what it waits for may come late. */
  let turn = 0;
  let result = /** @type {StudyResult | null} */ (null);
  let choice = { images: ALL, mapsOf: '', order: 'strongest' };
  wallBox.addEventListener('toggle', () => draw());

  async function draw() {
    if (!result) return;
    const { study, classMaps, control } = result;
    const mine = ++turn;
    const own = classMaps.find(({ name }) => name === choice.mapsOf)?.maps.map(({ map }) => map) ?? [];
    const maps = chosen.size > 0 ? own.filter((map) => chosen.has(map)) : own;
    drawChips(own);
    const matrix = drawMatrix(control === null || control === 'network');
    if (maps.length === 0) {
      lead.textContent = text.everywhere.noMaps(choice.mapsOf);
      gallery.show(study, [], async () => new ImageData(1, 1), '');
      wallBox.hidden = true;
      return;
    }
    try {
      const [sums, overs] = await Promise.all([study.sums(maps), Promise.all(maps.map((map) => study.map(map)))]);
      if (mine !== turn) return;
      const classes = study.seen(workbench.collection.targets());
      const pool = cell && matrix ? matrix.images(...cell) : classes.filter(({ name }) => choice.images === ALL || name === choice.images).flatMap(({ images }) => images);
      const sum = (/** @type {File} */ file) => sums[study.places.get(file) ?? -1];
      const sorted = [...pool].sort((one, other) => choice.order === 'name' ? natural.compare(one.name, other.name)
        : (choice.order === 'strongest' ? sum(other) - sum(one) : sum(one) - sum(other)) || natural.compare(one.name, other.name));
      const options = sumOptions(session.state, overs);
      const mean = pool.reduce((total, file) => total + sum(file), 0) / Math.max(1, pool.length);
      lead.textContent = text.everywhere.lead(maps, pool.length, mean, cell && matrix ? matrix.title(...cell) : choice.images);
      gallery.show(study, sorted.map((file) => ({ file, caption: text.number(sum(file)), note: file.name })),
        (look) => look.overlay(maps, options), `${maps} ${choice.order} ${JSON.stringify(options)}`);
      drawWall(maps, overs);
    } catch (error) {
      if (mine === turn) session.report(error);
    }
  }

  /** @param {number[]} own */
  function drawChips(own) {
    chips.replaceChildren(...own.map((map) => h('li', {}, h('button', {
      type: 'button', className: 'small numbers', 'data-map': map, 'aria-pressed': String(chosen.has(map)), onclick: () => {
        if (!chosen.delete(map)) chosen.add(map);
        draw();
        /** @type {HTMLElement | null} */ (chips.querySelector(`[data-map="${map}"]`))?.focus();
      },
    }, `#${map}`))));
  }

  /** @param {boolean} wanted the head of a study is the same with every control but that of the network */
  function drawMatrix(wanted) {
    table.hidden = tableNote.hidden = !wanted;
    if (!wanted || !result) return null;
    const { study } = result;
    const classes = study.seen(workbench.collection.targets());
    const names = classes.map(({ name }) => name);
    const ties = workbench.outputs(study, names);
    const column = (/** @type {File} */ file) => {
      const place = ties.findIndex((outputs) => outputs.includes(study.saidOf(file)));
      return place < 0 ? names.length : place;
    };
    const labels = [...names, text.confusion.other];
    const counts = classes.map(({ images }) => labels.map((_, place) => images.filter((file) => column(file) === place).length));
    table.replaceChildren(confusionTable({ counts, labels, chosen: cell, onChoose: (row, place) => {
      cell = cell?.[0] === row && cell[1] === place ? null : [row, place];
      draw();
      /** @type {HTMLElement | null} */ (table.querySelector(`[data-row="${row}"][data-column="${place}"]`))?.focus();
    } }));
    const untied = names.filter((_, place) => ties[place].length === 0);
    tableNote.textContent = [text.confusion.explain, untied.length > 0 ? text.confusion.untied(untied) : ''].join(' ');
    return {
      images: (/** @type {number} */ row, /** @type {number} */ place) => (classes[row]?.images ?? []).filter((file) => column(file) === place),
      title: (/** @type {number} */ row, /** @type {number} */ place) => text.confusion.title(labels[row], labels[place]),
    };
  }

  /**
   * @param {number[]} maps
   * @param {import('../types.js').MapOverSet[]} overs
   */
  function drawWall(maps, overs) {
    wallBox.hidden = maps.length !== 1;
    const layer = result?.study.model.layers.find(({ id }) => id === result?.study.layer);
    if (!result || wallBox.hidden || !wallBox.open || !layer) return;
    const { study } = result;
    const [{ maxima, peaks }] = overs;
    const classes = study.seen(workbench.collection.targets());
    const all = classes.flatMap(({ name, images }) => images.map((file) => ({ file, name, place: study.places.get(file) ?? 0 })));
    const strongest = all.sort((one, other) => maxima[other.place] - maxima[one.place]).slice(0, PATCHES);
    const [, , height, width] = study.model.inputShape;
    wallNote.textContent = text.everywhere.wall(maps[0], isLimited(layer, { width, height }));
    wall.show(study, strongest.map(({ file, name, place }) => ({ file, caption: text.number(maxima[place]), note: name })),
      async (look, { file }) => cutPatch(look.seen(), layer, peaks[study.places.get(file) ?? 0], TILE), `patches ${maps}`);
  }

  return {
    element,
    /**
     * @param {StudyResult} next
     * @param {typeof choice} wanted
     * @param {{ subject: import('./panel.js').Subject, arrangement: import('./panel.js').Arrangement } | null} asked to be chosen
     */
    update(next, wanted, asked) {
      if (asked) chosen = new Set(asked.subject.maps);
      else if (chosenOf !== wanted.mapsOf) chosen = new Set();
      chosenOf = wanted.mapsOf;
      if (wanted.images !== choice.images || asked) cell = null;
      if (asked?.arrangement.cell) cell = [asked.arrangement.cell[0], asked.arrangement.cell[1]];
      result = next;
      choice = wanted;
      title.textContent = next.title;
      draw();
    },
    get chosen() {
      return [...chosen];
    },
    get cell() {
      return cell;
    },
    dispose() {
      gallery.dispose();
      wall.dispose();
    },
  };
}
