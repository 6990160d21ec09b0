// Our engines beside onnxruntime-web's, in one browser session: `cargo xtask bench`.
//
// ADDRESS is that of a server of the whole checkout (ends with a slash), ISOLATED that of one that isolates its pages from other origins, so that
// they may have threads; CHROMIUM is the browser.
//
// What is compared: the time of a look's run, from the input tensor to the outputs in our hands. Ours returns the maps of
// the model's default layer and the scores; onnxruntime-web runs the file as it is and returns the scores alone, so
// the difference is in its favour. Both get the same numbers, and a case whose results differ does not count.
// Runs are interleaved, ours, theirs, ours, …, so that whatever else the machine does hits both.

import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { chromium } from '@playwright/test';
import { chromiumArguments, chromiumPath } from '../browser/chromium.mjs';
import { firstVisit, sizes } from './first-visit.mjs';
import { twoVisits } from './second-visit.mjs';
import { wholeDrawing } from './whole-drawing.mjs';
import { thousand } from './thousand.mjs';
import { wall } from './wall.mjs';

/** Those without a file are written by the case itself, with random weights: www/bench/networks/random.js. */
const MODELS = [
  { name: 'squeezenet1.1', model: 'models/squeezenet1.1.onnx', card: 'models/squeezenet1.1.json' },
  { name: 'resnet18', random: 'resnet18' },
  { name: 'mobilenetv2', random: 'mobilenetv2' },
  { name: 'efficientnet-lite0', model: 'models/fetched/efficientnet-lite0.onnx', card: 'models/efficientnet-lite0.json' },
];
const PHOTO = 'models/photos/chelsea.webp';

/** The largest acceptable ratio of our time to onnxruntime-web's, by device. */
const LIMITS = { cpu: 0.65, webgpu: 0.2 };

/** The largest acceptable time with relaxed SIMD, as a part of that without. */
const MOST_OF_PLAIN = 0.85;

/** The largest acceptable time with several threads on both sides, as a part of onnxruntime-web's. */
const MOST_WITH_THREADS = 0.8;

/** The largest acceptable time with two threads, as a part of that with one. */
const MOST_OF_ONE_THREAD = 0.6;

/** The largest acceptable difference between probabilities, as a part of the largest probability. */
const TOLERANCE = 1e-3;

/** The largest acceptable time of a step of a drawing, as a multiple of the network's forward pass: what a forward and backward pass
 * are usually counted as. */
const MOST_OF_A_FORWARD = 3;

/** The largest acceptable time of the thumbnails of all layers together, as a multiple of a look's run. */
const MOST_OF_DEPTH = 2;

/** The largest acceptable time for each of many images, as a multiple of the network's run alone. */
const MOST_OF_A_RUN = 1.3;

/** The most error scopes that a look may close, each of which is a question to the browser's process for the GPU. */
const MOST_ERROR_SCOPES = 4;

/** The largest acceptable time of work over many that is spread over two workers, as a part of that of one. */
const MOST_OF_ONE_WORKER = 0.6;

/** How much memory may grow from the first hundred of many images to the last beside the numbers that are kept of each, as a
 * part of what it was. */
const MOST_GROWTH = 0.1;

/** The longest that the main thread may be busy at once while many images are looked at, in milliseconds: the browser calls
 * anything beyond it a long task. */
const MOST_AT_ONCE = 50;

/** The longest that a first visit may wait for its first picture, for the first tile of the recorded maps, and for the engine's own maps with
 * SqueezeNet on the CPU engine, in milliseconds; from the navigation, with nothing cached and the files on this machine. */
const MOST_OF_A_VISIT = { picture: 400, recorded: 400, live: 1500 };

/** How often a first visit is paid; an odd number, so that one of them is the median. */
const VISITS = 5;

/** The longest that a second visit may wait until it is ready, as a part of the first. */
const MOST_OF_FIRST_VISIT = 0.7;

/** How often a visit and the next one are paid; an odd number, so that one of them is the median. */
const PAIRS_OF_VISITS = 7;

