// Hostile links, snapshots, archives and cards, made from a seed, read as the page reads them:
// `node --import ./tests/vendor.mjs fuzz/page.mjs [--seconds N] [--seed N] [--case N]`.
//
// Cases run in a process of their own. An error that is not one of ours, or says nothing, more than five seconds for a case and more
// memory than a page should take are failures, each named by its seed and number.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

import { zip } from '../tests/page/zip.js';
import { entries, recorded } from '../tests/share/recorded.js';
import { samples } from '../tests/share/samples.js';
import { unpack } from '../www/files/archive.js';
import { classesOf } from '../www/classes/folders.js';
import { FeaturescopeError } from '../www/api/errors.js';
import { cells } from '../www/files/csv.js';
import { fitting } from '../www/files/names.js';
import { captionOf } from '../www/share/caption.js';
import { FINDING } from '../www/share/finding.js';
import { fromFragment, seal, toFragment } from '../www/share/link.js';
import { validateCard } from '../www/share/record.js';
import { Resolver } from '../www/share/resolve.js';
import { isSnapshot, readSnapshot } from '../www/share/snapshot-read.js';
import { mersenne } from '../www/vendor/pure-rand.mersenne.js';

/** So long may a case take, in milliseconds of a processor where the system tells them, since others may have their turn meanwhile. */
const MOST_TIME = 5000;
/** So long may it take in all. */
const MOST_WAITING = 60_000;
/** So much memory may the cases' process have, in megabytes. */
const MOST_MEMORY = 1024;
/** Every run begins with this one, unless it is told another. */
const SEED = 20261129;

/** @param {number} seed @param {number} number */
function randomOf(seed, number) {
  const generator = mersenne((seed ^ Math.imul(number, 0x9e3779b9)) | 0);
  const upTo = (/** @type {number} */ count) => (generator.next() >>> 0) % Math.max(1, count);
  return { upTo, one: (/** @type {any} */ list) => list[upTo(list.length)] };
}

/** @typedef {ReturnType<typeof randomOf>} Random */

const STRINGS = ['', ' ', '__proto__', 'constructor', '=1+1', '<img src=x onerror=1>', '\ud800', '\u202egnp.exe', '../../x', 'a'.repeat(301), 'ß'.repeat(3000), '🐈'.repeat(200),
  'https://a.example/x', 'http://', 'javascript:1', 'data:,', '\0', 'con', '-'.repeat(1500)];
const NUMBERS = [0, -0, -1, 1, 0.5, 1e30, -1e30, 1e308, 2 ** 31, 2 ** 32, 2 ** 53, NaN, Infinity, 255, 65_536];

/** Anything that JSON can hold. @param {Random} random @param {number} [depth] @returns {any} */
function anything({ upTo, one }, depth = 0) {
  switch (upTo(depth > 3 ? 5 : 8)) {
    case 0: return null;
    case 1: return upTo(2) === 0;
    case 2: return one(NUMBERS);
    case 3: return one(STRINGS);
    case 4: return upTo(1000);
    case 5: return Array.from({ length: upTo(6) }, () => anything({ upTo, one }, depth + 1));
    case 6: return Object.fromEntries(Array.from({ length: upTo(4) }, () => [one(STRINGS), anything({ upTo, one }, depth + 1)]));
    // Nested too deeply for whoever reads it by calling itself.
    default: return Array.from({ length: 3000 }).reduce((inner) => [inner], 1);
  }
}

/** Changes some place of what JSON holds. @param {any} value @param {Random} random */
function change(value, random) {
  const { upTo, one } = random;
  /** @type {{ holder: any, key: any }[]} */
  const places = [];
  const visit = (/** @type {any} */ holder) => Object.keys(holder).forEach((key) => {
    places.push({ holder, key });
    if (holder[key] && typeof holder[key] === 'object') visit(holder[key]);
  });
  visit(value);
  for (let count = upTo(3); count >= 0; count--) {
    const { holder, key } = one(places) ?? {};
    if (!holder) return;
    const kind = upTo(6);
    if (kind === 0) delete holder[key];
    else if (kind === 1 && Array.isArray(holder)) holder.push(...Array.from({ length: 1 + upTo(300) }, () => holder[upTo(holder.length)]));
    else if (kind === 2 && typeof holder[key] === 'string') holder[key] = damagedText(holder[key], random);
    else if (kind === 3 && typeof holder[key] === 'number') holder[key] = one(NUMBERS);
    else holder[key] = anything(random);
  }
}

