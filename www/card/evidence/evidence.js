import { patchesOf } from '../../questions/draw/find-patches.js';
import { text } from '../text.js';
import { h, setText, whenChanged } from '../../ui/dom.js';
import { createLate } from '../../ui/late.js';
import { loadStyle } from '../../ui/load-style.js';
import { paint } from '../../ui/overlay-canvas.js';
import { findElsewhere, keepRecordedMaps } from '../answers.js';
import { drawingOf, isRecorded, loadRecordedMaps, placesOf } from './recorded.js';
import { drawnOf, elsewhereOf } from './selection.js';

/** @typedef {import('../../page/state.js').State} State */

/** So many places where a map lights up. */
const PLACES = 4;
/** Pixels of such a place's side. */
const SIDE = 112;

/**
 * What a map would draw, and where else it lights up: at once where that was recorded, otherwise when it is asked for. Above it, of a layer of
 * attention, whose it is.
 * @param {import('../../page/session/session.js').Session} session
 * @param {() => void} goDraw
 * @param {HTMLElement} figure of the large picture
 */
export async function createEvidence(session, goDraw, figure) {
  await loadStyle('../parts.css', import.meta.url);
  // A browser may call itself online where nothing can be reached; then the buttons do what they can here as well.
  const giveUp = () => keepRecordedMaps(session, null);
  const drawing = createDrawing(goDraw, giveUp);
  const places = createPlaces(session, giveUp);
  const loadAttention = async () => (await import('../attention/attention.js')).createAttention(session, figure);
  const attention = createLate('', loadAttention, (error) => session.report(error));
  const element = h('div', {}, attention.element, h('div', { className: 'evidence' }, drawing.element, places.element));
  /** The model whose recording was asked for last. @type {string | null} */
  let asked = null;

  /** @param {string} model */
  async function load(model) {
    asked = model;
    try {
      keepRecordedMaps(session, await loadRecordedMaps(model));
    } catch {
      // Without it both are asked for by their buttons.
    }
  }

  return {
    element,
    /** @param {State} state */
    update(state) {
      const { model, recordedMaps, look, openMap } = state;
      if (isRecorded(state) && model?.offered && recordedMaps?.model !== model.offered && asked !== model.offered)
        load(model.offered);
      attention.element.hidden = look?.patch === undefined;
      attention.update(state, attention.element.hidden ? null : look);
      if (!look || openMap === null) return;
      const isThere = isRecorded(state) && recordedMaps?.model === model?.offered && recordedMaps?.layer === look.layer;
      // Without a network the buttons do what they can with what is here.
      const recorded = isThere && navigator.onLine ? recordedMaps : null;
      drawing.update(state, recorded, openMap);
      places.update(state, recorded, openMap);
    },
  };
}

/** @param {() => void} goDraw @param {() => void} giveUp what to do where a recorded picture cannot be had */
function createDrawing(goDraw, giveUp) {
  const picture = h('img', { width: 112, height: 112, alt: '', onerror: giveUp });
  const canvas = h('canvas', { width: 1, height: 1 });
  const words = h('span');
  const button = h(
    'button',
    { type: 'button', className: 'evidence-drawing', onclick: goDraw },
    picture,
    canvas,
    words,
  );
  const paintOwn = whenChanged((/** @type {ImageData | undefined} */ image) => {
    if (image) paint(canvas, image);
  });
  return {
    element: h('figure', {}, button, h('figcaption', { className: 'note' }, text.wouldDraw)),
    /** @param {State} state @param {import('./recorded.js').RecordedMaps | null} recorded @param {number} map */
    update(state, recorded, map) {
      const own = drawnOf(state);
      paintOwn(own);
      const address = own || !recorded ? null : drawingOf(recorded, map);
      if (address && picture.src !== address) picture.src = address;
      picture.hidden = !address;
      canvas.hidden = !own;
      setText(words, address || own ? '' : text.drawIt);
      button.setAttribute('aria-label', text.goDraw(map));
    },
  };
}

/** @param {import('../../page/session/session.js').Session} session @param {() => void} giveUp what to do where a recorded picture cannot be had */
function createPlaces(session, giveUp) {
  const canvases = Array.from({ length: PLACES }, () =>
    h('canvas', { width: SIDE, height: SIDE, 'aria-hidden': 'true' }),
  );
  const ask = h('button', { type: 'button', className: 'small', onclick: () => find() }, text.findElsewhere);
  const list = h('div', { className: 'evidence-places' }, ...canvases, ask);
  const caption = h('figcaption', { className: 'note' });
  let running = new AbortController();

  async function find() {
    const { model, state } = session;
    const { look, openMap, article } = state;
    if (!model || !look || openMap === null) return;
    running.abort();
    const { signal } = (running = new AbortController());
    const about = { look, map: openMap };
    findElsewhere(session, { ...about, patches: null });
    try {
      const target = { layer: look.layer, map: openMap, article };
      const patches = await patchesOf(session, model, target, { count: PLACES, signal });
      if (!signal.aborted) findElsewhere(session, { ...about, patches });
    } catch (error) {
      if (signal.aborted) return;
      findElsewhere(session, null);
      session.report(error);
    }
  }

  const drawRecorded = whenChanged(
    (/** @type {import('./recorded.js').RecordedMaps} */ recorded, /** @type {number} */ map) => {
      for (const canvas of canvases) canvas.getContext('2d')?.clearRect(0, 0, canvas.width, canvas.height);
      const cuts = placesOf(recorded, map).map(({ address, box }, place) => cutTo(canvases[place], address, box));
      Promise.all(cuts).catch(giveUp);
    },
  );
  const drawFound = whenChanged((/** @type {import('../../questions/draw/choices.js').Patches} */ { crops }) =>
    crops.forEach(({ image }, place) => paint(canvases[place], image)),
  );

  return {
    element: h('figure', { className: 'evidence-elsewhere' }, list, caption),
    /** @param {State} state @param {import('./recorded.js').RecordedMaps | null} recorded @param {number} map */
    update(state, recorded, map) {
      const found = elsewhereOf(state);
      const shown = recorded ? placesOf(recorded, map).length : (found?.patches?.crops.length ?? 0);
      if (recorded) drawRecorded(recorded, map);
      else if (found?.patches) drawFound(found.patches);
      canvases.forEach((canvas, place) => (canvas.hidden = place >= shown));
      ask.hidden = shown > 0;
      ask.disabled = state.recorded || (found !== null && found.patches === null);
      setText(caption, text.elsewhere(shown > 0, recorded ? recorded.photos.length : (found?.patches?.images ?? 0)));
    },
  };
}

/**
 * @param {HTMLCanvasElement} canvas
 * @param {string} address of a photo
 * @param {{ left: number, top: number, width: number, height: number }} box in pixels of the photo
 */
async function cutTo(canvas, address, { left, top, width, height }) {
  canvas.dataset.address = address;
  const image = new Image();
  image.src = address;
  await image.decode();
  // Another map's place may have been asked for meanwhile.
  if (canvas.dataset.address !== address) return;
  canvas.width = canvas.height = SIDE;
  canvas.getContext('2d')?.drawImage(image, left, top, width, height, 0, 0, SIDE, SIDE);
}