/** How often a thousand images are looked at; an odd number, so that one of them is the median. */
const MANY_ROUNDS = 3;

const USAGE = `usage: cargo xtask bench [-- OPTIONS]
  --quick            SqueezeNet only
  --networks NAMES   these only, with commas between them: squeezenet1.1, resnet18, mobilenetv2, efficientnet-lite0
  --ratios           the networks beside onnxruntime-web only, without what else the page does
  --engine ENGINE    cpu or webgpu only
  --runs N           counted runs of each side (5)
  --check            fail where a ratio, error scopes, growing memory, a busy main thread, a first visit's wait or a second visit's is over its limit`;

const options = read();
const root = new URL('../../', import.meta.url);
const address = process.env.ADDRESS;
const isolated = process.env.ISOLATED;
if (!address || !isolated) fail(`ADDRESS and ISOLATED are not set: run it by cargo xtask bench\n${USAGE}`);

const devices = Object.keys(LIMITS).filter((device) => (options.engine ?? device) === device);
const models = options.networks;
for (const device of devices) {
  const folder = `dist/engine/${folderOf(device)}`;
  if (!existsSync(new URL(`${folder}/featurescope_bg.wasm`, root))) fail(`${folder} is missing: cargo xtask build`);
}

const browser = await chromium.launch({ executablePath: chromiumPath(), args: chromiumArguments });
const problems = [];
try {
  console.log(`Chromium ${browser.version()}, photo ${PHOTO}, times in ms\n`);
  const notes = [];
  row('model', 'on', 'side', 'start', 'set-up', 'first run', `median of ${options.runs}`, 'fastest', 'ratio', 'limit');
  for (const device of devices) {
    for (const { name, ...files } of models) {
      const result = await measure({ device, threads: 1, runs: options.runs, photo: PHOTO, ...files });
      const { ours, theirs, difference } = result;
      const ratio = median(ours.runs) / median(theirs.runs);
      row(name, device, 'featurescope', ...times(ours), ratio.toFixed(2), LIMITS[device].toFixed(2));
      row('', '', 'onnxruntime-web', ...times(theirs), '', '');
      notes.push(`${name} on ${device}: graph ${result.graph}, largest difference ${difference.toExponential(1)} of the largest`
        + ` probability, self-check ${result.selfCheck.toFixed(0)} ms, ${result.overlaysPerSecond.toFixed(0)} overlays/s at 224², ${memory(result.memory)}`);
      if (result.lesser.length > 0) {
        const share = median(ours.runs) / median(result.lesser);
        notes.push(`  without relaxed SIMD ${median(result.lesser).toFixed(1)} ms: with it ${share.toFixed(2)} of that (limit ${MOST_OF_PLAIN})`);
        if (options.check && share > MOST_OF_PLAIN) problems.push(`${name}: relaxed SIMD takes ${share.toFixed(2)} of the time without, over ${MOST_OF_PLAIN}`);
      }
      if (device === 'webgpu') {
        for (const [which, calls] of Object.entries(result.calls)) {
          notes.push(`  the ${which} look: ${asked(calls)} (limit ${MOST_ERROR_SCOPES})`);
          if (options.check && calls.errorScopes > MOST_ERROR_SCOPES) problems.push(`${name}: the ${which} look closes ${calls.errorScopes} error scopes, over ${MOST_ERROR_SCOPES}`);
        }
      }
      for (const { preset, size, step, forward, helped, calls } of result.drawings) {
        const [one, alone] = [median(step), median(forward)];
        notes.push(`  a step of a drawing (${preset}, ${size} pixels, ${helped} of ${step.length} ascending the value before the activation): ${one.toFixed(1)} ms, the network forward alone ${alone.toFixed(1)} ms,`
          + ` ratio ${(one / alone).toFixed(2)} (limit ${MOST_OF_A_FORWARD})${device === 'webgpu' ? `; ${asked(calls)}` : ''}`);
        if (options.check && one / alone > MOST_OF_A_FORWARD) problems.push(`${name} on ${device}: a step of a drawing (${preset}) takes ${(one / alone).toFixed(2)} forward passes, over ${MOST_OF_A_FORWARD}`);
      }
      const { layers, depth, forward } = result.depth;
      const deep = median(depth) / median(forward);
      notes.push(`  thumbnails of ${layers} layers: ${median(depth).toFixed(1)} ms, a look's run ${median(forward).toFixed(1)} ms, ratio ${deep.toFixed(2)} (limit ${MOST_OF_DEPTH})`);
      if (options.check && deep > MOST_OF_DEPTH) problems.push(`${name} on ${device}: the thumbnails of all layers take ${deep.toFixed(2)} runs, over ${MOST_OF_DEPTH}`);
      if (!(difference <= TOLERANCE)) problems.push(`${name} on ${device}: the results differ by ${difference}, so its times are worthless`);
      if (options.check && ratio > LIMITS[device]) problems.push(`${name} on ${device}: ratio ${ratio.toFixed(2)} is over ${LIMITS[device]}`);
    }
  }
  const threads = Math.min(availableParallelism(), 2);
  if (devices.includes('cpu') && threads > 1) {
    for (const { name, ...files } of models) {
      const { ours, theirs, lesser, difference } = await measure({ device: 'cpu', threads, runs: options.runs, photo: PHOTO, ...files });
      const ratio = median(ours.runs) / median(theirs.runs);
      const share = median(ours.runs) / median(lesser);
      row(name, `cpu, ${threads}`, 'featurescope', ...times(ours), ratio.toFixed(2), MOST_WITH_THREADS.toFixed(2));
      row('', '', 'onnxruntime-web', ...times(theirs), '', '');
      notes.push(`${name} with ${threads} threads: ${share.toFixed(2)} of the ${median(lesser).toFixed(1)} ms with one (limit ${MOST_OF_ONE_THREAD}), largest difference ${difference.toExponential(1)} of the largest probability`);
      if (!(difference <= TOLERANCE)) problems.push(`${name} with ${threads} threads: the results differ by ${difference}, so its times are worthless`);
      if (options.check && ratio > MOST_WITH_THREADS) problems.push(`${name} with ${threads} threads: ratio ${ratio.toFixed(2)} is over ${MOST_WITH_THREADS}`);
      if (options.check && share > MOST_OF_ONE_THREAD) problems.push(`${name} with ${threads} threads takes ${share.toFixed(2)} of the time with one, over ${MOST_OF_ONE_THREAD}`);
    }
  }
  console.log(`\n${notes.join('\n')}\n`);
  for (const device of devices) {
    const { bytes, gzip } = await sizes(new URL(`dist/engine/${folderOf(device)}/featurescope_bg.wasm`, root));
    console.log(`wasm of ${device}: ${(bytes / 1000).toFixed(0)} kB, gzip ${(gzip / 1000).toFixed(0)} kB`);
  }
  for (const device of options.ratios ? [] : devices) {
    const pairs = [];
    for (let pair = 0; pair < PAIRS_OF_VISITS; pair++) pairs.push(await twoVisits(`${address}dist/`, device));
    const [first, second] = [median(pairs.map((pair) => pair.first)), median(pairs.map((pair) => pair.second))];
    console.log(`second visit on ${device}: ready after ${second.toFixed(0)} ms, the first one after ${first.toFixed(0)} ms, medians of ${PAIRS_OF_VISITS};`
      + ` ratio ${(second / first).toFixed(2)} (limit ${MOST_OF_FIRST_VISIT})`);
    if (options.check && second > MOST_OF_FIRST_VISIT * first) problems.push(`a second visit on ${device} takes ${(second / first).toFixed(2)} of the first, over ${MOST_OF_FIRST_VISIT}`);
  }
  if (devices.includes('cpu') && !options.ratios) {
    const visits = [];
    for (let visit = 0; visit < VISITS; visit++) visits.push(await firstVisit(browser, `${address}dist/?engine=cpu`));
    for (const [which, limit] of Object.entries(MOST_OF_A_VISIT)) {
      const waits = visits.map((visit) => visit[which]);
      console.log(`first visit, CPU engine, nothing cached: ${median(waits).toFixed(0)} ms from the navigation to the first ${which === 'picture' ? which : `overlay, ${which}`}`
        + ` (the median of ${waits.map((wait) => wait.toFixed(0)).join(', ')}; limit ${limit})`);
      if (options.check && median(waits) > limit) problems.push(`a first visit waits ${median(waits).toFixed(0)} ms for its first picture, ${which}, over ${limit} ms`);
    }
    const drawn = await wholeDrawing(browser, address);
    console.log(`a drawing of ${drawn.model}, map ${drawn.map} of ${drawn.layer}, as the article to ${drawn.size} pixels, CPU engine:`
      + ` ${drawn.seconds.toFixed(1)} s for ${drawn.steps} steps over ${drawn.sizes} sizes, ${drawn.cured} of them with the cure`);
    const rounds = [];
    /** The times of work over many in the page's workers and in one, side by side, by what it is. */
    const spread = { 'a thousand images': [], 'a wall of drawings': [] };
    for (let round = 0; round < MANY_ROUNDS; round++) {
      const pooled = await thousand(browser, `${address}dist/?engine=cpu`, address);
      const single = await thousand(browser, `${address}dist/?engine=cpu`, address, { alone: true });
      rounds.push(single);
      spread['a thousand images'].push([(pooled.perImage * pooled.images) / 1000, (single.perImage * single.images) / 1000]);
    }
    for (let round = 0; round < MANY_ROUNDS; round++) {
      const [pooled, single] = [await wall(browser, `${address}dist/?engine=cpu`), await wall(browser, `${address}dist/?engine=cpu`, { alone: true })];
      spread['a wall of drawings'].push([pooled.seconds, single.seconds]);
    }
    for (const [what, pairs] of Object.entries(spread)) {
      const share = median(pairs.map(([pooled, single]) => pooled / single));
      console.log(`${what}, the workers of a machine with ${availableParallelism()} cores beside one worker: ${pairs.map(([pooled, single]) => `${pooled.toFixed(1)} s and ${single.toFixed(1)} s`).join(', ')};`
        + ` ratio ${share.toFixed(2)}, the median (limit ${MOST_OF_ONE_WORKER})`);
      if (options.check && availableParallelism() > 1 && share > MOST_OF_ONE_WORKER) problems.push(`${what} takes ${share.toFixed(2)} of the time of one worker, over ${MOST_OF_ONE_WORKER}`);
    }
    const ratioOf = ({ perImage, bare }) => perImage / bare;
    const ratios = rounds.map(ratioOf).sort((a, b) => a - b);
    const ratio = median(ratios);
    const many = rounds.find((round) => ratioOf(round) === ratio);
    console.log(`${many.images} images in classes through the page, CPU engine, one worker: ${many.perImage.toFixed(1)} ms for each, the network alone`
      + ` ${many.bare.toFixed(1)} ms, ratio ${ratio.toFixed(2)} (the median of ${ratios.map((one) => one.toFixed(2)).join(', ')}; limit ${MOST_OF_A_RUN}); engine's memory ${megabytes(many.wasmAtStart)} after the first`
      + ` hundred, ${megabytes(many.wasmAtEnd)} at the end, of which ${megabytes(many.kept)} are the numbers kept of the images since; the page's ${megabytes(many.heapAtStart)} and ${megabytes(many.heapAtEnd)}, and ${megabytes(many.heapWithFindings)} with what was found;`
      + ` longest task on the main thread ${many.longest > 0 ? `${many.longest.toFixed(0)} ms` : `under ${MOST_AT_ONCE} ms`}`);
    if (options.check) problems.push(...problemsOfMany(many, ratio));
  }
} finally {
  await browser.close();
}
if (problems.length > 0) fail(problems.join('\n'));

