// One case: a model on a device, ours and onnxruntime-web's in turns.

import { modelInput, probabilities } from '../../www/bench/input.js';
import { onnxFile } from '../../www/bench/networks/onnx.js';
import { RANDOM } from '../../www/bench/networks/random.js';
import { Ours } from './ours.js';
import { Theirs } from './theirs.js';

/** How many overlays are drawn: as many as the page shows. */
const OVERLAYS = 60;

/** Side of an overlay in pixels. */
const OVERLAY_SIDE = 224;

/** Drawings whose steps are measured, each at its last size. */
const DRAWINGS = [
  { preset: 'article', size: 134 },
  { preset: 'modern', size: 128 },
];
const DRAWING_STEPS = 12;

/** Rest before each run, in milliseconds: threads look for more work for a while, and would be at it while the other side runs. */
const REST = 30;

/** Rounds before the counted ones, beside the first run. A browser compiles a function of WebAssembly quickly at first, and
 * once more and better, in the background, when it turns out to be hot. */
const WARM_UP = 2;

onmessage = async ({ data }) => {
  try {
    postMessage({ result: await run(data) });
  } catch (error) {
    postMessage({ error: `${error?.message ?? JSON.stringify(error)}` });
  }
};

/**
 * @param {{ root: string, device: 'webgpu' | 'cpu', threads: number, photo: string, runs: number } & Network} given
 */
async function run({ root, device, threads, photo: photoFile, runs, ...network }) {
  const [{ bytes, card }, photo] = await Promise.all([open(root, network), read(root + photoFile)]);
  const ours = await Ours.start(root, device, { threads });
  const theirs = await Theirs.start(root, device, threads);
  // What ours is compared with besides: itself with one thread, or without relaxed SIMD.
  const lesser = device === 'cpu' ? await Ours.start(root, device, { plain: threads === 1 }) : null;

  // It comes first, as on the page, and leaves compiled shaders behind that the model uses again.
  const selfCheck = await ours.selfCheck();
  let ourOpening;
  const firstCalls = await ours.calls(async () => {
    ourOpening = await ours.open(bytes, card, photo);
  });
  const { seen, recipe } = ours;
  const theirOpening = await theirs.open(bytes, modelInput(seen, recipe));

  await lesser?.open(bytes, card, photo);

  const ourRuns = [];
  const lesserRuns = [];
  const theirRuns = [];
  for (let round = -WARM_UP; round < runs; round++) {
    const ourTime = await rested(() => ours.run());
    const lesserTime = lesser && (await rested(() => lesser.run()));
    const theirTime = await rested(() => theirs.run());
    if (round < 0) continue;
    if (lesserTime !== null) lesserRuns.push(lesserTime);
    ourRuns.push(ourTime);
    theirRuns.push(theirTime);
  }

  const laterCalls = await ours.calls(() => ours.run());

  const expected = probabilities(theirs.scores, card.output);
  const found = ours.probabilities();
  if (found.length !== expected.length) throw new Error(`${found.length} scores, but onnxruntime-web has ${expected.length}`);
  const largest = expected.reduce((most, value) => Math.max(most, value), 0);
  const difference = expected.reduce((most, value, index) => Math.max(most, Math.abs(value - found[index])), 0) / largest;

  const drawings = [];
  for (const given of DRAWINGS) drawings.push({ ...given, ...(await ours.stepCost({ ...given, runs: DRAWING_STEPS })) });

  const depth = await ours.depthCost(root, runs);

  const overlaySeconds = ours.overlays(OVERLAYS, OVERLAY_SIDE) / 1000;
  return {
    ours: { start: ours.startTime, ...ourOpening, runs: ourRuns },
    lesser: lesserRuns,
    theirs: { start: theirs.startTime, ...theirOpening, runs: theirRuns },
    selfCheck,
    calls: { first: firstCalls, later: laterCalls },
    drawings,
    depth,
    graph: ours.graph,
    difference: Number.isNaN(difference) ? Infinity : difference,
    overlaysPerSecond: OVERLAYS / overlaySeconds,
    memory: ours.memory(),
  };
}

/** @template T @param {() => Promise<T>} run */
async function rested(run) {
  await new Promise((resolve) => setTimeout(resolve, REST));
  return run();
}

/**
 * A network and its card: a model file with that of its card, or the name of one that is written here.
 * @typedef {{ model: string, card: string } | { random: keyof typeof RANDOM }} Network
 */

/** @param {string} root @param {Network} network */
async function open(root, network) {
  if ('random' in network) {
    const { make, card } = RANDOM[network.random];
    return { bytes: onnxFile(make()), card };
  }
  const [bytes, card] = await Promise.all([read(root + network.model), read(root + network.card)]);
  return { bytes, card: JSON.parse(new TextDecoder().decode(card)) };
}

/** @param {string} address */
async function read(address) {
  const response = await fetch(address);
  if (!response.ok) throw new Error(`${address}: ${response.status}`);
  return new Uint8Array(await response.arrayBuffer());
}
