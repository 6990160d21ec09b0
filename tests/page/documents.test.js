/**
 * What the documents name is there: files, headings, types and functions. A text that speaks of what was moved or renamed sends its reader
 * looking for it, and no compiler says so. And the map of the code stays one that is read in a few minutes.
 */
import assert from 'node:assert/strict';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { posix } from 'node:path';
import { test } from 'node:test';

const root = new URL('../../', import.meta.url);

/** Longer than this is no map. */
const MOST_WORDS = 1500;

/** Where a path in a text may begin: at the root, or below one of these, as people speak of `engine/rten.rs` or `lower/`. */
const BASES = ['', 'src/', 'src/onnx/', 'www/'];

/** Where types and functions are looked for, in files of these kinds. */
const CODE = ['src', 'crates', 'www', 'xtask', 'tests', 'fuzz', 'examples'];
const CODE_FILE = /\.(?:rs|js|mjs|ts|py|html|css|toml|wgsl)$/;

/** Code spans that look like a file or a name of ours and are none; a folder stands for all that is in it. */
const NOT_OURS = [
  // What building makes, and `cargo xtask models`.
  'dist/', 'target/', 'models/fetched/',
  // Files of a visitor, beside their model.
  'card.json', 'labels.json', 'labels.txt', 'config.json', 'preprocessor_config.json',
  // Media types.
  'text/javascript', 'application/wasm',
  // Any file, and its own parts.
  'x.rs', 'x/',
  // What the values of a graph are called that is rewritten, and a part of an address.
  'VALUE/maps', 'VALUE/block-maps', 'VALUE/attention', '/engine/',
];

const FILE_NAME = /^[\w.*{},-]+\.(?:rs|js|mjs|ts|css|html|md|json|toml|py|yml|wgsl|bin|onnx|txt|sh)$/;
const WITH_SLASH = /^(?:\.\/)?[\w.*{},-]*(?:\/[\w.*{},-]+)*\/[\w.*{},-]*$/;

/** Every file and folder of the repository, folders with a slash at their end; without what is built, installed or fetched. */
const paths = (function list(/** @type {string} */ folder) {
  return readdirSync(new URL(folder, root), { withFileTypes: true }).flatMap((entry) => {
    const path = `${folder}${entry.name}/`;
    if (!entry.isDirectory()) return [folder + entry.name];
    return /(?:^|\/)(?:\.git|node_modules|target|__pycache__)\/$|^(?:dist|models\/fetched)\/$/.test(path) ? [] : [path, ...list(path)];
  });
})('');
const known = new Set(paths);

/** Every word of the code, in which a name that a text speaks of has to be; not those of this file, which speaks of names that are missing. */
const words = new Set();
for (const path of paths) {
  if (!CODE.includes(path.split('/')[0]) || !CODE_FILE.test(path) || path === 'tests/page/documents.test.js') continue;
  for (const [word] of readFileSync(new URL(path, root), 'utf8').matchAll(/[A-Za-z_]\w*/g)) words.add(word);
}

const documents = [
  'ARCHITECTURE.md', 'CONTRIBUTING.md', 'README.md', ...paths.filter((path) => path.startsWith('docs/') && path.endsWith('.md')),
].filter((path) => existsSync(new URL(path, root)));
const read = (/** @type {string} */ path) => readFileSync(new URL(path, root), 'utf8');

/** A text without its blocks of code, whose lines stay as empty ones. */
const withoutBlocks = (/** @type {string} */ text) => text.replace(/^ *```[^]*?^ *```$/gm, (block) => block.replace(/.+/g, ''));

/** The addresses of a text's headings, as GitHub and its like make them. */
function anchorsOf(/** @type {string} */ text) {
  const seen = new Map();
  return Array.from(withoutBlocks(text).matchAll(/^#+ (.*)$/gm), ([, heading]) => {
    const slug = heading.replace(/\[([^\]]*)\]\([^)]*\)/g, '$1').toLowerCase().replace(/[^\p{L}\p{N} _-]/gu, '').replaceAll(' ', '-');
    seen.set(slug, (seen.get(slug) ?? -1) + 1);
    return seen.get(slug) > 0 ? `${slug}-${seen.get(slug)}` : slug;
  });
}

/** `a/{b,c}.rs` → `a/b.rs`, `a/c.rs`. @returns {string[]} */
function expanded(/** @type {string} */ path) {
  const braces = /\{([^{}]*)\}/.exec(path);
  return braces ? braces[1].split(',').flatMap((part) => expanded(path.replace(braces[0], part))) : [path];
}

/** The files and folders that a path means, below any of some folders. */
function found(/** @type {string} */ path, /** @type {Iterable<string>} */ bases) {
  return Array.from(bases).flatMap((base) => {
    const whole = posix.join(base, path);
    if (!whole.includes('*')) return [whole, `${whole}/`].filter((one) => known.has(one));
    const pattern = whole.replace(/[.+]/g, '\\$&').replaceAll('**/', '(?:[^/]+/)~').replaceAll('*', '[^/]*').replaceAll('~', '*');
    const fits = new RegExp(`^${pattern}/?$`);
    return paths.filter((one) => fits.test(one));
  });
}