/**
 * What is wrong with a run over many images.
 * @param {import('./thousand.mjs').Thousand} many
 * @param {number} ratio of an image's time to that of the network alone
 */
function problemsOfMany({ wasmAtStart, wasmAtEnd, kept, heapAtStart, heapAtEnd, longest }, ratio) {
  const growth = [['the engine', wasmAtStart, wasmAtEnd - kept], ['the page', heapAtStart, heapAtEnd]]
    .filter(([, start, end]) => end > start * (1 + MOST_GROWTH))
    .map(([whose, start, end]) => `with many images the memory of ${whose} beside the kept numbers grows from ${megabytes(start)} to ${megabytes(end)}, by more than ${100 * MOST_GROWTH} %`);
  return [
    ...(ratio > MOST_OF_A_RUN ? [`an image of many takes ${ratio.toFixed(2)} of a run, over ${MOST_OF_A_RUN}`] : []),
    ...growth,
    ...(longest > MOST_AT_ONCE ? [`with many images the main thread is busy for ${longest.toFixed(0)} ms at once, over ${MOST_AT_ONCE} ms`] : []),
  ];
}

/** Runs a case in a page of its own. */
async function measure(given) {
  const page = await browser.newPage();
  page.setDefaultTimeout(0);
  try {
    const root = given.threads > 1 ? isolated : address;
    const response = await page.goto(`${root}tests/bench/page.html`);
    if (!response?.ok()) throw new Error(`${response?.url()}: ${response?.status()}`);
    await page.waitForFunction(() => typeof globalThis.runCase === 'function', null, { timeout: 60_000 });
    return await page.evaluate((given) => globalThis.runCase(given), { root, ...given });
  } catch (error) {
    throw new Error(`${given.model ?? given.random} on ${given.device}: ${error.message}`, { cause: error });
  } finally {
    await page.close();
  }
}

