import { chooseBoth, chooseSeed, hold as holdDrawings } from '../../questions/draw/changes.js';
import { LARGEST_SEED, seedOf } from '../../questions/draw/choices.js';
import { createEasel } from '../../questions/draw/easel.js';
import { createPatches } from '../../questions/draw/patches.js';
import { createSettings } from '../../questions/draw/settings.js';
import { isSame, subjectOf } from '../../questions/draw/subject.js';
import { text } from '../../questions/draw/text.js';
import { h, setText } from '../../ui/dom.js';
import { loadStyle } from '../../ui/load-style.js';
import { PATCHES, createStudio } from './studio.js';

/** @typedef {import('../../page/state.js').State} State */

/**
 * Question 2 for one map: what it would draw, with one setting or two side by side, beside what it fires at in the images.
 * @param {import('../../page/session/session.js').Session} session
 */
export function createDrawing(session) {
  loadStyle('../../questions/draw/draw.css', import.meta.url);
  const studio = createStudio(session);
  const settings = [createSettings(session, 0, text.settings), createSettings(session, 1, text.otherSettings)];
  const buttons = createButtons(session, studio);
  /** Whoever waits for the drawing shall see it; whoever went on is not torn back. */
  const onFirst = () => {
    if (buttons.isWaiting()) both.scrollIntoView({ block: 'nearest' });
  };
  const easels = [createEasel(session, 0, onFirst), createEasel(session, 1, onFirst)];
  const patches = createPatches(PATCHES);
  const two = h('input', { id: 'draw-two', type: 'checkbox', onchange: () => chooseBoth(session, two.checked) });
  const both = h('div', { className: 'draw-both' }, ...easels.map((easel) => easel.element));
  const brought = h(
    'p',
    { className: 'note', role: 'status', 'data-testid': 'drawing-brought', hidden: true },
    text.brought,
  );
  const element = h(
    'div',
    { className: 'panel' },
    h('p', { className: 'note' }, text.explain),
    brought,
    h('div', { className: 'field check' }, two, h('label', { for: two.id }, text.two)),
    ...settings.map((one) => one.element),
    buttons.element,
    both,
    patches.element,
  );

  return {
    element,
    /** @param {State} state */
    update(state) {
      studio.update(state);
      const { drawing } = state.card;
      const { drawings } = state;
      brought.hidden = !isSame(drawing.brought, subjectOf(state));
      two.checked = drawing.both;
      settings.forEach((one, place) => one.update(drawing.settings[place]));
      settings[1].element.hidden = easels[1].element.hidden = !drawing.both;
      both.classList.toggle('two', drawing.both);
      buttons.update(state);
      easels.forEach((easel, place) => easel.update(drawings.easels[place]));
      patches.update(drawings.patches);
    },
  };
}

/**
 * What begins, holds and stops the drawings, with their random seed.
 * @param {import('../../page/session/session.js').Session} session
 * @param {ReturnType<typeof createStudio>} studio
 */
function createButtons(session, studio) {
  const seed = h('input', {
    id: 'draw-seed',
    type: 'number',
    min: '0',
    max: String(LARGEST_SEED),
    oninput: () => chooseSeed(session, seedOf(seed.valueAsNumber)),
  });
  const start = h('button', { type: 'button', className: 'primary', onclick: () => studio.draw() });
  const hold = h('button', {
    type: 'button',
    hidden: true,
    onclick: () => holdDrawings(session, !session.state.drawings.held),
  });
  const stop = h('button', { type: 'button', hidden: true, onclick: () => studio.stop() }, text.cancel);
  const element = h(
    'div',
    { className: 'buttons' },
    h('div', { className: 'field' }, h('label', { for: seed.id }, text.seed), seed),
    start,
    hold,
    stop,
  );
  return {
    element,
    /** Whether the keyboard is where it was put when the drawing began. */
    isWaiting: () => document.activeElement === stop,
    /** @param {State} state */
    update({ card, drawings: { running, held, easels }, recorded }) {
      const focused = document.activeElement;
      if (focused !== seed) seed.value = String(card.drawing.seed);
      start.disabled = recorded;
      setText(start, easels[0] ? text.again : text.draw);
      setText(hold, held ? text.goOn : text.pause);
      // The keyboard stays with what the pressed button became.
      stop.hidden = hold.hidden = !running;
      if (running && focused === start) stop.focus();
      start.hidden = running;
      if (!running && (focused === stop || focused === hold)) start.focus({ preventScroll: true });
    },
  };
}
