// Snapshot, lesson and embed: what one visitor makes, another opens.

import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import AxeBuilder from '@axe-core/playwright';
import { unzipSync } from 'fflate';

import { zip } from '../page/zip.js';
import { entries, recorded } from '../share/recorded.js';
import { arePictures, drawInFewSteps, expect, question, test, waitUntilReady } from './fixtures.mjs';

const photo = readFileSync(new URL('../../models/photos/chelsea.webp', import.meta.url));

/** What a press makes the page save. */
async function download(page, press, path) {
  const [saved] = await Promise.all([page.waitForEvent('download'), press()]);
  await saved.saveAs(path);
  return path;
}

/** The panel, with one of its sections unfolded. */
async function openSection(page, testid) {
  await page.getByRole('button', { name: 'Share' }).click();
  const section = page.getByTestId(testid);
  await section.locator('summary').click();
  return section;
}

async function saveSnapshot(page, path, { withModel = false } = {}) {
  const section = await openSection(page, 'share-snapshot');
  if (withModel) await section.getByRole('checkbox').check();
  return download(page, () => section.getByRole('button', { name: 'Save the snapshot' }).click(), path);
}

/** The files of an archive by their path. */
function unzipped(archive) {
  return Object.fromEntries(Object.entries(unzipSync(archive)).map(([path, bytes]) => [path, Buffer.from(bytes)]));
}

/** The same archive with other JSON in some of its files. */
async function rezipped(content, changed) {
  const json = Object.fromEntries(Object.entries(changed).map(([path, value]) => [path, Buffer.from(JSON.stringify(value))]));
  return Buffer.from(await zip(Object.entries({ ...content, ...json }).map(([path, bytes]) => ({ path, content: bytes }))).arrayBuffer());
}

/** Map numbers and means of the first tiles on the page. */
function tiles(page, selector) {
  return page.locator(selector).evaluateAll((all) => all.slice(0, 10).map(({ dataset }) => [Number(dataset.map), Number(dataset.mean)]));
}

/** A server of files given as bodies by path, on a port of its own. */
async function serve(files) {
  const server = createServer((request, response) => {
    const body = files[new URL(request.url, 'http://localhost').pathname];
    response.writeHead(body === undefined ? 404 : 200, { 'Access-Control-Allow-Origin': '*', 'Content-Type': request.url.endsWith('.html') ? 'text/html' : 'application/octet-stream' });
    response.end(body);
  });
  await new Promise((resolve) => server.listen(0, resolve));
  return { origin: `http://localhost:${server.address().port}`, close: () => server.close() };
}

