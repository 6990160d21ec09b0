import { galleryScale } from '../questions/everywhere/gallery-scale.js';
import { createGallery } from '../questions/everywhere/gallery.js';
import { h } from '../ui/dom.js';
import { shownName } from '../page/shown-names.js';
import { partOf } from './ground-look.js';
import { text } from './text.js';

/** @typedef {import('./ground-look.js').Ground} Ground */

/** So many photos of a class are shown, the first that the network names right. */
const SHOWN = 3;
/** What is left of the brightness outside the part that is asked about. */
const DIMMED = 0.2;

/**
 * A few photos under their class's maps, after one of them that shows which part of it is asked about.
 * @param {import('../page/session/session.js').Session} session
 */
export function createGroundGallery(session) {
  const gallery = createGallery(session, text.photos.ground.gallery);
  return {
    element: h('div', { className: 'ground' }, gallery.element),
    dispose: () => gallery.dispose(),
    /** @param {import('./stage.js').StudyResult} result @param {Ground} tools @param {Ground} monuments */
    show(result, tools, monuments) {
      const entries = [
        ...entriesOf(session, tools, 'plain', text.photos.ground.plain),
        ...entriesOf(session, monuments, 'sky', text.photos.ground.sky),
      ];
      gallery.show(
        result.study,
        entries,
        (look, entry) => /** @type {ReturnType<typeof entriesOf>[number]} */ (entry).draw(look),
        `ground ${tools.maps} ${monuments.maps}`,
      );
    },
  };
}

/**
 * @param {import('../page/session/session.js').Session} session
 * @param {Ground} ground
 * @param {'plain' | 'sky'} kind
 * @param {{ part: string, share: (share: number) => string }} words
 */
function entriesOf({ state }, { maps, photos }, kind, words) {
  const shown = photos.slice(0, SHOWN);
  const scale = galleryScale(
    state,
    maps.map((_, place) => ({ maxima: shown.map(({ maxima }) => maxima[place]) })),
    [...shown.keys()],
  );
  return [
    ...shown.slice(0, 1).map(({ file }) => ({
      file,
      caption: words.part,
      note: '',
      draw: async (/** @type {import('../featurescope.js').Look} */ look) => ({ image: lit(look, kind), dead: false }),
    })),
    ...shown.map(({ file, share }, place) => ({
      file,
      caption: shownName(file).replace(/\.\w+$/, ''),
      note: share === null ? '' : words.share(share),
      draw: (/** @type {import('../featurescope.js').Look} */ look) => look.draw(maps, scale.of(place)),
    })),
  ];
}

/** The photo, dark where it is not asked about. @param {import('../featurescope.js').Look} look @param {'plain' | 'sky'} kind */
function lit(look, kind) {
  const part = partOf(look, kind);
  const picture = look.seen();
  const { width, height, data } = picture;
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const cell = Math.floor((y * look.height) / height) * look.width + Math.floor((x * look.width) / width);
      if (part[cell]) continue;
      const at = 4 * (y * width + x);
      for (let channel = 0; channel < 3; channel++) data[at + channel] *= DIMMED;
    }
  }
  return picture;
}
