// Parts of the page that are missing or are something else, and frames and browsers that forbid what it needs: a sentence, and never a
// page that goes on "loading".

import { createServer } from 'node:http';
import { readFileSync } from 'node:fs';

import { expect, test, waitUntilReady } from './fixtures.mjs';
import { samples } from '../share/samples.js';
import { startSite } from './site.mjs';

/** What a host sends for a file that it does not have. */
const NOT_FOUND = { status: 404, contentType: 'text/html', body: '<!doctype html><title>404</title>' };
/** What some send instead. */
const A_PAGE = { status: 200, contentType: 'text/html', body: '<!doctype html><title>Welcome</title>' };

const FAILED = /Failed to load|net::ERR|status of 404|MIME type|Unexpected token|SyntaxError|Content Security Policy|preload/;

test.beforeEach(({ expectedErrors }) => {
  expectedErrors.push(FAILED);
});

for (const folder of ['photos/classes', 'maps']) {
  test(`recorded pictures below models/${folder} cannot be had: the card asks instead of showing nothing`, { tag: '@page' }, async ({ page }) => {
    await page.route(new RegExp(`/models/${folder}/.*[.]webp`), (route) => route.fulfill(NOT_FOUND));
    await page.goto('?engine=cpu');
    await waitUntilReady(page);
    const evidence = page.locator('#card .evidence');
    await expect(evidence.getByRole('button', { name: 'Find it in the other photos' })).toBeVisible();
    await expect(evidence.getByText('Draw it')).toBeVisible();
    await expect(evidence.locator('.evidence-places canvas:visible, .evidence-drawing :is(img, canvas):visible')).toHaveCount(0);
    await evidence.getByRole('button', { name: 'Find it in the other photos' }).click();
    await expect(evidence.locator('.evidence-places canvas').first()).toBeVisible({ timeout: 60_000 });
  });
}

const WRONG = [['missing', NOT_FOUND], ['a page', A_PAGE]];

// A page waits eight seconds before it says that it has not started: all of them wait at once.
test('a script of the page or of an embed that is missing or a page: it says so by itself', { tag: '@page' }, async ({ anotherPage }) => {
  const whole = async (what, answer) => {
    const page = await anotherPage();
    await page.route('**/page/paint.js', (route) => route.fulfill(answer));
    await page.goto('?engine=cpu');
    const said = page.locator('#not-started');
    await expect(said, what).toBeVisible();
    await expect(said, what).toContainText('Featurescope has not started.');
    await expect(said, what).toContainText('Featurescope 还没有启动。');
    await expect(said, what).toContainText('python3 -m http.server');
  };
  const embed = async (what, answer) => {
    const page = await anotherPage();
    await page.route('**/share/embed-still.js', (route) => route.fulfill(answer));
    await page.goto('embed.html');
    await expect(page.locator('#not-started'), what).toBeVisible();
  };
  await Promise.all(WRONG.flatMap(([what, answer]) => [whole(what, answer), embed(`an embed's, ${what}`, answer)]));
});

for (const [what, answer] of WRONG) {
  test(`the engine's worker is ${what}`, { tag: '@page' }, async ({ page }) => {
    await page.route('**/worker/main.js', (route) => route.fulfill(answer));
    await page.goto('?engine=cpu');
    await expect(page.getByRole('alert')).toContainText('The engine’s script (worker/main.js) could not be started.');
    await saysNoEngine(page);
  });

  test(`the engine's wasm is ${what}`, { tag: '@page' }, async ({ page }) => {
    await page.route('**/featurescope_bg.wasm', (route) => route.fulfill(answer));
    await page.goto('?engine=cpu&lang=zh');
    await expect(page.getByRole('alert')).toContainText(what === 'missing' ? '引擎加载失败' : '引擎文件（featurescope_bg.wasm）不完整');
    await saysNoEngine(page, '没有启动');
  });

  test(`the list of models and photos is ${what}`, { tag: '@page' }, async ({ page }) => {
    await page.route('**/models/index.json', (route) => route.fulfill(answer));
    await page.goto('?engine=cpu');
    await expect(page.getByRole('alert')).toContainText('The list of models and photos could not be read.');
    // The engine starts all the same, and a photo of the visitor's own can be looked at.
    await expect(page.locator('#engine-badge')).toHaveAttribute('data-engine', 'rten');
    await expect(page.getByRole('alert')).toContainText('The list of models and photos could not be read.');
    await page.locator('#image-input').setInputFiles({ name: 'coffee.jpg', mimeType: 'image/jpeg', buffer: readFileSync(new URL('../../models/photos/coffee.jpg', import.meta.url)) });
    await expect(page.getByTestId('prediction').first()).toHaveAttribute('data-index', '967');
  });
}

