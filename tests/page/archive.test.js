import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { test } from 'node:test';

import { LIMITS, check, unpack } from '../../www/files/archive.js';
import { classesOf } from '../../www/classes/folders.js';
import { sortOut } from '../../www/classes/intake.js';
import { droppedPaths, isImage } from '../../www/files/file-kinds.js';
import { typeByContent } from '../../www/files/picture-content.js';
import { zip } from './zip.js';

// Begun as pictures are, or no more of them would be unpacked.
const photo = Buffer.concat([Buffer.from([0xff, 0xd8, 0xff]), randomBytes(200_000)]);
const flat = Buffer.concat([Buffer.from('\x89PNG', 'latin1'), Buffer.alloc(100_000, 'pixels ')]);
const animals = [
  { path: 'cat/', content: '', stored: true },
  { path: 'cat/cat 10.jpg', content: photo },
  { path: 'cat/cat 2.JPEG', content: flat },
  { path: 'dog/dog.png', content: photo, stored: true },
  { path: 'dog/notes.txt', content: 'no picture' },
  { path: 'dog/.hidden.png', content: photo },
  { path: '__MACOSX/cat/._cat 2.JPEG', content: 'no picture either' },
];

/** What is in files, by path. */
async function contents(files) {
  return Object.fromEntries(await Promise.all(files.map(async (file) => [droppedPaths.get(file), Buffer.from(await file.arrayBuffer())])));
}

/** The code and sentence of what is refused. */
async function refusal(archive, limits = LIMITS) {
  const error = await unpack(archive, { limits }).then(() => assert.fail('nothing was refused'), (refused) => refused);
  assert.equal(error.name, 'FeaturescopeError');
  return `${error.code}: ${error.message}`;
}

test('the images of an archive are there byte by byte, with their types and paths, and nothing else is', async () => {
  const counted = [];
  const files = await unpack(zip(animals, { comment: 'a comment' }), { onFile: (...count) => counted.push(count) });
  assert.deepEqual(await contents(files), { 'animals/cat/cat 10.jpg': photo, 'animals/cat/cat 2.JPEG': flat, 'animals/dog/dog.png': photo });
  assert.deepEqual(files.map(({ type }) => type), ['image/jpeg', 'image/jpeg', 'image/png']);
  assert.equal(new Date(files[0].lastModified).getFullYear(), 2025);
  assert.deepEqual(counted, [[0, 3], [1, 3], [2, 3]]);
  assert.deepEqual(classesOf(files).map(({ name, images }) => [name, images.map((image) => image.name)]),
    [['cat', ['cat 2.JPEG', 'cat 10.jpg']], ['dog', ['dog.png']]]);
});

test('an archive may be long, begin with something else, and have names of any kind', async () => {
  const long = await unpack(zip(animals.map((file) => ({ ...file, long: true })), { long: true }));
  assert.equal(Object.keys(await contents(long)).length, 3);
  assert.deepEqual((await contents(await unpack(zip(animals, { before: randomBytes(5000) }))))['animals/cat/cat 10.jpg'], photo);
  const [umlaut] = await unpack(zip([{ path: 'käse/größe.png', content: photo }]));
  assert.equal(droppedPaths.get(umlaut), 'animals/käse/größe.png');
});

test('a path cannot lead out of the archive', async () => {
  const paths = ['../../up.png', '/top/top.png', 'C:\\windows\\left.png', 'a/../b/./c.png', '..\\back.png'];
  const files = await unpack(zip(paths.map((path) => ({ path, content: photo, stored: true }))));
  assert.deepEqual(files.map((file) => droppedPaths.get(file)),
    ['animals/up.png', 'animals/top/top.png', 'animals/windows/left.png', 'animals/a/b/c.png', 'animals/back.png']);
});

test('an archive that unpacks to too much is refused, whether it says so or not', async () => {
  const zeros = Buffer.concat([Buffer.from('GIF89a'), Buffer.alloc(8 * 2 ** 20)]);
  assert.match(await refusal(zip([{ path: 'bomb.png', content: zeros }])), /^too-large: bomb\.png in animals\.zip .*200 times/);
  assert.match(await refusal(zip([{ path: 'bomb.png', content: zeros, size: 1000 }])), /^bad-archive: .*damaged/);
  assert.match(await refusal(zip([{ path: 'short.png', content: photo, size: photo.length + 1 }])), /^bad-archive: .*damaged/);
  assert.match(await refusal(zip(animals), { ...LIMITS, each: 150_000 }), /^too-large: cat\/cat 10\.jpg in animals\.zip/);
  assert.match(await refusal(zip(animals), { ...LIMITS, total: 400_000 }), /^too-large: animals\.zip is larger/);
  assert.match(await refusal(zip(animals), { ...LIMITS, files: 2 }), /^too-large: .*more than 5,000/);
});

