import assert from 'node:assert/strict';
import { test } from 'node:test';

import { sortOut } from '../../www/classes/intake.js';
import { droppedPaths } from '../../www/files/file-kinds.js';
import { apartHeic, heicError } from '../../www/page/heic.js';

/** A file that begins as a phone writes it. */
const heic = (name, brand = 'heic', type = '') => new File([`\0\0\0\x18ftyp${brand}\0\0\0\0`, 'pixels'], name, { type });
const jpeg = (name) => new File([Uint8Array.of(0xff, 0xd8, 0xff, 0xe0), 'pixels'], name);

test('HEIC is told by content, whatever the file is called, and everything else stays', async () => {
  globalThis.createImageBitmap = () => Promise.reject(new Error('not decoded'));
  const photos = [heic('IMG_1.HEIC'), heic('IMG_2.heif', 'mif1'), heic('IMG_3.jpg', 'heix', 'image/jpeg')];
  const others = [jpeg('IMG_4.HEIC'), heic('photo.avif', 'avif'), jpeg('photo.jpg'), heic('film.mp4', 'mif1'), new File([], 'empty.heic')];
  assert.deepEqual(await apartHeic([...photos, ...others]), { rest: others, heic: photos });
});

test('a browser that decodes it is given all of it', async () => {
  globalThis.createImageBitmap = async () => ({ close() {} });
  const files = [heic('IMG_1.HEIC'), jpeg('a.jpg')];
  assert.deepEqual(await apartHeic(files), { rest: files, heic: [] });
});

test('a folder of them is no folder without photos, and there is one sentence for all', async () => {
  globalThis.createImageBitmap = () => Promise.reject(new Error('not decoded'));
  const files = Array.from({ length: 60 }, (_, place) => heic(`IMG_${place}.HEIC`));
  for (const [place, file] of files.entries()) droppedPaths.set(file, `/phone/${place % 2 ? 'cat' : 'cup'}/${file.name}`);
  const sorted = await sortOut(files, {});
  assert.deepEqual([sorted.folders, sorted.others, sorted.heic.length], [[], [], 60]);
  assert.match(heicError(sorted.heic).message, /^60 HEIC photos .* JPEG/);
  assert.match(heicError(sorted.heic.slice(0, 1)).message, /^IMG_0\.HEIC is a HEIC photo/);
});