test('the engine\'s wasm is cut', { tag: '@page' }, async ({ page }) => {
  await page.route('**/featurescope_bg.wasm', async (route) => {
    const response = await route.fetch();
    await route.fulfill({ response, headers: { 'Content-Type': 'application/wasm' }, body: (await response.body()).subarray(0, 100_000) });
  });
  await page.goto('?engine=cpu');
  await expect(page.getByRole('alert')).toContainText('The engine’s file (featurescope_bg.wasm) arrived incomplete');
  await saysNoEngine(page);
});

for (const [what, answer, said] of [
  ['missing', NOT_FOUND, 'The engine could not be loaded.'],
  ['a page', A_PAGE, 'The engine’s file (featurescope_later.wasm) arrived incomplete'],
]) {
  test(`the second part of the engine is ${what}: what was seen stays, and it works when the file is there again`, { tag: '@page' }, async ({ page }) => {
    await page.route('**/featurescope_later.wasm', (route) => route.fulfill(answer));
    await page.goto('?engine=cpu');
    await waitUntilReady(page);
    await page.getByRole('button', { name: 'Look at Coffee cup' }).click();
    await expect(page.getByRole('alert')).toContainText(said);
    await expect(page.getByTestId('prediction').first()).toHaveAttribute('data-index', '285');
    await page.unroute('**/featurescope_later.wasm');
    await page.getByRole('button', { name: 'Look at Coffee cup' }).click();
    await expect(page.getByTestId('prediction').first()).toHaveAttribute('data-index', '967');
    await waitUntilReady(page);
  });
}

test('parts of two versions of the engine never run together', { tag: '@page' }, async ({ page }) => {
  // What a host sends that was given a new version after the first part was loaded.
  await page.route('**/featurescope_later.wasm', async (route) => {
    const response = await route.fetch();
    const body = await response.body();
    const place = body.indexOf('first part of ') + 'first part of '.length;
    body[place] = body[place] === 0x61 ? 0x62 : 0x61;
    await route.fulfill({ response, body });
  });
  await page.goto('?engine=cpu');
  await waitUntilReady(page);
  await page.getByRole('button', { name: 'Look at Coffee cup' }).click();
  await expect(page.getByRole('alert')).toContainText('The engine’s file (featurescope_later.wasm) arrived incomplete, or is another file.');
});

test('WebAssembly is switched off', { tag: '@page' }, async ({ page }) => {
  await page.route('**/worker/inbox.js', async (route) => {
    const response = await route.fetch();
    await route.fulfill({ response, body: `delete globalThis.WebAssembly;\n${await response.text()}` });
  });
  await page.goto('?engine=cpu');
  await expect(page.getByRole('alert')).toContainText('WebAssembly is switched off in this browser');
  await saysNoEngine(page);
});

/** The badge no longer says that it is starting. */
async function saysNoEngine(page, name = 'not started') {
  const badge = page.locator('#engine-badge');
  await expect(badge).toContainText(name);
  await expect(badge).not.toContainText(/starting|still loading|正在/);
  await expect(page.locator('body')).toHaveAttribute('data-state', 'error');
}

/** The page in a frame that may run scripts and nothing else. */
async function openSandboxed(page, site) {
  site.replaced.set('around.html', '<!doctype html><title>Around</title><iframe sandbox="allow-scripts" width="900" height="700" src="./?engine=cpu"></iframe>');
  await page.goto(`${site.address}around.html`);
  return page.frameLocator('iframe');
}

