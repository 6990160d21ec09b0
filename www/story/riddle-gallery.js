import { text as pictureText } from '../classes/story-pictures-text.js';
import { galleryScale } from '../questions/everywhere/gallery-scale.js';
import { createGallery } from '../questions/everywhere/gallery.js';
import { mapsOf } from './stage.js';
import { text } from './text.js';

/**
 * The riddle's pictures under the knife maps.
 * @param {import('../page/session/session.js').Session} session
 */
export function createRiddleGallery(session) {
  const gallery = createGallery(session, text.riddleGallery);
  return {
    element: gallery.element,
    dispose: () => gallery.dispose(),
    /** @param {import('./stage.js').StudyResult} result @param {import('./solved.js').Solved[]} solved */
    show(result, solved) {
      const maps = mapsOf(result, 'knife');
      const scale = galleryScale(
        session.state,
        maps.map((_, place) => ({ maxima: solved.map(({ maxima }) => maxima[place]) })),
        solved.map((_, place) => place),
      );
      gallery.show(
        result.study,
        solved.map(({ picture, outside, area, knife }) => ({
          file: picture.file,
          caption: pictureText.thing(picture.object),
          note: text.riddleNote(outside, area, knife),
        })),
        (look, { file }) => look.draw(maps, scale.of(solved.findIndex(({ picture }) => picture.file === file))),
        `riddle ${maps} ${scale.key}`,
      );
    },
  };
}
