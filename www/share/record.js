/**
 * The record of a finding: what the page showed, as files and plain data, so that it can be shown again without an engine,
 * a model or a graphics card. Snapshots, lessons and embeds show records. Nothing here knows the DOM.
 */

import { bands, reading } from './finding.js';
import { RESULTS } from './results.js';
import { list, nullable, object, oneOf, real, string, variants, whole } from './schema.js';

/** The version of record.json that this page writes. */
export const VERSION = 1;

/** What a record may hold at the most. */
const LIMITS = { figures: 200, tiles: 500, maps: 65_536, labels: 100_000, parts: 500, text: 2000 };
/** The longest path that a file of the model lay at, in characters. */
export const LONGEST_PLACE = 1000;

const label = string(LIMITS.text);
/** A file of the record: a folder and a name, nothing else, so that no path leads anywhere else. */
const path = string(200, /^[a-z]{1,20}\/[\p{L}\p{N}_][\p{L}\p{N}_. -]*$/u, 'path');
const map = whole(0, LIMITS.maps - 1);
const value = real(-1e38, 1e38);
const side = whole(1, 8192);
const head = { title: label, caption: label };

const figure = variants({
  /** One picture, of which `alt` says what is on it. */
  picture: object({ ...head, path, alt: label, width: side, height: side }),
  /** Maps over the picture, the strongest first. */
  maps: object({
    ...head,
    tiles: list(object({ path, map, mean: value, rank: nullable(whole(1, LIMITS.maps)) }), LIMITS.tiles),
    size: side,
  }),
  predictions: object({ ...head, predictions: list(object({ label, probability: real(0, 1) }), 1000) }),
  classes: object({
    ...head,
    classes: list(
      object({ name: label, maps: list(object({ map, count: whole(0, 100_000) }), 500), images: whole(0, 100_000) }),
      100,
    ),
  }),
  /** Numbers as they stood there, written out. */
  table: object({ ...head, columns: list(label, 200), rows: list(list(label, 200), 200) }),
});

/** `places` of the model: where each of its parts lay when it was opened, where the names in the record do not say so. `means` are those of all maps of the layer, in the order of the maps. `pictures`: the images that the finding names, by their
 * place there. `results`: the numbers behind the figures, where they can be computed again. */
const RECORD = object(
  {
    version: oneOf([VERSION]),
    model: object(
      {
        title: label,
        bytes: whole(0, 2 ** 40),
        path: nullable(path),
        parts: list(path, LIMITS.parts),
        places: list(string(LONGEST_PLACE), LIMITS.parts),
      },
      ['places'],
    ),
    layer: object({ id: label, channels: whole(0, LIMITS.maps), height: whole(1, 65_536), width: whole(1, 65_536) }),
    engine: label,
    means: list(value, LIMITS.maps),
    predictions: list(object({ index: whole(0, LIMITS.labels), label, probability: real(0, 1) }), 20),
    pictures: list(object({ image: whole(0, 1999), path, name: label, alt: label, credit: label }), 2000),
    figures: list(figure, LIMITS.figures),
    results: RESULTS,
  },
  ['results'],
);

/**
 * @typedef {ReturnType<typeof RECORD.check>} RecordData
 * @typedef {RecordData['figures'][number]} Figure
 * @typedef {import('./finding.js').Finding} Finding
 * @typedef {import('../api/types.js').Card} Card
 */

/**
 * A record with its files at hand.
 * @typedef {object} Recorded
 * @property {Finding} finding
 * @property {RecordData} record
 * @property {Card} card
 * @property {Map<string, Blob>} files by their path
 */

/**
 * @param {unknown} json
 * @returns {RecordData}
 * @throws {import('../api/errors.js').FeaturescopeError} `bad-finding`
 */
export function validateRecord(json) {
  return reading(() => RECORD.check(json, 'record'));
}

/** A card's fields that opening a model takes, and where it comes from. */
const CARD = object(
  {
    title: label,
    sha256: string(64),
    labels: list(label, LIMITS.labels),
    output: oneOf(['logits', 'softmax', 'sigmoid']),
    scores: label,
    defaultLayer: label,
    licence: label,
    source: label,
    bands,
  },
  ['title', 'sha256', 'labels', 'output', 'scores', 'defaultLayer', 'licence', 'source', 'bands'],
);

/**
 * @param {unknown} json
 * @returns {Card}
 */
export function validateCard(json) {
  return reading(() => CARD.check(json, 'card'));
}

/**
 * Every file that a record names.
 * @param {RecordData} record
 */
export function pathsOf({ model, pictures, figures }) {
  return [
    ...(model.path ? [model.path, ...model.parts] : []),
    ...pictures.map((picture) => picture.path),
    ...filesOf(figures),
  ];
}

/**
 * The files of figures.
 * @param {Figure[]} figures
 */
export function filesOf(figures) {
  return figures.flatMap((figure) =>
    figure.kind === 'picture' ? [figure.path] : figure.kind === 'maps' ? figure.tiles.map(({ path }) => path) : [],
  );
}
