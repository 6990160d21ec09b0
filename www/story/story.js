import { cancelled } from '../api/errors.js';
import { detection } from '../questions/unique/detector.js';
import { galleryScale } from '../questions/everywhere/gallery-scale.js';
import { createGallery } from '../questions/everywhere/gallery.js';
import { loadStyle } from '../ui/load-style.js';
import { h } from '../ui/dom.js';
import { rememberPage } from './before.js';
import { loadPictures } from '../classes/story-pictures.js';
import { createWall } from '../questions/draw/wall.js';
import { areaOutside, coveredCells, shareOutside } from './riddle.js';
import { text } from './text.js';
import { text as pictureText } from '../classes/story-pictures-text.js';
import { createWalk } from './walk.js';

/**
 * @typedef {import('../classes/story-pictures.js').Picture} Picture
 * @typedef {import('../classes/workbench.js').StudyResult} StudyResult
 * @typedef {import('../questions/classes/panel.js').ClassesPanel} ClassesPanel
 */

/** The story's networks; the page opens the first, the others stand beside it. */
const MODELS = ['story-plain', 'story-augmented', 'story-adapted'];
/** Maps of each image and each class: the article's 25 would be a quarter of this small layer. */
const MAPS = 10;
/** So many maps of the knife are drawn. */
const DRAWN = 4;
/** Ends the story that is on the page. @type {(() => Promise<void>) | null} */
let endCurrent = null;

/** The maps of these classes are asked for. */
const CLASSES = ['knife', 'gun', 'harmless'];

/**
 * The article's story with generated pictures and three small networks, told on the live page.
 * @param {import('../page/engine/session.js').Session} session
 * @param {ClassesPanel} panel
 */