function times({ start, setUp, first, runs }) {
  return [start, setUp, first, median(runs), Math.min(...runs)].map((time) => time.toFixed(1));
}

function median(values) {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

function megabytes(bytes) {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}

function memory({ wasmBytes, gpuBytes, gpuBuffers }) {
  return `${megabytes(wasmBytes)} wasm memory` + (gpuBuffers ? `, ${megabytes(gpuBytes)} in ${gpuBuffers} GPU buffers` : '');
}

function row(model, device, side, ...numbers) {
  console.log(model.padEnd(20) + device.padEnd(8) + side.padEnd(16) + numbers.map((number) => number.padStart(14)).join(''));
}

function asked({ dispatches, submissions, readbacks, errorScopes }) {
  return `${dispatches} dispatches, ${submissions} submissions, ${readbacks} read-back${readbacks === 1 ? '' : 's'}, ${errorScopes} error scopes`;
}

function folderOf(device) {
  return device === 'webgpu' ? 'gpu' : device;
}

function read() {
  try {
    const { values } = parseArgs({
      options: {
        quick: { type: 'boolean', default: false },
        check: { type: 'boolean', default: false },
        networks: { type: 'string' },
        ratios: { type: 'boolean', default: false },
        engine: { type: 'string' },
        runs: { type: 'string', default: '5' },
      },
    });
    const runs = Number(values.runs);
    if (!Number.isInteger(runs) || runs < 1) throw new Error('--runs takes a number of runs');
    if (values.engine !== undefined && !(values.engine in LIMITS)) throw new Error('--engine takes cpu or webgpu');
    return { ...values, runs, networks: networksOf(values) };
  } catch (error) {
    return fail(`${error.message}\n${USAGE}`);
  }
}

/** @param {{ quick: boolean, networks?: string }} values */
function networksOf({ quick, networks }) {
  if (quick) return MODELS.slice(0, 1);
  if (networks === undefined) return MODELS;
  return networks.split(',').map((wanted) => {
    const found = MODELS.find(({ name }) => name === wanted);
    if (!found) throw new Error(`--networks does not know ${wanted}`);
    return found;
  });
}

/** @returns {never} */
function fail(message) {
  console.error(message);
  process.exit(1);
}
