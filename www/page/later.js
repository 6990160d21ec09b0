import { bringForward, viewOf, visit } from './address.js';

/** @typedef {ReturnType<typeof import('./ways.js').createWays>} Ways */

/**
 * The parts of the page that few visits begin with; the ways to them load behind the first look, or when one is taken.
 * @param {import('./session/session.js').Session} session
 * @param {Parameters<typeof import('./ways.js').createWays>[1]} page
 */
export function createLater(session, page) {
  /** @type {Promise<Ways> | null} */
  let loading = null;
  function load() {
    loading ??= import('./ways.js').then(({ createWays }) => createWays(session, page));
    loading.catch(() => (loading = null));
    return loading;
  }

  /**
   * @template {Exclude<keyof Ways, 'parts' | 'asked'>} N
   * @param {N} name
   * @returns {Ways[N]}
   */
  const way = (name) =>
    /** @type {Ways[N]} */ (
      async (/** @type {never[]} */ ...about) => {
        try {
          const go = /** @type {(...about: never[]) => Promise<void>} */ ((await load())[name]);
          await go(...about);
        } catch (error) {
          session.report(error);
        }
      }
    );

  /**
   * From the moment in which files are brought the page is at work on them, though what takes them may still have to load.
   * @template {'take' | 'takeModel'} N
   * @param {N} name
   */
  const bringing = (name) =>
    /** @type {Ways[N]} */ (
      async (/** @type {never[]} */ ...about) => {
        session.set({ arriving: true });
        await /** @type {(...about: never[]) => Promise<void>} */ (way(name))(...about);
        session.set({ arriving: false });
      }
    );

  /** The view itself is there at once. @param {import('./address.js').View} view */
  function ask(view) {
    visit(session, view);
    bringForward(view);
    return way('ask')(view);
  }

  return {
    parts: {
      openClasses: async () => (await load()).parts.openClasses(),
      classes: async () => (await load()).parts.classes(),
    },
    /** What loads since the state asks for it. @type {import('./paint.js').Component} */
    asked: {
      update: (state) => {
        if (state.sheet) load().then(({ asked }) => asked.update(state), session.report);
      },
    },
    take: bringing('take'),
    takeModel: bringing('takeModel'),
    sort: way('sort'),
    ask,
    story: way('story'),
    classroom: way('classroom'),
    bring: way('bring'),
    share: way('share'),
    openLink: () => {
      // Back at the page as it came is back at its first view.
      const view = viewOf(location.hash) ?? (location.hash === '' && session.state.view !== 'look' ? 'look' : null);
      if (view) ask(view);
      else if (location.hash !== '') way('openLink')();
    },
  };
}
