import { loadSuperclasses, tiedOutputs } from '../api/tied-outputs.js';
import { MAPS } from '../questions/classes/choices.js';
import { exampleFile, exampleName, loadExamples } from '../classes/examples.js';
import { shuffledClasses } from '../classes/controls.js';
import { detectBy } from '../questions/unique/detect.js';
import { verdict } from '../questions/unique/detector.js';
import { shownNames } from '../page/shown-names.js';
import { text } from './text.js';
import { Stage, mapsOf } from './stage.js';

/** The chapter's network. */
const MODEL = 'squeezenet1.1';
/** The photo that the story opens on: the network is sure of it, and right. */
const FIRST = 'fish/fish12.webp';

/** What the network answers to the first photo. @typedef {{ label: string, probability: number, right: boolean }} Answer */
/** How many of their maps classes keep for themselves, of how many. @typedef {{ kept: number, of: number }} Kept */
/** The same of one class, with its photos, and its map that is among the strongest in most of them.
 * @typedef {Kept & { name: string, images: number, first: { map: number, count: number } | null }} KeptBy */
/** The alarm of a class: `reached` of `total` of its photos, `false` of `others`; the same of the network's own answer.
 * @typedef {{ maps: number, area: number, caught: number, total: number, wrong: number, others: number, said: number, saidWrong: number }} Alarm */

/** The chapter of real photos: fish, monuments and tools. */
export class PhotoStage extends Stage {
  /** Whether the network looks as it comes. */
  #isOpen = false;

  get maps() {
    return MAPS;
  }

  /** The network with nothing chosen in it, whatever the visitor had chosen. */
  async open() {
    const { session } = this;
    if (this.#isOpen && session.state.model?.offered === MODEL) return;
    const nothing = { layer: null, article: false, classIndex: null, comparison: null };
    await session.restore({ source: MODEL, offered: MODEL, recipe: null }, nothing);
    this.#isOpen = true;
  }

  async load() {
    return loadExamples();
  }

  /** Looks at the first photo. @returns {Promise<Answer | null>} */
  async first() {
    const { session } = this;
    await this.open();
    this.checkGoesOn();
    const file = await exampleFile(exampleName(FIRST));
    this.checkGoesOn();
    if (!shownNames.has(file)) shownNames.set(file, text.photos.first.photo);
    await session.lookAt(file);
    const { look, model } = session.state;
    const best = look?.predictions[0];
    if (!best || !model) return null;
    await loadSuperclasses(model.labels);
    const [fish] = tiedOutputs(['fish'], Object.create(null), model.labels);
    return { label: best.label, probability: best.probability, right: fish.includes(best.index) };
  }

  /**
   * How many maps the classes keep, and how many with the same photos under names that were dealt out by lot.
   * @returns {Promise<{ classes: KeptBy[], found: Kept, chance: Kept } | null>}
   */
  async kept() {
    const { result, workbench } = this;
    if (!result) return null;
    const count = (/** @type {import('../api/types.js').ClassMaps[]} */ classMaps) => ({
      kept: classMaps.reduce((sum, { maps }) => sum + maps.length, 0),
      of: classMaps.reduce((sum, { maps, removed }) => sum + maps.length + removed.length, 0),
    });
    const { seed, perImage, perClass } = workbench.choices;
    const placed = result.study.placed(workbench.collection.sources());
    const shuffled = await result.study.classMaps(shuffledClasses(placed, seed), { perImage, perClass });
    const classes = result.classMaps.map((one) => ({
      ...count([one]),
      name: one.name,
      images: this.photosOf(one.name).files.length,
      first: one.maps[0] ?? null,
    }));
    return { classes, found: count(result.classMaps), chance: count(shuffled) };
  }

  /** A class's photos, those first that the network takes for the class. @param {string} name @returns {{ files: File[], right: File[] }} */
  photosOf(name) {
    const { result, workbench } = this;
    const files = workbench.collection.sources().find((one) => one.name === name)?.images ?? [];
    if (!result) return { files, right: [] };
    const [outputs] = workbench.outputs(result.study, [name]);
    return { files, right: files.filter((file) => outputs.includes(result.study.saidOf(file))) };
  }

  /**
   * How many photos the sum of a class's maps raises the alarm for, with the line that is chosen on one half and counted on the other.
   * @param {string} name
   * @returns {Promise<Alarm | null>}
   */
  async alarm(name) {
    const { result, workbench } = this;
    const maps = mapsOf(result, name);
    if (!result || maps.length === 0) return null;
    const found = await detectBy(workbench, result.study, { name, maps, seed: workbench.choices.seed });
    const counted = verdict(found, null);
    if (!counted || found.roc.auc === null) return null;
    const { detector, head } = counted;
    return {
      maps: maps.length,
      area: found.roc.auc,
      caught: detector.truePositives,
      total: detector.truePositives + detector.falseNegatives,
      wrong: detector.falsePositives,
      others: detector.falsePositives + detector.trueNegatives,
      said: head.truePositives,
      saidWrong: head.falsePositives,
    };
  }
}