/** @param {string} text @param {Random} random */
function damagedText(text, { upTo, one }) {
  const at = upTo(text.length + 1);
  return text.slice(0, at) + one([...STRINGS, 'A', '*', '']) + text.slice(at + upTo(4));
}

/** @param {Buffer} bytes @param {Random} random */
function damaged(bytes, { upTo }) {
  let changed = Buffer.from(bytes);
  for (let count = upTo(5); count >= 0 && changed.length > 0; count--) {
    // The list of files stands at the end.
    const at = upTo(2) === 0 ? Math.max(0, changed.length - 1 - upTo(400)) : upTo(changed.length);
    const kind = upTo(6);
    if (kind === 0) changed = changed.subarray(0, at);
    else if (kind === 1) changed = Buffer.concat([changed.subarray(0, at), changed.subarray(at + upTo(32))]);
    else if (kind === 2) changed = Buffer.concat([changed.subarray(0, at), changed.subarray(at, at + upTo(200)), changed.subarray(at)]);
    else if (kind === 3) changed.fill(0xff, at, Math.min(changed.length, at + 4));
    else changed[at] = upTo(256);
  }
  return changed;
}

/** What a finding is used for once it is read. @param {import('../www/share/finding.js').Finding} finding */
function use(finding) {
  captionOf(finding);
  assert.deepEqual(fromFragment(toFragment(finding)), finding);
  new Resolver(finding).sources(/** @type {any} */ ({ offeredModels: [{ name: 'squeezenet1.1' }], photos: [] }));
}

/** @type {((random: Random) => Promise<void> | void)[]} */
const KINDS = [
  function link(random) {
    const packed = JSON.parse(JSON.stringify(FINDING.pack(/** @type {any} */ (random.one(Object.values(samples))))));
    change(packed, random);
    use(fromFragment(seal(JSON.stringify(packed))));
  },
  function fragment(random) {
    use(fromFragment(damagedText(toFragment(/** @type {any} */ (random.one(Object.values(samples)))), random)));
  },
  function finding(random) {
    const changed = JSON.parse(JSON.stringify(random.one(Object.values(samples))));
    change(changed, random);
    use(fromFragment(toFragment(changed)));
  },
  async function snapshot(random) {
    const parts = await entries(recorded());
    const part = random.one(parts.slice(0, 3));
    const json = JSON.parse(part.content);
    change(json, random);
    part.content = JSON.stringify(json);
    if (random.upTo(4) === 0) part.path = random.one(STRINGS) || 'x';
    const { finding: read } = await readSnapshot(zip(parts));
    use(read);
  },
  async function packed(random) {
    const whole = Buffer.from(await zip(await entries(recorded())).arrayBuffer());
    const file = new File([damaged(whole, random)], 'cat.featurescope.zip');
    await isSnapshot(file);
    await readSnapshot(file);
  },
  async function archive(random) {
    const paths = ['cat/1.jpg', 'cat/2.png', 'dog/a.webp', '../x.png', 'C:\\x.png', `${'deep/'.repeat(200)}x.png`, '__proto__/x.png', '\ufffd/ä.jpg', ...STRINGS.map((name) => `${name}/p.jpg`)];
    const parts = Array.from({ length: 1 + random.upTo(6) }, () => ({
      path: random.one(paths), content: Buffer.alloc(random.upTo(3000), random.upTo(256)), stored: random.upTo(2) === 0, long: random.upTo(6) === 0,
      ...(random.upTo(6) === 0 ? { size: random.one([0, 1, 2 ** 31, 2 ** 32 - 1, 10]) } : {}), ...(random.upTo(8) === 0 ? { method: random.upTo(100) } : {}),
    }));
    const whole = Buffer.from(await zip(parts, { comment: random.upTo(4) === 0 ? 'PK\u0005\u0006' : '', long: random.upTo(5) === 0 }).arrayBuffer());
    const files = await unpack(new File([random.upTo(2) === 0 ? whole : damaged(whole, random)], 'a.zip'));
    for (const { name } of classesOf(files)) assert.ok(fitting(name).length <= 300);
  },
  function card(random) {
    const json = { title: 'SqueezeNet', labels: ['tench', 'goldfish'], output: 'softmax' };
    change(json, random);
    validateCard(/** @type {any} */ (json));
  },
  function table(random) {
    for (const row of cells([{ [random.one(STRINGS)]: random.one([...STRINGS, ...NUMBERS]) }])) {
      for (const text of Object.entries(row).flat()) assert.ok(typeof text === 'number' || !/^[=+@\t\r]/.test(String(text)), String(text));
    }
  },
];

