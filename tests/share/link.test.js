import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { test } from 'node:test';

import fc from 'fast-check';

import { FeaturescopeError } from '../../www/api/errors.js';
import { FINDING, VERSION, validate } from '../../www/share/finding.js';
import { LINK_LIMITS, fromFragment, seal, toFragment } from '../../www/share/link.js';
import { findings } from './arbitrary.js';
import { samples } from './samples.js';

const links = new URL('links/', import.meta.url);

/** Opens a link; what is refused gives null, with a sentence, and nothing else may be thrown. */
function open(link) {
  try {
    return fromFragment(link);
  } catch (error) {
    assert.ok(error instanceof FeaturescopeError, `${error?.stack}`);
    assert.match(error.message, /^[A-Z].{20,}\.$/su);
    return null;
  }
}

test('any finding comes back from its link as it was', () => {
  fc.assert(fc.property(findings, (finding) => {
    assert.deepEqual(fromFragment(toFragment(finding)), finding);
  }), { numRuns: 500, seed: 1 });
});

test('10,000 damaged links give the same finding or a sentence', () => {
  const all = Object.values(samples).map((finding) => [toFragment(finding), finding]);
  const letters = fc.oneof(fc.constantFrom(...'ABCXYZabcxyz0123456789-_#%&=+/ .<>"\n'), fc.string({ minLength: 1, maxLength: 3 }));
  const changes = fc.array(fc.record({ kind: fc.constantFrom('change', 'insert', 'delete', 'cut', 'swap', 'repeat'), at: fc.nat(), more: fc.nat(60), letter: letters }), { minLength: 1, maxLength: 4 });
  let refused = 0;
  fc.assert(fc.property(fc.nat(all.length - 1), changes, (place, list) => {
    const [link, finding] = all[place];
    const damaged = list.reduce(mutate, link);
    const opened = open(damaged);
    if (opened) assert.deepEqual(opened, finding, damaged);
    else refused += 1;
  }), { numRuns: 10_000, seed: 2 });
  assert.ok(refused > 8_000, `${refused} were refused`);
});

/** @param {string} link */
function mutate(link, { kind, at, more, letter }) {
  const place = at % (link.length + 1);
  if (kind === 'change') return link.slice(0, place) + letter + link.slice(place + letter.length);
  if (kind === 'insert') return link.slice(0, place) + letter + link.slice(place);
  if (kind === 'delete') return link.slice(0, place) + link.slice(place + 1 + more);
  if (kind === 'cut') return link.slice(0, place);
  if (kind === 'repeat') return link.slice(0, place) + link.slice(Math.max(0, place - more));
  return link.slice(0, place) + link.slice(place + 1, place + 2) + link.slice(place, place + 1) + link.slice(place + 2);
}

test('every single changed byte is noticed', () => {
  const link = toFragment(samples.look);
  for (let place = 1; place < link.length; place++) {
    for (const letter of 'AZaz09-_') {
      if (letter !== link[place]) assert.equal(open(link.slice(0, place) + letter + link.slice(place + 1)), null, `${place} ${letter}`);
    }
  }
});

test('links of every version keep opening', () => {
  const files = readdirSync(links).filter((name) => name.endsWith('.txt'));
  assert.ok(files.length >= 5);
  for (const name of files) {
    const expected = JSON.parse(readFileSync(new URL(name.replace('.txt', '.json'), links), 'utf8'));
    const link = readFileSync(new URL(name, links), 'utf8').trim();
    assert.deepEqual(fromFragment(link), expected, name);
    // What needs no newer field is written as it ever was.
    assert.equal(toFragment(expected), link, name);
  }
});

test('a link that a mail program has broken into lines opens', () => {
  const link = toFragment(samples.unique);
  assert.deepEqual(fromFragment(link.replace(/(.{60})/g, '$1\n')), samples.unique);
  assert.deepEqual(fromFragment(link.replace(/(.{60})/g, '$1%0A')), samples.unique);
});

test('what a newer page made is refused as such', () => {
  assert.throws(() => fromFragment(`#${VERSION + 1}abc`), { code: 'newer-finding', message: /newer Featurescope/ });
  assert.throws(() => validate({ ...samples.look, version: VERSION + 1 }), { code: 'newer-finding' });
});

test('a small link that unpacks to a lot is stopped', () => {
  const bomb = seal(`["${'a'.repeat(60_000_000)}"]`);
  assert.ok(bomb.length < 200_000);
  assert.throws(() => fromFragment(bomb), { code: 'too-large' });
  assert.throws(() => fromFragment(`#1${'A'.repeat(LINK_LIMITS.characters)}`), { code: 'too-large' });
});

