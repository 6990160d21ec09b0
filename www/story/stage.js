import { cancelled } from '../api/errors.js';
import { loadPictures } from '../classes/story-pictures.js';

/**
 * @typedef {import('../classes/story-pictures.js').Picture} Picture
 * @typedef {import('../classes/workbench.js').StudyResult} StudyResult
 * @typedef {import('../page/session/session.js').Session} Session
 * @typedef {import('../questions/classes/panel.js').ClassesPanel} ClassesPanel
 */

/** The story's networks; the page opens the first, the others stand beside it. */
export const MODELS = ['story-plain', 'story-augmented', 'story-adapted'];
/** The maps of these classes are asked for. */
const CLASSES = ['knife', 'gun', 'harmless'];
/** Maps of each image and each class: the article's 25 would be a quarter of this small layer. */
const MAPS = 10;

/** The page as the story needs it: its network, its pictures in classes, and what is found in them. */
export class Stage {
  /** What a step waits for may come when the story has ended, and the page is the visitor's again. */
  ended = false;
  /** @type {Picture[]} */
  pictures = [];

  /** @param {Session} session @param {ClassesPanel} panel */
  constructor(session, panel) {
    this.session = session;
    this.panel = panel;
    this.workbench = panel.workbench;
  }

  /** @throws {import('../api/errors.js').FeaturescopeError} `cancelled` where the story has ended */
  checkGoesOn() {
    if (this.ended) throw cancelled();
  }

  /** Opens the network and sorts the pictures into classes. */
  async prepare() {
    const { session, workbench } = this;
    if (session.state.model?.offered !== MODELS[0]) await session.openModel(MODELS[0], MODELS[0]);
    this.checkGoesOn();
    if (this.pictures.length > 0) return;
    const loaded = await loadPictures();
    this.checkGoesOn();
    this.pictures = loaded;
    await workbench.choose({ perImage: MAPS, perClass: MAPS });
    await workbench.edit((collection) => {
      for (const { id } of collection.columns) collection.remove(id);
      collection.untie();
    });
    const labels = session.state.model?.labels ?? [];
    await this.panel.take(
      CLASSES.flatMap((name) => [
        { name, role: /** @type {const} */ ('source'), images: this.files('photo', name) },
        { name, role: /** @type {const} */ ('target'), images: this.files('xray', name) },
      ]),
    );
    // The first network was trained without harmless things, which is no question to the visitor.
    await workbench.edit((collection) =>
      CLASSES.filter((name) => !labels.includes(name)).forEach((name) => collection.tie(name, [])),
    );
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

  /** A class's pictures in one style. @param {Picture['style']} style @param {string} name */
  files(style, name) {
    return this.pictures.filter((picture) => picture.style === style && picture.class === name).map(({ file }) => file);
  }

  /** Of a class's pictures in one style, how many the page's network takes for each class. @param {Picture['style']} style @param {string} name */
  taken(style, name) {
    const { result } = this;
    const all = this.files(style, name);
    if (!result) return { total: all.length, as: () => 0 };
    const outputs = this.workbench.outputs(result.study, CLASSES);
    const said = all.map((file) => result.study.saidOf(file));
    return {
      total: all.length,
      as: (/** @type {string} */ other) =>
        said.filter((output) => outputs[CLASSES.indexOf(other)].includes(output)).length,
    };
  }
}

/** The maps of a class, the most frequent first. @param {StudyResult | null} result @param {string} name */
export function mapsOf(result, name) {
  return result?.classMaps.find((one) => one.name === name)?.maps.map(({ map }) => map) ?? [];
}
