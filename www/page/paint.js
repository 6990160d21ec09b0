import { viewOf, visit } from './address.js';
import { isArchive } from '../files/file-kinds.js';
import { heicError } from './heic.js';
import { text } from './text.js';
import { createAlerts } from './alerts.js';
import { createCard } from '../card/card.js';
import { reveal } from '../card/changes.js';
import { connectInput, listenForFiles } from '../ui/drop.js';
import { createLook } from '../questions/look/look.js';
import { createPhoto } from '../questions/look/photo.js';
import { createPredictions } from '../questions/look/predictions.js';
import { createProgress } from './progress.js';
import { createQuestions } from '../questions/index.js';
import { createRecipe } from '../questions/look/recipe.js';
import { createTopbar } from './topbar.js';

/** @param {string} id */
function byId(id) {
  return /** @type {HTMLElement} */ (document.getElementById(id));
}

/** What one frame may spend on drawing, in milliseconds; layout and paint come on top. */
const BUDGET = 4;

/** @typedef {{ update: (state: import('./state.js').State) => Generator<undefined, void> | void }} Component */

/**
 * Builds the page once and returns the function that draws a state into it, and the one that opens a link in the address.
 * @param {import('./engine/session.js').Session} session
 * @returns {{ render: (state: import('./state.js').State) => void, openLink: () => void, parts: import('../share/open.js').PageParts }} `parts`: of the
 *   page, for what is loaded later
 */
