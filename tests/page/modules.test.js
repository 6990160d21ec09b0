import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';

const www = new URL('../../www/', import.meta.url);

/** Every module that page/main.js imports, directly or not, as a path in www/. */
function modules(path, found = new Set()) {
  if (found.has(path)) return found;
  found.add(path);
  const code = readFileSync(new URL(path, www), 'utf8');
  for (const [, target] of code.matchAll(/^(?:import|export)\s[^;]*?from '(\.[^']+)'/gms)) {
    modules(new URL(target, new URL(path, www)).href.slice(www.href.length), found);
  }
  return found;
}

test('index.html names every module of the page, so that none waits for another', () => {
  const page = readFileSync(new URL('index.html', www), 'utf8');
  const named = Array.from(page.matchAll(/<link rel="modulepreload" href="([^"]+)">/g), ([, path]) => path);
  assert.deepEqual(named.sort(), [...modules('page/main.js')].sort());
});
