import { cutPatch, isLimited } from '../../classes/patch.js';
import { shownName } from '../../page/shown-names.js';
import { h, setText } from '../../ui/dom.js';
import { paint } from '../../ui/overlay-canvas.js';
import { text } from './text.js';

/** Pixels of a crop's side, and how many photos are looked at for crops where there are no classes. */
const SIDE = 112;
const MOST_PHOTOS = 60;
const FEW = 3;

/**
 * Where a map fires most in the images: those of the classes where they have been looked at in this layer, the photos
 * otherwise.
 * @param {import('../../page/engine/session.js').Session} session
 * @param {number} count of crops; where they are few, they stand without a heading
 */
export function createPatches(session, count) {
  const list = h('ul', { className: 'draw-patches', 'aria-label': text.patches });
  const note = h('p', { className: 'note' });
  const element = h(
    'div',
    { className: 'panel', hidden: true, 'data-testid': 'drawing-patches' },
    ...(count > FEW ? [h('h3', {}, text.patches)] : []),
    list,
    ...(count > FEW ? [note] : []),
  );

  /** @param {ImageData} image @param {string} name @param {number} maximum */
  function add(image, name, maximum) {
    const canvas = h('canvas', { width: 1, height: 1, role: 'img', 'aria-label': text.patch(name, maximum) });
    paint(canvas, image);
    list.append(h('li', { 'data-testid': 'drawing-patch', title: text.patch(name, maximum) }, canvas));
  }

  return {
    element,
    clear() {
      element.hidden = true;
      list.replaceChildren();
    },
    /**
     * @param {import('../../featurescope.js').Model} model
     * @param {{ layer: string, map: number }} target
     * @param {{ article: boolean, signal: AbortSignal }} options
     */
    async show(model, { layer, map }, { article, signal }) {
      const info = model.layers.find(({ id }) => id === layer);
      if (!info) return;
      const found = (await fromStudy(session, model, { layer, map }, { article, count })) ?? photosOf(session);
      /** @type {{ image: ImageData, name: string, maximum: number }[]} */
      const patches = [];
      let limited = false;
      for (const { source, name } of found) {
        const look = await model.look(source, { ...(article ? { article } : { layer }), signal });
        const seen = look.seen();
        limited ||= isLimited(info, seen);
        if (!look.dead[map])
          patches.push({ image: cutPatch(seen, info, look.peaks[map], SIDE), name, maximum: look.maxima[map] });
        look.close();
      }
      if (signal.aborted) return;
      list.replaceChildren();
      patches.sort((one, other) => other.maximum - one.maximum);
      for (const { image, name, maximum } of patches.slice(0, count)) add(image, name, maximum);
      setText(note, patches.length === 0 ? text.noPatches(found.length) : text.patchesExplain(limited));
      element.hidden = false;
    },
  };
}

/** @param {import('../../page/engine/session.js').Session} session */
function photosOf({ state }) {
  return state.photos.slice(0, MOST_PHOTOS).map(({ source, name }) => ({ source, name }));
}

/**
 * The images of the classes in which the map is strongest, where they have been looked at.
 * @param {import('../../page/engine/session.js').Session} session
 * @param {import('../../featurescope.js').Model} model
 * @param {{ layer: string, map: number }} target
 * @param {{ article: boolean, count: number }} options
 */
async function fromStudy({ workbench }, model, { layer, map }, { article, count }) {
  const study = workbench?.study;
  if (
    !study ||
    study.model !== model ||
    study.layer !== layer ||
    Boolean(study.options.article) !== article ||
    study.places.size === 0
  )
    return null;
  const { maxima } = await study.map(map);
  return [...study.places]
    .sort(([, one], [, other]) => maxima[other] - maxima[one])
    .slice(0, count)
    .map(([file]) => ({ source: file, name: shownName(file) }));
}
