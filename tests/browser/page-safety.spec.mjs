// The content security policy holds, and nothing that a file, folder, card or label says is ever taken for markup.

import { readFileSync } from 'node:fs';

import { zip } from '../page/zip.js';
import { expect, test, waitUntilReady } from './fixtures.mjs';

const POLICY = "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self' blob:; connect-src 'self' https: blob:; "
  + "img-src 'self' blob: data: https:; style-src 'self'; object-src 'none'; base-uri 'none'; form-action 'none'";

const models = new URL('../../models/', import.meta.url);
const coffee = readFileSync(new URL('photos/coffee.jpg', models));

test('the policy is the one that was decided on, and blocks scripts that are not files of the page', { tag: '@page' }, async ({ openPage, expectedErrors }) => {
  expectedErrors.push(/Content Security Policy|Content-Security-Policy|unsafe-eval/);
  const page = await openPage();
  await expect(page.locator('meta[http-equiv=Content-Security-Policy]')).toHaveAttribute('content', POLICY);
  const found = await page.evaluate(async () => {
    const blocked = [];
    document.addEventListener('securitypolicyviolation', ({ effectiveDirective }) => blocked.push(effectiveDirective));
    const script = document.createElement('script');
    script.textContent = 'globalThis.ran = "inline script"';
    document.body.append(script);
    const holder = document.createElement('div');
    holder.innerHTML = '<img src="data:," onerror="globalThis.ran = \'handler\'"><p style="color: red">styled</p>';
    document.body.append(holder);
    const elsewhere = document.createElement('script');
    elsewhere.src = 'data:text/javascript,globalThis.ran = "script at a data address"';
    document.body.append(elsewhere);
    // In a task of the page's own: what a test's tools call directly may evaluate.
    await new Promise((resolve) => setTimeout(resolve, 500));
    let evaluated = true;
    try {
      new Function('globalThis.ran = "eval"')();
    } catch {
      evaluated = false;
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
    const colour = getComputedStyle(holder.querySelector('p')).color;
    script.remove();
    holder.remove();
    elsewhere.remove();
    return { blocked, evaluated, ran: globalThis.ran ?? null, colour };
  });
  expect(found.ran).toBe(null);
  expect(found.evaluated).toBe(false);
  expect(found.colour).not.toBe('rgb(255, 0, 0)');
  expect(found.blocked).toEqual(expect.arrayContaining(['script-src-elem', 'script-src-attr', 'script-src', 'style-src-attr']));
});

test('an embed has the same policy, and loads over http:// from this machine alone', { tag: '@page' }, async ({ page }) => {
  await page.goto('embed.html');
  const policy = await page.locator('meta[http-equiv=Content-Security-Policy]').getAttribute('content');
  expect(policy.replace(' http://localhost:* http://127.0.0.1:*', '')).toBe(POLICY);
  const asked = [];
  page.on('request', (request) => asked.push(request.url()));
  await page.route('**/blog.html', (route) => route.fulfill({ contentType: 'text/html', body: `<title>Blog</title><iframe src="embed.html?open=${encodeURIComponent('http://figures.example/a.zip')}"></iframe>` }));
  await page.goto('blog.html');
  await expect(page.frameLocator('iframe').getByRole('alert')).toContainText('It lies at figures.example under http://');
  expect(asked.filter((url) => url.includes('figures.example/'))).toEqual([]);
});

test('a card names no address that the page would load its labels from', { tag: '@page' }, async ({ page, openPage }) => {
  await openPage();
  const asked = [];
  page.on('request', (request) => asked.push(request.url()));
  for (const labels of ['https://tracker.example/labels.json', '//tracker.example/labels.json', '../labels.json', '..']) {
    await page.locator('#model-input').setInputFiles([
      { name: 'own.onnx', mimeType: '', buffer: readFileSync(new URL('squeezenet1.1.onnx', models)) },
      { name: 'own.json', mimeType: 'application/json', buffer: Buffer.from(JSON.stringify({ labels })) },
    ]);
    await expect(page.getByRole('alert')).toContainText(`The card names “${labels}” as its labels`);
  }
  expect(asked.filter((url) => url.includes('labels') || url.includes('tracker'))).toEqual([]);
});

/** Markup that would run if it were ever parsed; a file's name may hold no slash. */
const HANDLER = '<img src=x onerror="globalThis.ran=1">';
const SCRIPT = '<svg onload="globalThis.ran=2"><script>globalThis.ran=3</script>';

for (const policy of ['under the policy', 'without the policy']) {
  test(`markup in names, folders, cards and labels is only text, ${policy}`, { tag: '@page' }, async ({ page, openPage }) => {
    test.setTimeout(240_000);
    if (policy === 'without the policy') {
      await page.route((url) => url.pathname.endsWith('/'), async (route) => {
        const response = await route.fetch();
        const body = (await response.text()).replace(/<meta http-equiv="Content-Security-Policy"[^>]*>/, '');
        await route.fulfill({ response, body });
      });
    }
    await openPage();
    expect(await page.locator('meta[http-equiv=Content-Security-Policy]').count()).toBe(policy === 'under the policy' ? 1 : 0);

    // A model whose card names itself and its classes in markup.
    const card = { title: `${HANDLER} model`, labels: Array.from({ length: 1000 }, (_, index) => `${SCRIPT} ${index}`), recipe: { size: 227 }, output: 'softmax' };
    await page.locator('#model-input').setInputFiles([
      { name: 'hostile.onnx', mimeType: '', buffer: readFileSync(new URL('squeezenet1.1.onnx', models)) },
      { name: 'hostile.json', mimeType: 'application/json', buffer: Buffer.from(JSON.stringify(card)) },
    ]);
    await waitUntilReady(page);
    await expect(page.getByTestId('prediction').first()).toContainText(SCRIPT);
    await expect(page.locator('#topbar select').first().locator('option:checked')).toHaveText(`${HANDLER} model`);

    await page.locator('#image-input').setInputFiles({ name: `${HANDLER}.jpg`, mimeType: 'image/jpeg', buffer: coffee });
    await expect(page.locator('#photo figcaption')).toHaveText(`${HANDLER}.jpg`);
    await waitUntilReady(page);
    // A photo that cannot be read is named in the alert.
    await page.locator('#image-input').setInputFiles({ name: `${HANDLER}.png`, mimeType: 'image/png', buffer: Buffer.from('no photo') });
    await expect(page.getByRole('alert')).toContainText(`${HANDLER}.png`);

    // Folders and files of an archive.
    const folders = [`a ${HANDLER}`, '<b onclick=ran>'].flatMap((folder) => [1, 2].map((place) => ({ path: `classes/${folder}/${HANDLER} ${place}.jpg`, content: coffee })));
    await page.locator('#image-input').setInputFiles({ name: `${HANDLER}.zip`, mimeType: 'application/zip', buffer: Buffer.from(await zip(folders).arrayBuffer()) });
    await expect(page.getByTestId('column')).toHaveCount(2);
    await expect(page.locator('#classes img, #classes svg[onload], #classes b')).toHaveCount(0);

    await page.waitForTimeout(300);
    expect(await page.evaluate(() => globalThis.ran ?? null)).toBe(null);
    expect(await page.evaluate(() => Array.from(document.querySelectorAll('*')).filter((element) => element.getAttributeNames().some((name) => name.startsWith('on'))).length)).toBe(0);
    expect(await page.evaluate(() => document.querySelectorAll('body script, img[src=x]').length)).toBe(0);
  });
}