test('opened as a file it says that it needs a server, and in a frame with sandbox="allow-scripts", on a host without CORS, what it lacks', { tag: '@page' }, async ({ anotherPage, expectedErrors }) => {
  expectedErrors.push(/CORS|origin|sandbox|Access/i);
  const asFile = async () => {
    const page = await anotherPage();
    await page.goto(new URL('../../dist/index.html', import.meta.url).href);
    await expect(page.locator('#not-started')).toBeVisible();
    await expect(page.locator('#not-started')).toContainText('Browsers run it only from a web server');
  };
  const inFrame = async () => {
    const site = await startSite('/a/b/', {});
    try {
      const frame = await openSandboxed(await anotherPage(), site);
      await expect(frame.locator('#not-started')).toBeVisible();
      await expect(frame.locator('#not-started')).toContainText('allow-same-origin');
    } finally {
      await site.close();
    }
  };
  // Both wait for eight seconds.
  await Promise.all([asFile(), inFrame()]);
});

test('in a frame with sandbox="allow-scripts", on a host with CORS, the recorded look stands, and why there is no more', { tag: '@page' }, async ({ page, expectedErrors }) => {
  expectedErrors.push(/CORS|origin|sandbox|Access/i);
  const site = await startSite('/a/b/', { 'Access-Control-Allow-Origin': '*' });
  try {
    const frame = await openSandboxed(page, site);
    await expect(frame.getByTestId('prediction').first()).toHaveAttribute('data-index', '285');
    await expect(frame.getByRole('alert')).toContainText('lacks “allow-same-origin”');
    await expect(frame.locator('#engine-badge')).toContainText('not started');
  } finally {
    await site.close();
  }
});

test('a typed model address is not passed on to another host unasked, and no host learns of this page', { tag: '@page' }, async ({ openPage }) => {
  const allow = { 'Access-Control-Allow-Origin': '*' };
  const asked = [];
  /** Files that may say something about the model. */
  const beside = [];
  const serve = (name, answer) => new Promise((resolve) => {
    const server = createServer((request, response) => {
      const isModel = request.url === '/model.onnx';
      (isModel ? asked : beside).push([name, request.headers.referer ?? null]);
      if (isModel) answer(response);
      else response.writeHead(404, allow).end();
    });
    server.listen(0, '127.0.0.1', () => resolve({ server, host: `127.0.0.1:${server.address().port}` }));
  });
  const model = readFileSync(new URL('../architectures/squeezenet.onnx', import.meta.url));
  const last = await serve('last', (response) => response.writeHead(200, allow).end(model));
  const first = await serve('first', (response) => response.writeHead(302, { ...allow, Location: `http://${last.host}/model.onnx` }).end());
  const page = await openPage();
  const open = async () => {
    await page.evaluate((address) => {
      globalThis.featurescope.openModel(address, null);
    }, `http://${first.host}/model.onnx`);
    return page.getByRole('dialog');
  };
  let dialog = await open();
  await expect(dialog).toContainText(`${first.host} does not answer with the file itself`);
  expect(asked.map(([name]) => name)).toEqual(['first']);
  await dialog.getByRole('button', { name: 'Do not load' }).click();
  await expect(page.locator('body')).toHaveAttribute('data-state', /ready|error/);
  expect(asked.map(([name]) => name)).toEqual(['first']);
  dialog = await open();
  await dialog.getByRole('button', { name: 'Load', exact: true }).click();
  await expect(page.locator('#progress')).toContainText(`${first.host} passed the request on: the model came from ${last.host}.`);
  await waitUntilReady(page);
  expect(asked).toEqual([['first', null], ['first', null], ['first', null], ['last', null]]);
  // What may lie beside the model is asked of its own host alone, and not before the model itself is there.
  expect(beside).toEqual([['first', null], ['first', null]]);
  for (const { server } of [first, last]) server.close();
});

