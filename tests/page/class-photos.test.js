import assert from 'node:assert/strict';
import { readFileSync, readdirSync, statSync } from 'node:fs';
import { test } from 'node:test';

const folder = new URL('../../models/photos/', import.meta.url);
const { classes, photos } = JSON.parse(readFileSync(new URL('classes.json', folder), 'utf8'));

/** Width and height of a WebP file with one lossy picture, in the simple or the extended form (RFC 9649, 2.5 and 2.7; RFC 6386, 9.1). */
function sizeOf(bytes) {
  const [riff, webp, form] = [0, 8, 12].map((start) => bytes.toString('latin1', start, start + 4));
  assert.deepEqual([riff, webp], ['RIFF', 'WEBP']);
  if (form === 'VP8X') return [bytes.readUIntLE(24, 3) + 1, bytes.readUIntLE(27, 3) + 1];
  assert.equal(form, 'VP8 ');
  return [bytes.readUInt16LE(26) & 0x3fff, bytes.readUInt16LE(28) & 0x3fff];
}

test('the list names every photo of the three classes, and each class in both languages', () => {
  const listed = photos.map(({ file }) => file);
  const there = classes.flatMap(({ name }) => readdirSync(new URL(`classes/${name}/`, folder)).map((file) => `${name}/${file}`));
  assert.deepEqual([...listed].sort(), there.sort());
  assert.deepEqual(readdirSync(new URL('classes/', folder)).sort(), classes.map(({ name }) => name).sort());
  const counts = classes.map(({ name }) => [name, photos.filter((photo) => photo.class === name).length]);
  assert.deepEqual(counts, [['fish', 28], ['monuments', 27], ['tools', 38]]);
  for (const { title } of classes) {
    assert.match(title.en, /^[A-Z][a-z]+$/);
    assert.match(title.zh, /^[\u4e00-\u9fff]+$/);
  }
});

test('every photo has a title of its own, an author and an address, and is free', () => {
  for (const { file, class: name, title, alt, author, licence, source } of photos) {
    assert.equal(file.split('/')[0], name);
    assert.match(alt, /^(Fish|Monument|Tool) \d+$/);
    assert.ok(title && author, file);
    assert.ok(URL.canParse(source) && source.startsWith('https://'), source);
    assert.ok(['Public domain', 'CC0-1.0'].includes(licence), `${file}: ${licence}`);
  }
  for (const field of ['file', 'title', 'alt']) assert.equal(new Set(photos.map((photo) => photo[field])).size, photos.length, field);
});

test('the photos are of the sizes in the list, at most 320 pixels, and 2.4 MB together with it', () => {
  for (const { file, width, height } of photos) {
    assert.deepEqual(sizeOf(readFileSync(new URL(`classes/${file}`, folder))), [width, height], file);
    assert.ok(Math.max(width, height) <= 320, file);
  }
  const files = ['classes.json', ...photos.map(({ file }) => `classes/${file}`)];
  assert.ok(files.reduce((sum, file) => sum + statSync(new URL(file, folder)).size, 0) <= 2_400_000);
});
