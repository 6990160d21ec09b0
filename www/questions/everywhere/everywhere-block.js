import { seenSize } from '../../page/state.js';
import { text as common } from '../../api/text.js';
import { shownName } from '../../page/shown-names.js';
import { h, unfold } from '../../ui/dom.js';
import { confusionTable } from './confusion-table.js';
import { TILE, galleryScale } from './gallery-scale.js';
import { createGallery } from './gallery.js';
import { confusionOf } from '../../classes/head.js';
import { natural } from '../../files/natural.js';
import { cutPatch, isLimited } from '../../classes/patch.js';
import { text } from '../../classes/text.js';
import { untiedNote } from './untied-note.js';

/**
 * @typedef {import('../../classes/workbench.js').StudyResult} StudyResult
 * @typedef {import('../../classes/workbench.js').Workbench} Workbench
 * @typedef {import('../../page/engine/session.js').Session} Session
 */

/** Images of one class that the network takes for another; `said`: null for an output that is none's.
 * @typedef {{ truth: string, said: string | null }} Cell */

/** Crops on a patch wall. */
const PATCHES = 12;

/** What stands for the images of every class in the list of classes. */
export const ALL = '';

/**
 * What one model shows.
 * @param {Workbench} workbench
 * @param {Session} session
 */
export function createBlock(workbench, session) {
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
  /** The one whose images are shown. @type {Cell | null} */
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
    // What is no map of the class any more cannot be chosen either.
    chosen = new Set(own.filter((map) => chosen.has(map)));
    const maps = chosen.size > 0 ? [...chosen] : own;
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
      const all =
        cell && matrix
          ? matrix.images(cell)
          : classes
              .filter(({ name }) => choice.images === ALL || name === choice.images)
              .flatMap(({ images }) => images);
      const sum = (/** @type {File} */ file) => sums[study.places.get(file) ?? -1];
      const leftOut = all.filter((file) => !Number.isFinite(sum(file))).map(shownName);
      const pool = all.filter((file) => Number.isFinite(sum(file)));
      const sorted = [...pool].sort((one, other) =>
        choice.order === 'name'
          ? natural.compare(one.name, other.name)
          : (choice.order === 'strongest' ? sum(other) - sum(one) : sum(one) - sum(other)) ||
            natural.compare(one.name, other.name),
      );
      const placeOf = (/** @type {File} */ file) => study.places.get(file) ?? -1;
      const scale = galleryScale(session.state, overs, pool.map(placeOf));
      const mean = pool.reduce((total, file) => total + sum(file), 0) / Math.max(1, pool.length);
      const of = cell && matrix ? text.confusion.title(cell.truth, cell.said ?? text.confusion.other) : choice.images;
      lead.textContent =
        `${text.everywhere.lead(maps, pool.length, mean, of)} ${scale.caption}` +
        (leftOut.length > 0 ? ` ${text.unique.leftOut(leftOut)}` : '');
      gallery.show(
        study,
        sorted.map((file) => ({ file, caption: text.number(sum(file)), note: shownName(file) })),
        (look, { file }) => look.overlay(maps, scale.of(placeOf(file))),
        `${maps} ${choice.order} ${scale.key}`,
      );
      drawWall(maps, overs);
    } catch (error) {
      if (mine === turn) session.report(error);
    }
  }

  /** @param {number[]} own */
  function drawChips(own) {
    chips.replaceChildren(
      ...own.map((map) =>
        h(
          'li',
          {},
          h(
            'button',
            {
              type: 'button',
              className: 'small numbers',
              'data-map': map,
              'aria-pressed': String(chosen.has(map)),
              onclick: () => {
                if (!chosen.delete(map)) chosen.add(map);
                draw();
                /** @type {HTMLElement | null} */ (chips.querySelector(`[data-map="${map}"]`))?.focus();
              },
            },
            `#${map}`,
          ),
        ),
      ),
    );
  }

  /** @param {boolean} wanted the head of a study is the same with every control but that of the network */
  function drawMatrix(wanted) {
    table.hidden = tableNote.hidden = !wanted;
    if (!wanted || !result) return null;
    const { study } = result;
    if (study.model.scores === null) {
      table.replaceChildren();
      tableNote.textContent = common.errors.noScores(study.model.results);
      return null;
    }
    const { classes, names, counts, answer } = confusionOf(workbench, study);
    if (cell && !(names.includes(cell.truth) && (cell.said === null || names.includes(cell.said)))) cell = null;
    const labels = [...names, text.confusion.other];
    /** @type {[number, number] | null} */
    const chosenCell = cell && [
      names.indexOf(cell.truth),
      cell.said === null ? names.length : names.indexOf(cell.said),
    ];
    const untied = workbench.untied(study, names);
    const tied = workbench.outputs(study, names).map((outputs) => outputs.length > 0);
    table.replaceChildren(
      confusionTable({
        counts,
        labels,
        tied,
        rated: untied.length === 0,
        chosen: chosenCell,
        onChoose: (row, place) => {
          cell =
            chosenCell?.[0] === row && chosenCell[1] === place
              ? null
              : { truth: names[row], said: names[place] ?? null };
          draw();
          /** @type {HTMLElement | null} */ (
            table.querySelector(`[data-row="${row}"][data-column="${place}"]`)
          )?.focus();
        },
      }),
    );
    const unknown = names.filter((name, place) => !tied[place] && !untied.includes(name));
    tableNote.replaceChildren(
      text.confusion.explain,
      ...(unknown.length > 0 ? [' ', text.confusion.unknown(unknown)] : []),
      ...untiedNote(untied),
    );
    return {
      /** @param {Cell} cell */
      images: ({ truth, said }) =>
        (classes.find(({ name }) => name === truth)?.images ?? []).filter((file) => answer(file) === said),
    };
  }

  /**
   * @param {number[]} maps
   * @param {import('../../api/types.js').MapOverSet[]} overs
   */
  function drawWall(maps, overs) {
    wallBox.hidden = maps.length !== 1;
    const layer = result?.study.model.layers.find(({ id }) => id === result?.study.layer);
    if (!result || wallBox.hidden || !wallBox.open || !layer) return;
    const { study } = result;
    const [{ maxima, peaks }] = overs;
    const all = workbench.collection.columns.flatMap(({ name, images }) =>
      images.flatMap((file) => {
        const place = study.places.get(file);
        return place === undefined ? [] : { file, name, place };
      }),
    );
    // An image may be in several classes, and is one image all the same.
    const strongest = [...new Map(all.map((one) => [one.file, one])).values()]
      .sort((one, other) => maxima[other.place] - maxima[one.place])
      .slice(0, PATCHES);
    const [height, width] = seenSize(study.options.article ? study.model.article.recipe : study.recipe);
    wallNote.textContent = text.everywhere.wall(maps[0], isLimited(layer, { width, height }));
    wall.show(
      study,
      strongest.map(({ file, name, place }) => ({ file, caption: text.number(maxima[place]), note: name })),
      async (look, { file }) => cutPatch(look.seen(), layer, peaks[study.places.get(file) ?? 0], TILE),
      `patches ${maps}`,
    );
  }

  return {
    element,
    /**
     * @param {StudyResult} next
     * @param {typeof choice} wanted
     * @param {{ maps: number[], cell: Cell | null } | null} asked to be chosen
     */
    update(next, wanted, asked) {
      if (asked) chosen = new Set(asked.maps);
      else if (chosenOf !== wanted.mapsOf) chosen = new Set();
      chosenOf = wanted.mapsOf;
      if (wanted.images !== choice.images) cell = null;
      if (asked) cell = asked.cell;
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
