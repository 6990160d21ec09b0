import { atLinearHead, mapFacts, overlayOptions } from '../page/state.js';
import { text } from '../page/text.js';
import { h, setText, unfold, whenChanged } from '../ui/dom.js';
import { overlayCanvas, paint } from '../ui/overlay-canvas.js';
import { createValues } from './values.js';

/**
 * A part of the card that can be unfolded: what is chosen in it and what it found, null while it is folded, and how to unfold it, with such
 * choices or as it is.
 * @template C
 * @template [F=null]
 * @typedef {{ choices: C | null, found: F | null, choose: (choices: C) => Promise<void>, unfold: () => void, fold: () => void }} CardPart
 */
/** @typedef {{ cam: CardPart<{ classIndex: number }, ReturnType<typeof import('./cam/cam.js').createCam>['found']>,
 *   without: CardPart<{ to: 'zero' | 'mean' }, ReturnType<typeof import('./ablation/ablation.js').createAblation>['found']>,
 *   drawing: CardPart<import('./drawing/drawing.js').Choices> }} CardParts */

/**
 * Everything about one map on the photo.
 * @param {HTMLElement} root
 * @param {import('../page/engine/session.js').Session} session
 */
export function createCard(root, session) {
  const heading = h('h2', { id: 'card-heading' });
  const close = h(
    'button',
    { type: 'button', className: 'close', 'aria-label': text.close, onclick: () => closeCard() },
    '×',
  );
  const number = h('input', {
    type: 'number',
    min: '0',
    className: 'map-number',
    onchange: () => session.openMap(number.valueAsNumber),
  });
  const previous = h(
    'button',
    { type: 'button', 'aria-label': text.card.previous, onclick: () => session.stepMap(-1) },
    '‹',
  );
  const next = h('button', { type: 'button', 'aria-label': text.card.next, onclick: () => session.stepMap(1) }, '›');
  const add = h('button', {
    type: 'button',
    className: 'small',
    onclick: () => session.toggleChosen(session.state.openMap ?? 0),
  });
  const original = h('canvas', {
    className: 'overlay',
    width: 1,
    height: 1,
    role: 'img',
    'aria-label': text.card.original,
  });
  const overlay = overlayCanvas();
  const caption = h('p', { className: 'card-caption' });
  const contribution = h('p');
  const classes = h('p', { className: 'card-classes' });
  const values = createValues();
  const sumCanvas = overlayCanvas();
  const sumTitle = h('h3');
  const sum = h(
    'figure',
    { className: 'sum' },
    sumTitle,
    sumCanvas.element,
    h('figcaption', { className: 'note' }, text.card.sumCaption),
  );
  const cam = onDemand(session, text.card.cam, async () => (await import('./cam/cam.js')).createCam(session));
  const without = onDemand(session, text.card.without, async () =>
    (await import('./ablation/ablation.js')).createAblation(session),
  );
  const drawing = onDemand(session, text.card.drawing, async () =>
    (await import('./drawing/drawing.js')).createDrawing(session),
  );
  const further = [cam, without, drawing];
  session.card = { cam, without, drawing };
  root.append(
    h('div', { className: 'card-head' }, heading, close),
    h(
      'p',
      { className: 'buttons' },
      previous,
      next,
      h('label', { className: 'field inline' }, h('span', {}, text.card.goTo), number),
      add,
    ),
    sum,
    h(
      'div',
      { className: 'pair' },
      h('figure', {}, original, h('figcaption', { className: 'note' }, text.photo.seen)),
      h('figure', {}, overlay.element, h('figcaption', { className: 'note' }, text.card.overlay)),
    ),
    caption,
    contribution,
    classes,
    ...further.map((part) => part.element),
    h('h3', {}, text.card.values),
    values.element,
    unfold(text.whatAmISeeing, h('p', {}, text.card.explain)),
  );
  root.addEventListener('keydown', (event) => {
    if (event.key === 'Escape') closeCard();
  });
  function closeCard() {
    session.closeCard();
    // Back to where the card was opened from.
    const tile = document.querySelector(`[data-testid=map-tile][data-map="${session.state.openMap}"]`);
    if (tile instanceof HTMLElement) tile.focus();
  }
  overlay.element.removeAttribute('aria-hidden');
  overlay.element.setAttribute('role', 'img');

  const drawOriginal = whenChanged((/** @type {import('../page/state.js').LookView} */ look) =>
    paint(original, look.seen()),
  );
  const describe = whenChanged((/** @type {import('../page/state.js').LookView} */ look, /** @type {number} */ map) => {
    const facts = mapFacts(look, map);
    const where = text.place(facts.y, facts.x);
    const sentence = facts.dead
      ? text.card.dead(facts.max)
      : facts.max <= 0
        ? `${text.card.caption({ ...facts, rank: facts.rank ?? 0, live: look.live, where })} ${text.card.negative}`
        : text.card.caption({ ...facts, rank: facts.rank ?? 0, live: look.live, where });
    setText(caption, sentence);
    caption.classList.toggle('dead', facts.dead);
    overlay.element.setAttribute('aria-label', `${text.card.title(map)}. ${sentence}`);
  });

  return {
    /** @param {import('../page/state.js').State} state */
    update(state) {
      const { look, openMap, chosen, classIndex, model, contributions } = state;
      root.hidden = !look || openMap === null;
      root.toggleAttribute('data-asked', state.cardAsked);
      // Also while there is nothing to show: what they show or are at work on may be of a model that is gone.
      for (const part of further) part.update(state);
      if (!look || openMap === null) return;
      setText(heading, text.card.title(openMap));
      if (document.activeElement !== number) number.value = String(openMap);
      number.max = String(look.channels - 1);
      setText(add, chosen.includes(openMap) ? text.card.inSum : text.card.addToSum);
      add.setAttribute('aria-pressed', String(chosen.includes(openMap)));
      drawOriginal(look);
      describe(look, openMap);
      values.update(look, openMap, state.overlay.colormap);
      const options = overlayOptions(state);
      overlay.update({ look, maps: [openMap], options });
      const label =
        classIndex === null ? undefined : (model?.labels[classIndex] ?? text.predictions.unnamed(classIndex));
      const added =
        contributions && label && atLinearHead(state) ? text.card.contribution(contributions[openMap], label) : '';
      setText(contribution, added);
      contribution.hidden = !added;
      const owners = state.classMaps.layer === look.layer ? ownersOf(openMap, state.classMaps.classes) : [];
      setText(classes, owners.length > 0 ? text.card.classes(owners) : '');
      classes.hidden = owners.length === 0;
      sum.hidden = chosen.length < 2;
      setText(sumTitle, text.card.sum(chosen));
      if (!sum.hidden) sumCanvas.update({ look, maps: chosen, options });
    },
  };
}

