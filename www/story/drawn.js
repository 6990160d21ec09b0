import { loadPictures } from '../classes/story-pictures.js';
import { Stage } from './stage.js';

/** @typedef {import('../classes/story-pictures.js').Picture} Picture */

/** The chapter's networks; the page opens the first, the others stand beside it. */
export const MODELS = ['story-plain', 'story-augmented', 'story-adapted'];
/** The maps of these classes are asked for. */
const CLASSES = ['knife', 'gun', 'harmless'];
/** Maps of each image and each class: the article's 25 would be a quarter of this small layer. */
const MAPS = 10;

/** How many pictures of knives and guns the network takes for what they are. @typedef {{ right: number, total: number }} Right */

/** The chapter of drawn knives and guns. */
export class DrawnStage extends Stage {
  /** @type {Picture[]} */
  pictures = [];

  get maps() {
    return MAPS;
  }

  async open() {
    const { session } = this;
    if (session.state.model?.offered !== MODELS[0]) await session.openModel(MODELS[0], MODELS[0]);
  }

  async load() {
    this.pictures = await loadPictures();
    return CLASSES.flatMap((name) => [
      { name, role: /** @type {const} */ ('source'), images: this.files('photo', name) },
      { name, role: /** @type {const} */ ('target'), images: this.files('xray', name) },
    ]);
  }

  async settle() {
    const labels = this.session.state.model?.labels ?? [];
    // The first network was trained without harmless things, which is no question to the visitor.
    await this.workbench.edit((collection) =>
      CLASSES.filter((name) => !labels.includes(name)).forEach((name) => collection.tie(name, [])),
    );
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

  /** @param {Picture['style']} style @returns {Right} */
  right(style) {
    const all = ['knife', 'gun'].map((name) => ({ name, found: this.taken(style, name) }));
    return {
      right: all.reduce((sum, { name, found }) => sum + found.as(name), 0),
      total: all.reduce((sum, { found }) => sum + found.total, 0),
    };
  }
}