test('a snapshot opens without WebGPU, WebAssembly or any request but for itself, with the same numbers @page', async ({ openPage, browser, baseURL }, info) => {
  const page = await openPage();
  const live = await tiles(page, '[data-testid=map-tile]');
  const path = await saveSnapshot(page, info.outputPath('cat.featurescope.zip'));
  const predictions = await page.getByTestId('prediction').evaluateAll((all) => all.slice(0, 3).map(({ dataset }) => Number(dataset.probability)));

  const context = await browser.newContext();
  await context.addInitScript(() => {
    delete globalThis.WebAssembly;
    Object.defineProperty(Navigator.prototype, 'gpu', { value: undefined });
  });
  const other = await context.newPage();
  const asked = [];
  other.on('request', (request) => asked.push(request.url()));
  const errors = [];
  other.on('pageerror', (error) => errors.push(error.message));
  await other.route('**/shared.featurescope.zip', (route) => route.fulfill({ path }));
  await other.goto(`${baseURL}?open=shared.featurescope.zip`);
  await expect(other.getByTestId('recorded')).toBeVisible();
  expect(await tiles(other, '[data-testid=recorded] [data-map]')).toEqual(live);
  await expect(other.locator('.recorded-predictions li b').first()).toHaveText(`${Number((predictions[0] * 100).toFixed(1))}%`);
  await arePictures(other.locator('[data-testid=recorded] img'));
  expect(await other.evaluate(() => [typeof globalThis.WebAssembly, navigator.gpu])).toEqual(['undefined', undefined]);
  expect(asked.filter((url) => /\/engine\/(cpu|gpu)\/|\.onnx|\/worker\//.test(url))).toEqual([]);
  expect(errors).toEqual([]);
  await context.close();
});

test('a snapshot with its model is computed again from a drop, agrees, and can be gone on with', async ({ openPage, page }, info) => {
  await openPage();
  const live = await tiles(page, '[data-testid=map-tile]');
  const path = await saveSnapshot(page, info.outputPath('cat.featurescope.zip'), { withModel: true });
  await page.keyboard.press('Escape');
  await page.evaluate(() => globalThis.featurescope.choosePhoto(globalThis.featurescope.state.photos[1].id));
  await waitUntilReady(page);
  await page.locator('#image-input').setInputFiles(path);
  await expect(page.getByTestId('recorded')).toBeVisible();
  await page.getByRole('button', { name: 'Compute it here' }).click();
  await expect(page.getByTestId('comparison')).toHaveAttribute('data-same', 'true');
  await expect(page.getByTestId('comparison')).toContainText('all 512 maps agree');
  await page.getByRole('button', { name: 'Continue in the page' }).click();
  await expect(page.getByTestId('recorded')).toHaveCount(0);
  await expect.poll(async () => (await tiles(page, '[data-testid=map-tile]')).map(([map]) => map)).toEqual(live.map(([map]) => map));
});

test('data files of one name in several folders stay apart in a snapshot with the model', { tag: '@page' }, async ({ openPage }, info) => {
  const page = await openPage();
  const folder = fileURLToPath(new URL('../cases/X-subdirs-same-name/', import.meta.url));
  const places = ['model.onnx', ...['layer0', 'layer2', 'layer4', 'layer6'].map((layer) => `${layer}/weight.bin`)];
  const given = places.map((place) => [`net/${place}`, readFileSync(`${folder}${place}`).toString('base64')]);
  await page.evaluate(async (given) => {
    const { droppedPaths } = await import(new URL('files/file-kinds.js', document.baseURI).href);
    const files = given.map(([place, content]) => {
      const file = new File([Uint8Array.from(atob(content), (letter) => letter.charCodeAt(0))], place.split('/').at(-1));
      droppedPaths.set(file, place);
      return file;
    });
    await globalThis.featurescope.openModel(files, null);
  }, given);
  await waitUntilReady(page);
  const live = await tiles(page, '[data-testid=map-tile]');
  const path = await saveSnapshot(page, info.outputPath('folders.featurescope.zip'), { withModel: true });
  const { model } = JSON.parse(unzipped(readFileSync(path))['record.json']);
  expect(model.parts).toHaveLength(4);
  expect(new Set(model.parts).size).toBe(4);
  await page.reload();
  await waitUntilReady(page);
  await page.locator('#image-input').setInputFiles(path);
  await page.getByRole('button', { name: 'Compute it here' }).click();
  await expect(page.getByTestId('comparison')).toHaveAttribute('data-same', 'true');
  await page.getByRole('button', { name: 'Continue in the page' }).click();
  await expect(page.getByTestId('recorded')).toHaveCount(0);
  await waitUntilReady(page);
  await expect.poll(async () => await tiles(page, '[data-testid=map-tile]')).toEqual(live);
});

test('where the numbers are others than those recorded, it says which @page', async ({ openPage, page }) => {
  await openPage();
  const what = recorded({ picture: photo });
  what.record.means = Array.from({ length: 512 }, (_, map) => (map === 7 ? 3 : 0));
  const buffer = Buffer.from(await zip(await entries(what)).arrayBuffer());
  await page.locator('#image-input').setInputFiles({ name: 'x.featurescope.zip', mimeType: 'application/zip', buffer });
  await page.getByRole('button', { name: 'Compute it here' }).click();
  await expect(page.getByTestId('comparison')).toHaveAttribute('data-same', 'false');
  await expect(page.getByTestId('comparison')).toContainText('Map 426: recorded 0, here 49');
  // What the record says of classes is not a matter of one picture.
  await expect(page.getByTestId('not-recomputed')).toContainText('Not computed again: Classes');
  await page.getByRole('button', { name: 'Continue in the page' }).click();
  await expect(page.getByTestId('snapshot-message')).toContainText('not as in the snapshot');
});

for (const policy of ['under the policy', 'without the policy']) {
  test(`markup in a snapshot is only text, ${policy}`, { tag: '@page' }, async ({ openPage, page }) => {
    if (policy === 'without the policy') {
      await page.route((url) => url.pathname.endsWith('/'), async (route) => {
        const response = await route.fetch();
        await route.fulfill({ response, body: (await response.text()).replace(/<meta http-equiv="Content-Security-Policy"[^>]*>/, '') });
      });
    }
    await openPage();
    await page.evaluate(() => (globalThis.ran = false));
    const markup = '"><img src=x onerror="globalThis.ran=true"><script>globalThis.ran=true</script>';
    const what = recorded({ caption: markup, label: markup, name: markup, picture: photo });
    for (const path of what.files.keys()) what.files.set(path, new Blob([photo], { type: 'image/webp' }));
    // A drawing that is a program.
    const svg = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9" onload="parent.ran=true"><script>parent.ran=true</script></svg>';
    what.record.figures.push({ kind: 'picture', title: markup, caption: markup, path: 'plots/a.svg', alt: markup, width: 9, height: 9 });
    what.files.set('plots/a.svg', new Blob([svg]));
    const buffer = Buffer.from(await zip(await entries(what)).arrayBuffer());
    await page.locator('#image-input').setInputFiles({ name: `${markup.replaceAll('/', '')}.featurescope.zip`, mimeType: 'application/zip', buffer });
    await expect(page.getByTestId('recorded').locator('h2')).toHaveText(markup);
    expect(await page.getByTestId('recorded').locator('script, [onerror], [onload]').count()).toBe(0);
    await page.waitForTimeout(300);
    expect(await page.evaluate(() => globalThis.ran)).toBe(false);
    await page.getByRole('button', { name: 'Close the snapshot' }).click();
  });
}

/** A page's address without its policy. */
const withoutPolicy = async (route) => {
  const response = await route.fetch();
  await route.fulfill({ response, body: (await response.text()).replace(/<meta http-equiv="Content-Security-Policy"[^>]*>/, '') });
};

for (const policy of ['under the policy', 'without the policy']) {
  test(`markup in what an embed shows is only text, ${policy}`, { tag: '@page' }, async ({ page, engine, baseURL }) => {
    const bare = policy === 'without the policy';
    if (bare) await page.route((url) => url.pathname.endsWith('/embed.html'), withoutPolicy);
    const markup = '"><img src=x onerror="globalThis.ran=true"><script>globalThis.ran=true</script>';
    const what = recorded({ caption: markup, label: markup, name: markup, picture: photo });
    for (const path of what.files.keys()) what.files.set(path, new Blob([photo], { type: 'image/webp' }));
    what.finding.view.openMap = null;
    what.card.labels = Array.from({ length: 1000 }, (_, index) => `${markup} ${index}`);
    what.record.model.path = 'model/net.onnx';
    // Somebody's own model, whose card is the snapshot's.
    what.finding.model = { kind: 'file', name: markup, sha256: 'b'.repeat(64), bytes: 1, parts: [] };
    what.files.set('model/net.onnx', new Blob([readFileSync(new URL('../../models/squeezenet1.1.onnx', import.meta.url))]));
    // The strongest maps and what else the still may show, the predictions.
    const [picture, maps, predictions] = what.record.figures;
    const bodies = [];
    for (const figures of [[picture, maps], [picture, predictions]]) bodies.push(Buffer.from(await zip(await entries({ ...what, record: { ...what.record, figures: figures.map((figure) => ({ ...figure, title: markup })) } })).arrayBuffer()));
    const { findings } = JSON.parse(readFileSync(new URL('../share/hostile.json', import.meta.url), 'utf8'));
    await page.route('**/hostile-*.zip', (route) => route.fulfill({ body: bodies[Number(/hostile-(\d)/.exec(route.request().url())[1])] }));
    const quiet = async (what) => {
      await page.waitForTimeout(200);
      expect(await page.evaluate(() => [globalThis.ran, globalThis.pwned].filter((value) => value !== undefined)), what).toEqual([]);
      expect(await page.locator('#embed').locator('script, iframe, [onerror], [onload], img[src=x]').count(), what).toBe(0);
      expect(await page.locator('meta[http-equiv="Content-Security-Policy"]').count()).toBe(bare ? 0 : 1);
    };
    for (const place of [0, 1]) {
      await page.goto(`embed.html?engine=${engine}&open=hostile-${place}.zip`);
      await page.getByRole('button', { name: 'Load the figure' }).click();
      await expect(page.locator('#embed h3').first()).toHaveText(markup);
      await quiet(`snapshot ${place}`);
      await page.getByRole('button', { name: 'Run it here' }).click();
      await expect(page.getByTestId('live-figure').getByText(`${markup} `).first()).toBeVisible();
      await quiet(`live ${place}`);
    }
    const links = await page.evaluate(async (all) => {
      const { toFragment } = await import(new URL('share/link.js', location.href.replace(/\?.*/, '')).href);
      return all.map(toFragment);
    }, findings);
    for (const [place, link] of links.entries()) {
      await page.goto('about:blank');
      await page.goto(`${baseURL}embed.html?engine=${engine}${link}`);
      await expect(page.getByTestId('claim-numbers')).toBeVisible();
      await page.getByTestId('claim-numbers').locator('summary').click();
      await quiet(`link ${place}`);
    }
    // What is no address of anything is not shown as anything else either.
    await page.goto(`embed.html?open=${encodeURIComponent(`javascript:globalThis.ran=true//${markup}`)}`);
    await expect(page.getByRole('alert')).toBeVisible();
    await quiet('address');
  });

  test(`markup in a lesson's words, names and labels is only text, ${policy}`, { tag: '@page' }, async ({ openPage, page, browser }, info) => {
    test.setTimeout(240_000);
    const markup = '"><img src=x onerror="globalThis.ran=true"></script><script>globalThis.ran=true</script>';
    await openPage();
    const card = { title: `${markup} model`, labels: Array.from({ length: 1000 }, (_, index) => `${markup} ${index}`), recipe: { size: 227 }, output: 'softmax' };
    await page.locator('#model-input').setInputFiles([
      { name: 'hostile.onnx', mimeType: '', buffer: readFileSync(new URL('../../models/squeezenet1.1.onnx', import.meta.url)) },
      { name: 'hostile.json', mimeType: 'application/json', buffer: Buffer.from(JSON.stringify(card)) },
    ]);
    await waitUntilReady(page);
    await page.locator('#image-input').setInputFiles({ name: '<img src=x onerror="globalThis.ran=true">.webp', mimeType: 'image/webp', buffer: photo });
    await waitUntilReady(page);
    const section = await openSection(page, 'share-lesson');
    await section.getByLabel('Title').fill(markup);
    await section.getByRole('button', { name: 'Add what the page shows now' }).click();
    await expect(section.locator('.lesson-figure')).not.toHaveCount(0);
    for (const [button, field] of [['Heading', 'Heading of the lesson'], ['Paragraph', 'Paragraph of the lesson']]) {
      await section.getByRole('button', { name: button, exact: true }).click();
      await section.getByRole('textbox', { name: field }).last().fill(`${markup} ${button}`);
    }
    await section.getByRole('checkbox').check();
    await expect(section).toContainText('the engine and the model are put into the file');
    // The preview is in the page itself.
    await section.getByRole('button', { name: 'Preview' }).click();
    await expect(section.getByText(`${markup} Paragraph`)).toBeVisible();
    expect(await page.evaluate(() => [globalThis.ran, document.querySelectorAll('#share :is(script, [onerror], img[src=x])').length])).toEqual([undefined, 0]);
    const path = await download(page, () => section.getByRole('button', { name: 'Save the lesson' }).click(), info.outputPath('lesson.html'));
    if (policy === 'without the policy') {
      const html = readFileSync(path, 'utf8');
      const bare = html.replace(/<meta[^>]*Content-Security-Policy[^>]*>/i, '');
      expect(bare.length).toBeLessThan(html.length);
      writeFileSync(path, bare);
    }
    const context = await browser.newContext({ offline: true });
    const lesson = await context.newPage();
    await lesson.goto(`file://${path}`);
    await expect(lesson.locator('h1')).toHaveText(markup);
    await expect(lesson.getByText(`${markup} Paragraph`)).toBeVisible();
    await lesson.getByRole('button', { name: 'Start the network' }).click();
    await expect(lesson.locator('#live')).toHaveAttribute('data-state', 'ready');
    await expect(lesson.locator('#live')).toContainText(markup);
    await lesson.waitForTimeout(200);
    expect(await lesson.evaluate(() => [globalThis.ran, document.querySelectorAll('[onerror], img[src=x]').length])).toEqual([undefined, 0]);
    await context.close();
  });
}

test('what an archive says that is no snapshot, or a hostile one, has a sentence each', { tag: '@page' }, async ({ openPage, page }) => {
  await openPage();
  for (const [files, message] of [
    [[{ path: 'finding.json', content: '{}' }, { path: 'record.json', content: '{}' }, { path: '../up.png', content: 'x' }], /path leads out/],
    [[{ path: 'finding.json', content: Buffer.alloc(64 * 2 ** 20) }, { path: 'record.json', content: '{}' }], /unpacks to more/],
    [[{ path: 'finding.json', content: '{"version":9}' }, { path: 'record.json', content: '{}' }], /newer Featurescope/],
  ]) {
    const bad = Buffer.from(await zip(files).arrayBuffer());
    await page.locator('#image-input').setInputFiles({ name: 'bad.zip', mimeType: 'application/zip', buffer: bad });
    await expect(page.getByRole('alert').last()).toContainText(message);
    await expect(page.getByTestId('recorded')).toHaveCount(0);
  }
});

test('a snapshot of another host is asked about first, and not loaded when refused', { tag: '@page' }, async ({ page, engine }) => {
  let loads = 0;
  await page.route('https://example.org/**', (route) => {
    loads += 1;
    return route.abort();
  });
  await page.goto(`?engine=${engine}&open=${encodeURIComponent('https://example.org/a.featurescope.zip')}`);
  await expect(page.getByRole('heading', { name: /from example\.org/ })).toBeVisible();
  expect(loads).toBe(0);
  await page.getByRole('button', { name: 'Do not load' }).click();
  await waitUntilReady(page);
  expect(loads).toBe(0);
});

test('an embed that nobody has put into a page asks before it loads from another host', { tag: '@page' }, async ({ page, engine }) => {
  const asked = [];
  page.on('request', (request) => {
    if (request.url().includes('example.org/a')) asked.push(request.url());
  });
  const open = encodeURIComponent('https://example.org/a.featurescope.zip');
  for (const address of [`embed.html?engine=${engine}&open=${open}`, `?engine=${engine}&embed=1&open=${open}`]) {
    await page.goto(address);
    await expect(page.getByRole('heading', { name: /from example\.org/ })).toBeVisible();
    expect(asked.filter((url) => url.startsWith('https://example.org/'))).toEqual([]);
  }
});

test('why a link to a snapshot could not be opened stays to be read', { tag: '@page' }, async ({ page, engine, expectedErrors }) => {
  expectedErrors.push(/404/);
  await page.route('**/damaged.featurescope.zip', (route) => route.fulfill({ body: 'no archive' }));
  for (const [address, sentence] of [
    ['damaged.featurescope.zip', /damaged or no Featurescope snapshot/], ['gone.featurescope.zip', /could not be loaded/], ['javascript:alert(1)', /names no web address/],
    ['http://example.org/a.featurescope.zip', /over http:\/\//],
  ]) {
    await page.goto(`?engine=${engine}&open=${encodeURIComponent(address)}`);
    await waitUntilReady(page);
    await expect(page.getByTestId('snapshot-message')).toContainText(sentence);
  }
  await page.getByRole('button', { name: 'Close the message' }).click();
  await expect(page.getByTestId('snapshot-message')).toHaveCount(0);
});

test('a snapshot or a model that is being loaded from an address can be stopped', { tag: '@page' }, async ({ page, engine }) => {
  let model = null;
  const never = () => new Promise(() => {});
  await page.route('**/slow.featurescope.zip', never);
  await page.goto(`?engine=${engine}&open=slow.featurescope.zip`);
  await expect(page.getByTestId('loading')).toContainText('Loading the snapshot');
  await page.getByRole('button', { name: 'Stop' }).click();
  await expect(page.getByTestId('snapshot-message')).toContainText('Stopped: the snapshot was not loaded.');
  await waitUntilReady(page);
  const what = recorded({ picture: photo });
  what.finding.model = { kind: 'address', address: 'https://models.example/net.onnx', sha256: null };
  await page.route('https://models.example/**', (route) => {
    model = route;
    return never();
  });
  const buffer = Buffer.from(await zip(await entries(what)).arrayBuffer());
  await page.locator('#image-input').setInputFiles({ name: 'x.featurescope.zip', mimeType: 'application/zip', buffer });
  await page.getByRole('button', { name: 'Compute it here' }).click();
  await expect.poll(() => model !== null).toBe(true);
  await page.getByRole('button', { name: 'Stop' }).click();
  await expect(page.getByRole('button', { name: 'Compute it here' })).toBeVisible();
  await expect(page.getByTestId('comparison')).toHaveText('');
  // Where the page is gone on with it is the same.
  model = null;
  await page.getByRole('button', { name: 'Continue in the page' }).click();
  await expect(page.getByTestId('loading')).toContainText('Loading the model from models.example');
  await expect.poll(() => model !== null).toBe(true);
  await page.getByTestId('loading').getByRole('button', { name: 'Stop' }).click();
  await expect(page.getByTestId('loading')).toHaveCount(0);
  await waitUntilReady(page);
});

test('a model that poses as a bundled one, and a picture that is not the one named, are noticed', { tag: '@page' }, async ({ openPage, page }) => {
  await openPage();
  const what = recorded({ picture: photo });
  what.record.model.path = 'model/squeezenet1.1.onnx';
  // The same network in a file of its own: an unknown field of no length is behind it.
  const foreign = Buffer.concat([readFileSync(new URL('../../models/squeezenet1.1.onnx', import.meta.url)), Buffer.from([0x7a, 0])]);
  what.files.set('model/squeezenet1.1.onnx', new Blob([foreign]));
  const buffer = Buffer.from(await zip(await entries(what)).arrayBuffer());
  await page.locator('#image-input').setInputFiles({ name: 'x.featurescope.zip', mimeType: 'application/zip', buffer });
  await page.getByRole('button', { name: 'Compute it here' }).click();
  await expect(page.getByTestId('other-file')).toHaveText([/“squeezenet1\.1”, but it is not the file that comes with this page/, /The picture cat\.png in the snapshot is not the one/]);
  await page.getByRole('button', { name: 'Continue in the page' }).click();
  await expect(page.getByTestId('snapshot-message')).toContainText('not the file that comes with this page');
  await waitUntilReady(page);
  expect(await page.evaluate(() => globalThis.featurescope.state.model.offered)).toBe(null);
});

test('the model at an address is loaded by the page itself and held against its hash', { tag: '@page' }, async ({ openPage, page }) => {
  await openPage();
  const address = 'https://models.example/net.onnx';
  await page.route(address, (route) => route.fulfill({ path: fileURLToPath(new URL('../../models/squeezenet1.1.onnx', import.meta.url)), headers: { 'Access-Control-Allow-Origin': '*' } }));
  const what = recorded({ picture: photo });
  what.finding.model = { kind: 'address', address, sha256: 'b'.repeat(64) };
  const buffer = Buffer.from(await zip(await entries(what)).arrayBuffer());
  await page.locator('#image-input').setInputFiles({ name: 'x.featurescope.zip', mimeType: 'application/zip', buffer });
  await page.getByRole('button', { name: 'Compute it here' }).click();
  await expect(page.getByTestId('other-file').first()).toHaveText('https://models.example/net.onnx has changed since the snapshot was made.');
});

test('the live part of a lesson is what was added: as the article, with what was erased, whatever the page shows since', { tag: '@page' }, async ({ openPage, browser, expectedErrors }, info) => {
  expectedErrors.length = 0;
  const page = await openPage();
  const section = await openSection(page, 'share-lesson');
  await section.getByRole('checkbox').check();
  await expect(section).toContainText('Add what the page shows first');
  await section.getByRole('button', { name: 'Save the lesson' }).click();
  await expect(page.getByRole('alert').first()).toContainText('Add what the page shows first');
  await section.getByRole('checkbox').uncheck();
  await page.evaluate(async () => {
    const session = globalThis.featurescope;
    await session.setArticle(true);
    await session.erase({ radius: 60, points: [[200, 150], [260, 160]] });
  });
  const added = await page.evaluate(() => globalThis.featurescope.state.look.top(10).map(({ map, mean }) => [map, mean]));
  await section.getByRole('button', { name: 'Add what the page shows now' }).click();
  await expect(section.locator('.lesson-figure')).not.toHaveCount(0);
  await expect(section.getByRole('button', { name: 'Add what the page shows now' })).toBeEnabled();
  await page.evaluate(async () => {
    const session = globalThis.featurescope;
    await session.clearErase();
    await session.setArticle(false);
    await session.chooseRecipe(session.state.model.recipes.length - 1);
  });
  await section.getByRole('checkbox').check();
  await expect(section).toContainText('the engine and the model are put into the file');
  const path = await download(page, () => section.getByRole('button', { name: 'Save the lesson' }).click(), info.outputPath('live.html'));
  const context = await browser.newContext({ offline: true });
  const lesson = await context.newPage();
  await lesson.goto(`file://${path}`);
  await lesson.getByRole('button', { name: 'Start the network' }).click();
  await expect(lesson.locator('#live')).toHaveAttribute('data-state', 'ready');
  await expect(lesson.locator('#live .tiles [data-map]').first()).toBeVisible();
  const computed = await tiles(lesson, '#live .tiles [data-map]');
  expect(computed.map(([map]) => map)).toEqual(added.map(([map]) => map));
  computed.forEach(([, mean], place) => expect(Math.abs(mean - added[place][1])).toBeLessThan(1e-3 * added[0][1]));
  await context.close();
});

test('a lesson opens from file:// without internet, and its live part runs', async ({ openPage, browser }, info) => {
  const page = await openPage();
  const live = await tiles(page, '[data-testid=map-tile]');
  const section = await openSection(page, 'share-lesson');
  await section.getByLabel('Title').fill('Where does it look? <b>');
  await section.getByRole('button', { name: 'Add what the page shows now' }).click();
  await expect(section.locator('.lesson-figure')).not.toHaveCount(0);
  await section.getByRole('button', { name: 'Paragraph', exact: true }).click();
  const paragraph = section.getByRole('textbox', { name: 'Paragraph of the lesson' });
  await paragraph.fill('Look at the eye.</script><script>globalThis.ran = true</script>');
  // Whoever is typing is not interrupted by what is added meanwhile.
  await paragraph.focus();
  await section.getByRole('button', { name: 'Heading', exact: true }).evaluate((button) => button.click());
  await expect(section.getByRole('textbox', { name: 'Heading of the lesson' })).toHaveCount(2);
  await expect(paragraph).toBeFocused();
  await expect(section.getByTestId('lesson-size')).toHaveAttribute('data-bytes', /\d/);
  expect(Number(await section.getByTestId('lesson-size').getAttribute('data-bytes'))).toBeLessThan(5e6);
  const plain = await download(page, () => section.getByRole('button', { name: 'Save the lesson' }).click(), info.outputPath('plain.html'));
  expect(readFileSync(plain, 'utf8')).not.toContain('<script');
  const small = readFileSync(plain).length;
  await section.getByRole('checkbox').check();
  await expect.poll(async () => Number(await section.getByTestId('lesson-size').getAttribute('data-bytes'))).toBeGreaterThan(small + 1e6);
  const path = await download(page, () => section.getByRole('button', { name: 'Save the lesson' }).click(), info.outputPath('live.html'));
  const announced = Number(await section.getByTestId('lesson-size').getAttribute('data-bytes'));
  expect(readFileSync(path).length).toBe(announced);

  const context = await browser.newContext({ offline: true });
  const lesson = await context.newPage();
  const errors = [];
  const asked = [];
  lesson.on('pageerror', (error) => errors.push(error.message));
  lesson.on('console', (message) => message.type() === 'error' && errors.push(message.text()));
  lesson.on('request', (request) => asked.push(request.url()));
  await lesson.goto(`file://${path}`);
  await expect(lesson.locator('h1')).toHaveText('Where does it look? <b>');
  await expect(lesson.getByText('Look at the eye.</script>')).toBeVisible();
  await arePictures(lesson.locator('.recorded-tiles img'));
  await lesson.getByRole('button', { name: 'Start the network' }).click();
  await expect(lesson.locator('#live')).toHaveAttribute('data-state', 'ready');
  await expect(lesson.locator('#live .tiles [data-map]').first()).toBeVisible();
  const computed = await tiles(lesson, '#live .tiles [data-map]');
  expect(computed.map(([map]) => map)).toEqual(live.map(([map]) => map));
  computed.forEach(([, mean], place) => expect(Math.abs(mean - live[place][1])).toBeLessThan(1e-3 * live[0][1]));
  await lesson.locator('#live input[type=file]').setInputFiles(fileURLToPath(new URL('../goldens/inputs/coffee-224.png', import.meta.url)));
  await expect.poll(async () => (await tiles(lesson, '#live .tiles [data-map]'))[0][0]).not.toBe(live[0][0]);
  expect(await lesson.evaluate(() => globalThis.ran)).toBe(undefined);
  expect(asked.filter((url) => !/^(file|data|blob):/.test(url))).toEqual([]);
  expect(errors).toEqual([]);
  await context.close();
});

test('what the scores are stays open in a snapshot with the model and in a live lesson, until the visitor says it', { tag: '@page' }, async ({ openPage, browser }, info) => {
  const page = await openPage();
  await page.locator('#model-input').setInputFiles(fileURLToPath(new URL('../outputs/tanh.onnx', import.meta.url)));
  await expect.poll(() => page.evaluate(() => globalThis.featurescope.state.model?.title)).toBe('tanh');
  await waitUntilReady(page);
  await expect(page.getByTestId('scores-notice')).toContainText('What are they?');
  const path = await saveSnapshot(page, info.outputPath('tanh.featurescope.zip'), { withModel: true });
  expect(JSON.parse(unzipped(readFileSync(path))['model/card.json'])).not.toHaveProperty('output');
  const section = page.getByTestId('share-lesson');
  await section.locator('summary').click();
  await section.getByRole('button', { name: 'Add what the page shows now' }).click();
  await expect(section.locator('.lesson-figure')).not.toHaveCount(0);
  await section.getByRole('checkbox').check();
  const live = await download(page, () => section.getByRole('button', { name: 'Save the lesson' }).click(), info.outputPath('tanh.html'));
  const context = await browser.newContext({ offline: true });
  const lesson = await context.newPage();
  await lesson.goto(`file://${live}`);
  await lesson.getByRole('button', { name: 'Start the network' }).click();
  await expect(lesson.locator('#live')).toHaveAttribute('data-state', 'ready');
  await expect(lesson.locator('#live .tiles [data-map]').first()).toBeVisible();
  await expect(lesson.locator('#live .recorded-list li')).toHaveCount(0);
  await context.close();

  // An older page wrote as what the scores were taken, though nobody knew.
  const content = unzipped(readFileSync(path));
  const old = await rezipped(content, { 'model/card.json': { ...JSON.parse(content['model/card.json']), output: 'logits' } });
  await page.keyboard.press('Escape');
  await page.locator('#image-input').setInputFiles({ name: 'old.featurescope.zip', mimeType: 'application/zip', buffer: old });
  await page.getByRole('button', { name: 'Continue in the page' }).click();
  await expect(page.getByTestId('recorded')).toHaveCount(0);
  await waitUntilReady(page);
  await expect(page.getByTestId('scores-notice')).toContainText('What are they?');
  await expect(page.getByTestId('prediction')).toHaveCount(0);

  await page.getByRole('button', { name: 'scores, of which a softmax makes probabilities' }).click();
  await expect(page.getByTestId('prediction')).toHaveCount(3);
  // Its section is still unfolded.
  await page.getByRole('button', { name: 'Share' }).click();
  const told = await download(page, () => page.getByTestId('share-snapshot').getByRole('button', { name: 'Save the snapshot' }).click(), info.outputPath('told.featurescope.zip'));
  expect(JSON.parse(unzipped(readFileSync(told))['model/card.json'])).toHaveProperty('output', 'logits');
  // The model was opened with a card beside it, whose name is that of the snapshot's own.
  await page.keyboard.press('Escape');
  await page.locator('#image-input').setInputFiles(told);
  await page.getByRole('button', { name: 'Compute it here' }).click();
  await expect(page.getByTestId('comparison')).toHaveAttribute('data-same', 'true');
});

test('a script of another origin imports the engine’s module, whose worker starts from a blob', { tag: '@page' }, async ({ page, baseURL }) => {
  const blog = await serve({ '/blog.html': '<!doctype html><title>Blog</title><link rel="icon" href="data:,">' });
  await page.goto(`${blog.origin}/blog.html`);
  const found = await page.evaluate(async (base) => {
    const { Featurescope } = await import(`${base}featurescope.js`);
    const scope = await Featurescope.create({ engine: 'cpu' });
    const model = await scope.open('squeezenet1.1');
    const look = await model.look(`${base}models/photos/chelsea.webp`);
    const [{ map }] = look.top(1);
    scope.close();
    return map;
  }, baseURL);
  expect(found).toBe(426);
  await blog.close();
});

test('two embeds on a page of another origin: stills first, each runs when it is asked to', { tag: '@page' }, async ({ openPage, browser, engine, baseURL }, info) => {
  const made = await openPage();
  const live = await tiles(made, '[data-testid=map-tile]');
  const snapshot = readFileSync(await saveSnapshot(made, info.outputPath('cat.featurescope.zip')));
  const link = await made.getByRole('textbox', { name: 'Link to this finding' }).inputValue();
  const files = { '/cat.featurescope.zip': snapshot, '/still.webp': photo };
  const blog = await serve(files);
  const address = `${blog.origin}/cat.featurescope.zip`;
  files['/blog.html'] = `<!doctype html><title>Blog</title><script type="module" src="${baseURL}embed.js"></script>
    <featurescope-figure src="cat.featurescope.zip"></featurescope-figure><p>Text between.</p><featurescope-figure src="cat.featurescope.zip"></featurescope-figure>
    <iframe id="plain" src="${baseURL}?embed=1&engine=${engine}&open=${encodeURIComponent(address)}" width="100%" height="640"></iframe>
    <featurescope-figure id="linked" src="${link}"></featurescope-figure><featurescope-figure id="pressed" src="cat.featurescope.zip" still="still.webp" alt="A cat"></featurescope-figure>`;
  const context = await browser.newContext({ viewport: { width: 1000, height: 3000 } });
  const page = await context.newPage();
  const asked = [];
  page.on('request', (request) => asked.push(request.url()));
  await page.goto(`${blog.origin}/blog.html`);
  const frames = page.locator('featurescope-figure iframe');
  await expect(frames).toHaveCount(3);
  const linked = page.locator('#linked iframe').contentFrame();
  const first = frames.nth(0).contentFrame();
  const second = frames.nth(1).contentFrame();
  const plain = page.frameLocator('#plain');
  for (const frame of [first, second, plain, linked]) await expect(frame.getByTestId('still').locator('img').first()).toBeVisible();
  expect(asked.filter((url) => /\/engine\/(cpu|gpu)\/|\.onnx|\/worker\//.test(url))).toEqual([]);
  // Each is as high as what it shows.
  await expect.poll(() => frames.nth(0).evaluate((frame) => frame.getBoundingClientRect().height)).not.toBe(480);
  const inside = await first.locator('#embed').evaluate((element) => element.getBoundingClientRect().height);
  expect(Math.abs((await frames.nth(0).boundingBox()).height - inside)).toBeLessThan(2);
  for (const frame of [first, second]) {
    await frame.getByRole('button', { name: 'Run it here' }).click();
    await expect(frame.getByTestId('live-figure')).toBeVisible();
    expect((await tiles(frame, '[data-testid=live-figure] [data-map]')).map(([map]) => map)).toEqual(live.map(([map]) => map));
  }
  await expect(linked.getByTestId('claim-maps').locator('li')).toHaveCount(10);
  await linked.getByRole('button', { name: 'Run it here' }).click();
  await expect(linked.getByTestId('live-figure')).toBeVisible();
  expect((await tiles(linked, '[data-testid=live-figure] [data-map]')).map(([map]) => map)).toEqual(live.map(([map]) => map));
  // With a picture of its own not even the frame is there before it is pressed.
  await expect(page.locator('#pressed iframe')).toHaveCount(0);
  await page.locator('#pressed button').click();
  await expect(page.locator('#pressed iframe').contentFrame().getByTestId('still')).toBeVisible();
  await context.close();
  await blog.close();
});

test('the frame that the panel hands out is as high as what it shows, for a link and for a snapshot', { tag: '@page' }, async ({ openPage, page }, info) => {
  await openPage();
  const path = await saveSnapshot(page, info.outputPath('cat.featurescope.zip'));
  await page.route('**/shared.featurescope.zip', (route) => route.fulfill({ path }));
  const section = page.getByTestId('share-embed');
  await section.locator('summary').click();
  const code = section.locator('pre').last();
  const link = await code.innerText();
  await section.getByLabel('Address of a snapshot').fill(new URL('shared.featurescope.zip', page.url()).href);
  const snapshot = await code.innerText();
  for (const frame of [link, snapshot]) {
    expect(frame).toMatch(/^<iframe style="max-width: 100%" .*width="640" height="\d+"/);
    await page.route('**/blog.html', (route) => route.fulfill({ contentType: 'text/html', body: `<!doctype html><title>Blog</title>${frame}` }));
    await page.goto('blog.html');
    const inside = page.frameLocator('iframe');
    await expect(inside.getByTestId('still').locator('img').first()).toBeVisible();
    await arePictures(inside.locator('img'));
    const [needed, given] = await inside.locator('html').evaluate((html) => [document.getElementById('embed').getBoundingClientRect().height, html.clientHeight]);
    info.annotations.push({ type: 'height', description: `${needed} of ${given}` });
    expect(given - needed).toBeGreaterThanOrEqual(0);
    expect(given - needed).toBeLessThan(12);
    await page.unroute('**/blog.html');
  }
});

for (const ranges of [true, false]) {
  test(`an embed without a still loads ${ranges ? 'only what its still shows' : 'the whole snapshot, when it is asked to, where the server sends no parts'}, and runs @page`, async ({ openPage, browser, baseURL, engine }, info) => {
    const made = await openPage();
    const live = await tiles(made, '[data-testid=map-tile]');
    const snapshot = readFileSync(await saveSnapshot(made, info.outputPath('cat.featurescope.zip'), { withModel: true }));
    const sent = [];
    const blog = createServer((request, response) => {
      const [, from, to] = /^bytes=(\d+)-(\d+)$/.exec(request.headers.range ?? '') ?? [];
      const part = ranges && from !== undefined;
      const body = request.url === '/blog.html'
        ? Buffer.from(`<!doctype html><title>Blog</title><script type="module" src="${baseURL}embed.js"></script><featurescope-figure src="cat.featurescope.zip"></featurescope-figure>`)
        : part ? snapshot.subarray(Number(from), Number(to) + 1) : snapshot;
      // Browsers that do not count a range among the harmless headers ask first.
      response.writeHead(request.method === 'OPTIONS' ? 204 : part ? 206 : 200, {
        'Access-Control-Allow-Origin': '*', 'Access-Control-Allow-Headers': 'Range', 'Content-Type': request.url.endsWith('.html') ? 'text/html' : 'application/zip',
        ...(request.method === 'OPTIONS' ? {} : { 'Content-Length': body.length }),
      });
      if (request.method !== 'GET') return response.end();
      if (request.url.endsWith('.zip')) sent.push(body.length);
      return response.end(body);
    });
    await new Promise((resolve) => blog.listen(0, resolve));
    const context = await browser.newContext();
    const page = await context.newPage();
    await page.goto(`http://localhost:${blog.address().port}/blog.html`);
    const frame = page.locator('featurescope-figure iframe').contentFrame();
    if (!ranges) {
      const load = frame.getByRole('button', { name: /^Load the figure \(5\.\d MB\)$/ });
      await expect(load).toBeVisible();
      // The server was asked for a part and began with all of it, and was broken off; so was the next, by the length that it told.
      // Forgotten before the press: what that asks for comes when it comes.
      sent.length = 0;
      await load.click();
    }
    await expect(frame.getByTestId('still').locator('img').first()).toBeVisible();
    const all = frame.getByTestId('still').locator('img');
    await expect(all).toHaveCount(8);
    await arePictures(all);
    const total = () => sent.reduce((sum, bytes) => sum + bytes, 0);
    const before = total();
    info.annotations.push({ type: 'bytes', description: `${before} of ${snapshot.length} in ${sent.length} requests` });
    if (ranges) {
      expect(before).toBeLessThan(snapshot.length / 4);
      expect(sent.length).toBeLessThanOrEqual(8);
      // What is still to come is said before it is asked for.
      await expect(frame.getByRole('status').filter({ hasText: /5\.\d MB/ })).toBeVisible();
    } else expect(before).toBe(snapshot.length);
    await frame.getByRole('button', { name: 'Run it here' }).click();
    await expect(frame.getByTestId('live-figure')).toBeVisible();
    expect((await tiles(frame, '[data-testid=live-figure] [data-map]')).map(([map]) => map)).toEqual(live.map(([map]) => map));
    if (ranges) expect(total()).toBeGreaterThan(before + 4e6);
    else expect(total()).toBe(snapshot.length);
    await context.close();
    blog.close();
  });
}

for (const tellsLength of [true, false]) {
  test(`an embed of more than a megabyte in one piece waits to be asked, whatever the host ${tellsLength ? 'says' : 'keeps back'} of its length`, { tag: '@page' }, async ({ page, baseURL, openPage, expectedErrors }, info) => {
    expectedErrors.push(/ERR_EMPTY_RESPONSE/);
    const made = await openPage();
    const snapshot = readFileSync(await saveSnapshot(made, info.outputPath('large.featurescope.zip'), { withModel: true }));
    // Comes slowly and would never end by itself before all of it is read.
    const piece = 65_536;
    let asked = 0;
    let taken = 0;
    let gone = false;
    const blog = createServer((request, response) => {
      if (request.url === '/blog.html') return response.writeHead(200, { 'Content-Type': 'text/html' }).end(`<!doctype html><title>Blog</title><link rel="icon" href="data:,"><script type="module" src="${baseURL}embed.js"></script><featurescope-figure src="large.featurescope.zip"></featurescope-figure>`);
      response.writeHead(request.method === 'OPTIONS' ? 204 : 200, { 'Access-Control-Allow-Origin': '*', 'Access-Control-Allow-Headers': 'Range', ...(tellsLength && request.method !== 'OPTIONS' ? { 'Content-Length': snapshot.length } : {}) });
      if (request.method !== 'GET') return response.end();
      if (gone) return response.destroy();
      asked += 1;
      taken = 0;
      const next = () => {
        if (response.destroyed) return;
        if (taken >= snapshot.length) return void response.end();
        response.write(snapshot.subarray(taken, (taken += piece)));
        setTimeout(next, 5);
      };
      return next();
    });
    await new Promise((resolve) => blog.listen(0, resolve));
    await page.goto(`http://localhost:${blog.address().port}/blog.html`);
    const frame = page.locator('featurescope-figure iframe').contentFrame();
    const load = frame.getByRole('button', { name: 'Load the figure' });
    await expect(load).toHaveText(tellsLength ? /\(5\.\d MB\)$/ : 'Load the figure');
    await expect(frame.getByText(tellsLength ? /a file of 5\.\d MB, and localhost:\d+ sends it only as a whole/ : /a file of more than 1\.0 MB/)).toBeVisible();
    const before = asked;
    await page.waitForTimeout(1000);
    // Broken off, and nothing since.
    expect(asked).toBe(before);
    expect(taken).toBeLessThan(3e6);
    await expect(frame.getByTestId('still')).toHaveCount(0);
    // What goes wrong is said, and the figure can be asked for again.
    gone = true;
    await load.click();
    await expect(frame.getByText('could not be loaded from localhost')).toBeVisible();
    gone = false;
    // While it comes it says how much has come, and can be stopped.
    await load.click();
    await expect(frame.getByTestId('loading-bytes')).toHaveText(tellsLength ? /^\d+(\.\d)? [kM]B of 5\.\d MB$/ : /^\d+(\.\d)? [kM]B$/);
    await frame.getByRole('button', { name: 'Stop' }).click();
    await expect(frame.getByText('Stopped: the snapshot was not loaded.')).toBeVisible();
    await expect(frame.getByTestId('loading')).toHaveCount(0);
    await load.click();
    await expect(frame.getByTestId('still').locator('img')).toHaveCount(8);
    expect(asked).toBe(before + 2);
    await page.goto('about:blank');
    blog.closeAllConnections();
    blog.close();
  });
}

test('a snapshot holds the classes with their maps, and the charts that show @page', async ({ openPage, page }, info) => {
  test.setTimeout(300_000);
  await openPage();
  const folder = info.outputPath('animals');
  for (const [name, files] of Object.entries({ cat: ['chelsea-227.png', 'chelsea-224.png'], cup: ['coffee-227.png', 'coffee-224.png'] })) {
    mkdirSync(join(folder, name), { recursive: true });
    for (const file of files) copyFileSync(fileURLToPath(new URL(`../goldens/inputs/${file}`, import.meta.url)), join(folder, name, file));
  }
  await page.locator('#folder-input').setInputFiles(folder);
  await waitUntilReady(page);
  const panel = page.locator('#classes');
  await panel.getByRole('button', { name: 'Find the maps' }).click();
  await expect(panel.getByRole('status')).toContainText('Found in 4 images');
  const own = await panel.getByTestId('class').first().getByTestId('class-map').evaluateAll((list) => list.map(({ dataset }) => Number(dataset.map)));
  await question(panel, 'Unique').click();
  await expect(panel.locator('svg.chart:visible').first()).toBeVisible();
  const path = await saveSnapshot(page, info.outputPath('animals.featurescope.zip'));
  await page.keyboard.press('Escape');
  await page.locator('#image-input').setInputFiles(path);
  const shown = page.getByTestId('recorded');
  await expect(shown.locator('.recorded-classes dt')).toHaveText(['cat (2 images)', 'cup (2 images)']);
  await expect(shown.locator('.recorded-classes dd').first()).toHaveText(new RegExp(own.map((map) => `#${map} \\(\\d of 2\\)`).join(', ')));
  expect(await shown.locator('.recorded-picture img').count()).toBeGreaterThan(2);
  await arePictures(shown.locator('img'));
  await page.screenshot({ path: info.outputPath('recorded.png'), fullPage: true });
  // The numbers that stood in tables on the page stand in tables here.
  await expect(shown.locator('.recorded-cells').filter({ hasText: 'true class' }).locator('tbody tr')).toHaveCount(2);
  await expect(shown.locator('.recorded-cells').filter({ hasText: 'alarm by' })).toBeVisible();
  // A table that is wider than a phone moves by itself, and not what stands below it.
  const viewport = page.viewportSize();
  await page.setViewportSize({ width: 360, height: 800 });
  expect(await shown.locator('figure').evaluateAll((all) => Math.max(...all.map((figure) => figure.getBoundingClientRect().right)))).toBeLessThanOrEqual(360);
  await page.setViewportSize(viewport);
  await page.getByRole('button', { name: 'Compute it here' }).click();
  await expect(page.getByTestId('comparison')).toContainText('Computed here by');
  const parts = page.getByTestId('recomputed');
  expect(await parts.evaluateAll((all) => all.map(({ dataset }) => `${dataset.kind} ${dataset.same}`))).toEqual(['classes true', 'confusion true', 'sums true', 'alarm true']);
  await expect(page.getByTestId('comparison')).toHaveAttribute('data-same', 'true');
  await expect(parts.first()).toContainText(`cat ${own.length}`);
  await expect(page.getByTestId('not-recomputed')).toHaveCount(0);

  // Another record of the same images: what differs is named, part by part.
  const content = unzipped(readFileSync(path));
  const record = JSON.parse(content['record.json']);
  const finding = JSON.parse(content['finding.json']);
  finding.claim.classes[0].counts[0] += 1;
  record.results.confusion.counts[0][1] += 3;
  record.results.sums[0].images[1].sums[0] *= 2;
  record.results.alarm.auc = 0.25;
  const buffer = await rezipped(content, { 'record.json': record, 'finding.json': finding });
  await page.getByRole('button', { name: 'Close the snapshot' }).click();
  await page.locator('#image-input').setInputFiles({ name: 'changed.featurescope.zip', mimeType: 'application/zip', buffer });
  await page.getByRole('button', { name: 'Compute it here' }).click();
  await expect(page.getByTestId('comparison')).toContainText('Computed here by');
  expect(await parts.evaluateAll((all) => all.map(({ dataset }) => `${dataset.kind} ${dataset.same}`))).toEqual(['classes false', 'confusion false', 'sums false', 'alarm false']);
  const [first] = finding.claim.classes[0].maps;
  await expect(parts.nth(0)).toContainText(`#${first} recorded ${finding.claim.classes[0].counts[0]}, here ${finding.claim.classes[0].counts[0] - 1}`);
  await expect(parts.nth(1)).toContainText(`cat taken for cup: recorded ${record.results.confusion.counts[0][1]}, here ${record.results.confusion.counts[0][1] - 3}`);
  await expect(parts.nth(2)).toContainText('that of image 1 of cup');
  await expect(parts.nth(3)).toContainText('Area under the ROC curve: recorded 0.25');
  await expect(page.getByTestId('comparison')).toHaveAttribute('data-same', 'false');
  await page.screenshot({ path: info.outputPath('differs.png'), fullPage: true });
});

for (const [width, colorScheme] of [[1280, 'light'], [360, 'dark']]) {
  test(`recorded view, panel and embed: no serious finding of axe, no sideways scrolling, at ${width} px in ${colorScheme}`, { tag: '@page' }, async ({ openPage, page }, info) => {
    await page.setViewportSize({ width, height: 800 });
    await page.emulateMedia({ colorScheme });
    await openPage();
    const check = async () => {
      const { violations } = await new AxeBuilder({ page }).analyze();
      const serious = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
      expect(serious.map(({ id, nodes }) => `${id}: ${nodes[0].html}`)).toEqual([]);
      expect(await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)).toBe(0);
    };
    const path = await saveSnapshot(page, info.outputPath('cat.featurescope.zip'));
    for (const testid of ['share-lesson', 'share-embed']) await page.getByTestId(testid).locator('summary').click();
    await page.getByTestId('share-lesson').getByRole('button', { name: 'Add what the page shows now' }).click();
    await expect(page.getByTestId('share-lesson').locator('.lesson-figure').first()).toBeVisible();
    await check();
    expect(await page.locator('#share').evaluate((dialog) => dialog.scrollWidth - dialog.clientWidth)).toBe(0);
    await page.keyboard.press('Escape');
    await page.locator('#image-input').setInputFiles(path);
    await expect(page.getByTestId('recorded')).toBeVisible();
    await check();
    await page.route('**/shared.featurescope.zip', (route) => route.fulfill({ path }));
    await page.goto('embed.html?open=shared.featurescope.zip');
    await expect(page.getByTestId('still')).toBeVisible();
    await check();
  });
}

test('a drawing that shows goes along', { tag: '@page' }, async ({ openPage, page }, info) => {
  test.setTimeout(300_000);
  await openPage();
  await drawInFewSteps(page);
  await page.evaluate(() => globalThis.featurescope.openModel('story-plain', 'story-plain'));
  await waitUntilReady(page);
  const card = page.locator('#card');
  await page.getByTestId('map-tile').first().click();
  await question(page, 'Draw').click();
  await card.getByText('More settings').click();
  await card.getByLabel('Size').first().selectOption('64');
  await card.getByRole('button', { name: 'Draw it' }).click();
  await expect(card.getByTestId('drawing').first()).toContainText('at the end', { timeout: 200_000 });
  const alt = await card.locator('canvas.drawing').first().getAttribute('aria-label');
  const path = await saveSnapshot(page, info.outputPath('drawn.featurescope.zip'));
  await page.keyboard.press('Escape');
  await page.locator('#image-input').setInputFiles(path);
  const drawn = page.getByTestId('recorded').getByRole('img', { name: alt });
  await expect(drawn).toHaveAttribute('width', '64');
  await expect(drawn).toHaveJSProperty('naturalWidth', 64);
});

test('Grad-CAM, switched-off maps and a drawing are recorded, computed again, and compared', { tag: '@page' }, async ({ openPage, page }, info) => {
  test.setTimeout(240_000);
  await openPage();
  await drawInFewSteps(page);
  await page.evaluate(() => globalThis.featurescope.openModel('story-plain', 'story-plain'));
  await waitUntilReady(page);
  const card = page.locator('#card');
  await page.getByTestId('map-tile').first().click();
  await card.getByText('Why this class?').click();
  await expect(card.getByTestId('cam-caption')).not.toHaveText('');
  await expect(card.getByTestId('cam')).toBeVisible();
  await card.getByText('Switch it off').click();
  await card.getByRole('button', { name: /Without map/ }).click();
  await expect(card.getByTestId('ablation')).toContainText('instead it is at');
  const said = await card.getByTestId('ablation').innerText();
  await question(page, 'Draw').click();
  await card.getByText('More settings').click();
  await card.getByLabel('Size').first().selectOption('64');
  await card.getByRole('button', { name: 'Draw it' }).click();
  await expect(card.getByTestId('drawing').first()).toContainText('at the end', { timeout: 200_000 });
  const path = await saveSnapshot(page, info.outputPath('all.featurescope.zip'));
  await page.keyboard.press('Escape');
  const open = (name, buffer) => page.locator('#image-input').setInputFiles({ name, mimeType: 'application/zip', buffer });
  const compute = async () => {
    await page.getByRole('button', { name: 'Compute it here' }).click();
    await expect(page.getByTestId('comparison')).toContainText('Computed here by');
  };
  const parts = page.getByTestId('comparison').getByTestId('recomputed');
  const outcomes = () => parts.evaluateAll((all) => all.map(({ dataset }) => `${dataset.kind} ${dataset.same}`));
  await open('all.featurescope.zip', readFileSync(path));
  const shown = page.getByTestId('recorded');
  await expect(shown.getByRole('heading', { name: /Grad-CAM/ })).toBeVisible();
  await expect(shown.getByText(said)).toBeVisible();
  await compute();
  expect(await outcomes()).toEqual(['cam true', 'ablation true']);
  await page.getByRole('button', { name: 'Draw again and compare' }).click();
  await expect.poll(outcomes, { timeout: 200_000 }).toEqual(['cam true', 'ablation true', 'drawing true']);
  await expect(parts.last()).toContainText('The same picture (correlation 1.000)');
  await expect(page.getByTestId('not-recomputed')).toHaveCount(0);

  const content = unzipped(readFileSync(path));
  const record = JSON.parse(content['record.json']);
  record.results.cam.cells = record.results.cam.cells.reverse();
  record.results.ablation.outputs[0].after = 1 - record.results.ablation.outputs[0].after;
  record.results.drawings[0].seed = 2;
  await page.getByRole('button', { name: 'Close the snapshot' }).click();
  await open('changed.featurescope.zip', await rezipped(content, { 'record.json': record }));
  await compute();
  expect(await outcomes()).toEqual(['cam false', 'ablation false']);
  await expect(parts.first()).toContainText('the two correlate with');
  await page.getByRole('button', { name: 'Draw again and compare' }).click();
  await expect.poll(outcomes, { timeout: 200_000 }).toEqual(['cam false', 'ablation false', 'drawing false']);
  await expect(parts.last()).toContainText('1 would be the same picture');
  await page.screenshot({ path: info.outputPath('differs.png'), fullPage: true });
});
