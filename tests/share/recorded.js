// A small record, as the page would make it.

import { createHash } from 'node:crypto';

let block = 0;

/** Bytes that nothing makes smaller, the same in every run. */
function noise(count) {
  const blocks = Array.from({ length: Math.ceil(count / 32) }, () => createHash('sha256').update(String(block++)).digest());
  return Buffer.concat(blocks).subarray(0, count);
}

/** A finding that names one picture of its own. */
export function recorded({ caption = 'Map 3 fires most.', label = 'tabby', name = 'cat.png', picture = noise(3000) } = {}) {
  const finding = {
    version: 1,
    model: { kind: 'bundled', name: 'squeezenet1.1' },
    recipe: null,
    layer: 'fire9/concat',
    question: 'look',
    images: [{ kind: 'file', name, sha256: 'a'.repeat(64), bytes: picture.length, erased: [] }],
    photo: 0,
    comparison: null,
    view: {
      openMap: 3, chosen: [], topCount: 60, order: 'mean', classIndex: null,
      overlay: { style: 'alpha', colormap: 'viridis', scale: 'map', enlargement: 'bilinear' }, article: false, drawing: null,
    },
    classes: [],
    n1: 25, n2: 25, subject: { name: null, maps: [] }, threshold: null, controls: [], seed: 1, language: 'en',
    claim: { caption, maps: [{ map: 3, mean: 1.25 }], predictions: [{ label, probability: 0.5 }], classes: [], made: '2026-11-24' },
  };
  const record = {
    version: 1,
    model: { title: 'SqueezeNet', bytes: 4953663, path: null, parts: [] },
    layer: { id: 'fire9/concat', channels: 4, height: 13, width: 13 },
    engine: 'rten',
    means: [0.5, 0, 0.75, 1.25],
    predictions: [{ index: 281, label, probability: 0.5 }],
    pictures: [{ image: 0, path: 'pictures/0.png', name, alt: '', credit: '' }],
    figures: [
      { kind: 'picture', title: 'What the network saw', caption, path: 'figures/seen.png', alt: name, width: 227, height: 227 },
      { kind: 'maps', title: 'Maps', caption, size: 224, tiles: [{ path: 'figures/map-3.png', map: 3, mean: 1.25, rank: 1 }] },
      { kind: 'predictions', title: 'Predictions', caption, predictions: [{ label, probability: 0.5 }] },
      { kind: 'table', title: 'Answers', caption, columns: ['true class', label, 'other'], rows: [[label, '1', '1']] },
      { kind: 'classes', title: 'Classes', caption, classes: [{ name: label, images: 2, maps: [{ map: 3, count: 2 }] }] },
    ],
    results: {
      confusion: { names: [label], counts: [[1, 1]] },
      sums: [{ name: label, maps: [3], images: [{ name: label, sums: [1.25, null] }] }],
      alarm: { name: label, maps: [3], byHand: null, threshold: 1.25, auc: 0.5, low: 0.25, high: 0.75, byMaps: [1, 0, 0, 1], byHead: null, p: 1 },
      cam: { classIndex: 281, label, width: 2, height: 1, cells: [0, 0.5] },
      ablation: { maps: [3], to: 'zero', outputs: [{ index: 281, label, before: 0.5, after: 0.25, random: 0.5 }] },
      drawings: [{ path: 'drawings/drawing-1.png', layer: 'fire9/concat', map: 3, preset: 'article', size: 112, seed: 1, blur: 0, totalVariation: 0, l2: 0, article: false, activation: 9.5 }],
    },
  };
  const card = { title: 'SqueezeNet', labels: ['tench', label], output: 'softmax' };
  const files = new Map([
    ['pictures/0.png', new Blob([picture], { type: 'image/png' })],
    ['figures/seen.png', new Blob([noise(2000)], { type: 'image/png' })],
    ['figures/map-3.png', new Blob([noise(1000)], { type: 'image/png' })],
  ]);
  return { finding, record, card, files };
}

/** All of a record that is shown, to be compared; files as their checksums. */
export async function contents({ finding, record, card, files }) {
  const bytes = await Promise.all([...files].map(async ([path, blob]) =>
    [path, blob.type, createHash('sha256').update(Buffer.from(await blob.arrayBuffer())).digest('hex')]));
  return JSON.stringify({ finding, record, card, bytes: bytes.sort() }, sorted);
}

/** Objects are equal whatever the order of their fields. */
function sorted(_, value) {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1)));
}

/** The files of a snapshot in the form that `zip` takes, to be changed. */
export async function entries({ finding, record, card, files }) {
  const json = { 'finding.json': finding, 'record.json': record, 'model/card.json': card };
  return [
    ...Object.entries(json).map(([path, value]) => ({ path, content: JSON.stringify(value) })),
    ...await Promise.all([...files].map(async ([path, blob]) => ({ path, content: Buffer.from(await blob.arrayBuffer()), stored: true }))),
  ];
}
