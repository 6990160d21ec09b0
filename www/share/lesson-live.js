/**
 * Gathers what a lesson needs to run the network itself: the CPU engine, the model, a first picture.
 */

import { canvasFile, canvasOf } from '../api/canvas.js';
import { FeaturescopeError } from '../api/errors.js';
import { cardFor } from './card.js';
import { asset, base64 } from './lesson-document.js';
import { modelFiles } from './model-files.js';
import { pictureOf } from './recompute.js';
import { text } from './record-text.js';

/** @typedef {import('./lesson-document.js').LivePart} LivePart */

/**
 * What the lesson's own script is told.
 * @typedef {object} LiveSettings
 * @property {typeof text.live} text
 * @property {import('../api/types.js').Card} card
 * @property {string} layer
 * @property {import('../api/types.js').Recipe} recipe
 * @property {boolean} article
 * @property {{ x: number, y: number }} [patch] of attention, the patch that attends
 * @property {import('../api/types.js').Stroke[]} erased
 * @property {string[]} labels
 * @property {string} picture the bytes of its file in base64
 */

/** In the form that every browser can run, since nobody knows where a lesson will be opened. */
const ENGINE = new URL('../engine/cpu/', import.meta.url);

/**
 * @param {import('./record.js').Recorded} recorded
 * @param {{ source: import('../featurescope.js').ModelSource, recipe: import('../api/types.js').Recipe }} model as it was when the record was made
 * @returns {Promise<LivePart>}
 * @throws {FeaturescopeError} `bad-model` where the model is several files, `internal`, `network`
 */
export async function livePart(recorded, { source, recipe }) {
  const files = (await modelFiles(source)).filter(({ name }) => !/\.json$/i.test(name));
  if (files.length !== 1) throw new FeaturescopeError('bad-model', text.errors.modelForLive);
  const picture = pictureOf(recorded);
  if (!picture) throw new FeaturescopeError('no-picture', text.view.noPicture);
  const { photo, images, view } = recorded.finding;
  const { labels } = recorded.card;
  const [script, wasm, later, worker, page] = await Promise.all([
    loaded('featurescope.js'),
    loaded('featurescope_bg.plain.wasm'),
    loaded('featurescope_later.plain.wasm'),
    asset('lesson/engine.js'),
    asset('lesson/page.js'),
  ]);
  /** @type {LiveSettings} */
  const settings = {
    text: text.live,
    card: cardFor(recorded),
    layer: recorded.record.layer.id,
    recipe,
    article: view.article,
    patch: view.patch,
    erased: photo === null ? [] : images[photo].erased,
    labels: Array.isArray(labels) ? labels : [],
    picture: await base64(await decodable(picture)),
  };
  return {
    engine: await packed(new Blob([classic(await script.text()), '\n', worker])),
    page: inlined(page),
    wasm: await packed(wasm),
    later: await packed(later),
    model: await packed(files[0]),
    // In base64 no label can end the element it stands in.
    settings: await base64(new Blob([JSON.stringify(settings)])),
  };
}

/** What the live part adds to a lesson, in bytes.
 * @param {LivePart} live */
export function sizeOf({ engine, page, wasm, later, model, settings }) {
  return [engine, page, wasm, later, model, settings].reduce((sum, part) => sum + part.length, 0);
}

/**
 * A picture in a form that every engine reads.
 * @param {Blob} picture
 */
async function decodable(picture) {
  if (/^image\/(jpeg|png|webp|bmp|gif)$/.test(picture.type)) return picture;
  const bitmap = await createImageBitmap(picture);
  return canvasFile(canvasOf(bitmap));
}

/**
 * The engine's module as a classic script: no exports, and its address is of no use in a blob.
 * @param {string} module
 */
export function classic(module) {
  const script = module
    .replace(/^export (?=class |const |function |async function )/gm, '')
    .replace(
      /^export \{[^}]*?(\w+) as default\s*\};?/gm,
      'self.startEngine = $1; Object.assign(self, { Scope, ModelFile, Picture, Task, takeSecondPart });',
    )
    .replaceAll('import.meta.url', 'self.location.href');
  if (/^\s*(import|export)\b/m.test(script) || script.includes('import.meta') || !script.includes('self.startEngine')) {
    throw new FeaturescopeError('internal', text.errors.engine);
  }
  return script;
}

/** A script that stands inside a page. @param {string} script */
function inlined(script) {
  return script.replaceAll(/<(?=\/script|!--)/gi, '\\x3c');
}

/** @param {Blob} blob */
async function packed(blob) {
  return base64(await new Response(blob.stream().pipeThrough(new CompressionStream('gzip'))).blob());
}

/** @param {string} path */
async function loaded(path) {
  const response = await fetch(new URL(path, ENGINE));
  if (!response.ok) throw new FeaturescopeError('network', text.errors.engine);
  return response.blob();
}
