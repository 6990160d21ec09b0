import { bringForward, visit } from './address.js';
import { closeSheet } from './changes.js';
import { currentPhoto } from './state.js';
import { setOpen } from '../card/changes.js';
import { byId } from '../ui/dom.js';
import { createLate } from '../ui/late.js';

/**
 * What loads when it is first asked for, and is asked for again where that failed.
 * @template T
 * @param {() => Promise<T>} load
 */
function once(load) {
  /** @type {Promise<T> | null} */
  let loading = null;
  return {
    load() {
      loading ??= load().catch((error) => {
        loading = null;
        throw error;
      });
      return loading;
    },
    /** What is there or on its way. */
    there: () => loading,
  };
}

/**
 * The ways to the parts of the page that few visits begin with.
 * @param {import('./session/session.js').Session} session
 * @param {{ show: (part: import('./paint.js').Component) => void, pickModel: () => void }} page `show`: draws a part from now on
 */
export function createWays(session, { show, pickModel }) {
  const classes = once(async () => {
    const { ClassesPanel } = await import('../questions/classes/panel.js');
    const panel = new ClassesPanel(byId('classes'), session);
    show(panel);
    return panel;
  });
  const lessons = once(async () => (await import('../classroom/classroom.js')).createClassroom(session));
  const intake = once(async () => (await import('./intake.js')).createIntake(session, parts));
  const dialog = once(async () => (await import('./bring.js')).createBring(session, pickModel));
  const sheet = once(async () => {
    const part = await (await import('./model-sheet/sheet.js')).createSheet(session);
    show(part);
    part.update(session.state);
  });
  const parts = { openClasses: classes.load, classes: async () => (await classes.there()) ?? null };
  // Above the photos, since it is about these, and near the picture. Whoever brings a network that takes a stack of slices came by one of these ways.
  const volume = createLate(
    '',
    async () => (await import('../questions/look/volume/view.js')).createVolume(session),
    (error) => session.report(error),
  );
  byId('tray-heading').after(volume.element);
  show({
    update(state) {
      const isWished = (state.model?.takes?.slices ?? 1) > 1 || currentPhoto(state)?.slices;
      volume.element.hidden = !isWished;
      volume.update(state, isWished ? state.model : null);
    },
  });

  /**
   * The same, with what fails told to the visitor.
   * @template {unknown[]} A
   * @param {(...about: A) => Promise<void>} work
   * @returns {(...about: A) => Promise<void>}
   */
  const told =
    (work) =>
    (...about) =>
      work(...about).catch((error) => session.report(error));

  const ask = told(async (/** @type {import('./address.js').View} */ question) => {
    const { look, openMap } = session.state;
    visit(session, question);
    bringForward(question);
    // The page lies behind an opened snapshot, which the question is not asked of.
    if (document.body.dataset.view === 'snapshot') (await import('../share/open-snapshot.js')).closeSnapshot();
    scrollTo(0, 0);
    if (question === 'look') {
      byId('look').focus({ preventScroll: true });
    } else if (question === 'draw') {
      // Before the first look there is no card to show; it comes with that.
      if (look) session.openMap(openMap ?? look.top(1)[0]?.map ?? 0);
      else session.set({ cardAsked: true });
      setOpen(session, 'drawing', true);
      document.getElementById('card-heading')?.focus({ preventScroll: true });
    } else await (await classes.load()).ask(question);
  });

  return {
    parts,
    /** What loads since the state asks for it. @type {import('./paint.js').Component} */
    asked: {
      update: (state) => {
        if (!state.sheet || sheet.there()) return;
        sheet.load().catch((error) => {
          closeSheet(session);
          session.report(error);
        });
      },
    },
    take: told(async (/** @type {File[] | Promise<File[]>} */ files, /** @type {boolean} */ inFolders = false) =>
      (await intake.load()).take(await files, inFolders),
    ),
    takeModel: told(async (/** @type {File[]} */ files) => (await intake.load()).takeModel(files)),
    sort: told(async () => (await classes.load()).begin()),
    ask,
    story: told(async () => {
      const [{ startStory }, panel] = await Promise.all([import('../story/story.js'), classes.load()]);
      await startStory(session, panel);
    }),
    classroom: told(async () => (await lessons.load()).open()),
    bring: told(async () => (await dialog.load()).open()),
    share: told(async () => (await import('../share/panel.js')).openShare(session, parts)),
    openLink: told(async () => {
      // Other fragments are places on the page.
      if (!/^#\d|^#.{80}/.test(location.hash)) return;
      await (await import('../share/open.js')).openLink(location.hash, session, parts);
    }),
  };
}
