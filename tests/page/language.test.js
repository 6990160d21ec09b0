import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { test } from 'node:test';

const www = new URL('../../www/', import.meta.url);
/** Every script of the page but the libraries, as a path in www/. */
const scripts = readdirSync(www, { recursive: true, encoding: 'utf8' })
  .map((path) => path.replaceAll('\\', '/'))
  .filter((path) => path.endsWith('.js') && !path.startsWith('vendor/'))
  .sort();
const read = (path) => readFileSync(new URL(path, www), 'utf8');
const inChinese = await import(new URL('zh/index.js', www).href);

/** Name and file of every catalogue. */
const catalogues = scripts.flatMap((path) => Array.from(read(path).matchAll(/[=\s]catalogue\('([\w-]+)'/g), ([, name]) => ({ name, path })))
  .filter(({ path }) => path !== 'api/language.js');

/** What is the same in every language: names and ways to write a number. */
const SAME = new Set([
  'page.title', 'page.titleOf', 'page.engine.device', 'page.tray.sample', 'api.model.named', 'bench.ours', 'draw.png', 'draw.gif', 'classes.number', 'classes.percent', 'classes.area', 'classes.between',
  'record.number', 'record.percent', 'record.size',
]);
/** Lists of names, and the values of a select's options, which nobody reads. */
const VALUES = /^look\.controls\.colormaps\.|^draw\.\w+(\.\w+)?\.\d+\.0$/;

const isChinese = (text) => /[\u3000-\u303f\u4e00-\u9fff\uff00-\uffef]/.test(text);

/** Of each value that a text takes apart, the names of its parts. */
function valuesByName(text) {
  const parameters = text.toString().split(/=>|\)\s*\{/)[0];
  return Array.from(parameters.matchAll(/\{([^{}]*)\}/g), ([, names]) => names.split(',').map((name) => name.split(/[=:]/)[0].trim()).filter(Boolean));
}

/** Compares two catalogues value by value and lists what differs in shape or is the same in text. */
function differences(path, english, chinese) {
  if (typeof english !== typeof chinese) return [`${path} is a ${typeof english} in English and a ${typeof chinese} in Chinese`];
  if (typeof english === 'function') {
    if (english.length !== chinese.length) return [`${path} takes ${english.length} values in English and ${chinese.length} in Chinese`];
    const [named, namedInChinese] = [english, chinese].map(valuesByName);
    if (named.length !== namedInChinese.length) return [`${path} takes ${named.length} objects in English and ${namedInChinese.length} in Chinese`];
    for (const [place, names] of namedInChinese.entries()) {
      // One language may need less than the other, but nothing else.
      const unknown = names.filter((name) => !named[place].includes(name));
      if (unknown.length > 0) return [`${path} takes ${unknown} in Chinese`];
    }
    return SAME.has(path) || isChinese(chinese.toString()) || /\b(recipeName|images|thing)\b/.test(chinese.name) ? [] : [`${path} has nothing Chinese`];
  }
  // The value of an option, which the page's code knows; its label follows.
  if (/\.\d+\.0$/.test(path)) return english === chinese ? [] : [`${path} is ${chinese} in Chinese`];
  if (typeof english === 'string' || english instanceof RegExp) {
    return SAME.has(path) || VALUES.test(path) || english === '' || isChinese(String(chinese)) ? [] : [`${path} is not translated: ${chinese}`];
  }
  if (english === null || typeof english !== 'object') return [];
  const keys = new Set([...Object.keys(english), ...Object.keys(chinese)]);
  return Array.from(keys).flatMap((key) => {
    if (!(key in chinese)) return [`${path}.${key} is missing in Chinese`];
    if (!(key in english)) return [`${path}.${key} is not in English`];
    return differences(`${path}.${key}`, english[key], chinese[key]);
  });
}

test('every catalogue has every text in Chinese, with the same values to fill in', async () => {
  assert.ok(catalogues.length >= 5);
  assert.deepEqual(Object.keys(inChinese).sort(), catalogues.map(({ name }) => name).sort());
  for (const { name, path } of catalogues) {
    const { text } = await import(new URL(path, www).href);
    assert.deepEqual(differences(name, text, inChinese[name]), []);
  }
});

test('no catalogue in Chinese imports a module that has text, which would wait for itself', () => {
  for (const path of scripts.filter((path) => path.startsWith('zh/'))) {
    const imported = Array.from(read(path).matchAll(/^(?:import|export)[^;]*?from '([^']+)'/gms), ([, target]) => target);
    assert.deepEqual(imported.filter((target) => target !== '../api/numbers.js' && !target.startsWith('./')), [], path);
  }
});

/** Where a literal stands that nobody reads: names of classes and selectors, and errors that a defect alone can raise. */
const UNREAD = /(className: |overlayCanvas\(|classList\.\w+\(|[sS]elector(?:All)?\(|closest\(|matches\(|new (?:Range|Type)?Error\(|h\('meta'|new Blob\()[^'`]*$/;
/** A literal that holds two words, or one that begins with a capital, as a sentence or label does. */
const READABLE = /[A-Za-z]{3,} +[A-Za-z]{2,}|^[A-Z][a-z]+/;
/** Names that a program gives: keys, headers, kinds of errors, drags and layers, and the language's own name. */
const NAMES = new Set(['Escape', 'Enter', 'Home', 'End', 'Tab', 'Delete', 'Backspace', 'PageUp', 'PageDown', 'Files', 'AbortError', 'NotAllowedError',
  'NaN', 'Attention', 'Featurescope', 'FeaturescopeError', 'Content-Type', 'Content-Length', 'Content-Encoding', 'Cross-Origin-Opener-Policy', 'Cross-Origin-Embedder-Policy', 'Chromium', 'English']);

/** Modules whose literals are data: what a field of a shared file has to be (quoted as it is, in parentheses, in the sentence of the
 * catalogue), the dictionary of the links' compression, documents written for other pages, and names of networks, of their operators and of what runs them. */
const DATA = new Set(['share/schema.js', 'share/finding.js', 'share/record.js', 'share/dictionary.js', 'share/lesson-document.js',
  'bench/networks.js', 'bench/networks/random.js', 'bench/networks/tflite.js', 'bench/runtimes.js']);

test('the page has no text outside the catalogues', () => {
  const files = new Set(catalogues.map(({ path }) => path));
  const found = [];
  for (const path of scripts.filter((path) => !files.has(path) && !DATA.has(path) && !path.startsWith('zh/'))) {
    const code = read(path).replace(/\/\*.*?\*\//gs, (comment) => comment.replace(/[^\n]/g, ' ')).replace(/(^|\s)\/\/.*$/gm, '');
    for (const line of code.split('\n')) {
      for (const { 1: single, 2: template, index } of line.matchAll(/'((?:[^'\\]|\\.)*)'|`((?:[^`\\]|\\.)*)`/g)) {
        const literal = (single ?? template).replace(/\$\{[^}]*\}/g, ' ');
        const isCode = /^[#.][a-z]|^</.test(literal);
        if (READABLE.test(literal) && !isCode && !NAMES.has(literal) && !UNREAD.test(line.slice(0, index))) found.push(`${path}: ${line.trim()}`);
      }
    }
  }
  assert.deepEqual(found, []);
});

test('index.html says only what the catalogue says, and in both languages what is for pages without scripts or one of them', async () => {
  const { text } = await import(new URL('page/text.js', www).href);
  const page = read('index.html');
  assert.equal(/<title>(.*)<\/title>/.exec(page)?.[1], text.pageTitle);
  assert.equal(/<meta name="description" content="(.*)">/.exec(page)?.[1], text.description);
  const body = page.slice(page.indexOf('<body')).replace(/<noscript>.*<\/noscript>|<div id="not-started".*?<\/div>|<!--.*?-->/gs, '').replace(/<[^>]*>/g, '').trim();
  assert.equal(body, '');
  for (const fixed of [/<noscript>.*?<\/noscript>/s, /<div id="not-started".*?<\/div>/s]) {
    const [english, chinese] = [/<p>/g, /<p lang="zh">/g].map((paragraph) => fixed.exec(page)?.[0].match(paragraph)?.length);
    assert.ok(english && english === chinese);
  }
  assert.doesNotMatch(page.slice(page.indexOf('<body')), /\s(title|alt|placeholder|aria-label)="/);
});

test('a place is one of nine in Chinese too', () => {
  const { place } = inChinese.page;
  const places = [0.1, 0.5, 1].flatMap((y) => [0.1, 0.5, 1].map((x) => place(y, x)));
  assert.equal(new Set(places).size, 9);
  assert.equal(place(0.5, 0.5), '位于中央');
  assert.equal(place(0, 1), '位于右上方');
});

test('everything on the story’s pictures has a Chinese name', async () => {
  const { things } = await import(new URL('zh/story-pictures.js', www).href);
  const pictures = JSON.parse(readFileSync(new URL('../../models/story/pictures.json', import.meta.url), 'utf8'));
  const missing = pictures.flatMap(({ object, behind }) => [object, behind]).filter((name) => !isChinese(things[name] ?? ''));
  assert.deepEqual([...new Set(missing)], []);
});

test('every model and photo that lies beside the page has its name, description and credit in Chinese', () => {
  const models = new URL('../../models/', import.meta.url);
  const cards = ['', 'story/'].flatMap((folder) => readdirSync(new URL(folder, models)).filter((file) => file.endsWith('.json')).map((file) => `${folder}${file}`))
    .map((path) => ({ name: path.split('/').at(-1).replace('.json', ''), title: JSON.parse(readFileSync(new URL(path, models), 'utf8')).title })).filter(({ title }) => title);
  assert.ok(cards.length >= 6);
  for (const { name, title } of cards) assert.ok(isChinese(inChinese.api.model.named(name, title)), name);
  const photos = JSON.parse(readFileSync(new URL('photos/photos.json', models), 'utf8'));
  for (const { file, title, alt, source } of photos) {
    const shown = inChinese.page.tray.sample(file, { title, alt, credit: source });
    assert.deepEqual(Object.keys(shown).sort(), ['alt', 'credit', 'title']);
    for (const words of Object.values(shown)) assert.ok(isChinese(words), `${file}: ${words}`);
  }
});

test('why no map has an exact share in a class is told in Chinese, for every reason that the core gives', async () => {
  const { headReason } = await import(new URL('zh/look.js', www).href);
  const source = readFileSync(new URL('../../src/onnx/head/linear.rs', import.meta.url), 'utf8');
  const reasons = Array.from(source.slice(source.indexOf('pub enum NoLinearHead')).split('\n}')[0].matchAll(/#\[error\(\s*"((?:[^"\\]|\\.)*)"/g), ([, sentence]) => sentence);
  assert.ok(reasons.length >= 5);
  for (const reason of reasons) {
    const english = reason.replaceAll('\\"', '"').replace('{node}', '/conv10/Conv').replace('{op}', 'Relu');
    assert.doesNotMatch(headReason(english).replace('/conv10/Conv', '').replace('Relu', ''), /[A-Za-z]/, english);
  }
});

test('what the engine reports in English is told in Chinese, with its own words and node', () => {
  const message = inChinese.api.errors.engine('unsupported-op', 'In node "up1": operator Foo is not supported.', 'up1');
  assert.equal(message, '模型里有引擎不支持的算子：节点“up1”（In node "up1": operator Foo is not supported）。');
});

test('one of something is not many', async () => {
  const { counted } = await import(new URL('api/numbers.js', www).href);
  assert.deepEqual([0, 1, 2].map((count) => counted(count, 'class', 'classes')), ['0 classes', '1 class', '2 classes']);
});
