#!/usr/bin/env node
// Asks the built page's engines in headless Chromium for what the table of docs/networks.md has, of networks that export.py exported:
// look, a few layers against onnxruntime's values, Grad-CAM against PyTorch's, a step of a drawing.
//
//   cargo xtask build
//   node tests/networks/browser.mjs target/networks --engine cpu --engine webgpu --limit 40 --budget 600 --table docs/networks.md
//
// The smallest networks come first, each for `limit` seconds at the most, until `budget` seconds are over; what was found is kept in
// FOLDER/browser-ENGINE.jsonl, so that another call goes on from there. `--part swin --layers 1000` asks those with that in their names for
// so many layers besides the default one, spread over the network.

import { appendFileSync, createReadStream, existsSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { extname, join, normalize } from 'node:path';
import { parseArgs } from 'node:util';
import { chromium } from '@playwright/test';

import { chromiumArguments, chromiumPath } from '../browser/chromium.mjs';

const { values: options, positionals: [folder] } = parseArgs({
  allowPositionals: true,
  options: {
    engine: { type: 'string', multiple: true, default: ['cpu'] },
    limit: { type: 'string', default: '40' },
    budget: { type: 'string', default: '600' },
    part: { type: 'string', default: '' },
    layers: { type: 'string' },
    table: { type: 'string' },
  },
});

const DIST = new URL('../../dist/', import.meta.url).pathname;
const TYPES = { '.html': 'text/html', '.js': 'text/javascript', '.json': 'application/json', '.wasm': 'application/wasm' };
const HEADING = '\n## In the browser\n';
/** Layers, and Grad-CAM, may be off by this share of their largest value. */
const TOLERANCE = 1e-3;

/** dist/ and the networks on one origin, as a static host would serve them. */
function serve() {
  const server = createServer((request, response) => {
    const path = decodeURIComponent(new URL(request.url ?? '/', 'http://localhost').pathname);
    if (path === '/') return response.setHeader('Content-Type', 'text/html').end('<!doctype html><title>networks</title>');
    const [root, inside] = path.startsWith('/networks/') ? [folder, path.slice('/networks'.length)] : [DIST, path];
    const file = join(root, normalize(inside));
    if (!existsSync(file) || !statSync(file).isFile()) return response.writeHead(404).end();
    response.setHeader('Content-Type', TYPES[extname(file)] ?? 'application/octet-stream');
    return createReadStream(file).pipe(response);
  });
  return new Promise((resolve) => {
    server.listen(0, 'localhost', () => resolve(server));
  });
}

/** Runs in the page. */
async function ask({ engine, name, data, size, recorded, spread, milliseconds }) {
  const began = performance.now();
  const late = () => performance.now() - began > milliseconds;
  const STEP = 15485863;
  const { Featurescope } = await import('/featurescope.js');
  const scope = await Featurescope.create({ engine });
  const bytes = async (file) => (await fetch(`/networks/${file}`)).arrayBuffer();
  const [height, width] = size;
  const pixels = new Uint8Array(await bytes(`${height}x${width}.rgb`));
  const picture = new ImageData(width, height);
  for (let place = 0; place < width * height; place++) {
    picture.data.set(pixels.subarray(3 * place, 3 * place + 3), 4 * place);
    picture.data[4 * place + 3] = 255;
  }
  const files = [`${name}.onnx`, ...(data ? [`${name}.onnx.data`] : [])];
  const recipe = { scale: 1 / 255, mean: [0.5, 0.5, 0.5], std: [0.25, 0.25, 0.25], resize: 'squash', channels: 'rgb', size: height };
  const found = { layers: 0, compared: 0, off: 0, cams: 0, camOff: 0, finite: 0 };
  const model = await scope.open(await Promise.all(files.map(async (file) => new File([await bytes(file)], file))), { recipe });
  found.layers = model.layers.length;

  /** onnxruntime has the maps of tokens channels last and with other tokens before those of the grid. */
  const ofTokens = (look, expected, channels, cells) => {
    const count = expected.shape.reduce((all, side) => all * side, 1);
    const others = count / channels - cells;
    if (expected.shape.at(-1) !== channels || others < 0) return Number.POSITIVE_INFINITY;
    const differences = expected.samples.map((sample, index) => {
      const place = (index * STEP) % count;
      const cell = Math.floor(place / channels) - others;
      return cell < 0 || sample === null ? 0 : Math.abs(look.map(place % channels).data[cell] - sample);
    });
    return Math.max(...differences) / Math.max(Math.abs(expected.min), Math.abs(expected.max), 1e-6);
  };

  const deviation = (look, { id, channels, height: rows, width: columns }) => {
    const expected = recorded.values[id] ?? recorded.values[id.replace(/\/(block-)?maps'*$/, '')];
    if (!expected || expected.min === null || expected.max === null) return undefined;
    const elements = channels * rows * columns;
    // Maps that lay in blocks have another order there: of them the least, largest and mean are compared.
    if (!recorded.values[id] && !/\/block-maps'*$/.test(id)) return ofTokens(look, expected, channels, rows * columns);
    if (expected.shape.reduce((all, side) => all * side, 1) !== elements) return Number.POSITIVE_INFINITY;
    const mean = [...look.means].reduce((all, value) => all + value, 0) / channels;
    const differences = [mean - expected.mean, Math.max(...look.maxima) - expected.max, Math.min(...look.minima) - expected.min];
    if (String(expected.shape) === String([1, channels, rows, columns])) {
      expected.samples.forEach((sample, index) => {
        const place = (index * STEP) % elements;
        const cells = rows * columns;
        if (sample !== null) differences.push(look.map(Math.floor(place / cells)).data[place % cells] - sample);
      });
    }
    const largest = Math.max(Math.abs(expected.min), Math.abs(expected.max), 1e-6);
    return Math.max(...differences.map((difference) => (Number.isFinite(difference) ? Math.abs(difference) : Number.POSITIVE_INFINITY))) / largest;
  };

  const cam = async (look, id) => {
    const expected = recorded.cams.find((one) => one.layer === id && one.element === undefined && one.single <= 1e-4);
    const { cells } = await look.cam(expected ? expected.class : 0);
    if (!cells.data.every(Number.isFinite)) throw new Error(`Grad-CAM of ${id} is no numbers`);
    found.finite += 1;
    if (!expected) return;
    const largest = expected.cells.reduce((most, cell) => Math.max(most, cell), 1e-6);
    const off = expected.cells.reduce((most, cell, place) => Math.max(most, Math.abs(cell - cells.data[place])), 0) / largest;
    found.cams += 1;
    found.camOff = Math.max(found.camOff, expected.cells.length === cells.data.length ? off : Number.POSITIVE_INFINITY);
  };

  const last = model.layers.length - 1;
  const places = Array.from({ length: spread }, (_, index) => Math.round((index * last) / Math.max(spread - 1, 1)));
  const chosen = [undefined, ...new Set(places.map((place) => model.layers[place]))];
  for (const layer of chosen) {
    if (layer && late()) break;
    const look = await model.look(picture, layer ? { layer: layer.id } : {});
    const seen = layer ?? model.layers.find(({ id }) => id === look.layer);
    const off = deviation(look, seen);
    if (off !== undefined) {
      found.compared += 1;
      if (off >= found.off) Object.assign(found, { off, at: seen.id });
    }
    found.look = true;
    if (!layer || !late()) await cam(look, seen.id).catch(({ code, message }) => {
      found.camError ??= `${code}: ${message}`;
    });
    look.close?.();
  }
  const drawn = await model.draw({ map: 0 }, { preset: 'modern', size: height, steps: 1 }).catch(({ message }) => ({ message }));
  if (drawn.activations) found.draw = [...drawn.activations].every(Number.isFinite);
  else found.drawError = drawn.message;
  model.close();
  scope.close();
  return { ...found, seconds: (performance.now() - began) / 1000 };
}

/** What a network's line in the table is made of. */
async function asked(browser, address, engine, name) {
  const recorded = JSON.parse(readFileSync(join(folder, `${name}.json`), 'utf8'));
  const limit = 1000 * Number(options.limit);
  const page = await browser.newPage();
  try {
    await page.goto(address);
    const work = page.evaluate(ask, {
      engine, name, data: existsSync(join(folder, `${name}.onnx.data`)), size: recorded.size, recorded, spread: Number(options.layers ?? (engine === 'cpu' ? 6 : 3)), milliseconds: limit / 2,
    });
    const end = new Promise((_, reject) => {
      setTimeout(() => reject(new Error(`more than ${options.limit} seconds`)), limit);
    });
    return { name, exporter: recorded.exporter, ...(await Promise.race([work, end])) };
  } catch (error) {
    return { name, exporter: recorded.exporter, error: String(error.message).split('\n')[0].slice(0, 300) };
  } finally {
    await page.close();
  }
}

const kept = (engine) => join(folder, `browser-${engine}.jsonl`);
const lines = (engine) => (existsSync(kept(engine)) ? readFileSync(kept(engine), 'utf8').trim().split('\n').filter(Boolean).map((line) => JSON.parse(line)) : []);

async function run(engine, address) {
  const known = new Set(lines(engine).map(({ name }) => name));
  const names = readdirSync(folder).filter((file) => file.endsWith('.onnx') && existsSync(join(folder, file.replace('.onnx', '.json'))));
  const bytes = (name) => [name, `${name}.data`].reduce((all, file) => all + (statSync(join(folder, file), { throwIfNoEntry: false })?.size ?? 0), 0);
  names.sort((a, b) => bytes(a) - bytes(b));
  const end = Date.now() + 1000 * Number(options.budget);
  const browser = await chromium.launch({ executablePath: chromiumPath(), args: chromiumArguments });
  for (const file of names) {
    const name = file.replace('.onnx', '');
    if (known.has(name) || !name.includes(options.part) || Date.now() > end) continue;
    const line = await asked(browser, address, engine, name);
    console.log(engine, JSON.stringify(line));
    appendFileSync(kept(engine), `${JSON.stringify(line)}\n`);
  }
  await browser.close();
}

const digits = (value) => (value > 0 ? value.toExponential(0) : '0');

/** Whether there is anything that Grad-CAM could be of. */
const hasCam = (one) => one.finite > 0 || !/no class scores/.test(one.camError ?? '');

function section() {
  const engines = ['cpu', 'webgpu'].map((engine) => [engine === 'cpu' ? 'CPU' : 'WebGPU', lines(engine)]).filter(([, list]) => list.length > 0);
  const right = (one) => one.compared > 0 && one.off <= TOLERANCE;
  const cam = (one) => one.finite > 0 && !one.camError && one.camOff <= TOLERANCE;
  const parts = [HEADING, `
Written by \`node tests/networks/browser.mjs\`: the built engines in headless Chromium, WebGPU on the processor (SwiftShader), the smallest files
first, ${options.limit} seconds for a network at the most. Of each network the default layer and up to six others (three on WebGPU) are looked at, and
more where the table says so.
*Right*: the looked at layers are within ${TOLERANCE} of onnxruntime's; *Grad-CAM*: finite, and within ${TOLERANCE} of PyTorch's where it was recorded.

| engine | networks asked | too slow here | look | right | Grad-CAM | draw |
|---|---|---|---|---|---|---|
`];
  for (const [engine, list] of engines) {
    const slow = list.filter(({ error }) => error?.startsWith('more than'));
    const done = list.filter((one) => !slow.includes(one));
    const able = done.filter(hasCam);
    const count = (test, of = done) => `${of.filter(test).length} of ${of.length}`;
    parts.push(`| ${engine} | ${list.length} | ${slow.length} | ${count(({ look }) => look)} | ${count(right)} | ${count(cam, able)} | ${count(({ draw }) => draw)} |\n`);
  }
  parts.push('\n| network | engine | layers looked at | off | Grad-CAM off | draws |\n|---|---|---|---|---|---|\n');
  const rows = engines.flatMap(([engine, list]) => list.map((one) => ({ engine, ...one })));
  rows.sort((a, b) => a.name.localeCompare(b.name) || a.engine.localeCompare(b.engine));
  for (const one of rows) {
    const made = one.cams > 0 ? digits(one.camOff) : one.finite > 0 ? 'finite' : '–';
    const cells = one.error ? [one.error, '', '', ''] : [`${one.compared} of ${one.layers}`, digits(one.off), one.camError && one.finite ? '**no**' : made, one.draw ? 'yes' : '**no**'];
    parts.push(`| ${one.name} | ${one.engine} | ${cells.join(' | ')} |\n`);
  }
  parts.push('\n');
  for (const one of rows) {
    const problem = one.error ?? (hasCam(one) ? one.camError ?? one.drawError : undefined);
    if (problem) parts.push(`- ${one.name}, ${one.engine}: ${problem.slice(0, 160)}\n`);
  }
  return parts.join('');
}

const server = await serve();
const address = `http://localhost:${/** @type {import('node:net').AddressInfo} */ (server.address()).port}/`;
for (const engine of options.engine) if (Number(options.budget) > 0) await run(engine, address);
server.close();
if (options.table) {
  const text = existsSync(options.table) ? readFileSync(options.table, 'utf8').split(HEADING)[0].trimEnd() : '';
  writeFileSync(options.table, `${text}\n${section()}`);
}
