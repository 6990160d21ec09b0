/**
 * Makes a record of what the page shows now.
 */

import { FeaturescopeError } from '../api/errors.js';
import { meansCsv, meansJson } from '../questions/look/exports.js';
import { currentLayer } from '../page/facts.js';
import { currentPhoto, overlayOptions } from '../page/state.js';
import { shownDrawings } from '../questions/draw/selection.js';
import { text as drawText } from '../questions/draw/text.js';
import { cardOf } from './card.js';
import { chartFigures, meansFigure } from './chart-figures.js';
import { validate } from './finding.js';
import { largeMapPath, largeMapTexts } from './figure-parts.js';
import { keepModel, modelFiles } from './model-files.js';
import { text } from './record-text.js';
import { EXTENSIONS, OVERLAY, pictureFile } from '../files/picture-file.js';
import { VERSION, validateRecord } from './record.js';
import { cleanText } from './results.js';
import { resultsNow } from './results-make.js';

/**
 * @typedef {import('./record.js').Figure} Figure
 * @typedef {import('./record.js').Recorded} Recorded
 * @typedef {import('./gather.js').Sources} Sources
 * @typedef {import('../page/session/session.js').Session} Session
 * @typedef {import('./gather.js').ClassesPanel} ClassesPanel
 */

/** Maps that are recorded with their overlays, and the pixels of an overlay's longer side. */
const TILES = 24;
const SIZE = 224;
/** The same of one map by itself. */
const LARGE = 480;

/**
 * @param {Session} session
 * @param {ClassesPanel | null} panel
 * @param {{ finding: import('./record.js').Finding, sources: Sources }} gathered
 * @param {{ withModel?: boolean }} [options]
 * @returns {Promise<{ recorded: Recorded, tables: Map<string, Blob> }>} with tables for people, which the page does not read
 */
export async function makeRecord(session, panel, { finding, sources }, { withModel = false } = {}) {
  const { state } = session;
  const { look, model } = state;
  if (!look || !model) throw new FeaturescopeError('not-ready', text.snapshot.notReady);
  /** @type {Map<string, Blob>} */
  const files = new Map();
  /** @param {string} path @param {Blob} blob */
  const keep = (path, blob) => {
    files.set(path, blob);
    return path;
  };
  const { drawings, figures: drawn } = await drawingFigures(shownDrawings(state), keep);
  const { results, figures: computed } = await resultsNow(session, panel, finding, keep);
  const figures = [
    await seenFigure(state, keep),
    ...(await largeMapFigure(state, keep)),
    await mapsFigure(state, keep),
    predictionsFigure(look),
    ...classesFigure(finding.claim, finding.classes),
    await meansFigure(look, TILES, keep),
    ...computed,
    ...(await chartFigures(state, panel?.workbench ?? null, keep)),
    ...drawn,
  ];
  const layer = currentLayer(state);
  const pictures = await keepPictures(finding, sources.images, state.photos, keep);
  const kept = withModel ? keepModel(await modelFiles(sources.model), keep) : { path: null, parts: [] };
  const record = validateRecord({
    version: VERSION,
    model: { title: cleanText(model.title), bytes: model.bytes, ...kept },
    layer: {
      id: look.layer,
      channels: look.channels,
      height: layer?.height ?? look.height,
      width: layer?.width ?? look.width,
    },
    engine: [state.engine?.name, state.engine?.adapter].filter(Boolean).join(', '),
    means: Array.from(look.means, finite),
    predictions: look.predictions
      .slice(0, 20)
      .map(({ index, label, probability }) => ({ index, label: cleanText(label), probability })),
    pictures,
    figures: figures.map(spelled),
    results: { ...results, drawings },
  });
  const card = cardOf(model);
  const tables = new Map([
    ['results/means.csv', new Blob([meansCsv(state)])],
    ['results/means.json', new Blob([meansJson(state)])],
  ]);
  // Beside a model of its own no card says which recipe that has.
  const complete = withModel ? validate({ ...finding, recipe: finding.recipe ?? model.recipe }) : finding;
  return { recorded: { finding: complete, record, card, files }, tables };
}

/**
 * A figure whose sentences fit, whatever the names in them.
 * @param {Figure} figure
 */
function spelled(figure) {
  return {
    ...figure,
    title: cleanText(figure.title),
    caption: cleanText(figure.caption),
    ...('alt' in figure ? { alt: cleanText(figure.alt) } : {}),
  };
}

/** Numbers as JSON has them: no −0 and nothing that is no number. @param {number} value */
function finite(value) {
  return Number.isFinite(value) ? value + 0 : 0;
}

/** @typedef {(path: string, blob: Blob) => string} Keep */

/**
 * @param {import('../page/state.js').State} state
 * @param {Keep} keep
 * @returns {Promise<Figure>}
 */
async function seenFigure(state, keep) {
  const name = cleanText(currentPhoto(state)?.name ?? '');
  const seen = /** @type {NonNullable<typeof state.look>} */ (state.look).seen();
  const blob = await pictureFile(seen);
  return {
    kind: 'picture',
    title: text.figures.seen,
    caption: text.figures.seenCaption(name),
    path: keep('figures/seen.png', blob),
    alt: text.figures.seenAlt(name),
    width: seen.width,
    height: seen.height,
  };
}