/**
 * The classes that a map was found for, and where it stands among their maps.
 * @param {number} map
 * @param {import('../page/state.js').State['classMaps']['classes']} classes
 */
function ownersOf(map, classes) {
  return classes
    .filter(({ maps }) => maps.includes(map))
    .map(({ name, maps }) => ({ name, place: maps.indexOf(map) + 1, count: maps.length }));
}

/**
 * A part of the card that is loaded when it is unfolded; what is chosen in it can be read, and chosen again elsewhere.
 * @template C
 * @template [F=null]
 * @param {import('../page/engine/session.js').Session} session
 * @param {string} title
 * @param {() => Promise<{ element: HTMLElement, update: (state: import('../page/state.js').State) => void, choices: C, found?: F, choose: (choices: C) => void }>} create
 */
function onDemand(session, title, create) {
  const element = unfold(title);
  /** @type {ReturnType<typeof create> | undefined} */
  let loading;
  let part = /** @type {Awaited<ReturnType<typeof create>> | undefined} */ (undefined);
  const load = async () => {
    part = await (loading ??= create());
    element.append(part.element);
    part.update(session.state);
    return part;
  };
  element.addEventListener('toggle', async () => {
    if (!element.open || part) return;
    try {
      await load();
    } catch (error) {
      // Asked for again the next time.
      loading = undefined;
      session.report(error);
    }
  });
  return {
    element,
    update: (/** @type {import('../page/state.js').State} */ state) => part?.update(state),
    /** Null while it is folded. */
    get choices() {
      return element.open && part ? part.choices : null;
    },
    /** Null while it is folded. */
    get found() {
      return element.open && part ? (part.found ?? null) : null;
    },
    /** @param {C} choices */
    async choose(choices) {
      element.open = true;
      (await load()).choose(choices);
    },
    unfold() {
      element.open = true;
      element.scrollIntoView({ block: 'nearest' });
      element.querySelector('summary')?.focus({ preventScroll: true });
    },
    fold() {
      element.open = false;
    },
  };
}
