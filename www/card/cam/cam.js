import { text as common } from '../../page/text.js';
import { text as cardText } from '../text.js';
import { h, setText, unfold, whenChanged } from '../../ui/dom.js';
import { overlayCanvas, paint } from '../../ui/overlay-canvas.js';
import { createAsker } from './ask.js';
import { createClassField } from './class-field.js';
import { camAnswer, silenceOf } from './selection.js';
import { camLabel, camSentence } from './sentence.js';
import { text } from './text.js';

/**
 * @typedef {import('../../api/types.js').Cam} Cam
 * @typedef {import('../../page/state.js').State} State
 */

/**
 * Grad-CAM for a class beside the opened map.
 * @param {import('../../page/session/session.js').Session} session
 */
export function createCam(session) {
  const asker = createAsker(session);
  const line = h('p', { className: 'card-caption', role: 'status', 'data-testid': 'cam-caption' });
  const field = createClassField(session, (typed) => setText(line, text.noSuchClass(typed)));
  const picture = createPicture();
  const single = overlayCanvas();
  const one = h('figcaption', { className: 'note' });
  const element = h(
    'div',
    { className: 'panel' },
    h('p', { className: 'note' }, text.differ),
    field.element,
    line,
    h('div', { className: 'pair' }, picture.element, h('figure', {}, single.element, one)),
    unfold(common.whatAmISeeing, h('p', {}, text.explain)),
  );
  /** What was said of what was typed stays until something else is chosen or found. */
  const say = whenChanged((/** @type {string} */ sentence, /** @type {State['card']['cam']} */ _chosen) =>
    setText(line, sentence),
  );

  return {
    element,
    /** @param {State} state */
    update(state) {
      asker.update(state);
      const { look, openMap, overlay } = state;
      if (!look || openMap === null || !state.card.cam.open) return;
      field.update(state);
      setText(one, text.one(openMap));
      single.update({ look, maps: [openMap], options: { ...overlay, scale: 'map' } });
      const answer = camAnswer(state);
      const cam = answer?.cam ?? null;
      const name = cam ? camLabel(cam, state) : '';
      const label = answer?.at ? text.atPlace(name) : name;
      const sentence = cam ? camSentence(cam, label, openMap) : withoutAnswer(state, look);
      say(sentence, state.card.cam);
      picture.update(cam, label, sentence);
    },
  };
}

/** What is said while there is no picture. @param {State} state @param {import('../../page/state.js').LookView} look */
function withoutAnswer(state, look) {
  if (state.recorded) return '';
  const silence = silenceOf(look);
  if (silence) return silence === 'not-finite' ? common.look.notFinite : cardText.noPredictions;
  return camAnswer(state)?.error ?? text.working;
}

/** All maps, weighed for the class. */
function createPicture() {
  const canvas = h('canvas', {
    className: 'overlay',
    width: 1,
    height: 1,
    role: 'img',
    'data-testid': 'cam',
    hidden: true,
  });
  const caption = h('figcaption', { className: 'note' });
  const show = whenChanged((/** @type {Cam | null} */ cam) => {
    canvas.hidden = cam === null;
    if (!cam) return;
    paint(canvas, cam.image);
    canvas.dataset.classIndex = String(cam.classIndex);
  });
  return {
    element: h('figure', {}, canvas, caption),
    /** @param {Cam | null} cam @param {string} label of its class @param {string} sentence that says what it shows */
    update(cam, label, sentence) {
      setText(caption, cam ? text.all(label) : '');
      if (cam) canvas.setAttribute('aria-label', sentence);
      show(cam);
    },
  };
}