/**
 * The open map, or else the strongest, large enough to stand by itself.
 * @param {import('../page/state.js').State} state
 * @param {Keep} keep
 * @returns {Promise<Figure[]>} none where no map fires
 */
async function largeMapFigure(state, keep) {
  const look = /** @type {NonNullable<typeof state.look>} */ (state.look);
  const map = state.openMap ?? look.top(1)[0]?.map;
  const drawn = map === undefined ? null : await look.draw(map, { ...overlayOptions(state), size: LARGE });
  if (map === undefined || !drawn) return [];
  const blob = await pictureFile(drawn.image, OVERLAY);
  const path = keep(largeMapPath(map, EXTENSIONS.get(blob.type) ?? 'png'), blob);
  const { width, height } = drawn.image;
  return [{ kind: 'picture', ...largeMapTexts(map, finite(look.means[map])), path, width, height }];
}

/**
 * @param {import('../page/state.js').State} state
 * @param {Keep} keep
 * @returns {Promise<Figure>}
 */
async function mapsFigure(state, keep) {
  const look = /** @type {NonNullable<typeof state.look>} */ (state.look);
  const options = { ...overlayOptions(state), size: SIZE };
  const tiles = [];
  for (const { map, mean, rank } of look.top(TILES)) {
    const drawn = await look.draw(map, options);
    if (!drawn) continue;
    const blob = await pictureFile(drawn.image, OVERLAY);
    tiles.push({
      path: keep(`overlays/${String(rank).padStart(3, '0')}-map-${map}.${EXTENSIONS.get(blob.type)}`, blob),
      map,
      mean: finite(mean),
      rank,
    });
  }
  return {
    kind: 'maps',
    title: text.figures.maps,
    caption: text.figures.mapsCaption(tiles.length, look.layer),
    size: SIZE,
    tiles,
  };
}

/**
 * @param {import('../page/state.js').LookView} look
 * @returns {Figure}
 */
export function predictionsFigure({ predictions }) {
  const list = predictions.slice(0, 5).map(({ label, probability }) => ({ label: cleanText(label), probability }));
  return {
    kind: 'predictions',
    title: text.figures.predictions,
    caption: list[0] ? text.figures.predictionsCaption(list[0].label, list[0].probability) : '',
    predictions: list,
  };
}

/**
 * @param {import('./finding.js').Claim} claim
 * @param {import('./record.js').Finding['classes']} sorted
 * @returns {Figure[]}
 */
function classesFigure({ classes }, sorted) {
  if (classes.length === 0) return [];
  return [
    {
      kind: 'classes',
      title: text.figures.classes,
      caption: text.figures.classesCaption(classes.map(({ name }) => name)),
      classes: classes.map(({ name, maps, counts }) => ({
        name,
        images: sorted.find((other) => other.name === name)?.images.length ?? 0,
        maps: maps.map((map, place) => ({ map, count: counts[place] })),
      })),
    },
  ];
}

/**
 * The drawings that show now, and of finished ones how they were made.
 * @param {import('../questions/draw/selection.js').ShownDrawing[]} shown
 * @param {Keep} keep
 */
async function drawingFigures(shown, keep) {
  /** @type {import('./results.js').RecordedDrawing[]} */
  const drawings = [];
  const figures = await Promise.all(
    shown.map(async ({ image, map, target, how }, place) => {
      const caption = cleanText(drawText.alt(map, target));
      const path = keep(`drawings/drawing-${place + 1}.png`, await pictureFile(image));
      if (how) {
        const { settings, activation, ...rest } = how;
        const { target: _, ...others } = rest;
        drawings.push({
          path,
          ...others,
          ...settings,
          activation: finite(activation),
          ...(target ? { target: spelt(target) } : {}),
        });
      }
      return /** @type {const} */ ({
        kind: 'picture',
        title: text.figures.drawing,
        caption,
        alt: caption,
        width: image.width,
        height: image.height,
        path,
      });
    }),
  );
  return { figures, drawings };
}

/** With a class's name that fits. @param {import('../questions/draw/choices.js').Target} target */
function spelt(target) {
  return target.kind === 'class' ? { ...target, label: cleanText(target.label) } : target;
}

/**
 * The pictures themselves, so that it can be computed again anywhere.
 * @param {import('./record.js').Finding} finding
 * @param {(Blob | string)[]} sources
 * @param {import('../page/state.js').Photo[]} photos
 * @param {Keep} keep
 */
async function keepPictures({ images }, sources, photos, keep) {
  return Promise.all(
    images.map(async (image, place) => {
      const source = sources[place];
      const blob = typeof source === 'string' ? await (await fetch(source)).blob() : source;
      const photo = photos.find((other) => other.source === source);
      const name = cleanText(photo?.name ?? ('name' in image ? image.name : image.address));
      const path = keep(`pictures/${place + 1}.${EXTENSIONS.get(blob.type) ?? 'image'}`, blob);
      return { image: place, path, name, alt: cleanText(photo?.alt ?? ''), credit: cleanText(photo?.credit ?? '') };
    }),
  );
}
