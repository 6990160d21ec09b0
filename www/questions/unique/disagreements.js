import { text } from '../../classes/text.js';
import { h, setText, unfold } from '../../ui/dom.js';
import { galleryScale } from '../everywhere/gallery-scale.js';
import { createGallery } from '../everywhere/gallery.js';

/** What is compared. @typedef {{ judged: import('./detector.js').Verdict, found: import('./detector.js').Detection, study: import('../../classes/study.js').Study }} Compared */

/**
 * The images that only one of detector and head takes for the class.
 * @param {import('../../page/session/session.js').Session} session
 */
export function createDisagreements(session) {
  const gallery = createGallery(session, text.unique.disagreements);
  const note = h('p', { className: 'note' });
  const element = unfold(text.unique.disagreements, note, gallery.element);
  /** @type {Compared | null} */
  let shown = null;
  element.addEventListener('toggle', () => draw().catch((error) => session.report(error)));

  async function draw() {
    if (!shown || !element.open) return;
    const compared = shown;
    const {
      judged: { disagreements: points },
      found: { maps, name },
      study,
    } = compared;
    const placeOf = (/** @type {File} */ file) => study.places.get(file) ?? -1;
    const overs = await Promise.all(maps.map((map) => study.map(map)));
    if (shown !== compared) return;
    const scale = galleryScale(
      session.state,
      overs,
      points.map(({ file }) => placeOf(file)),
    );
    setText(note, `${text.unique.disagree(points.length, name)} ${scale.caption}`);
    const entries = points.map(({ file, name: truth, headSays, sum }) => ({
      file,
      caption: truth,
      note: headSays ? text.unique.onlyHead(sum) : text.unique.onlyMaps(sum),
      marked: !headSays,
    }));
    gallery.show(
      study,
      entries,
      (look, { file }) => look.draw(maps, scale.of(placeOf(file))),
      `disagreements ${maps} ${scale.key}`,
    );
  }

  return {
    element,
    /** @param {Compared | null} compared null where there is nothing to compare */
    update(compared) {
      shown = compared;
      element.hidden = compared === null;
      if (!compared) return;
      setText(note, text.unique.disagree(compared.judged.disagreements.length, compared.found.name));
      draw().catch((error) => session.report(error));
    },
    dispose: () => gallery.dispose(),
  };
}
