/** Work over many pictures or drawings, in whichever worker is free. */

import { checkChoice } from './arguments.js';
import { checkSeed } from './draw-arguments.js';
import { Model } from './model.js';
import { Pool } from './pool.js';

/**
 * @typedef {import('./model.js').Inside} Inside
 * @typedef {import('./pool.js').Place} Place
 */

/** A further worker is there in half a second, in which a small network looks at so many pictures.
 * @type {import('./pool.js').Way} */
const PICTURES = { atOnce: 2, from: 8, waits: true };

/** A drawing takes seconds. What a visitor begins beside others begins at once, wherever it is.
 * @type {import('./pool.js').Way} */
const DRAWINGS = { atOnce: 1, from: 2, waits: false };

/**
 * The workers that work with a model is spread over.
 * @param {Model} model
 * @param {Inside} inside
 * @returns {Pool | null} null where there is only one: the graphics card is one for all
 */
export function poolOf(model, { messenger, handle }) {
  if (model.engine.device !== 'cpu' || messenger.workers === 1) return null;
  messenger.pool ??= new Pool(messenger);
  return messenger.pool.most({ handle, bytes: model.bytes }) > 1 ? messenger.pool : null;
}

/** How many workers there may be. @param {Model} model @param {Inside} inside */
export function workersOf(model, inside) {
  return poolOf(model, inside)?.most({ handle: inside.handle, bytes: model.bytes }) ?? 1;
}

/**
 * Has something done with a model, where there is room for it.
 * @template T
 * @param {Model} model
 * @param {Inside} inside
 * @param {'pictures' | 'drawings'} what
 * @param {(place: Place) => Promise<T>} work may be called again, where a worker is lost
 * @param {AbortSignal} [signal]
 * @returns {Promise<T>}
 */
export function spread(model, inside, what, work, signal) {
  const { messenger, handle } = inside;
  const way = what === 'pictures' ? PICTURES : DRAWINGS;
  const pool = poolOf(model, inside);
  return pool ? pool.run({ handle, bytes: model.bytes }, work, { ...way, signal }) : work({ messenger, handle });
}

/**
 * Looks at an image, asks something about the look and closes it.
 * @template T
 * @param {Model} model
 * @param {Inside} inside
 * @param {import('./picture-sources.js').ImageSource | import('./picture-sources.js').ImageSource[]} image
 * @param {import('./types.js').LookOptions & import('./types.js').CallOptions} options
 * @param {(look: import('./look.js').Look) => Promise<T>} question
 * @returns {Promise<T>}
 */
export function ask(model, inside, image, options, question) {
  const work = async (/** @type {Place} */ { messenger, handle }) => {
    const { picture, setMaxima } = inside;
    // Its description is what the model shows of itself.
    const there =
      messenger === inside.messenger
        ? model
        : new Model(messenger, picture, { handle, description: model, engine: model.engine }, setMaxima);
    const look = await there.look(image, options);
    try {
      return await question(look);
    } finally {
      look.close();
    }
  };
  return spread(model, inside, 'pictures', work, options.signal);
}

/**
 * Says what the scores are.
 * @param {Inside} inside
 * @param {'logits' | 'softmax' | 'sigmoid'} output
 */
export async function setOutput({ messenger, handle }, output) {
  checkChoice('output', output, ['logits', 'softmax', 'sigmoid']);
  await messenger.request('setOutput', { model: handle, output });
}

/**
 * A copy of a model that has learned nothing.
 * @param {Inside} inside
 * @param {number} seed
 * @param {import('./types.js').CallOptions} call
 */
export async function randomised({ messenger, picture, handle }, seed, { signal, onProgress }) {
  checkSeed(seed);
  return new Model(
    messenger,
    picture,
    await messenger.request('randomise', { model: handle, seed }, { signal, onProgress }),
  );
}