/** Runs one case; ours are the only errors that may come of it. @param {number} seed @param {number} number */
async function run(seed, number) {
  const random = randomOf(seed, number);
  try {
    await random.one(KINDS)(random);
    return 'read';
  } catch (error) {
    if (!(error instanceof FeaturescopeError)) throw error;
    assert.ok(error.message.trim().length > 10, `an error of the kind ${error.code} says nothing`);
    return error.code;
  }
}

const option = (/** @type {string} */ name) => {
  const place = process.argv.indexOf(name);
  return place < 0 ? undefined : Number(process.argv[place + 1]);
};
const seed = option('--seed') ?? SEED;
const only = option('--case');
const from = option('--from');
if (only !== undefined) console.log(await run(seed, only));
else if (from !== undefined) {
  for (let number = from; ; number++) {
    process.stdout.write(`${number}\n`);
    process.stdout.write(`${number} ${await run(seed, number)}\n`);
    // So that what was written leaves the process.
    if (number % 16 === 0) await new Promise((resolve) => setImmediate(resolve));
  }
} else process.exitCode = await watch(option('--seconds') ?? 30);

/** The time that a process has had on a processor, in milliseconds, as Linux tells it in hundredths of a second. @param {number | undefined} id */
function processorTime(id) {
  try {
    const fields = readFileSync(`/proc/${id}/stat`, 'utf8').split(') ')[1].split(' ');
    return 10 * (Number(fields[11]) + Number(fields[12]));
  } catch {
    return null;
  }
}

/** @param {number} seconds */
async function watch(seconds) {
  const end = Date.now() + seconds * 1000;
  /** @type {Map<string, number>} */
  const outcomes = new Map();
  let [first, failed, done] = [0, 0, 0];
  while (Date.now() < end) {
    const child = spawn(process.execPath, [...process.execArgv, `--max-old-space-size=${MOST_MEMORY}`, fileURLToPath(import.meta.url), '--seed', String(seed), '--from', String(first)]);
    let words = '';
    child.stderr.on('data', (text) => {
      words = (words + text).slice(0, 2000);
    });
    const why = await new Promise((resolve) => {
      // Until the first case has begun everything is loaded.
      let begun = { at: Date.now(), time: 0, started: false };
      const late = setInterval(() => {
        const waited = Date.now() - begun.at;
        const time = processorTime(child.pid);
        if (waited > MOST_WAITING || (begun.started && waited > MOST_TIME && (time === null || time - begun.time > MOST_TIME))) resolve(`no answer for ${waited / 1000} s`);
      }, 500);
      createInterface({ input: child.stdout }).on('line', (line) => {
        begun = { at: Date.now(), time: processorTime(child.pid) ?? 0, started: true };
        const [number, outcome] = line.split(' ');
        first = Number(number);
        if (outcome) {
          done += 1;
          outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
        }
        if (Date.now() > end) resolve(null);
      });
      child.on('exit', () => resolve(words));
      child.on('close', () => clearInterval(late));
    });
    child.kill('SIGKILL');
    if (why === null) break;
    failed += 1;
    console.log(`case ${first} of seed ${seed} failed: ${why}`);
    first += 1;
  }
  console.log([...outcomes].map(([outcome, count]) => `${outcome}: ${count}`).join(', '));
  console.log(`${done} passed, ${failed} failed`);
  return failed > 0 ? 1 : 0;
}