test('the limits are 5,000 images, 64 MB each and 2 GB in all, and 200 times of what is more than 4 MB, or 64 MB together', () => {
  const MB = 2 ** 20;
  const image = (size, packed = size) => ({ path: 'a/b.png', size, packed, method: 0, encrypted: false });
  const fits = (...entries) => {
    try {
      check({ name: 'animals.zip', size: 2 ** 40 }, entries, LIMITS);
      return true;
    } catch ({ code }) {
      assert.equal(code, 'too-large');
      return false;
    }
  };
  const many = (count, ...sizes) => Array.from({ length: count }, () => image(...sizes));
  assert.deepEqual([fits(...many(5000, 1)), fits(...many(5001, 1))], [true, false]);
  assert.deepEqual([fits(image(64 * MB)), fits(image(64 * MB + 1))], [true, false]);
  assert.deepEqual([fits(...many(32, 64 * MB)), fits(...many(32, 64 * MB), image(1))], [true, false]);
  assert.deepEqual([fits(image(4 * MB, 1)), fits(image(4 * MB + 1, 1))], [true, false]);
  assert.deepEqual([fits(image(200 * 40_000, 40_000)), fits(image(200 * 40_000 + 1, 40_000))], [true, false]);
  assert.deepEqual([fits(...many(16, 4 * MB, 1)), fits(...many(16, 4 * MB, 1), image(1))], [true, false]);
});

test('many files that are each small enough are refused by what they are together', async () => {
  const zeros = Buffer.concat([Buffer.from('GIF89a'), Buffer.alloc(4 * 2 ** 20 - 6)]);
  const many = (count) => zip(Array.from({ length: count }, (_, place) => ({ path: `${place}.gif`, content: zeros })));
  assert.match(await refusal(many(17)), /^too-large: The images in animals\.zip unpack to more than 200 times/);
  // As much is still unpacked.
  assert.equal((await unpack(many(3))).length, 3);
});

test('of what is no picture only the beginning is unpacked, and it stays to be named', async () => {
  const content = Buffer.alloc(4 * 2 ** 20);
  const files = await unpack(zip([{ path: 'a/zeros.png', content }, { path: 'b/photo.jpg', content: photo }]));
  assert.deepEqual(files.map(({ name }) => name), ['zeros.png', 'photo.jpg']);
  assert.ok(files[0].size > 0 && files[0].size <= 2 ** 20, String(files[0].size));
  assert.deepEqual(Buffer.from(await files[1].arrayBuffer()), photo);
});

test('pictures have many endings', async () => {
  const endings = ['jfif', 'JPE', 'pjpeg', 'pjp', 'jif', 'apng', 'dib', 'tif', 'avif', 'heic'];
  const files = await unpack(zip(endings.map((ending) => ({ path: `a/photo.${ending}`, content: photo }))));
  assert.deepEqual(files.map(({ name }) => name), endings.map((ending) => `photo.${ending}`));
  assert.deepEqual(files.slice(0, 3).map(({ type }) => type), ['image/jpeg', 'image/jpeg', 'image/jpeg']);
  // The browser gives a dropped file no type that it does not know.
  assert.deepEqual(classesOf(endings.map((ending) => new File([photo], `x.${ending}`)), 1), []);
  assert.ok(endings.every((ending) => isImage(new File([photo], `x.${ending}`))));
  assert.ok(!isImage(new File([photo], 'photo')) && !isImage(new File([photo], 'a.png', { type: 'text/plain' })));
});

