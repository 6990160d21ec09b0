import assert from 'node:assert/strict';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { test } from 'node:test';

import { strFromU8, strToU8, unzipSync, zipSync } from '../../www/vendor/fflate.js';

const root = new URL('../../', import.meta.url);
const files = JSON.parse(readFileSync(new URL('xtask/src/build/vendor.json', root), 'utf8'));

const modules = readdirSync(new URL('www/vendor/', root))
  .filter((name) => name.endsWith('.d.ts'))
  .map((name) => name.replace('.d.ts', '.js'));

test('every file that the build copies into vendor/ is in its npm package, and every library brings its licence', () => {
  for (const [name, path] of Object.entries(files)) {
    assert.ok(existsSync(new URL(`node_modules/${path}`, root)), path);
    if (name.endsWith('.js')) assert.ok(`${name.split('.')[0]}.LICENSE.txt` in files, name);
  }
});

test('a library with declarations is a module that imports nothing by name, which a browser would not find', () => {
  for (const name of modules) {
    const code = readFileSync(new URL(`node_modules/${files[name]}`, root), 'utf8');
    assert.match(code, /(?:^|[;}])\s*export[\s{]/m, name);
    assert.doesNotMatch(code, /(?:^|[;}])\s*(?:import|export)\b[^;'"]*from\s*['"][^.]/m, name);
  }
});

test('a .zip file is packed and read', () => {
  const packed = zipSync({ 'cats/1.txt': strToU8('tabby') });
  assert.equal(strFromU8(unzipSync(packed)['cats/1.txt']), 'tabby');
});
