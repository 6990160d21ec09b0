import { showing } from '../page/address.js';
import { choose } from '../page/changes.js';
import { createWall } from '../questions/draw/wall.js';
import { h } from '../ui/dom.js';
import { compareModels } from './compared.js';
import { areaOutside, shareOutside } from './riddle.js';
import { createRiddleGallery } from './riddle-gallery.js';
import { coveredIn, meanOutside, solveRiddle } from './solved.js';
import { mapsOf } from './stage.js';
import { text } from './text.js';

/**
 * @typedef {import('./drawn.js').DrawnStage} DrawnStage
 * @typedef {import('./walk.js').Step} Step
 */

/** So many maps of the knife are drawn. */
const DRAWN = 4;

/**
 * The steps of the second chapter, on drawn pictures, and what takes away what they have put on the page.
 * @param {DrawnStage} stage
 * @returns {{ steps: Step[], dispose: () => void }}
 */
export function createDrawnSteps(stage) {
  const draw = drawStep(stage);
  const riddle = riddleStep(stage);
  /** A step in which a question about classes shows. @param {'classes' | 'everywhere'} question */
  const show = (question) => async () => {
    await stage.run();
    stage.panel.show(question);
    // The pictures have been seen in the first step.
    choose(stage.session, 'classes', { setUpOpen: false });
  };
  const { begin, muscles, everywhere, end } = text.steps;
  const steps = [
    { ...begin, atOnce: true, enter: () => showPictures(stage) },
    lookStep(stage),
    {
      ...muscles,
      enter: show('classes'),
      paragraphs: () => muscles.paragraphs(stage.result?.classMaps ?? []),
      conclusion: () => muscles.conclusion(stage.result?.classMaps ?? []),
    },
    draw.step,
    {
      ...everywhere,
      enter: show('everywhere'),
      paragraphs: () => everywhere.paragraphs((style, name) => stage.taken(style, name)),
      conclusion: () => everywhere.conclusion(stage.right('photo'), stage.right('xray')),
    },
    uniqueStep(stage),
    riddle.step,
    end,
  ];
  return {
    steps,
    dispose() {
      draw.dispose();
      riddle.dispose();
    },
  };
}

/** The pictures in their columns. @param {DrawnStage} stage */
async function showPictures(stage) {
  await stage.prepare();
  stage.panel.show('classes');
  choose(stage.session, 'classes', { setUpOpen: true });
}

/** A photo of a knife, and how much of its strongest map's activation lies on the knife. @param {DrawnStage} stage @returns {Step} */
function lookStep(stage) {
  const { look: words } = text.steps;
  const { session } = stage;
  /** @type {{ on: number, area: number } | null} */
  let found = null;
  const enter = async () => {
    await stage.prepare();
    const file = stage.files('photo', 'knife')[0];
    await session.lookAt(file);
    session.set(showing('look'));
    scrollTo(0, 0);
    const { model } = session;
    const { look } = session.state;
    const picture = stage.pictures.find((one) => one.file === file);
    const strongest = look?.top(1)[0];
    if (!model || !look || !picture || !strongest) return;
    const covered = await coveredIn(model, picture, look, { layer: look.layer });
    const outside = shareOutside(look, [strongest.map], covered);
    found = outside === null ? null : { on: 1 - outside, area: 1 - areaOutside(covered) };
  };
  return {
    title: words.title,
    enter,
    paragraphs: () => words.paragraphs(session.state.look?.channels ?? 0),
    conclusion: () => (found ? words.conclusion(found.on, found.area) : null),
  };
}

/** @param {DrawnStage} stage */
function drawStep(stage) {
  const figure = h('div');
  /** @type {ReturnType<typeof createWall> | null} */
  let wall = null;
  const takeDown = () => wall?.stop();
  const enter = async () => {
    await stage.run();
    const { result, session } = stage;
    if (!result) return;
    takeDown();
    wall = createWall(session, result.study, mapsOf(result, 'knife').slice(0, DRAWN), { place: 'story' });
    figure.replaceChildren(wall.element);
    await wall.draw();
  };
  return { step: { ...text.steps.draw, atOnce: true, enter, leave: takeDown, figure }, dispose: takeDown };
}

/** @param {DrawnStage} stage @returns {Step} */
function uniqueStep(stage) {
  /** @type {import('./compared.js').Compared[]} */
  let compared = [];
  return {
    ...text.steps.unique,
    enter: async () => {
      compared = await compareModels(stage);
      stage.panel.show('unique');
    },
    paragraphs: () => text.steps.unique.paragraphs(compared),
    conclusion: () => text.steps.unique.conclusion(compared),
  };
}

/** @param {DrawnStage} stage */
function riddleStep(stage) {
  const gallery = createRiddleGallery(stage.session);
  /** @type {import('./solved.js').Solved[]} */
  let solved = [];
  const enter = async () => {
    await stage.run();
    const found = await solveRiddle(stage);
    if (found.length === 0 || !stage.result) return;
    solved = found;
    gallery.show(stage.result, solved);
  };
  const shares = () => {
    const knives = solved.filter(({ picture }) => picture.class === 'knife');
    const others = solved.filter(({ picture }) => picture.class !== 'knife');
    return { likeliest: others[0] ?? null, others: meanOutside(others), knives: meanOutside(knives) };
  };
  const { title, paragraphs, conclusion } = text.steps.riddle;
  const step = {
    title,
    enter,
    figure: gallery.element,
    paragraphs: () => paragraphs(shares()),
    conclusion: () => conclusion(shares()),
  };
  return { step, dispose: gallery.dispose };
}
