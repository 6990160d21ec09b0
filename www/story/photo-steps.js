import { showing } from '../page/address.js';
import { choose } from '../page/changes.js';
import { halfCount } from '../page/facts.js';
import { createGroundGallery } from './ground-gallery.js';
import { findGround } from './ground-look.js';
import { text } from './text.js';

/**
 * @typedef {import('./photos.js').PhotoStage} PhotoStage
 * @typedef {import('./walk.js').Step} Step
 */

/** The class whose maps are taken as an alarm. */
const ALARM = 'fish';

/**
 * The steps of the first chapter, on real photos, and what takes away what they have put on the page.
 * @param {PhotoStage} stage
 * @returns {{ steps: Step[], dispose: () => void }}
 */
export function createPhotoSteps(stage) {
  const ground = groundStep(stage);
  return { steps: [firstStep(stage), classesStep(stage), ground.step, alarmStep(stage)], dispose: ground.dispose };
}

/** @param {PhotoStage} stage @returns {Step} */
function firstStep(stage) {
  const { title, paragraphs, conclusion } = text.photos.first;
  /** @type {import('./photos.js').Answer | null} */
  let answer = null;
  const maps = () => {
    const { look } = stage.session.state;
    return { half: look ? halfCount(look) : 0, channels: look?.channels ?? 0, strongest: look?.top(1)[0]?.map ?? 0 };
  };
  return {
    title,
    enter: async () => {
      answer = await stage.first();
      stage.checkGoesOn();
      stage.session.set(showing('look'));
      scrollTo(0, 0);
    },
    paragraphs: () => paragraphs(answer, maps()),
    conclusion: () => conclusion(maps()),
  };
}

/** @param {PhotoStage} stage @returns {Step} */
function classesStep(stage) {
  const { title, paragraphs, conclusion } = text.photos.classes;
  /** @type {Awaited<ReturnType<PhotoStage['kept']>>} */
  let kept = null;
  return {
    title,
    enter: async () => {
      await stage.run();
      kept = await stage.kept();
      stage.panel.show('classes');
      choose(stage.session, 'classes', { setUpOpen: false });
    },
    paragraphs: () => paragraphs(kept?.classes ?? []),
    conclusion: () => (kept ? conclusion(kept.found, kept.chance) : null),
  };
}

/** @param {PhotoStage} stage */
function groundStep(stage) {
  const { title, paragraphs, conclusion } = text.photos.ground;
  const gallery = createGroundGallery(stage.session);
  /** @type {import('./ground-look.js').Ground | null} */
  let tools = null;
  /** @type {import('./ground-look.js').Ground | null} */
  let monuments = null;
  const enter = async () => {
    await stage.run();
    tools ??= await findGround(stage, 'tools', 'plain');
    monuments ??= await findGround(stage, 'monuments', 'sky');
    if (tools && monuments && stage.result) gallery.show(stage.result, tools, monuments);
  };
  return {
    step: {
      title,
      enter,
      figure: gallery.element,
      paragraphs: () => paragraphs(tools, monuments),
      conclusion: () => (tools && monuments ? conclusion(tools, monuments) : null),
    },
    dispose: gallery.dispose,
  };
}

/** @param {PhotoStage} stage @returns {Step} */
function alarmStep(stage) {
  const { title, paragraphs, conclusion } = text.photos.alarm;
  /** @type {import('./photos.js').Alarm | null} */
  let alarm = null;
  return {
    title,
    enter: async () => {
      await stage.run();
      alarm = await stage.alarm(ALARM);
      choose(stage.session, 'unique', { mapsOf: ALARM, map: null });
      stage.panel.show('unique');
    },
    paragraphs: () => (alarm ? paragraphs(alarm) : []),
    conclusion: () => (alarm ? conclusion(alarm) : null),
  };
}
