import { chooseBoth, chooseSeed, hold as holdDrawings } from '../../questions/draw/changes.js';
import { LARGEST_SEED, seedOf } from '../../questions/draw/ways.js';
import { createEasel } from '../../questions/draw/easel.js';
import { createPatches } from '../../questions/draw/patches.js';
import { createSettings, createWay } from '../../questions/draw/settings.js';
import { isSame, subjectOf } from '../../questions/draw/subject.js';
import { targetOf } from '../../questions/draw/target.js';
import { text } from '../../questions/draw/text.js';
import { text as common } from '../../page/text.js';
import { h, setText, unfold } from '../../ui/dom.js';
import { loadStyle } from '../../ui/load-style.js';
import { createGallery } from './gallery.js';
import { recordedDrawing } from './recorded.js';
import { PATCHES, createStudio } from './studio.js';
import { createTargetField } from './target-field.js';

/** @typedef {import('../../page/state.js').State} State */

/**
 * What a map, a spot of it, a class or a mix would draw, with one setting or two side by side, beside what it fires at in the images. It stands in
 * a narrow card and alone on a wide page, and is arranged by the room that it has.
 * @param {import('../../page/session/session.js').Session} session
 */
export function createDrawing(session) {
  for (const sheet of ['../parts.css', '../../questions/draw/draw.css']) loadStyle(sheet, import.meta.url);
  const studio = createStudio(session);
  const targetField = createTargetField(session);
  const way = createWay(session, 0);
  const buttons = createButtons(session, studio);
  const more = createMore(session);
  /** Whoever waits for the drawing shall see it; whoever went on is not torn back. */
  const onFirst = () => {
    if (buttons.isWaiting()) both.scrollIntoView({ block: 'nearest' });
  };
  const easels = [createEasel(session, 0, onFirst), createEasel(session, 1, onFirst)];
  const patches = createPatches(PATCHES);
  const gallery = createGallery(session);
  const both = h('div', { className: 'draw-both' }, ...easels.map((easel) => easel.element));
  const choices = h(
    'div',
    { className: 'draw-choices' },
    more.brought,
    h('div', { className: 'buttons' }, ...targetField.elements, way.element, buttons.element),
    targetField.spot,
  );
  const about = unfold(common.whatAmISeeing, h('p', {}, text.explain));
  const side = h('div', { className: 'draw-side' }, patches.element, more.element, about);
  const board = h('div', { className: 'draw-board' }, both, choices, side);
  const element = h('div', { className: 'draw-room' }, board, gallery.element);

  return {
    element,
    /** @param {State} state */
    update(state) {
      studio.update(state);
      const { settings, both: isTwo } = state.card.drawing;
      const { drawings, openMap } = session.state;
      targetField.update(state);
      way.update(settings[0]);
      more.update(state);
      easels[1].element.hidden = !isTwo;
      both.classList.toggle('two', isTwo);
      board.toggleAttribute(
        'data-empty',
        drawings.easels.every((drawn) => drawn === null),
      );
      buttons.update(state);
      const target = targetOf(state);
      const name = text.name(openMap ?? 0, target ?? undefined);
      easels.forEach((easel, place) => {
        const recorded = target ? null : recordedDrawing(state, openMap ?? 0, settings[place]);
        easel.update(drawings.easels[place], { map: openMap ?? 0, name, recorded });
      });
      patches.update(drawings.patches);
      gallery.update(state);
    },
  };
}

/**
 * What few visitors choose: sizes, what holds the picture back, a second drawing, the random seed.
 * @param {import('../../page/session/session.js').Session} session
 */
function createMore(session) {
  const settings = [createSettings(session, 0, text.settings), createSettings(session, 1, text.otherSettings)];
  const two = h('input', { id: 'draw-two', type: 'checkbox', onchange: () => chooseBoth(session, two.checked) });
  const seed = h('input', {
    id: 'draw-seed',
    type: 'number',
    min: '0',
    max: String(LARGEST_SEED),
    oninput: () => chooseSeed(session, seedOf(seed.valueAsNumber)),
  });
  const brought = h(
    'p',
    { className: 'note', role: 'status', 'data-testid': 'drawing-brought', hidden: true },
    text.brought,
  );
  const element = unfold(
    text.more,
    settings[0].element,
    h('div', { className: 'field' }, h('label', { for: seed.id }, text.seed), seed),
    h('div', { className: 'field check' }, two, h('label', { for: two.id }, text.two)),
    settings[1].element,
    h('p', { className: 'note' }, text.moreExplain),
  );
  return {
    element,
    brought,
    /** @param {State} state */
    update(state) {
      const { drawing } = state.card;
      brought.hidden = !isSame(drawing.brought, subjectOf(state));
      two.checked = drawing.both;
      settings.forEach((one, place) => one.update(drawing.settings[place]));
      settings[1].element.hidden = !drawing.both;
      if (document.activeElement !== seed) seed.value = String(drawing.seed);
    },
  };
}

/**
 * What begins, holds and stops the drawings.
 * @param {import('../../page/session/session.js').Session} session
 * @param {ReturnType<typeof createStudio>} studio
 */
function createButtons(session, studio) {
  const start = h('button', { type: 'button', className: 'primary', onclick: () => studio.draw() });
  const hold = h('button', {
    type: 'button',
    hidden: true,
    onclick: () => holdDrawings(session, !session.state.drawings.held),
  });
  const stop = h('button', { type: 'button', hidden: true, onclick: () => studio.stop() }, text.cancel);
  const element = h('div', { className: 'buttons draw-buttons' }, start, hold, stop);
  return {
    element,
    /** Whether the keyboard is where it was put when the drawing began. */
    isWaiting: () => document.activeElement === stop,
    /** @param {State} state */
    update({ drawings: { running, held, easels }, recorded }) {
      const focused = document.activeElement;
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
