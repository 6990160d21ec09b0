// Any finding that passes the check, for property tests.

import fc from 'fast-check';

import { LIMITS } from '../../www/share/finding.js';

const whole = (min, max) => fc.integer({ min, max });
const real = (bound) => fc.double({ min: -bound, max: bound, noNaN: true }).map((value) => value + 0);
const text = (most) => fc.string({ unit: 'binary', maxLength: most }).filter((value) => value.length <= most);
const name = text(40).filter((value) => /\S/.test(value));
const sha256 = fc.string({ unit: fc.constantFrom(...'0123456789abcdef'), minLength: 64, maxLength: 64 });
const bundled = fc.string({ unit: fc.constantFrom(...'abcXYZ019._-'), minLength: 1, maxLength: 20 });
const address = fc.webUrl({ withQueryParameters: true });
const maybe = (arbitrary) => fc.option(arbitrary, { nil: null });
const list = (arbitrary, maxLength = 6, minLength = 0) => fc.array(arbitrary, { minLength, maxLength });
const map = whole(0, LIMITS.maps);
const file = { name, sha256, bytes: whole(0, 2 ** 40) };
const kind = (value, fields) => fc.record({ kind: fc.constant(value), ...fields });

const model = fc.oneof(kind('bundled', { name: bundled }), kind('address', { address, sha256: maybe(sha256) }), kind('file', { ...file, parts: list(fc.record(file), 3) }));
const erased = list(fc.record({ radius: real(1e5).map(Math.abs), points: list(list(real(1e5), 2, 2)) }), 3);
const image = fc.oneof(
  kind('bundled', { name: bundled, erased }),
  kind('address', { address, sha256: maybe(sha256), erased }),
  kind('inline', { name, type: fc.constantFrom('image/webp', 'image/jpeg', 'image/png'), data: fc.base64String().map((data) => data.replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '')), erased }),
  kind('file', { ...file, erased }),
);
const recipe = fc.record({
  size: fc.oneof(whole(1, LIMITS.side), fc.tuple(whole(1, LIMITS.side), whole(1, LIMITS.side))),
  resize: fc.constantFrom('squash', 'crop'), channels: fc.constantFrom('rgb', 'bgr', 'grey'), scale: real(1e30),
  mean: list(real(1e30), 4, 1), std: list(real(1e30), 4, 1), layout: fc.constantFrom('nchw', 'nhwc'),
}, { requiredKeys: ['size'] }).map((value) => ({ ...value }));
const ways = { preset: fc.constantFrom('article', 'modern'), size: whole(1, 4096), blur: real(1000).map(Math.abs), totalVariation: real(1e6).map(Math.abs), l2: real(1e6).map(Math.abs) };
const drawnTarget = fc.oneof(kind('spot', { position: list(whole(0, LIMITS.side), 2, 2) }), kind('class', { classIndex: whole(0, LIMITS.outputs) }), kind('mix', { others: list(map, 5, 1) }));
const second = fc.record(ways, { requiredKeys: ['preset', 'size'] });
const view = fc.record({
  openMap: maybe(map), chosen: list(map), topCount: whole(1, 600), order: fc.constantFrom('mean', 'contribution'), classIndex: maybe(whole(0, 999)),
  overlay: fc.record({
    style: fc.constantFrom('alpha', 'multiply', 'raw', 'glow', 'spotlight'), colormap: fc.constantFrom('viridis', 'inferno', 'cividis', 'turbo', 'jet', 'grey'),
    scale: fc.constantFrom('map', 'layer', 'set'), enlargement: fc.constantFrom('bilinear', 'nearest'),
  }),
  article: fc.boolean(),
  drawing: maybe(fc.record({ map, ...ways, seed: whole(0, 2 ** 32 - 1), second, target: drawnTarget }, { requiredKeys: ['map', 'preset', 'size', 'seed'] })),
  setMaximum: real(1e30).map(Math.abs), allPredictions: fc.boolean(), cam: fc.record({ classIndex: whole(0, 999) }), without: fc.record({ to: fc.constantFrom('zero', 'mean') }),
  patch: fc.record({ x: fc.double({ min: 0, max: 1, noNaN: true }).map((value) => value + 0), y: fc.double({ min: 0, max: 1, noNaN: true }).map((value) => value + 0) }),
}, { requiredKeys: ['openMap', 'chosen', 'topCount', 'order', 'classIndex', 'overlay', 'article', 'drawing'] });
const arrangement = fc.record({
  framed: name, model: whole(0, LIMITS.furtherModels + 1), images: maybe(name), order: fc.constantFrom('strongest', 'weakest', 'name'), cell: list(whole(0, LIMITS.classes), 2, 2),
  ownScale: fc.boolean(), thresholds: list(maybe(real(1e30)), LIMITS.furtherModels), layer: text(40), article: fc.boolean(), mapsFrom: whole(0, LIMITS.furtherModels),
}, { requiredKeys: [] });
const claimed = list(fc.tuple(map, whole(0, LIMITS.images))).chain((pairs) =>
  fc.record({ name, maps: fc.constant(pairs.map(([one]) => one)), counts: fc.constant(pairs.map(([, count]) => count)) }));
