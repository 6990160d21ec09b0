// Figures in other people's articles: what they show before anything runs, in which theme, how high, and on one engine.

import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';

import AxeBuilder from '@axe-core/playwright';

import { arePictures, expect, test } from './fixtures.mjs';

/** What of the page's files means that a network is being loaded. */
const ENGINE = /\/engine\/(cpu|gpu)\/|\.onnx|\/worker\//;

/** A server of files given as bodies by path, on a port of its own. */
async function serve(files) {
  const server = createServer((request, response) => {
    const body = files[new URL(request.url, 'http://localhost').pathname];
    response.writeHead(body === undefined ? 404 : 200, { 'Access-Control-Allow-Origin': '*', 'Content-Type': request.url.endsWith('.html') ? 'text/html; charset=utf-8' : 'application/octet-stream' });
    response.end(body);
  });
  await new Promise((resolve) => server.listen(0, resolve));
  return { origin: `http://localhost:${server.address().port}`, close: () => server.close() };
}

/** A snapshot of what the page shows, and the codes that the panel hands out for a choice of what is shown. */
async function made(page, info, shows = ['']) {
  await page.locator('#share-button').click();
  await expect(page.locator('#share-link')).toHaveValue(/#1/);
  const section = page.getByTestId('share-embed');
  await section.locator('summary').click();
  const codes = [];
  for (const show of shows) {
    await section.getByLabel('What it shows').selectOption(show);
    const element = section.locator('pre').first();
    await expect(element).toContainText(show ? `show="${show}"` : /<featurescope-figure src="[^"]+" height="\d+">/);
    codes.push(await element.innerText());
  }
  const snapshot = page.getByTestId('share-snapshot');
  await snapshot.locator('summary').click();
  const [saved] = await Promise.all([page.waitForEvent('download'), snapshot.getByRole('button', { name: 'Save the snapshot' }).click()]);
  const path = info.outputPath('cat.featurescope.zip');
  await saved.saveAs(path);
  return { snapshot: readFileSync(path), codes };
}

const WORDS = '<p>Each detector of a network answers a picture with a map: where on it is what I look for? The figure shows those that answer most.</p>';

/** An article as a blog has it. */
function article(baseURL, figures, { dark = false, width = 600, head = '' } = {}) {
  const [ground, ink] = dark ? ['#121417', '#ddd'] : ['#fff', '#222'];
  return `<!doctype html><html lang="en"><meta name="viewport" content="width=device-width"><title>Article</title><link rel="icon" href="data:,">
    <style>body { margin: 0 auto; padding: 24px 0; max-width: ${width}px; font: 18px/1.55 serif; background: ${ground}; color: ${ink}; } ${head}</style>
    <script type="module" src="${baseURL}embed.js"></script><main><h1>What a network looks at</h1>${WORDS}${figures.join(WORDS)}${WORDS}</main></html>`;
}

/** The pictures in a frame, once all have come. */
async function pictures(frame) {
  const all = frame.getByTestId('still').locator('img');
  await expect(all.last()).toBeVisible();
  await arePictures(all);
  return all;
}

/** WCAG's contrast of two colours of the sRGB space. */
function contrast(...colours) {
  const [first, second] = colours.map(([red, green, blue]) => {
    const [r, g, b] = [red, green, blue].map((level) => (level / 255 <= 0.04045 ? level / 255 / 12.92 : ((level / 255 + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b + 0.05;
  });
  return Math.max(first, second) / Math.min(first, second);
}

const frameOf = (page, place) => page.locator('featurescope-figure iframe').nth(place).contentFrame();

test('in a white and in a dark article a figure shows its maps in the article’s colours, before anything runs', { tag: '@page' }, async ({ openPage, browser, baseURL }, info) => {
  const { snapshot, codes } = await made(await openPage(), info, ['', 'map']);
  const files = { '/cat.featurescope.zip': snapshot };
  const blog = await serve(files);
  const [linked, linkedMap] = codes.map((code) => code.split('\n')[1]);
  const figures = ['<featurescope-figure src="cat.featurescope.zip"></featurescope-figure>', '<featurescope-figure src="cat.featurescope.zip" show="map"></featurescope-figure>', linked, linkedMap];
  for (const [dark, width] of [[false, 600], [true, 600], [false, 320], [true, 320]]) {
    files['/article.html'] = article(baseURL, figures, { dark, width });
    // The reader's device is of the other theme, as it is for half of them.
    const context = await browser.newContext({ viewport: { width: width === 320 ? 320 : 720, height: 900 }, colorScheme: dark ? 'light' : 'dark' });
    const page = await context.newPage();
    const asked = [];
    page.on('request', (request) => asked.push(request.url()));
    await page.goto(`${blog.origin}/article.html`);
    for (const place of figures.keys()) {
      const element = page.locator('featurescope-figure').nth(place);
      await element.scrollIntoViewIfNeeded();
      const frame = frameOf(page, place);
      const all = await pictures(frame);
      // The grid, or the photo beside one map.
      await expect(all).toHaveCount(place % 2 === 0 ? 8 : 2);
      await expect(frame.getByTestId('credit')).toContainText('Stefan van der Walt (CC0-1.0)');
      await expect(frame.getByTestId('credit')).toContainText('SqueezeNet 1.1');
      await expect(frame.locator('h2')).toHaveText(/^Map 426 fires most/);
      // No box around it, and its text in the article's own manner: light on dark or dark on light.
      const look = await frame.locator('html').evaluate((html) => [getComputedStyle(html).backgroundColor, getComputedStyle(html.querySelector('h2')).color, getComputedStyle(html).colorScheme, html.scrollWidth - html.clientWidth]);
      expect(look).toEqual(['rgba(0, 0, 0, 0)', dark ? 'rgb(232, 233, 235)' : 'rgb(27, 28, 30)', dark ? 'dark' : 'light', 0]);
      // As high as what it shows.
      await expect.poll(async () => Math.abs((await element.locator('iframe').evaluate((iframe) => iframe.getBoundingClientRect().height)) - (await frame.locator('#embed').evaluate((embed) => embed.getBoundingClientRect().height)))).toBeLessThan(2);
    }
    // Contrast with the article's ground, which axe does not see behind a frame; small text needs 4.5.
    const texts = await frameOf(page, 0).locator('#embed :is(span, h2, p, summary, a)').evaluateAll((all) => all.filter((element) => element.checkVisibility() && element.textContent.trim()).map((element) => getComputedStyle(element).color.match(/\d+/g).map(Number)));
    const ratios = texts.map((colour) => contrast(colour, dark ? [0x12, 0x14, 0x17] : [255, 255, 255]));
    expect(texts.length).toBeGreaterThan(10);
    expect(Math.min(...ratios)).toBeGreaterThan(4.5);
    // What the browser's own checks find of names and structure.
    const { violations } = await new AxeBuilder({ page }).include('featurescope-figure').disableRules('color-contrast').analyze();
    expect(violations.filter(({ impact }) => impact === 'serious' || impact === 'critical').map(({ id, nodes }) => `${id}: ${nodes[0].html}`)).toEqual([]);
    expect(asked.filter((url) => ENGINE.test(url))).toEqual([]);
    // Frames out of sight are not painted, so all of the article is in sight for its picture.
    await page.setViewportSize({ width: width === 320 ? 320 : 720, height: await page.evaluate(() => document.documentElement.scrollHeight) });
    for (const place of figures.keys()) await pictures(frameOf(page, place));
    await page.waitForTimeout(300);
    await page.screenshot({ path: info.outputPath(`article-${width}-${dark ? 'dark' : 'white'}.png`), fullPage: true });
    await context.close();
  }
  blog.close();
});

test('a link’s figure has the pixels that the engine draws, to within what the eye sees', { tag: '@page' }, async ({ openPage, page, baseURL }, info) => {
  const { codes } = await made(await openPage(), info);
  const source = /src="([^"]+#[^"]+)"/.exec(codes[0])[1];
  const drawn = await page.evaluate(async () => {
    const { look } = globalThis.featurescope.state;
    const [{ map }] = look.top(1);
    const { data } = await look.overlay(map, { style: 'glow', colormap: 'inferno', scale: 'map', enlargement: 'bilinear', size: 224 });
    return { map, data: Array.from(data) };
  });
  await page.goto(`${baseURL}embed.html${new URL(source).hash}`);
  const tile = page.getByTestId('still').locator(`[data-map="${drawn.map}"] img`);
  const still = await tile.evaluate(async (image) => {
    await image.decode();
    const canvas = new OffscreenCanvas(image.naturalWidth, image.naturalHeight);
    const context = canvas.getContext('2d');
    context.drawImage(image, 0, 0);
    return Array.from(context.getImageData(0, 0, canvas.width, canvas.height).data);
  });
  expect(still.length).toBe(drawn.data.length);
  const differences = still.map((level, at) => Math.abs(level - drawn.data[at])).sort((one, other) => one - other);
  info.annotations.push({ type: 'difference', description: `median ${differences[differences.length >> 1]}, 95 % below ${differences[Math.floor(differences.length * 0.95)]} of 255` });
  // A level of fifteen is 17 of 255 where the colours change most.
  expect(differences[differences.length >> 1]).toBeLessThanOrEqual(4);
  expect(differences[Math.floor(differences.length * 0.95)]).toBeLessThanOrEqual(24);
});

test('attributes say what is shown, in which theme, and how much room is kept; the figure tells its height', { tag: '@page' }, async ({ openPage, browser, baseURL }, info) => {
  const { snapshot } = await made(await openPage(), info);
  const files = { '/cat.featurescope.zip': snapshot };
  const blog = await serve(files);
  const figure = (attributes) => `<featurescope-figure src="cat.featurescope.zip" ${attributes}></featurescope-figure>`;
  files['/article.html'] = article(baseURL, [figure('show="map grid means" height="300"'), figure('show="nonsense" theme="dark" height="700"'), figure('show="photo answer" theme="light"')]);
  const context = await browser.newContext({ viewport: { width: 720, height: 3000 } });
  const page = await context.newPage();
  let release = () => {};
  const held = new Promise((resolve) => (release = resolve));
  await page.route('**/embed.html*', async (route) => {
    await held;
    await route.continue();
  });
  await page.addInitScript(() => addEventListener('featurescope-resize', ({ target, detail }) => (target.dataset.told = detail.height)));
  await page.goto(`${blog.origin}/article.html`);
  const heights = () => page.locator('featurescope-figure').evaluateAll((all) => all.map((one) => one.getBoundingClientRect().height));
  await expect.poll(heights).toEqual([300, 700, 480]);
  release();
  const parts = (place) => frameOf(page, place).locator('.embed-panel').evaluateAll((all) => all.map(({ className }) => className.replace('embed-panel embed-', '')));
  for (const place of [0, 1, 2]) await pictures(frameOf(page, place));
  expect(await parts(0)).toEqual(['map', 'grid', 'means']);
  expect(await parts(1)).toEqual(['grid']);
  expect(await parts(2)).toEqual(['photo', 'answer']);
  await expect.poll(() => page.locator('featurescope-figure').evaluateAll((all) => all.every((one) => Number(one.dataset.told) === one.getBoundingClientRect().height))).toBe(true);
  const ground = (place) => frameOf(page, place).locator('html').evaluate((html) => [html.dataset.theme, getComputedStyle(html).backgroundColor]);
  // One of another theme than the article has a ground of its own, or its text could not be read.
  expect(await ground(0)).toEqual(['light', 'rgba(0, 0, 0, 0)']);
  expect(await ground(1)).toEqual(['dark', 'rgb(22, 23, 26)']);
  expect(await ground(2)).toEqual(['light', 'rgba(0, 0, 0, 0)']);
  // An article with a switch of its own.
  await page.evaluate(() => {
    document.body.style.background = '#000';
  });
  await expect.poll(() => ground(0)).toEqual(['dark', 'rgba(0, 0, 0, 0)']);
  expect(await ground(1)).toEqual(['dark', 'rgba(0, 0, 0, 0)']);
  expect(await ground(2)).toEqual(['light', 'rgb(251, 251, 250)']);
  await page.locator('featurescope-figure').nth(1).evaluate((element) => element.setAttribute('theme', 'light'));
  await expect.poll(() => ground(1)).toEqual(['light', 'rgb(251, 251, 250)']);
  await context.close();
  blog.close();
});

test('a figure fills the screen and comes back, and its place in the article stays as high', { tag: '@page' }, async ({ openPage, browser, baseURL }, info) => {
  const { snapshot } = await made(await openPage(), info);
  const files = { '/cat.featurescope.zip': snapshot };
  const blog = await serve(files);
  files['/article.html'] = article(baseURL, ['<featurescope-figure src="cat.featurescope.zip"></featurescope-figure>', `<iframe width="600" height="500" src="${baseURL}embed.html?open=${encodeURIComponent(`${blog.origin}/cat.featurescope.zip`)}"></iframe>`]);
  const context = await browser.newContext({ viewport: { width: 1200, height: 900 } });
  const page = await context.newPage();
  await page.goto(`${blog.origin}/article.html`);
  const frame = frameOf(page, 0);
  await pictures(frame);
  const height = () => page.locator('featurescope-figure').evaluate((element) => element.getBoundingClientRect().height);
  await expect.poll(height).not.toBe(480);
  const before = await height();
  await frame.getByRole('button', { name: 'Full screen' }).click();
  const button = frame.getByRole('button', { name: 'Leave full screen' });
  await expect(button).toBeVisible();
  expect(await page.evaluate(() => document.fullscreenElement?.localName)).toBe('featurescope-figure');
  await page.screenshot({ path: info.outputPath('full-screen.png') });
  await button.click();
  await expect(frame.getByRole('button', { name: 'Full screen', exact: true })).toBeVisible();
  await expect.poll(height).toBe(before);
  // A frame that may not is not offered it.
  const plain = page.locator('main > iframe').contentFrame();
  await pictures(plain);
  await expect(plain.getByRole('link', { name: 'Open in Featurescope' })).toBeVisible();
  await expect(plain.getByRole('button', { name: 'Full screen' })).toHaveCount(0);
  await context.close();
  blog.close();
});

test('all figures of an article run on one engine, which goes on as long as one of them needs it', async ({ openPage, browser, engine, baseURL }, info) => {
  test.setTimeout(300_000);
  const { snapshot, codes } = await made(await openPage(), info);
  const files = { '/cat.featurescope.zip': snapshot };
  const blog = await serve(files);
  const frame = (id) => `<iframe id="${id}" width="600" height="700" src="${baseURL}embed.html?engine=${engine}&open=${encodeURIComponent(`${blog.origin}/cat.featurescope.zip`)}"></iframe>`;
  const link = /#[^"]+/.exec(codes[0])[0];
  files['/article.html'] = article(baseURL, [frame('first'), frame('second'), `<iframe id="third" width="600" height="700" src="${baseURL}embed.html?engine=${engine}${link}"></iframe>`]);
  const context = await browser.newContext({ viewport: { width: 720, height: 2600 }, storageState: info.project.use.storageState });
  const page = await context.newPage();
  const engines = [];
  context.on('request', (request) => {
    if (/\/engine\/(cpu|gpu)\/[^?]*_bg\.wasm|\/engine\/(cpu|gpu)\/[^?]*\.wasm/.test(request.url())) engines.push(request.url());
  });
  await page.goto(`${blog.origin}/article.html`);
  const figure = (id) => page.frameLocator(`#${id}`);
  const run = async (id) => {
    await figure(id).getByRole('button', { name: 'Run it here' }).click();
    await expect(figure(id).getByTestId('live-figure').locator('[data-map]')).toHaveCount(12);
    return figure(id).getByTestId('live-figure').locator('[data-map]').evaluateAll((all) => all.map(({ dataset }) => `${dataset.map} ${dataset.mean}`));
  };
  // Two are pressed one right after the other, while the engine still loads.
  const [first, second] = await Promise.all([run('first'), run('second')]);
  const loaded = engines.length;
  const third = await run('third');
  expect(second).toEqual(first);
  expect(third).toEqual(first);
  expect(page.workers().filter((worker) => /worker\/main\.js$/.test(worker.url()))).toHaveLength(1);
  expect(new Set(engines).size).toBe(loaded);
  // Each has a look of its own: another map large in one, and another picture in the next.
  const name = (id) => figure(id).locator('.embed-large p');
  await figure('second').locator('.recorded-tiles button').nth(2).click();
  await expect(name('second')).toContainText(`map ${first[2].split(' ')[0]} `);
  await expect(name('first')).toContainText(`map ${first[0].split(' ')[0]} `);
  await figure('third').locator('input[type=file]').setInputFiles(new URL('../../models/photos/coffee.jpg', import.meta.url).pathname);
  await expect(figure('third').locator('.recorded-list li').first()).toContainText(/espresso|cup/);
  // What was found on the recorded picture is not said of this one.
  await expect(figure('third').getByTestId('credit')).toHaveCount(0);
  await expect(figure('first').locator('.recorded-list li').first()).toContainText('Mau');
  // Where the figure that started it leaves the page, the others say so, show what was recorded, and can start one again.
  // Either of the two that were pressed together may have been the first.
  const started = (id) => figure(id).locator('html').evaluate(() => performance.getEntriesByType('resource').some(({ name }) => /worker\/main\.js/.test(name)));
  const [host, guest] = (await started('first')) ? ['first', 'second'] : ['second', 'first'];
  await page.locator(`#${host}`).evaluate((element) => element.remove());
  await expect(figure(guest).getByText('The network has stopped')).toBeVisible();
  await expect(figure(guest).getByTestId('still')).toBeVisible();
  expect(await run(guest)).toEqual(first);
  await expect.poll(() => page.workers().filter((worker) => /worker\/main\.js$/.test(worker.url())).length).toBe(1);
  await context.close();
  blog.close();
});
