import { cancelled } from '../api/errors.js';

/**
 * @typedef {import('../classes/folders.js').Folder} Folder
 * @typedef {import('../classes/workbench.js').StudyResult} StudyResult
 * @typedef {import('../page/session/session.js').Session} Session
 * @typedef {import('../questions/classes/panel.js').ClassesPanel} ClassesPanel
 */

/**
 * What the chapters share.
 * @typedef {object} Telling
 * @property {boolean} ended what a step waits for may come when the story has ended, and the page is the visitor's again
 * @property {Stage | null} standing the chapter whose classes are on the page
 * @property {import('../classes/study.js').Study[]} before studies that were there before the story
 */

/** The page as a chapter of the story needs it: its network, its pictures in classes, and what is found in them. */
export class Stage {
  /**
   * @param {Telling} telling
   * @param {Session} session
   * @param {ClassesPanel} panel
   */
  constructor(telling, session, panel) {
    this.telling = telling;
    this.session = session;
    this.panel = panel;
    this.workbench = panel.workbench;
  }

  /** How many maps of each image and of each class are asked for. @type {number} */
  get maps() {
    throw new Error('every chapter says');
  }

  /** Opens the chapter's network. @returns {Promise<unknown>} */
  async open() {
    throw new Error('every chapter opens its own');
  }

  /** The chapter's pictures in classes. @returns {Promise<Folder[]>} */
  async load() {
    throw new Error('every chapter has its own');
  }

  /** What is to be said of the classes once they stand. */
  async settle() {}

  /** @throws {import('../api/errors.js').FeaturescopeError} `cancelled` where the story has ended */
  checkGoesOn() {
    if (this.telling.ended) throw cancelled();
  }

  /** Opens the network and sorts the pictures into classes, in the place of those of another chapter. */
  async prepare() {
    const { telling, workbench } = this;
    await this.open();
    this.checkGoesOn();
    if (telling.standing === this) return;
    const folders = await this.load();
    this.checkGoesOn();
    await workbench.stop();
    workbench.forget((study) => study.owned && !telling.before.includes(study));
    await workbench.choose({ perImage: this.maps, perClass: this.maps });
    await workbench.edit((collection) => {
      for (const { id } of collection.columns) collection.remove(id);
      collection.untie();
    });
    await this.panel.take(folders);
    await this.settle();
    telling.standing = this;
  }

  /** Looks at the pictures of the classes. */
  async run() {
    await this.prepare();
    if (this.workbench.unseen) await this.workbench.run();
    this.checkGoesOn();
  }

  /** What the page's own network makes of the classes; null before it was run. @returns {StudyResult | null} */
  get result() {
    return this.workbench.results[0] ?? null;
  }
}

/** The maps of a class, the most frequent first. @param {StudyResult | null} result @param {string} name */
export function mapsOf(result, name) {
  return result?.classMaps.find((one) => one.name === name)?.maps.map(({ map }) => map) ?? [];
}
