import { cutPatch, isLimited } from '../../classes/patch.js';
import { text } from '../../classes/text.js';
import { seenSize } from '../../page/facts.js';
import { h, unfold } from '../../ui/dom.js';
import { TILE } from './gallery-scale.js';
import { createGallery } from './gallery.js';

/** Crops on a patch wall. */
const PATCHES = 12;

/**
 * What one map fires at most, over all images: the part of each that the strongest cell sees.
 * @param {import('../../classes/workbench.js').Workbench} workbench
 * @param {import('../../page/session/session.js').Session} session
 */
export function createPatchWall(workbench, session) {
  const gallery = createGallery(session, text.everywhere.patches);
  const note = h('p', { className: 'note' });
  const element = unfold(text.everywhere.patches, note, gallery.element);
  /** What it shows once it is unfolded. @type {Parameters<typeof draw> | null} */
  let waiting = null;
  element.addEventListener('toggle', () => {
    if (element.open && waiting) draw(...waiting);
  });

  /**
   * @param {import('../../classes/study.js').Study} study
   * @param {number} map
   * @param {import('../../api/types.js').MapOverSet} over
   */
  function draw(study, map, { maxima, peaks }) {
    const layer = study.model.layers.find(({ id }) => id === study.layer);
    if (!layer) return;
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
    note.textContent = text.everywhere.wall(map, isLimited(layer, { width, height }));
    gallery.show(
      study,
      strongest.map(({ file, name, place }) => ({ file, caption: text.number(maxima[place]), note: name })),
      async (look, { file }) => ({
        image: cutPatch(look.seen(), layer, peaks[study.places.get(file) ?? 0], TILE),
        dead: false,
      }),
      `patches ${map}`,
    );
  }

  return {
    element,
    /**
     * @param {import('../../classes/study.js').Study} study
     * @param {number[]} maps one, or there is no wall
     * @param {import('../../api/types.js').MapOverSet[]} overs
     */
    update(study, maps, overs) {
      element.hidden = maps.length !== 1;
      waiting = maps.length === 1 ? [study, maps[0], overs[0]] : null;
      if (waiting && element.open) draw(...waiting);
    },
    dispose: () => gallery.dispose(),
  };
}
