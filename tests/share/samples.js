// Findings as the page makes them, for tests.

const base = {
  version: 1,
  model: { kind: 'bundled', name: 'squeezenet1.1' },
  recipe: null,
  layer: 'fire9/concat',
  question: 'look',
  images: [{ kind: 'bundled', name: 'chelsea.webp', erased: [] }],
  photo: 0,
  comparison: null,
  view: {
    openMap: 426, chosen: [], topCount: 60, order: 'mean', classIndex: null,
    overlay: { style: 'alpha', colormap: 'viridis', scale: 'map', enlargement: 'bilinear' }, article: false, drawing: null,
  },
  classes: [],
  n1: 25,
  n2: 25,
  subject: { name: null, maps: [] },
  threshold: null,
  controls: [],
  seed: 1,
  language: 'en',
  claim: {
    caption: 'Map 426 fires most (mean 49.1), in the centre.',
    maps: [[426, 49.1], [111, 25.5], [488, 24.5], [269, 19.8], [110, 17.5], [192, 17.3], [3, 17.2], [225, 17.1], [444, 16.7], [239, 16.1]].map(([map, mean]) => ({ map, mean })),
    predictions: [['Egyptian Mau', 0.471], ['tabby cat', 0.285], ['tiger cat', 0.224], ['cheetah', 0.007], ['lynx', 0.007]].map(([label, probability]) => ({ label, probability })),
    classes: [],
    made: '2026-11-24',
  },
};

const hash = (digit) => String(digit).repeat(64);