const claim = fc.record({
  caption: text(200), maps: list(fc.record({ map, mean: real(1e30) }), LIMITS.claimMaps),
  predictions: list(fc.record({ label: text(60), probability: fc.double({ min: 0, max: 1, noNaN: true }).map((value) => value + 0), index: fc.nat(LIMITS.outputs) }, { requiredKeys: ['label', 'probability'] }), LIMITS.claimPredictions),
  classes: list(claimed, 4), made: fc.constantFrom('2026-11-24', '2031-01-01'),
  generated: maybe(list(fc.double({ min: 0, max: 1, noNaN: true }).map((value) => value + 0), 2, 2)),
}, { requiredKeys: ['caption', 'maps', 'predictions', 'classes', 'made'] });

const stills = fc.record({
  width: whole(1, LIMITS.side), height: whole(1, LIMITS.side), resize: fc.constantFrom('squash', 'crop'),
  maps: list(fc.record({ map, width: whole(1, 16), height: whole(1, 16), cells: fc.stringMatching(/^[\w-]{0,160}$/) }), LIMITS.stills, 1),
});

/** Records of fast-check have no prototype; what JSON gives back has. */
const plain = (value) => JSON.parse(JSON.stringify(value));

export const findings = list(image, 5, 1).chain((images) => {
  const index = fc.nat(images.length - 1);
  const fields = {
    version: fc.constant(1), model, recipe: maybe(recipe), layer: maybe(text(40)), question: fc.constantFrom('look', 'classes', 'everywhere', 'unique', 'draw'),
    images: fc.constant(images), photo: maybe(index), comparison: maybe(index), view,
    classes: list(fc.record({ name, role: fc.constantFrom('both', 'source', 'target'), images: list(index), outputs: maybe(list(whole(0, 999))) }), 4),
    n1: whole(1, 200), n2: whole(1, 200), subject: fc.record({ name: maybe(name), maps: list(map) }), threshold: maybe(real(1e30)),
    controls: list(fc.constantFrom('maps', 'labels', 'network'), 3), seed: whole(0, 2 ** 32 - 1), language: fc.constantFrom('en', 'zh'), claim,
  };
  // What came after the first links may be missing, each by itself.
  return fc.record({ ...fields, models: list(model, LIMITS.furtherModels, 1), arrangement, output: fc.constantFrom('logits', 'softmax', 'sigmoid'), stills, labels: list(text(20), 20, 1), bands: list(fc.constantFrom('red', 'green', 'blue', null), 16, 1) }, { requiredKeys: Object.keys(fields) }).map(plain);
});