/** How pictures of every kind begin, and what only seems to. */
const heads = {
  jpeg: '\xff\xd8\xff\xe0\0\x10JFIF', png: '\x89PNG\r\n\x1a\n', gif: 'GIF89a', webp: 'RIFF\x24\0\0\0WEBPVP8 ', bmp: 'BM\x36\0\x0c\0\0\0\0\0', tiff: 'II*\0\x08\0\0\0',
  'x-icon': '\0\0\x01\0\x01\0', avif: '\0\0\0\x20ftypavif', heic: '\0\0\0\x18ftypheic', jxl: '\0\0\0\x0cJXL \r\n\x87\n',
};
const others = { film: '\0\0\0\x20ftypisom', text: 'BMW and other makers of cars', page: '<!doctype html>', pdf: '%PDF-1.7', sound: 'RIFF\x24\0\0\0WAVEfmt ', empty: '' };
const beginning = (head) => Buffer.concat([Buffer.from(head, 'latin1'), head ? Buffer.alloc(400, 7) : Buffer.alloc(0)]);

test('what a picture is, is told by its content where its name does not tell', async () => {
  for (const [kind, head] of Object.entries(heads)) assert.equal(typeByContent(beginning(head)), `image/${kind}`);
  for (const [kind, head] of Object.entries(others)) assert.equal(typeByContent(beginning(head)), undefined, kind);

  const entries = Object.entries({ ...heads, ...others }).flatMap(([kind, head], place) => [
    { path: `a/${kind}`, content: beginning(head), stored: place % 2 === 0 }, { path: `b/${kind}.dat`, content: beginning(head), stored: place % 2 === 1 }]);
  const hidden = [{ path: '__MACOSX/a/._jpeg', content: photo }, { path: '.cache/jpeg', content: beginning(heads.jpeg) }, { path: 'a/.thumbnail', content: beginning(heads.png) }];
  const files = await unpack(zip([...entries, ...hidden]));
  assert.deepEqual(files.map((file) => `${droppedPaths.get(file)} ${file.type}`).sort(),
    Object.keys(heads).flatMap((kind) => [`animals/a/${kind} image/${kind}`, `animals/b/${kind}.dat image/${kind}`]).sort());
  assert.deepEqual(classesOf(files).map(({ name, images }) => [name, images.length]), [['a', 10], ['b', 10]]);

  // What nobody means cannot spoil the rest: a film of any size, a file with a password, a damaged one.
  const beside = [{ path: 'film', content: beginning(others.film), size: 2 ** 40, long: true }, { path: 'secret', content: 'x'.repeat(99), flags: 1 }, { path: 'odd', content: 'x'.repeat(99), method: 9 }];
  assert.deepEqual((await unpack(zip([...beside, { path: 'a/one', content: beginning(heads.png) }]))).map(({ name }) => name), ['one']);
});

test('files of a folder are told by their content too, but for a model’s', async () => {
  const named = (path, content) => {
    const file = new File([content], path.split('/').at(-1));
    droppedPaths.set(file, path);
    return file;
  };
  const files = [named('/set/cat/one', beginning(heads.jpeg)), named('/set/dog/two.data', beginning(heads.png)), named('/set/notes', 'no picture')];
  const { folders, others: rest } = await sortOut(files, {});
  assert.deepEqual(folders.map(({ name, images }) => [name, ...images.map(({ name: image, type }) => `${image} ${type}`)]), [['cat', 'one image/jpeg'], ['dog', 'two.data image/png']]);
  assert.deepEqual(rest, []);
  const model = [named('/net/model.onnx', 'x'), named('/net/weights/one', beginning(heads.png)), named('/net/other/two', beginning(heads.png))];
  assert.deepEqual((await sortOut(model, {})).others, model);
});

test('a comment may hold the marks of an archive, and an archive may be followed by something else', async () => {
  const mark = Buffer.from([0x50, 0x4b, 5, 6]).toString('latin1');
  const comments = [mark, `${mark}${'\0'.repeat(18)}`, `a ${mark} b`.repeat(40), `${mark}${'\0'.repeat(16)}\x04\0tail`];
  for (const comment of comments) assert.equal((await unpack(zip(animals, { comment }))).length, 3, JSON.stringify(comment));
  const whole = zip(animals, { comment: 'a comment' });
  assert.equal((await unpack(new File([whole, 'signed by somebody'], 'animals.zip'))).length, 3);
});

test('what says of itself that it is a few bytes is not unpacked further than that', async () => {
  const zeros = Buffer.concat([Buffer.from('GIF89a'), Buffer.alloc(256 * 2 ** 20)]);
  const bomb = zip([{ path: 'bomb.png', content: zeros, size: 1000 }]);
  let read = 0;
  const slice = bomb.slice.bind(bomb);
  bomb.slice = (from, to) => {
    const part = slice(from, to);
    const inner = part.slice.bind(part);
    part.slice = (start, end) => {
      read += 1;
      return inner(start, end);
    };
    return part;
  };
  assert.match(await refusal(bomb), /damaged/);
  assert.equal(read, 1);
});

