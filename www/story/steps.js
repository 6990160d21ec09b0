import { showing } from '../page/address.js';
import { choose } from '../page/changes.js';
import { createWall } from '../questions/draw/wall.js';
import { h } from '../ui/dom.js';
import { compareModels } from './compared.js';
import { createRiddleGallery } from './riddle-gallery.js';
import { meanOutside, solveRiddle } from './solved.js';
import { mapsOf } from './stage.js';
import { text } from './text.js';

/**
 * @typedef {import('./stage.js').Stage} Stage
 * @typedef {import('./walk.js').Step} Step
 */

/** So many maps of the knife are drawn. */
const DRAWN = 4;

/**
 * The steps of the story, and what takes away what they have put on the page.
 * @param {Stage} stage
 * @returns {{ steps: Step[], dispose: () => void }}
 */
export function createSteps(stage) {
  const draw = drawStep(stage);
  const riddle = riddleStep(stage);
  /** A step in which a question about classes shows. @param {'classes' | 'everywhere'} question */
  const show = (question) => async () => {
    await stage.run();
    stage.panel.show(question);
    // The pictures have been seen in the first step.
    choose(stage.session, 'classes', { setUpOpen: false });
  };
  const { begin, look, muscles, everywhere, end } = text.steps;
  const steps = [
    { ...begin, atOnce: true, enter: () => stage.prepare() },
    {
      ...look,
      enter: () => lookAtKnife(stage),
      paragraphs: () => look.paragraphs(stage.session.state.look?.channels ?? 0),
    },
    { ...muscles, enter: show('classes'), paragraphs: () => muscles.paragraphs(stage.result?.classMaps ?? []) },
    draw.step,
    {
      ...everywhere,
      enter: show('everywhere'),
      paragraphs: () => everywhere.paragraphs((style, name) => stage.taken(style, name)),
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

/** @param {Stage} stage */
async function lookAtKnife(stage) {
  await stage.prepare();
  await stage.session.lookAt(stage.files('photo', 'knife')[0]);
  stage.session.set(showing('look'));
  scrollTo(0, 0);
}

/** @param {Stage} stage */
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

/** @param {Stage} stage @returns {Step} */
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
  };
}

/** @param {Stage} stage */
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
  const paragraphs = () => {
    const knives = solved.filter(({ picture }) => picture.class === 'knife');
    const others = solved.filter(({ picture }) => picture.class !== 'knife');
    return text.steps.riddle.paragraphs({
      likeliest: others[0] ?? null,
      others: meanOutside(others),
      knives: meanOutside(knives),
    });
  };
  return { step: { ...text.steps.riddle, enter, figure: gallery.element, paragraphs }, dispose: gallery.dispose };
}
