import { bundledNames } from '../classes/bundled-names.js';
import { choose } from '../page/changes.js';

/**
 * What the visitor had before the story took the page, to go back to when it ends, at whichever step.
 * @param {import('../page/session/session.js').Session} session
 * @param {import('../classes/workbench.js').Workbench} workbench
 * @param {HTMLElement} root the part of the page about classes
 */
export function rememberPage(session, workbench, root) {
  const { studies, study } = workbench;
  const { perImage, perClass, seed, controls, listed, setUpOpen } = workbench.choices;
  const { view, question, everywhere, unique } = session.state;
  const { hash } = location;
  const { columns, ties } = workbench.collection;
  const { source, offered, output, recipe = null } = session.opened;
  const seenAs = JSON.stringify(session.state.model?.recipe);
  const {
    photo,
    comparison,
    layer,
    article,
    openMap,
    cardAsked,
    chosen,
    order,
    classIndex,
    photos,
    topCount,
    allPredictions,
  } = session.state;
  // Where the visitor's images were looked at, if they were.
  const looked = study && { layer: study.layer, article: Boolean(study.options.article) };

  /** The model, photo and what was chosen in them; those of a page that is as it was stay untouched. */
  async function restoreLook() {
    const { state, opened } = session;
    const same =
      opened.source === source &&
      opened.offered === offered &&
      opened.output === output &&
      state.photo === photo &&
      state.comparison === comparison &&
      state.layer === layer &&
      state.article === article &&
      JSON.stringify(state.model?.recipe) === seenAs &&
      !session.opening;
    if (!same) {
      const there = (/** @type {number | null} */ id) => (state.photos.some((one) => one.id === id) ? id : null);
      await session.restore(
        { source, offered, recipe, output },
        {
          photo: there(photo) ?? state.photos[0]?.id ?? null,
          comparison: there(comparison),
          layer,
          article,
          classIndex,
          topCount,
          allPredictions,
        },
      );
    }
    const { look } = session.state;
    if (look && openMap !== null && openMap < look.channels) session.set({ openMap, cardAsked, chosen });
    if (look && order === 'contribution' && classIndex !== null) session.chooseOrder(order);
    // The story's pictures go with it; photos that the visitor has added meanwhile stay.
    session.set({
      photos: session.state.photos.filter(
        (one) =>
          photos.some(({ id }) => id === one.id) || !(one.source instanceof Blob && bundledNames.has(one.source)),
      ),
    });
  }

  return {
    async restore() {
      workbench.cancel();
      workbench.forget((other) => other.owned && !studies.includes(other));
      for (const control of ['maps', 'labels', 'network']) {
        const one = /** @type {import('../classes/workbench.js').Control} */ (control);
        if (workbench.choices.controls.includes(one) && !controls.includes(one)) await workbench.toggle(one);
      }
      await restoreLook();
      await workbench.edit((collection) => {
        collection.columns = columns;
        collection.ties = ties;
      });
      choose(session, 'classes', { listed, setUpOpen });
      session.set({ view, question, everywhere, unique });
      // A question that was asked during the story has put its address there.
      if (location.hash !== hash) history.replaceState(null, '', hash || location.pathname + location.search);
      await workbench.choose({ perImage, perClass, seed });
      if (columns.length === 0) root.hidden = true;
      // Another model's look at them has gone with that model.
      if (looked && workbench.unseen) await workbench.run(looked);
      for (const control of controls)
        if (!workbench.choices.controls.includes(control)) await workbench.toggle(control);
    },
  };
}