test('a password, an unusual method, a cut or damaged archive and one without images each have a sentence', async () => {
  assert.match(await refusal(zip([{ path: 'a.png', content: photo, flags: 1 }])), /^bad-archive: .*password/);
  assert.match(await refusal(zip([{ path: 'a.png', content: photo, method: 9 }])), /^bad-archive: .*unusual way/);
  assert.match(await refusal(zip([{ path: 'a.txt', content: 'text' }])), /^bad-archive: There is no image/);
  assert.match(await refusal(new File([photo], 'photo.zip')), /^bad-archive: photo\.zip is damaged/);
  assert.match(await refusal(new File([], 'empty.zip')), /^bad-archive: empty\.zip is damaged/);
  const whole = zip(animals);
  for (const kept of [0.3, 0.9, 0.999]) {
    assert.match(await refusal(new File([whole.slice(0, Math.floor(whole.size * kept))], 'cut.zip')), /^bad-archive: cut\.zip is damaged/);
  }
  assert.match(await refusal(new File([whole.slice(1000)], 'cut.zip')), /^bad-archive: cut\.zip is damaged/);
  const bytes = Buffer.from(await zip([{ path: 'a.png', content: flat }]).arrayBuffer());
  bytes.fill(0xff, 36, 60);
  assert.match(await refusal(new File([bytes], 'scratched.zip')), /^bad-archive: scratched\.zip is damaged/);
});

test('archives are folders with their names; where there are classes, one folder is another class', async () => {
  const notices = [];
  const session = { set: ({ notice }) => notices.push(notice) };
  const one = (name) => zip([{ path: 'a.png', content: photo, stored: true }], { name });
  const two = await sortOut([one('cat.zip'), one('dog.zip')], session);
  assert.deepEqual(two.folders.map(({ name }) => name), ['cat', 'dog']);
  assert.equal(notices.at(-1), null);
  assert.match(notices[0], /^Unpacking cat\.zip/);

  const alone = await sortOut([one('cat.zip')], session);
  assert.deepEqual([alone.folders.length, alone.others.length], [0, 1]);
  const added = await sortOut([one('cat.zip')], session, { columns: [{}] });
  assert.deepEqual(added.folders.map(({ name }) => name), ['cat']);

  await assert.rejects(sortOut([new File([photo], 'broken.zip')], session), { code: 'bad-archive' });
  assert.equal(notices.at(-1), null);
});

test('what is unpacked of one archive is kept where the next is stopped while it is listed', async () => {
  const whole = zip([{ path: 'a.png', content: photo, stored: true }, { path: 'b.png', content: photo, stored: true }], { name: 'cat.zip' });
  const unnamed = zip(Array.from({ length: 120 }, (_, place) => ({ path: `${place}`, content: beginning(place < 119 ? others.text : heads.png), stored: true })), { name: 'many.zip' });
  const notices = [];
  for (const stopAt of ['0 of 120 files', '100 of 120 files']) {
    const session = { set: ({ notice, stopNotice }) => {
      notices.push(notice);
      if (notice?.includes(stopAt)) stopNotice();
    } };
    const { folders, stopped } = await sortOut([whole, unnamed], session);
    assert.deepEqual(folders.map(({ name, images }) => [name, images.length]), [['cat', 2]]);
    assert.match(stopped, /2 images are here/);
    assert.equal(notices.at(-1), null);
  }
  assert.ok(notices.includes('Looking for images in many.zip: 50 of 120 files'));
});

test('an image that is not what the list says is noticed, packed or not', async () => {
  for (const stored of [true, false]) {
    const archive = Buffer.from(await zip([{ path: 'cat/cat.png', content: flat, stored }]).arrayBuffer());
    assert.equal((await unpack(new File([archive], 'animals.zip'))).length, 1);
    // The sum stands in the list at the end, 16 bytes after its entry's mark.
    const entry = archive.lastIndexOf(Buffer.from([0x50, 0x4b, 1, 2]));
    archive[entry + 16] ^= 1;
    assert.match(await refusal(new File([archive], 'animals.zip')), /^bad-archive: animals\.zip is damaged/);
  }
});
