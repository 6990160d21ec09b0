import { imageOf } from '../page/state.js';
import { h } from '../ui/dom.js';
import { readAnswers } from './answers.js';
import { createQuestion } from './question.js';
import { mapsToChooseFrom } from './rounds.js';
import { createScore } from './score.js';
import { text } from './text.js';
import { createTiles } from './tiles.js';

/** @typedef {import('./tiles.js').Looked} Looked */

/** Photos beside the one in question; more would be too small to compare. */
const REFERENCES = 4;

/**
 * Students choose which map will fire before it is shown.
 * @param {import('../page/session/session.js').Session} session
 */
export function createPredict(session) {
  const answers = readAnswers();
  let round = answers.length;
  /** @type {Looked[]} */
  let looked = [];
  let running = new AbortController();
  const tiles = createTiles(session);
  const score = createScore(answers);
  const place = h('div', { className: 'predict-round' });
  const element = h('div', { className: 'predict' }, place, score.element);

  function clear() {
    tiles.dispose();
    looked.forEach(({ look }) => look.close());
    looked = [];
  }

  async function start() {
    running.abort();
    const { signal } = (running = new AbortController());
    clear();
    score.update();
    place.replaceChildren(h('p', { role: 'status' }, text.predict.working));
    try {
      for await (const one of looksOf(session, round, signal)) looked.push(one);
    } catch (error) {
      if (!signal.aborted) session.report(error);
    }
    if (signal.aborted) return;
    const looks = looked.map(({ look }) => look);
    const maps = looked.length < 2 ? [] : mapsToChooseFrom(looks, 0, round);
    if (maps.length < 2) place.replaceChildren(h('p', { role: 'status' }, text.predict.tooFew));
    else ask(maps);
  }

  /** @param {number[]} maps */
  function ask(maps) {
    const [{ photo, look }] = looked;
    const question = createQuestion(looked, maps, {
      // The hints' scale must not tell how strong the map is on the photo in question.
      tile: (map, on) => tiles.tile(map, on, on === looked[0] ? looked : looked.slice(1)),
      onAnswer: ({ chosen, strongest, why }) => {
        answers.push({
          time: new Date().toISOString(),
          model: session.state.model?.title ?? '',
          layer: look.layer,
          photo: photo.name,
          maps,
          means: maps.map((map) => look.means[map]),
          chosen,
          strongest,
          right: chosen === strongest,
          why,
        });
        score.update();
      },
      onNext: () => {
        round += 1;
        start();
      },
    });
    place.replaceChildren(...question);
  }

  return {
    element,
    start,
    stop: () => {
      running.abort();
      clear();
      place.replaceChildren();
    },
  };
}

/**
 * Looks at the photos of a round, the one in question first; at none where there are too few.
 * @param {import('../page/session/session.js').Session} session
 * @param {number} round
 * @param {AbortSignal} signal
 * @returns {AsyncGenerator<Looked, void>}
 */
async function* looksOf({ state, model }, round, signal) {
  const { photos } = state;
  if (!model || photos.length < 2) return;
  const asked = photos[round % photos.length];
  const layer = state.layer ?? state.look?.layer;
  for (const photo of [asked, ...photos.filter((one) => one !== asked).slice(0, REFERENCES)]) {
    const look = await model.look(imageOf(photo, model), { ...(layer ? { layer } : {}), erase: photo.strokes, signal });
    if (signal.aborted) return look.close();
    yield { photo, look };
  }
}