test('a sealed link with any JSON in it is refused in a sentence', () => {
  fc.assert(fc.property(fc.jsonValue({ maxDepth: 4 }), (value) => {
    assert.equal(open(seal(JSON.stringify(value))), null);
  }), { numRuns: 2000, seed: 3 });
  for (const json of ['', '[', '{"__proto__":[]}', '['.repeat(100_000), 'null', '[0,[0]]']) assert.equal(open(seal(json)), null);
});

/** Every place in a packed finding, as the way to it. */
function placesOf(packed, way = []) {
  return Array.isArray(packed) ? [way, ...packed.flatMap((entry, place) => placesOf(entry, [...way, place]))] : [way];
}

/** A copy with the value at one place replaced. */
function replaced(packed, [place, ...rest], value) {
  if (place === undefined) return value;
  const copy = [...packed];
  copy[place] = replaced(copy[place], rest, value);
  return copy;
}

test('a sealed link in which one value of a true one is anything at all is refused in a sentence or is a finding', () => {
  const all = Object.values(samples).map((finding) => FINDING.pack(finding));
  const names = fc.constantFrom('length', 'map', 'constructor', '__proto__', ['length'], ['map', 'x'], [['length']], 'at', -1, 1.5, 99, 1e9, null, true, {}, []);
  const values = fc.oneof(names, fc.jsonValue({ maxDepth: 2 }), fc.array(names, { maxLength: 3 }));
  let refused = 0;
  fc.assert(fc.property(fc.nat(all.length - 1), fc.nat(), values, (sample, at, value) => {
    const places = placesOf(all[sample]);
    const opened = open(seal(JSON.stringify(replaced(all[sample], places[at % places.length], value))));
    if (opened) assert.deepEqual(validate(opened), opened);
    else refused += 1;
  }), { numRuns: 3_000, seed: 4 });
  assert.ok(refused > 1_500, `${refused} were refused`);
  // Values that are nested more deeply than any reader can follow.
  const deep = `${'['.repeat(50_000)}${']'.repeat(50_000)}`;
  const packed = FINDING.pack(samples.unique);
  for (const place of placesOf(packed).filter((_, at) => at % 5 === 0)) assert.equal(open(seal(JSON.stringify(replaced(packed, place, 'here')).replace('"here"', deep))), null, `${place}`);
});

test('a link or file with fields that this page does not know comes from a newer page, unless what is known is wrong', () => {
  const packed = FINDING.pack(samples.patch);
  const longer = (way, more = [[7]]) => {
    const at = way.reduce((part, place) => part[place], packed);
    return seal(JSON.stringify(replaced(packed, way, [...at, ...more])));
  };
  const names = Object.keys(samples.patch);
  for (const way of [[], [names.indexOf('view')], [names.indexOf('claim')]]) assert.throws(() => fromFragment(longer(way)), { code: 'newer-finding' }, `${way}`);
  const wrong = replaced(packed, [names.indexOf('n1')], 'many');
  assert.throws(() => fromFragment(seal(JSON.stringify([...wrong, [7]]))), { code: 'bad-finding' });
  // A kind, or a value of a list of names, that was added.
  assert.throws(() => fromFragment(seal(JSON.stringify(replaced(packed, [names.indexOf('model'), 0], 3)))), { code: 'newer-finding' });
  assert.throws(() => fromFragment(seal(JSON.stringify(replaced(packed, [names.indexOf('question')], 5)))), { code: 'newer-finding' });

  const later = { ...samples.look, later: 1 };
  assert.throws(() => validate(later, { mayBeNewer: true }), { code: 'newer-finding' });
  assert.throws(() => validate({ ...samples.look, view: { ...samples.look.view, later: 1 } }, { mayBeNewer: true }), { code: 'newer-finding' });
  assert.throws(() => validate({ ...later, n1: 0 }, { mayBeNewer: true }), { code: 'bad-finding' });
  // What the page itself makes has no such fields.
  assert.throws(() => validate(later), { code: 'bad-finding' });
});

test('bundled model and photos make a link of at most 600 characters', () => {
  assert.ok(toFragment(samples.look).length < 300);
  const spread = (count, step) => Array.from({ length: count }, (_, place) => (place * step + 7) % 512);
  const classes = ['alive', 'things'].map((name, place) => ({ name, maps: spread(25, 37 + 22 * place), counts: spread(25, 1).map((_, rank) => (rank < 6 ? 2 : 1)) }));
  const longest = toFragment({
    ...samples.unique, claim: { ...samples.unique.claim, classes, generated: [0.538, 0.5] }, view: { ...samples.unique.view, drawing: samples['side-by-side'].view.drawing },
    models: ['efficientnet-lite0', 'story-plain', 'story-adapted'].map((name) => ({ kind: 'bundled', name })), arrangement: { framed: 'things', layer: 'fire5/concat' },
  });
  assert.ok(longest.length < 540, `${longest.length} and the address of the page`);
});
