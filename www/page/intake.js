import { isArchive, mayTellOfModel, meant } from '../files/file-kinds.js';
import { visit } from './address.js';

/**
 * Takes the files that a visitor brings: folders of images and archives are classes; all else is photos and models.
 * @param {import('./session/session.js').Session} session
 * @param {import('../share/open.js').PageParts} parts
 */
export function createIntake(session, parts) {
  /** What nothing else on the page waits for. @param {File[]} files */
  async function left(files) {
    const brought = meant(files);
    return session.receive ? session.receive(brought) : brought;
  }

  /** @param {File[]} files of which some are in folders or archives */
  async function sort(files) {
    const [{ sortOut }, { areExamples }] = await Promise.all([
      import('../classes/intake.js'),
      import('../classes/examples.js'),
    ]);
    const collection = (await parts.classes())?.workbench.collection;
    const images = collection?.images() ?? [];
    // A folder beside the visitor's classes is one more; the page's own examples are none of the visitor's.
    const own = images.length > 0 && areExamples(images) ? undefined : collection;
    const { folders, others, heic, stopped } = await sortOut(files, session, own);
    if (folders.length > 0) (await parts.openClasses()).take(folders);
    const shown = [...folders.map(({ images }) => images[0]), ...others];
    if (shown.length > 0 || !(stopped || heic.length > 0)) await session.takeFiles(shown);
    if (heic.length > 0) session.report((await import('./heic.js')).heicError(heic));
    if (stopped) session.set({ notice: stopped });
  }

  return {
    /** @param {File[]} brought @param {boolean} [inFolders] */
    async take(brought, inFolders = false) {
      try {
        const files = await left(brought);
        if (files.length === 0) return;
        if (!inFolders && !files.some(isArchive)) {
          // Photos and models are looked at where one photo is looked at.
          if (session.state.view === session.state.question) visit(session, 'look');
          return await session.takeFiles(files);
        }
        if (files.length === 1 && (await (await import('../share/snapshot-read.js')).isSnapshot(files[0]))) {
          return await (await import('../share/open-snapshot.js')).openSnapshot(session, parts, files[0]);
        }
        await sort(files);
      } catch (error) {
        session.report(error);
      }
    },

    /** @param {File[]} brought as a model, whatever they are called */
    async takeModel(brought) {
      const files = await left(brought);
      if (files.length === 0) return;
      if (files.every(mayTellOfModel)) await session.takeFiles(files);
      else await session.openModel(files, null);
    },
  };
}
