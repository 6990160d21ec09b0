import { pictureFile } from '../../files/picture-file.js';
import { h, setText } from '../../ui/dom.js';
import { save } from '../../ui/save.js';
import { lookBack } from './changes.js';
import { wayOf } from './ways.js';
import { shownStage } from './drawn.js';
import { text } from './text.js';

/** @typedef {import('./choices.js').Drawn} Drawn */

/**
 * The way back through a drawing, and its pictures as files.
 * @param {import('../../page/session/session.js').Session} session
 * @param {0 | 1} place of the easel
 */
export function createScrub(session, place) {
  const slider = h('input', {
    type: 'range',
    min: '0',
    value: '0',
    'aria-label': text.back,
    oninput: () => lookBack(session, place, slider.valueAsNumber),
  });
  const where = h('p', { className: 'note numbers', 'data-testid': 'drawing-stage' });
  /** @type {Drawn | null} */
  let drawn = null;
  const png = h(
    'button',
    {
      type: 'button',
      className: 'small',
      title: text.pngTitle,
      onclick: () => savePicture(drawn).catch((error) => session.report(error)),
    },
    text.png,
  );
  const gif = h(
    'button',
    { type: 'button', className: 'small', title: text.gifTitle, onclick: makeAnimation },
    text.gif,
  );
  const buttons = h('p', { className: 'buttons' }, png, gif);
  const element = h('div', { className: 'draw-scrub', hidden: true }, slider, where, buttons);

  async function makeAnimation() {
    gif.disabled = true;
    try {
      await saveAnimation(drawn, (done, total) => setText(gif, text.gifProgress(done, total)));
    } catch (error) {
      session.report(error);
    } finally {
      gif.disabled = false;
      setText(gif, text.gif);
    }
  }

  return {
    element,
    /** @param {Drawn | null} next */
    update(next) {
      drawn = next;
      const stage = shownStage(next);
      element.hidden = stage === null;
      if (!next || !stage) return;
      slider.max = String(next.stages.length - 1);
      slider.value = String(next.shown);
      const said = text.stage(stage.step, stage.image.width);
      setText(where, said);
      slider.setAttribute('aria-valuetext', said);
    },
  };
}

/** @param {Drawn} drawn @param {string} ending */
function fileName({ map, target, settings }, ending) {
  return `featurescope-${whatOf(map, target)}-${wayOf(settings)}.${ending}`;
}

/** @param {number} map @param {Drawn['target']} target */
function whatOf(map, target) {
  switch (target?.kind) {
    case 'spot':
      return `map-${map}-at-${target.position.join('-')}`;
    case 'class':
      return `class-${target.classIndex}`;
    case 'mix':
      return `maps-${[map, ...target.others].join('-')}`;
    default:
      return `map-${map}`;
  }
}

/** Saves the picture that is shown. @param {Drawn | null} drawn */
async function savePicture(drawn) {
  const stage = shownStage(drawn);
  if (drawn && stage) save(await pictureFile(stage.image), fileName(drawn, 'png'));
}

/** @param {Drawn | null} drawn @param {(done: number, total: number) => void} onPicture */
async function saveAnimation(drawn, onPicture) {
  if (!drawn) return;
  const { animation } = await import('./animation.js');
  const images = drawn.stages.map(({ image }) => image);
  save(await animation(images, onPicture), fileName(drawn, 'gif'));
}