test('equal errors are one alert with their number, and are dismissed together', { tag: '@page' }, async ({ openPage }) => {
  const page = await openPage();
  const files = Array.from({ length: 12 }, (_, place) => ({ name: `note ${String(place).padStart(2, '0')}.jpg`, mimeType: 'image/jpeg', buffer: Buffer.from('no photo at all') }));
  await page.locator('#image-input').setInputFiles(files);
  const alert = page.getByRole('alert');
  await expect(alert).toHaveText(/^note 00\.jpg, note 01\.jpg, note 02\.jpg and 9 more: This is a text file, not a picture/);
  await expect(alert).toHaveCount(1);
  await alert.getByRole('button').click();
  await expect(alert).toHaveCount(0);
});

test('a Grad-CAM that fails says so once and is not asked again by itself', { tag: '@page' }, async ({ openPage }) => {
  const page = await openPage();
  // Which operators have a gradient is the engine's own; here the look itself says no.
  await page.evaluate(() => {
    globalThis.asked = 0;
    const { look } = globalThis.featurescope.state;
    look.cam = async () => {
      globalThis.asked += 1;
      throw new Error('nothing to be had');
    };
  });
  await page.locator('#card').getByText('Why this class?').click();
  await expect(page.getByRole('alert')).toContainText('nothing to be had');
  for (let time = 0; time < 5; time++) await page.evaluate(() => globalThis.featurescope.set({ topCount: 60 }));
  await page.waitForTimeout(1000);
  expect(await page.evaluate(() => globalThis.asked)).toBe(1);
  await expect(page.getByRole('alert')).toHaveCount(1);
});

test('a link with a bad picture inside does not stay “being computed”', { tag: '@page' }, async ({ page, openPage }) => {
  await openPage();
  const pictures = { 'not base64url': 'A', 'no picture': 'AAAA' };
  for (const [what, data] of Object.entries(pictures)) {
    const finding = { ...samples.look, images: [{ kind: 'inline', name: `${what}.webp`, type: 'image/webp', data, erased: [] }] };
    const fragment = await page.evaluate(async (json) => {
      const { FINDING } = await import('./share/finding.js');
      const { seal } = await import('./share/link.js');
      return seal(JSON.stringify(FINDING.pack(json)));
    }, finding);
    await page.evaluate((hash) => {
      location.hash = hash;
    }, fragment);
    await expect(page.getByTestId('finding'), what).toHaveAttribute('data-state', 'failed');
    await expect(page.getByRole('alert').first()).toBeVisible();
    await page.getByTestId('finding').getByRole('button', { name: 'Close' }).click();
  }
});

test('class names and labels of any length can be shared', { tag: '@page' }, async ({ openPage }) => {
  const page = await openPage();
  const coffee = readFileSync(new URL('../../models/photos/coffee.jpg', import.meta.url));
  const found = await page.evaluate(async ({ name, label }) => {
    const { Collection } = await import('./classes/collection.js');
    const collection = new Collection();
    collection.add(name);
    const { lookClaim } = await import('./share/claim.js');
    const claim = lookClaim({ ...globalThis.featurescope.state.look, top: () => [], predictions: [{ index: 0, label, probability: 1 }] });
    return [collection.columns[0].name.length, claim.predictions[0].label.length];
  }, { name: 'n'.repeat(5000), label: 'l'.repeat(3000) });
  expect(found).toEqual([300, 300]);
  const card = { labels: Array.from({ length: 1000 }, (_, index) => `${index} ${'l'.repeat(3000)}`), recipe: { size: 227 }, output: 'softmax' };
  await page.locator('#model-input').setInputFiles([
    { name: 'own.onnx', mimeType: '', buffer: readFileSync(new URL('../../models/squeezenet1.1.onnx', import.meta.url)) },
    { name: 'own.json', mimeType: 'application/json', buffer: Buffer.from(JSON.stringify(card)) },
  ]);
  await waitUntilReady(page);
  await page.locator('#image-input').setInputFiles({ name: `${'p'.repeat(400)}.jpg`, mimeType: 'image/jpeg', buffer: coffee });
  await waitUntilReady(page);
  await page.locator('#share-button').click();
  await expect(page.locator('#share-link')).toHaveValue(/#1/);
  const section = page.getByTestId('share-snapshot');
  await section.locator('summary').click();
  const download = page.waitForEvent('download');
  await section.getByRole('button', { name: 'Save the snapshot' }).click();
  expect((await download).suggestedFilename()).toContain('.zip');
});