export function createPage(session) {
  /** @type {Promise<import('../questions/classes/panel.js').ClassesPanel> | undefined} */
  let classes;
  const openClasses = () => {
    classes ??= import('../questions/classes/panel.js')
      .then(({ ClassesPanel }) => {
        const panel = new ClassesPanel(byId('classes'), session);
        components.push(panel);
        return panel;
      })
      .catch((error) => {
        // Asked for again the next time.
        classes = undefined;
        throw error;
      });
    return classes;
  };
  /** Folders of images and archives are classes; all else is photos and models.
   * @param {File[]} files
   * @param {boolean} [inFolders] */
  const take = async (files, inFolders = false) => {
    try {
      if (session.receive) files = await session.receive(files);
      if (files.length === 0) return;
      if (!inFolders && !files.some(isArchive)) return await session.takeFiles(files);
      if (files.length === 1 && (await (await import('../share/snapshot-read.js')).isSnapshot(files[0]))) {
        return await (await import('../share/open-snapshot.js')).openSnapshot(session, parts, files[0]);
      }
      const { sortOut } = await import('../classes/intake.js');
      const { folders, others, heic, stopped } = await sortOut(files, session, (await classes)?.workbench.collection);
      if (folders.length > 0) (await openClasses()).take(folders);
      const shown = [...folders.map(({ images }) => images[0]), ...others];
      if (shown.length > 0 || !(stopped || heic.length > 0)) await session.takeFiles(shown);
      if (heic.length > 0) session.report(heicError(heic));
      if (stopped) session.set({ notice: stopped });
    } catch (error) {
      session.report(error);
    }
  };
  const pickImages = connectInput(byId('image-input'), take);
  const pickFolder = connectInput(byId('folder-input'), (files) => take(files, true));
  const pickModel = connectInput(byId('model-input'), async (files) => {
    const rest = session.receive ? await session.receive(files) : files;
    if (rest.length > 0) await session.openModel(rest, null);
  });
  const sort = () =>
    openClasses()
      .then((panel) => panel.begin())
      .catch((error) => session.report(error));
  /** @param {import('./address.js').View} question */
  const ask = async (question) => {
    const { look, openMap } = session.state;
    visit(session, question);
    // The page lies behind an opened snapshot, which the question is not asked of.
    if (document.body.dataset.view === 'snapshot') (await import('../share/open-snapshot.js')).closeSnapshot();
    if (question === 'look') {
      byId('look').scrollIntoView({ block: 'start' });
      return byId('look').focus({ preventScroll: true });
    }
    if (question === 'draw') {
      session.openMap(openMap ?? look?.top(1)[0]?.map ?? 0);
      return reveal(session, 'drawing');
    }
    try {
      await (await openClasses()).ask(question);
    } catch (error) {
      session.report(error);
    }
  };
  const story = async () => {
    try {
      const [{ startStory }, panel] = await Promise.all([import('../story/story.js'), openClasses()]);
      await startStory(session, panel);
    } catch (error) {
      session.report(error);
    }
  };
  /** @type {Promise<{ open: () => void }> | undefined} */
  let lessons;
  const classroom = async () => {
    lessons ??= import('../classroom/classroom.js').then(({ createClassroom }) => createClassroom(session));
    try {
      (await lessons).open();
    } catch (error) {
      lessons = undefined;
      session.report(error);
    }
  };
  listenForFiles(take, (error) => session.report(error));
  const skip = document.querySelector('.skip');
  if (skip) skip.textContent = text.skip;
  byId('footer').textContent = text.privacy;

  /** Made when it is first asked for, since few visitors bring a model on their first visit.
   * @type {Promise<{ open: () => void }> | undefined} */
  let dialog;
  const bring = async () => {
    dialog ??= import('./bring.js').then(({ createBring }) => createBring(session, pickModel));
    try {
      (await dialog).open();
    } catch (error) {
      dialog = undefined;
      session.report(error);
    }
  };
  const parts = { openClasses, classes: async () => (await classes) ?? null };
  const share = async () => {
    try {
      (await import('../share/panel.js')).openShare(session, parts);
    } catch (error) {
      session.report(error);
    }
  };
  const openLink = async () => {
    const view = viewOf(location.hash);
    if (view) return ask(view);
    // Other fragments are places on the page.
    if (!/^#\d|^#.{80}/.test(location.hash)) return;
    try {
      await (await import('../share/open.js')).openLink(location.hash, session, parts);
    } catch (error) {
      session.report(error);
    }
  };
  /** @type {Component[]} */
  const components = [
    createTopbar(byId('topbar'), session, { bring, share }),
    createQuestions(byId('questions'), ask),
    createProgress(byId('progress'), session),
    createAlerts(byId('alerts'), session),
    createPhoto(byId('photo'), session, { images: pickImages, folder: pickFolder, sort, story, classroom }),
    createPredictions(byId('predictions'), session),
    createRecipe(byId('recipe'), session),
    createLook(byId('look'), session),
    createCard(byId('card'), session),
  ];
  /** @type {WeakSet<Component>} */
  const failed = new WeakSet();
  /** @type {Generator<undefined, void> | null} */
  let work = null;

  /** @param {import('./state.js').State} state */
  function* draw(state) {
    for (const component of components) {
      try {
        const more = component.update(state);
        if (more) yield* more;
      } catch (error) {
        // A part that cannot be drawn must not keep the others from being drawn. It is told of once, since it fails again with
        // every drawing.
        if (!failed.has(component)) {
          failed.add(component);
          session.report(error);
        }
      }
      yield;
    }
    session.isDrawn = true;
    // Everything else is said at once, where the state changes.
    if (state.status === 'ready') document.body.dataset.state = 'ready';
  }

  function drawOn() {
    // Nobody waits for a frame of a page that does not show itself yet.
    const end = document.body.classList.contains('waiting') ? Infinity : performance.now() + BUDGET;
    while (work && !work.next().done) {
      if (performance.now() > end) return void requestAnimationFrame(drawOn);
    }
    work = null;
  }

  // A newer state starts from the top: what is drawn already costs a comparison.
  const render = (/** @type {import('./state.js').State} */ state) => {
    const waiting = work !== null;
    session.isDrawn = false;
    work = draw(state);
    if (!waiting) drawOn();
  };
  return { render, openLink, parts };
}
