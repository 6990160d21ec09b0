/** What each module of the page may import: the layers of www/, and no circle of modules. */
import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { posix } from 'node:path';
import { test } from 'node:test';
import { transform } from 'esbuild';

/** The layers, lowest first: a module imports those of its own layer and of those before it. Each is a list of folders and modules; a module
 * that is named itself belongs where it is named, and not to its folder's layer. */
const LAYERS = [
  // What stands alone, and is named by its address only.
  ['vendor', 'embed.js', 'service-worker.js'],
  ['statistics'],
  // The library, with its own texts.
  ['api'],
  ['zh'],
  ['worker'],
  // File formats.
  ['files'],
  // The class that the library begins with, and the library's public address.
  ['api/scope.js', 'featurescope.js'],
  // What is chosen in each part of the page, as plain data, of which the state is made.
  [
    'card/choices.js', 'questions/draw/choices.js', 'questions/classes/choices.js', 'questions/everywhere/choices.js', 'questions/unique/choices.js',
  ],
  // The page's ground, which knows no document.
  ['page/address.js', 'page/state.js', 'page/changes.js', 'page/text.js', 'page/shown-names.js', 'page/heic.js', 'page/facts.js'],
  // Pieces of any page.
  ['ui'],
  // Images in classes, and what a network made of them.
  ['classes'],
  ['questions/draw'],
  ['card'],
  ['questions/look'],
  ['questions/everywhere'],
  ['questions/unique'],
  ['questions/classes'],
  ['questions'],
  ['share'],
  ['classroom', 'story'],
  // A page of its own.
  ['bench'],
  // What builds the page, and starts the engine.
  ['page'],
];

/** Addresses that are computed, with what they lead to. */
const COMPUTED = {
  'api/language.js': 'a catalogue, in the language that is wanted',
  'worker/engines.js': 'an engine, which the build makes',
  'worker/decoder.js': 'an engine, which the build makes',
  'bench/onnxruntime.js': 'another runtime, from the address that the visitor agreed to',
  'bench/litert.js': 'another runtime, from the address that the visitor agreed to',
  'bench/runtimes.js': 'one of these two, in the first line of a worker',
};

const www = new URL('../../www/', import.meta.url);
const modules = readdirSync(www, { recursive: true }).filter((path) => path.endsWith('.js')).sort();

/** What a module imports: by a statement, on demand, or by its address; without the types in comments, which are gone from the page. */
async function importsOf(path) {
  const source = readFileSync(new URL(path, www), 'utf8');
  const { code } = await transform(source, { minifyWhitespace: true, legalComments: 'none', charset: 'utf8' });
  const targets = (pattern) => Array.from(code.matchAll(pattern), ([, target]) => posix.join(posix.dirname(path), target));
  return {
    statements: targets(/(?:\bfrom|\bimport)"(\.[^"]*)"/g),
    onDemand: targets(/(?:\bimport\(|new URL\()"(\.[^"]*\.js)"/g),
    computed: /\bimport\((?!")/.test(code),
  };
}

const imports = new Map(await Promise.all(modules.map(async (path) => [path, await importsOf(path)])));

/** The place of a module's layer: that of the longest name that fits. */
function layerOf(path) {
  const names = LAYERS.flat().filter((name) => path === name || path.startsWith(`${name}/`));
  const [longest] = names.sort((one, other) => other.length - one.length);
  return LAYERS.findIndex((layer) => layer.includes(longest));
}

test('every module has a layer, and every name in a layer is one of a module', () => {
  assert.deepEqual(modules.filter((path) => layerOf(path) < 0), []);
  const names = LAYERS.flat().filter((name) => !modules.some((path) => path === name || path.startsWith(`${name}/`)) && name !== 'vendor');
  assert.deepEqual(names, []);
});

test('a module imports its own layer and those below', () => {
  const found = [];
  let seen = 0;
  for (const [path, { statements, onDemand }] of imports) {
    for (const target of [...statements, ...onDemand]) {
      seen += 1;
      if (layerOf(target) > layerOf(path)) found.push(`${path} imports ${target}`);
    }
  }
  assert.ok(seen > 500);
  assert.deepEqual(found, []);
});

test('no address of a module is computed but those of catalogues and engines', () => {
  assert.deepEqual(modules.filter((path) => imports.get(path).computed), Object.keys(COMPUTED).sort());
});

test('everything that is imported is there', () => {
  const missing = modules.flatMap((path) => {
    const { statements, onDemand } = imports.get(path);
    return [...statements, ...onDemand].filter((target) => !target.startsWith('vendor/') && !imports.has(target)).map((target) => `${path} imports ${target}`);
  });
  assert.deepEqual(missing, []);
});

test('no module imports itself through others', () => {
  /** @type {Map<string, 'open' | 'closed'>} */
  const states = new Map();
  const circles = [];
  const visit = (path, way) => {
    if (states.get(path) === 'closed') return;
    if (states.get(path) === 'open') return void circles.push([...way.slice(way.indexOf(path)), path].join(' → '));
    states.set(path, 'open');
    for (const target of imports.get(path)?.statements ?? []) visit(target, [...way, path]);
    states.set(path, 'closed');
  };
  for (const path of modules) visit(path, []);
  assert.deepEqual(circles, []);
});