/** What a code span names: files (of a command those among its words), and names of the code. */
function namedIn(/** @type {string} */ span) {
  const isOurs = (/** @type {string} */ path) => !NOT_OURS.some((one) => path === one || (one.endsWith('/') && path.startsWith(one)));
  const files = span.split(/\s+/).filter((word) => (FILE_NAME.test(word) || WITH_SLASH.test(word)) && isOurs(word));
  if (files.length > 0 || !isOurs(span)) return { files: files.flatMap(expanded), names: [] };
  // `Form::of`, `look.map(7)`, `Control`, `ready_to_run`, `choiceKey`; in parentheses are values.
  const [, before, last, values] = /^((?:\w+(?:::|\.))*)([A-Za-z_]\w*)(\(.*)?$/s.exec(span) ?? [];
  const isName = before || values || /^[A-Z].*[a-z]|_|[a-z][A-Z]/.test(last ?? '');
  return { files, names: isName ? [...(before.includes('::') ? before.split('::').slice(0, -1) : []), last] : [] };
}

/**
 * What a document names and is nowhere, a line each.
 * @param {string} name of the document, from the root
 * @param {string} text
 */
function missingIn(name, text) {
  /** @type {string[]} */
  const missing = [];
  const folder = posix.dirname(name);
  // A name without a folder may be that of a file beside those that the same section speaks of.
  let beside = new Set();
  const plain = withoutBlocks(text);
  for (const { 0: whole, 1: span, 2: link, index } of plain.matchAll(/^#+ |`([^`]*)`|\]\(([^)\s]+)\)/gm)) {
    const report = (/** @type {string} */ what) => missing.push(`${name}:${plain.slice(0, index).split('\n').length}: ${what}`);
    if (link !== undefined) {
      const [path, anchor] = link.split('#');
      const target = path === '' ? name : posix.join(folder, path);
      if (/^[a-z]+:/.test(link)) continue;
      if (path !== '' && found(target, ['']).length === 0) report(`no file ${path}`);
      else if (anchor !== undefined && !anchorsOf(path === '' ? text : read(target)).includes(anchor)) report(`no heading ${link}`);
    } else if (span === undefined) {
      beside = new Set();
    } else if (span.includes('\n\n')) {
      report(`a code span without an end: ${whole.split('\n')[0]}`);
    } else {
      const { files, names } = namedIn(span.replaceAll('\n', ' '));
      for (const file of files) {
        const places = found(file, [...BASES, folder, ...beside]);
        if (places.length === 0) report(`no file ${file}`);
        for (const place of places) beside.add(place.endsWith('/') ? place : posix.dirname(place));
      }
      for (const one of names) if (!words.has(one)) report(`no ${one} in the code`);
    }
  }
  return missing;
}

test('files, headings and names that the documents speak of are there', () => {
  assert.ok(documents.length > 15 && words.size > 10_000);
  assert.deepEqual(documents.flatMap((name) => missingIn(name, read(name))), []);
  const texts = documents.map(read).join('\n');
  assert.deepEqual(NOT_OURS.filter((one) => !texts.includes(`\`${one}`)), [], 'exceptions that no document needs');
});

test('what is not there is found, in each of its spellings', () => {
  const missing = (/** @type {string} */ text) => missingIn('docs/decisions/none.md', text).map((line) => line.replace(/^[^:]*:/, ''));
  assert.deepEqual(missing('`src/onnx/read.rs`, `onnx/read.rs`, `read/*.rs`, `page/{state,text}.js`, `src/onnx/`, `Runner`, `look.map(7)`'), []);
  assert.deepEqual(missing('`src/onnx/gone.rs`'), ['1: no file src/onnx/gone.rs']);
  assert.deepEqual(missing('`www/page/{state,gone}.js`\nand `tests/page/gone*.test.js`'), [
    '1: no file www/page/gone.js', '2: no file tests/page/gone*.test.js',
  ]);
  assert.deepEqual(missing('`src/onnx/read.rs/`, `node --test tests/gone.js`'), ['1: no file src/onnx/read.rs/', '1: no file tests/gone.js']);
  // A name by itself is that of a file beside others, within a section.
  assert.deepEqual(missing('# One\n`www/share/open.js`, `gather.js`\n# Two\n`gather.js`'), ['4: no file gather.js']);
  assert.deepEqual(missing('`Runner::goneAway`, `GoneAway`, `goneAway()`, `gone_away`'), [
    '1: no goneAway in the code', '1: no GoneAway in the code', '1: no goneAway in the code', '1: no gone_away in the code',
  ]);
  assert.deepEqual(missing('## A heading, `code` and more\n[a](#a-heading-code-and-more) [b](#gone) [c](gone.md) [d](README.md#gone)'), [
    '2: no heading #gone', '2: no file gone.md', '2: no heading README.md#gone',
  ]);
  assert.deepEqual(missing('```\n`src/gone.rs`\n```\n[elsewhere](https://example.org/gone.md)'), []);
  assert.deepEqual(missing('One `span\n\nand `src/lib.rs`'), ['1: a code span without an end: `span']);
});

test('the map is short, and leads to every page of the decisions', () => {
  const map = read('ARCHITECTURE.md');
  assert.ok(map.split(/\s+/).filter(Boolean).length <= MOST_WORDS);
  for (const page of documents.filter((path) => path.startsWith('docs/decisions/') && !path.endsWith('/README.md'))) {
    assert.ok(map.includes(`](${page})`), `ARCHITECTURE.md has no link to ${page}`);
    assert.ok(read('docs/decisions/README.md').includes(`](${posix.basename(page)})`), `docs/decisions/README.md has no link to ${page}`);
    assert.ok(anchorsOf(read(page)).length > 1, `${page} has no headings`);
  }
});