const made = {
  look: base,
  unique: {
    ...base,
    question: 'unique',
    images: ['chelsea.webp', 'astronaut.jpg', 'coffee.jpg', 'rocket.jpg'].map((name) => ({ kind: 'bundled', name, erased: [] })),
    classes: [
      { name: 'alive', role: 'both', images: [0, 1], outputs: null },
      { name: 'things', role: 'source', images: [2], outputs: [967, 968] },
      { name: 'things', role: 'target', images: [2, 3], outputs: [967, 968] },
    ],
    n1: 10,
    subject: { name: 'things', maps: [17] },
    threshold: 12.75,
    controls: ['maps', 'network'],
    seed: 4294967295,
    claim: { ...base.claim, caption: 'Are the 3 maps of “things” unique to it?', classes: [{ name: 'alive', maps: [426, 111], counts: [2, 1] }, { name: 'things', maps: [17, 5, 9], counts: [1, 1, 1] }] },
  },
  'own-files': {
    ...base,
    model: { kind: 'file', name: '我的网络.onnx', sha256: hash('a'), bytes: 167310, parts: [{ name: 'weights.data', sha256: hash('b'), bytes: 2 ** 33 }, { name: 'card.json', sha256: hash('c'), bytes: 12 }] },
    recipe: { size: [96, 128], resize: 'crop', channels: 'rgb', scale: 1 / 255, mean: [0.485, 0.456, 0.406], std: [0.229, 0.224, 0.225], layout: 'nchw' },
    images: [
      { kind: 'file', name: 'Grandma’s 🐈.jpg', sha256: hash('0'), bytes: 5, erased: [{ radius: 12.5, points: [[1, 2], [3.25, -4]] }] },
      { kind: 'file', name: '图片.png', sha256: hash('1'), bytes: 6, erased: [] },
    ],
    comparison: 1,
    language: 'zh',
  },
  addresses: {
    ...base,
    model: { kind: 'address', address: 'https://example.org/models/net.onnx?x=1', sha256: null },
    recipe: { size: 224 },
    layer: null,
    images: [{ kind: 'address', address: 'https://example.org/a%20b.jpg', sha256: hash('e'), erased: [] }],
    view: { ...base.view, chosen: [1, 2, 3], order: 'contribution', classIndex: 281, overlay: { style: 'raw', colormap: 'grey', scale: 'set', enlargement: 'nearest' }, drawing: { map: 7, preset: 'article', size: 230, seed: 3 } },
  },
  'side-by-side': {
    ...base,
    question: 'unique',
    images: [...['chelsea.webp', 'coffee.jpg'].map((name) => ({ kind: 'bundled', name, erased: [] }))],
    comparison: 1,
    view: {
      ...base.view, overlay: { ...base.view.overlay, scale: 'set' }, setMaximum: 163.25, allPredictions: true, cam: { classIndex: 285 }, without: { to: 'mean' },
      drawing: { map: 426, preset: 'modern', size: 128, seed: 7, blur: 0.5, l2: 2, second: { preset: 'article', size: 230, totalVariation: 1 } },
    },
    classes: [{ name: 'cats', role: 'both', images: [0], outputs: null }, { name: 'cups', role: 'both', images: [1], outputs: [967, 968] }],
    subject: { name: 'cups', maps: [] },
    threshold: 3.5,
    claim: { ...base.claim, caption: 'Are the 2 maps of “cups” unique to it?', classes: [{ name: 'cats', maps: [426], counts: [1] }, { name: 'cups', maps: [17, 5], counts: [1, 1] }], generated: [0.538, 0.5] },
    models: [
      { kind: 'bundled', name: 'story-plain' },
      { kind: 'address', address: 'https://example.org/models/other.onnx', sha256: hash('d') },
      { kind: 'file', name: 'my net.onnx', sha256: hash('f'), bytes: 167310, parts: [] },
    ],
    arrangement: { framed: 'cups', model: 1, ownScale: true, thresholds: [null, 2.25, null], layer: 'fire5/concat', article: false },
  },
  'maps-of-another': {
    ...base,
    question: 'unique',
    classes: [{ name: 'cats', role: 'both', images: [0], outputs: null }],
    subject: { name: 'cats', maps: [426] },
    models: [{ kind: 'bundled', name: 'story-plain' }, { kind: 'bundled', name: 'story-augmented' }],
    arrangement: { ownScale: true, mapsFrom: 1 },
  },
  picture: {
    ...base,
    images: [{ kind: 'inline', name: 'dot.png', type: 'image/png', data: 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk-M9QDwADhgGAWjR9awAAAABJRU5ErkJggg', erased: [] }],
    view: { ...base.view, article: true, openMap: null },
    claim: { caption: '', maps: [], predictions: [], classes: [], made: '2026-11-24' },
  },
};

/** What is drawn instead of a map's mean. */
const targets = {
  'drawn-spot': { kind: 'spot', position: [5, 4] },
  'drawn-class': { kind: 'class', classIndex: 285 },
  'drawn-mix': { kind: 'mix', others: [111, 488] },
};
const drawn = (target) => ({ ...base, view: { ...base.view, drawing: { map: 426, preset: 'modern', size: 128, seed: 1, target } } });

const told = { ...made['side-by-side'], model: { kind: 'file', name: 'tanh.onnx', sha256: hash('e'), bytes: 1234, parts: [] }, output: 'sigmoid' };
const stills = { ...told, stills: { width: 224, height: 160, resize: 'squash', maps: [{ map: 426, width: 3, height: 2, cells: 'D_A1' }, { map: 111, width: 1, height: 1, cells: '8A' }] } };

export const samples = {
  ...made,
  told,
  // Photos in classes, which a link names by their place.
  photos: {
    ...base,
    images: ['fish.fish1', 'fish.fish2', 'fish.fish3', 'tools.hammer9', 'tools.measuringTape1'].map((name) => ({ kind: 'bundled', name: `class.${name}.webp`, erased: [] })),
    classes: [{ name: 'fish', role: 'both', images: [0, 1, 2], outputs: null }, { name: 'tools', role: 'both', images: [3, 4], outputs: null }],
    claim: { ...base.claim, classes: [{ name: 'fish', maps: [17], counts: [3] }, { name: 'tools', maps: [5], counts: [2] }] },
  },
  ...Object.fromEntries(Object.entries(targets).map(([name, target]) => [name, drawn(target)])),
  stills,
  named: { ...stills, labels: ['crow', '', '猫'] },
  bands: { ...stills, labels: ['crow', '', '猫'], bands: ['blue', null, 'red', 'red'] },
  // Every field that came later.
  patch: { ...stills, labels: ['crow', '', '猫'], bands: ['blue', null, 'red', 'red'], view: { ...stills.view, patch: { x: 0.375, y: 0.625 } } },
};
