// The engine is lost while the page goes back to what was found before: whoever asked waits until the one that takes its place has
// looked, since what comes next reads that look.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { FeaturescopeError } from '../../www/api/errors.js';
import { createSession } from '../../www/page/session/session.js';
import { createState } from '../../www/page/state.js';

/** What the page needs of a look at two maps. */
function lookAt() {
  return {
    layer: 'conv', width: 1, height: 1, channels: 2, signed: false, layerScale: 1, live: 2, predictions: [],
    means: Float32Array.of(1, 2),
    top: () => [{ map: 1, mean: 2, rank: 1 }],
    close: () => {},
  };
}

/** An engine whose models look as told. */
class Lost {
  engine = { name: 'rten', device: 'cpu' };
  /** @type {(error: FeaturescopeError) => void} */
  lose = () => {};
  lost = new Promise((resolve) => { this.lose = resolve; });

  /** @param {(scope: Lost) => Promise<any>} look */
  constructor(look) {
    this.look = look;
  }

  /** What models were opened with. */
  asked = [];
  /** What is known of their pixels. */
  known = {};

  async open(source, options) {
    const { engine } = this;
    this.asked.push(options);
    return {
      title: String(source), labels: [], recipes: [], recipe: {}, layers: [], bytes: 1, engine,
      takes: { beside: [], bands: [], slices: 1 }, told: { recipeFrom: null, labelsFrom: null, notTwice: false, unread: [], unfit: null },
      ...this.known,
      setRecipe: async () => {}, setOutput: async () => {}, close: () => {},
      look: () => this.look(this),
    };
  }

  async colormap() { return new Uint8Array(4); }
  async memory() { return { wasmBytes: 0 }; }
  async thumbnail() { return { bitmap: { width: 1, height: 1 }, width: 1, height: 1 }; }
  async settled() {}
  close() {}
}

/** A session whose engines look as told, one after the other. @param {((scope: Lost) => Promise<any>)[]} ways */
function sessionOf(ways) {
  const state = { ...createState(), photos: [{ id: 1, name: 'a.png', source: new Blob(), strokes: [] }], photo: 1 };
  const scopes = [];
  const createScope = async () => {
    const scope = new Lost(ways[Math.min(scopes.length, ways.length - 1)]);
    scopes.push(scope);
    return scope;
  };
  const session = createSession({ state, set: () => {} }, createScope);
  return { session, scopes };
}

const later = () => new Promise((resolve) => setTimeout(resolve, 20));
/** It looks, after a while. */
const well = async () => (await later(), lookAt());
/** The worker ends: what it was asked fails first, as the page's messenger has it, and its end is told after that. */
const ending = (told) => async (scope) => {
  const error = new FeaturescopeError('worker-lost', 'gone');
  told(() => scope.lose(error));
  throw error;
};
const atOnce = ending((lose) => lose());
const laterOn = ending((lose) => setTimeout(lose, 20));
const device = async () => {
  throw new FeaturescopeError('device-lost', 'gone');
};
const ORDERS = [['told at once', [atOnce, well]], ['told later', [laterOn, well]], ['lost twice', [laterOn, atOnce, well]], ['the device', [device, well]]];

for (const [name, ways] of /** @type {[string, any[]][]} */ (ORDERS)) {
  test(`what was found before is there when it is said to be: ${name}`, async () => {
    const { session, scopes } = sessionOf(ways);
    await session.restore({ source: 'net', offered: 'net', recipe: null }, { layer: null, photo: 1 });
    assert.ok(session.state.look, 'a look is there');
    assert.equal(scopes.length, ways.length);
    assert.equal(session.recovery, null);
  });

  test(`the same for a model that is open: ${name}`, async () => {
    let count = 0;
    const [first, ...rest] = ways;
    const { session } = sessionOf([(scope) => (count++ === 0 ? well() : first(scope)), ...rest]);
    await session.restore({ source: 'net', offered: 'net', recipe: null }, { layer: null, photo: 1 });
    session.set({ look: null });
    await session.restore({ source: 'net', offered: 'net', recipe: null }, { layer: null, photo: 1 });
    assert.ok(session.state.look, 'a look is there');
  });
}

test('after four losses the page gives up, and whoever waits goes on', async () => {
  const { session, scopes } = sessionOf([atOnce]);
  await session.restore({ source: 'net', offered: 'net', recipe: null }, { layer: null, photo: 1 });
  assert.equal(session.state.look, null);
  assert.equal(scopes.length, 5);
  assert.equal(session.state.errors.length, 1);
});

/** What a model is opened with again when its classes are named. @param {object} known of its recipe */
async function openedAgain(known) {
  const { session, scopes } = sessionOf([well]);
  await session.restore({ source: 'https://example.org/net.onnx', offered: null, recipe: null }, { layer: null, photo: 1 });
  scopes[0].known = { recipe: { size: 24 }, recipes: [{ name: 'a', recipe: { size: 24 } }], classes: 2, ...known };
  await session.openModel('https://example.org/other.onnx', null);
  scopes[0].known.labels = ['crow', 'owl'];
  await session.sayOfModel({ labels: ['crow', 'owl'] });
  const { recipe, card } = scopes[0].asked.at(-1);
  return { recipe, card };
}

test('names that come later leave the recipe where it was found', async () => {
  assert.deepEqual(await openedAgain({ recipeIsKnown: true }), { recipe: undefined, card: { labels: ['crow', 'owl'] } });
});

test('a guess, which takes many runs, is not made again for names that come later', async () => {
  assert.deepEqual(await openedAgain({ recipeIsKnown: false }), { recipe: { size: 24 }, card: { labels: ['crow', 'owl'] } });
});
