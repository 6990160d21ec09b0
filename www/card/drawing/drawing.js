import { h, setText } from '../../ui/dom.js';
import { loadStyle } from '../../ui/load-style.js';
import { createEasel } from '../../questions/draw/easel.js';
import { createPatches } from '../../questions/draw/patches.js';
import { Pause } from '../../questions/draw/pause.js';
import { createSettings } from '../../questions/draw/settings.js';
import { text } from '../../questions/draw/text.js';

/** Crops of the images beside the drawing. */
const PATCHES = 6;

/** Seeds have 32 bits. */
const LARGEST_SEED = 2 ** 32 - 1;

/** What is chosen of a drawing: of the first, of the one beside it where there is one, and their common random seed.
 * @typedef {import('../../questions/draw/settings.js').Settings & { seed: number, second?: import('../../questions/draw/settings.js').Settings }} Choices */

/**
 * Question 2 for one map: what it would draw, with one setting or two side by side, beside what it fires at in the images.
 * @param {import('../../page/engine/session.js').Session} session
 */
export function createDrawing(session) {
  loadStyle('../../questions/draw/draw.css', import.meta.url);
  const settings = [createSettings(text.settings, 'article'), createSettings(text.otherSettings, 'modern')];
  const easels = [createEasel(session, onFirst), createEasel(session, onFirst)];
  const patches = createPatches(session, PATCHES);
  const seed = h('input', { id: 'draw-seed', type: 'number', min: '0', max: String(LARGEST_SEED), value: '1' });
  const two = h('input', { id: 'draw-two', type: 'checkbox', onchange: () => showTwo() });
  const start = h('button', { type: 'button', className: 'primary', onclick: () => draw() }, text.draw);
  const hold = h('button', { type: 'button', hidden: true, onclick: () => setHeld(!pause.held) }, text.pause);
  const stop = h('button', { type: 'button', hidden: true, onclick: () => running?.abort() }, text.cancel);
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
    h(
      'div',
      { className: 'buttons' },
      h('div', { className: 'field' }, h('label', { for: seed.id }, text.seed), seed),
      start,
      hold,
      stop,
    ),
    both,
    patches.element,
  );
  const pause = new Pause();
  /** @type {AbortController | null} */
  let running = null;
  /** What the drawings are of: the input of which model, and which map. */
  let shown = { source: '', map: '' };

  /** Whoever waits for the drawing shall see it; whoever went on is not torn back. */
  function onFirst() {
    if (document.activeElement === stop) both.scrollIntoView({ block: 'nearest' });
  }

  function showTwo() {
    settings[1].element.hidden = easels[1].element.hidden = !two.checked;
    both.classList.toggle('two', two.checked);
  }

  /** @param {boolean} held */
  function setHeld(held) {
    pause.held = held;
    setText(hold, held ? text.goOn : text.pause);
  }

  async function draw() {
    const { model, state } = session;
    const layer = state.look?.layer;
    if (!model || !layer || state.openMap === null || running) return;
    const controller = (running = new AbortController());
    brought.hidden = true;
    const target = { layer, map: state.openMap };
    const { article } = state;
    const { signal } = controller;
    begin();
    const common = { seed: randomSeed(), article, signal, pause };
    const wanted = two.checked ? [0, 1] : [0];
    // Two drawings take turns, step by step.
    await Promise.all([
      patches.show(model, target, { article, signal }).catch(() => {
        // Cancelled, or the engine went away, which the drawing reports.
      }),
      ...wanted.map((place) => easels[place].draw(model, target, { ...settings[place].read(), ...common })),
    ]);
    if (running === controller) end(text.again);
  }

  function randomSeed() {
    return Math.min(LARGEST_SEED, Math.max(0, Math.round(seed.valueAsNumber) || 0));
  }

  function begin() {
    setHeld(false);
    stop.hidden = hold.hidden = false;
    if (document.activeElement === start) stop.focus();
    start.hidden = true;
    for (const easel of easels) easel.clear();
    patches.clear();
  }

  /** @param {string} label of the button for the next one */
  function end(label) {
    running = null;
    start.hidden = false;
    if (document.activeElement === stop || document.activeElement === hold) start.focus({ preventScroll: true });
    stop.hidden = hold.hidden = true;
    setText(start, label);
  }

  showTwo();
  return {
    element,
    /** @returns {Choices} */
    get choices() {
      return { ...settings[0].read(), seed: randomSeed(), ...(two.checked ? { second: settings[1].read() } : {}) };
    },
    /** Has everything ready for the drawing that was chosen elsewhere; it takes a press to draw it, since that may take minutes.
     * @param {Choices} choices */
    choose({ seed: start, second, ...first }) {
      settings[0].write(first);
      if (second) settings[1].write(second);
      two.checked = second !== undefined;
      seed.value = String(start);
      showTwo();
      brought.hidden = false;
    },
    /** @param {import('../../page/state.js').State} state */
    update({ openMap, look, recorded, article, model }) {
      start.disabled = recorded;
      // While the card is closed, or the next model opens, a drawing is still of what it was.
      const source = model ? JSON.stringify([model.title, model.bytes, article || model.recipe]) : shown.source;
      const map = look && openMap !== null ? `${look.layer} ${openMap}` : shown.map;
      if (source === shown.source && map === shown.map) return;
      // What was brought along is about the map that it was brought with.
      if (shown.map !== '') brought.hidden = true;
      shown = { source, map };
      // What was drawn is of another model or map, or for another input.
      running?.abort();
      end(text.draw);
      for (const easel of easels) easel.clear();
      patches.clear();
    },
  };
}
