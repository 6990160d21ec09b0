/**
 * What the visitor had before the story took the page, to go back to when it ends.
 * @param {import('../session.js').Session} session
 * @param {import('../classes/workbench.js').Workbench} workbench
 */
export function rememberPage(session, workbench) {
  const { perImage, perClass, studies } = workbench;
  const { columns, ties } = workbench.collection;
  const { source, offered } = session.opened;
  const { recipe = null } = session.opened;
  const { layer } = session.state;
  const hadImages = workbench.collection.images().length > 0;
  // The model with its own recipe, where the visitor chose none.
  const model = { source, offered, recipe };

  return {
    /** Without classes of the visitor's own, the story's stay to be played with, but not its numbers of maps and its further
     * models, which nobody has asked for. */
    async restore() {
      workbench.cancel();
      workbench.forget((study) => study.owned && !studies.includes(study));
      await workbench.choose({ perImage, perClass });
      if (!hadImages) return;
      if (session.opened.source !== source || session.opened.offered !== offered) await session.restore(model, { layer });
      await workbench.edit((collection) => {
        collection.columns = columns;
        collection.ties = ties;
      });
    },
  };
}