export async function startStory(session, panel) {
  loadStyle('story.css', import.meta.url);
  const { workbench } = panel;
  // One that is begun anew begins from what the visitor had.
  await endCurrent?.();
  let ended = false;
  const before = rememberPage(session, workbench, panel.root);
  /** @type {Picture[]} */
  let pictures = [];
  /** Of each picture the share outside the object of the knife maps and of all maps, and of the area; and how sure the network
   * is that it is a knife; and each knife map's largest value. @type {{ picture: Picture, outside: number | null, all: number | null, area: number, knife: number, maxima: number[] }[]} */
  let riddle = [];
  const gallery = createGallery(session, text.riddleGallery);

  /** @param {Picture['style']} style @param {string} name */
  const files = (style, name) =>
    pictures.filter((picture) => picture.style === style && picture.class === name).map(({ file }) => file);

  /** What a step waits for may come when the story has ended, and the page is the visitor's again. */
  function checkGoesOn() {
    if (ended) throw cancelled();
  }

  async function prepare() {
    if (session.state.model?.offered !== MODELS[0]) await session.openModel(MODELS[0], MODELS[0]);
    checkGoesOn();
    if (pictures.length > 0) return;
    const loaded = await loadPictures();
    checkGoesOn();
    pictures = loaded;
    await workbench.choose({ perImage: MAPS, perClass: MAPS });
    await workbench.edit((collection) => {
      for (const { id } of collection.columns) collection.remove(id);
      collection.untie();
    });
    const labels = session.state.model?.labels ?? [];
    await panel.take(
      CLASSES.flatMap((name) => [
        { name, role: /** @type {const} */ ('source'), images: files('photo', name) },
        { name, role: /** @type {const} */ ('target'), images: files('xray', name) },
      ]),
    );
    // The first network was trained without harmless things, which is no question to the visitor.
    await workbench.edit((collection) =>
      CLASSES.filter((name) => !labels.includes(name)).forEach((name) => collection.tie(name, [])),
    );
  }

  async function lookAtKnife() {
    await prepare();
    await session.lookAt(files('photo', 'knife')[0]);
    document.getElementById('look')?.scrollIntoView({ block: 'start' });
  }

  async function run() {
    await prepare();
    if (workbench.unseen) await workbench.run();
    checkGoesOn();
  }

  /** Of a class's pictures in one style, how many the page's network takes for each class. */
  function taken(/** @type {Picture['style']} */ style, /** @type {string} */ name) {
    const [result] = workbench.results;
    const all = files(style, name);
    if (!result) return { total: all.length, as: () => 0 };
    const outputs = workbench.outputs(result.study, CLASSES);
    const said = all.map((file) => result.study.saidOf(file));
    return {
      total: all.length,
      as: (/** @type {string} */ other) =>
        said.filter((output) => outputs[CLASSES.indexOf(other)].includes(output)).length,
    };
  }

  /** @param {StudyResult} result @param {string} name */
  async function area({ study, classMaps }, name) {
    const maps = classMaps.find((one) => one.name === name)?.maps.map(({ map }) => map) ?? [];
    const sums = await study.sums(maps);
    const found = detection({
      name,
      maps,
      seed: workbench.choices.seed,
      classes: study.seen(workbench.collection.targets()),
      sumOf: (file) => sums[study.places.get(file) ?? -1] ?? 0,
      headSays: () => false,
    });
    return maps.length > 0 ? found.roc.auc : null;
  }

  /** @type {{ title: string, maps: number, areas: (number | null)[] }[]} */
  let compared = [];
  async function compare() {
    await run();
    for (const name of MODELS.slice(1)) {
      const title = session.state.offeredModels.find((offered) => offered.name === name)?.title;
      if (!workbench.models.some((study) => study.title === title)) await workbench.addModel(name);
      checkGoesOn();
    }
    const results = workbench.results.filter(({ control }) => control === null);
    compared = await Promise.all(
      results.map(async (result) => ({
        title: result.title,
        maps: result.classMaps.find(({ name }) => name === 'knife')?.maps.length ?? 0,
        areas: await Promise.all(['knife', 'gun'].map((name) => area(result, name))),
      })),
    );
    panel.show('unique');
  }

  async function solve() {
    await run();
    const [result] = workbench.results;
    const maps = result?.classMaps.find(({ name }) => name === 'knife')?.maps.map(({ map }) => map) ?? [];
    if (!result || maps.length === 0) return;
    const { study } = result;
    const [knife] = workbench.outputs(study, ['knife']);
    riddle = [];
    for (const picture of pictures.filter(({ style }) => style === 'riddle')) {
      const look = await study.model.look(picture.file, study.options);
      const probability = look.predictions
        .filter(({ index }) => knife.includes(index))
        .reduce((sum, one) => sum + one.probability, 0);
      // As the network sees the mask, since not every browser lets a page read a picture.
      const mask = await study.model.look(picture.mask, study.options);
      const covered = coveredCells(mask.seen(), look);
      mask.close();
      const every = Array.from({ length: look.channels }, (_, map) => map);
      riddle.push({
        picture,
        outside: shareOutside(look, maps, covered),
        all: shareOutside(look, every, covered),
        area: areaOutside(covered),
        knife: probability,
        maxima: maps.map((map) => look.maxima[map]),
      });
      look.close();
    }
    riddle.sort((one, other) => other.knife - one.knife);
    const scale = galleryScale(
      session.state,
      maps.map((_, place) => ({ maxima: riddle.map(({ maxima }) => maxima[place]) })),
      riddle.map((_, place) => place),
    );
    const notes = new Map(
      riddle.map(({ picture, outside, area: whole, knife: probability }) => [
        picture.file,
        text.riddleNote(outside, whole, probability),
      ]),
    );
    gallery.show(
      study,
      riddle.map(({ picture }) => ({
        file: picture.file,
        caption: pictureText.thing(picture.object),
        note: notes.get(picture.file),
      })),
      (look, { file }) => look.overlay(maps, scale.of(riddle.findIndex(({ picture }) => picture.file === file))),
      `riddle ${maps} ${scale.key}`,
    );
  }

  /** The mean shares outside the object of the pictures that a condition holds for. @param {(one: typeof riddle[number]) => boolean} holds */
  const meanOutside = (holds) => {
    const mean = (/** @type {'outside' | 'all' | 'area'} */ key) => {
      const shares = riddle.filter(holds).flatMap((one) => one[key] ?? []);
      return shares.length > 0 ? shares.reduce((sum, share) => sum + share, 0) / shares.length : null;
    };
    return { outside: mean('outside'), all: mean('all'), area: mean('area') };
  };

  const drawings = h('div');
  /** @type {ReturnType<typeof createWall> | null} */
  let wall = null;
  async function drawKnives() {
    await run();
    const [result] = workbench.results;
    const maps = result?.classMaps.find(({ name }) => name === 'knife')?.maps.map(({ map }) => map) ?? [];
    if (!result) return;
    wall?.stop();
    wall = createWall(session, result.study, maps.slice(0, DRAWN), 'story');
    drawings.replaceChildren(wall.element);
    await wall.draw();
  }

  const steps = [
    { ...text.steps.begin, atOnce: true, enter: prepare, paragraphs: text.steps.begin.paragraphs },
    {
      ...text.steps.look,
      enter: lookAtKnife,
      paragraphs: () => text.steps.look.paragraphs(session.state.look?.channels ?? 0),
    },
    {
      ...text.steps.muscles,
      enter: async () => {
        await run();
        panel.show('classes');
      },
      paragraphs: () => text.steps.muscles.paragraphs(workbench.results[0]?.classMaps ?? []),
    },
    {
      ...text.steps.draw,
      atOnce: true,
      enter: drawKnives,
      leave: () => wall?.stop(),
      figure: drawings,
      paragraphs: text.steps.draw.paragraphs,
    },
    {
      ...text.steps.everywhere,
      enter: async () => {
        await run();
        panel.show('everywhere');
      },
      paragraphs: () => text.steps.everywhere.paragraphs(taken),
    },
    { ...text.steps.unique, enter: compare, paragraphs: () => text.steps.unique.paragraphs(compared) },
    {
      ...text.steps.riddle,
      enter: solve,
      figure: gallery.element,
      paragraphs: () =>
        text.steps.riddle.paragraphs({
          likeliest: riddle.filter(({ picture }) => picture.class !== 'knife')[0] ?? null,
          others: meanOutside(({ picture }) => picture.class !== 'knife'),
          knives: meanOutside(({ picture }) => picture.class === 'knife'),
        }),
    },
    { ...text.steps.end, paragraphs: text.steps.end.paragraphs },
  ];
  const opener = document.activeElement;
  const report = (/** @type {unknown} */ error) => {
    if (!ended) session.report(error);
  };
  const end = async () => {
    ended = true;
    endCurrent = null;
    gallery.dispose();
    wall?.stop();
    place.remove();
    // The page is as it was, without a jump; the keyboard goes back to where it began.
    if (opener instanceof HTMLElement) opener.focus({ preventScroll: true });
    await before.restore();
  };
  const walk = createWalk(steps, { report, onClose: () => end().catch((error) => session.report(error)) });
  const place = h('div', { className: 'walk-place' }, walk.element);
  endCurrent = end;
  document.body.append(place);
  await walk.start();
}
