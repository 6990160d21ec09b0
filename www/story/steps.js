import { DrawnStage } from './drawn.js';
import { createDrawnSteps } from './drawn-steps.js';
import { createPhotoSteps } from './photo-steps.js';
import { PhotoStage } from './photos.js';
import { text } from './text.js';

/**
 * The story's steps: real photos first, the drawn knives and guns of the article's own question after them.
 * @param {import('./stage.js').Telling} telling
 * @param {import('../page/session/session.js').Session} session
 * @param {import('../questions/classes/panel.js').ClassesPanel} panel
 * @returns {{ steps: import('./walk.js').Step[], dispose: () => void }}
 */
export function createSteps(telling, session, panel) {
  const chapters = [
    createPhotoSteps(new PhotoStage(telling, session, panel)),
    createDrawnSteps(new DrawnStage(telling, session, panel)),
  ];
  return {
    steps: chapters.flatMap(({ steps }, place) => steps.map((step) => ({ ...step, chapter: text.chapters[place] }))),
    dispose: () => chapters.forEach((chapter) => chapter.dispose()),
  };
}
