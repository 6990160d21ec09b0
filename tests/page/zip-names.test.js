import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';

import { unpack } from '../../www/files/archive.js';
import { classesOf } from '../../www/classes/folders.js';
import { readNames } from '../../www/files/zip-names.js';
import { droppedPaths } from '../../www/files/file-kinds.js';
import { zip } from './zip.js';

const read = (path) => readFileSync(new URL(path, import.meta.url));
/** Words in the encodings that programs pack them in, by Python's codecs: see record_zip_names.py. */
const cases = JSON.parse(read('zip-names.json'));
const png = read('../domain/data/photo.png');

/** A name without any mark of its encoding. */
const raw = ({ bytes }, host) => ({ bytes: new Uint8Array(Buffer.from(bytes, 'hex')), utf8: false, host, unicodePath: null });

/** How many of all archives of `count` words, taken at steps of 1 to 7 from the list, are read rightly. */
function share(count, { dos, words }) {
  let right = 0;
  let all = 0;
  for (let step = 1; step <= 7; step++) {
    for (let first = 0; first < words.length; first++) {
      const packed = Array.from({ length: count }, (_, place) => words[(first + place * step) % words.length]);
      const names = readNames(packed.map((word) => raw(word, dos ? 0 : 3)));
      all += 1;
      right += Number(names.every((name, place) => name === packed[place].name));
    }
  }
  return right / all;
}

test('given archives have the classes that they were packed with', async () => {
  for (const [name, { classes }] of Object.entries(JSON.parse(read('zips/expected.json')))) {
    const files = await unpack(new File([read(`zips/${name}`)], name));
    assert.deepEqual(classesOf(files).map((one) => one.name).sort(), [...classes].sort(), name);
  }
});

test('names of six folders are read in whichever encoding they were packed, and of two in nearly all', () => {
  for (const one of cases) {
    assert.equal(share(6, one), 1, `${one.language} in ${one.encoding}, six names`);
    // Two short words of Chinese characters may be words in another encoding as well.
    const two = share(2, one);
    assert.ok(two >= 0.9, `${one.language} in ${one.encoding}, two names: ${two}`);
  }
});

test('UTF-8 is UTF-8, with its mark or without, and never what only looks like another encoding', () => {
  for (const { words } of cases) {
    for (const utf8 of [true, false]) {
      const names = readNames(words.map(({ name }) => ({ bytes: new TextEncoder().encode(name), utf8, host: 0, unicodePath: null })));
      assert.deepEqual(names, words.map(({ name }) => name));
    }
  }
});

test('plain ASCII stays what it is beside names of any encoding', () => {
  for (const { words } of cases) {
    const names = readNames([...words.map((word) => raw(word, 0)), { bytes: new TextEncoder().encode('cat/IMG_0001 (2).jpg'), utf8: false, host: 0, unicodePath: null }]);
    assert.equal(names.at(-1), 'cat/IMG_0001 (2).jpg');
  }
});

test('a Unicode Path field counts where it belongs to the name, and not where the name was changed since', async () => {
  const bytes = Buffer.from([0x3f, 0x3f, 0x2f, 0x61]);
  const [file] = await unpack(zip([{ path: '', name: Buffer.concat([bytes, Buffer.from('.png')]), unicodePath: '猫咪/a.png', content: png, stored: true }]));
  assert.equal(droppedPaths.get(file), 'animals/猫咪/a.png');
  const field = new Uint8Array([1, 0, 0, 0, 0, ...new TextEncoder().encode('other.png')]);
  assert.deepEqual(readNames([{ bytes: new TextEncoder().encode('new.png'), utf8: false, host: 0, unicodePath: field }]), ['new.png']);
  for (const damaged of [new Uint8Array(), field.subarray(0, 4), Uint8Array.of(2, ...field.subarray(1))]) {
    assert.deepEqual(readNames([{ bytes: new TextEncoder().encode('new.png'), utf8: false, host: 0, unicodePath: damaged }]), ['new.png']);
  }
});

test('bytes of no encoding still have a name each', () => {
  const names = readNames([0, 3].map((host) => ({ bytes: Uint8Array.of(0x81, 0xff, 0x30, 0x80, 0x2f, 0xfe), utf8: false, host, unicodePath: null })));
  assert.ok(names.every((name) => name.length > 0 && name.includes('/')));
});
