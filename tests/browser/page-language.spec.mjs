// English and Chinese: who sees which, and that nothing is left in the other one.

import { readFileSync } from 'node:fs';

import { english } from './english.mjs';
import { expect, question, test, waitUntilReady } from './fixtures.mjs';

const badModels = new URL('../bad-models/', import.meta.url);

test('in Chinese no part of the page speaks English', { tag: '@page' }, async ({ openPage }) => {
  test.setTimeout(240_000);
  const page = await openPage({ lang: 'zh' });
  await expect(page.locator('html')).toHaveAttribute('lang', 'zh');
  await expect(page).toHaveTitle('Featurescope：看看 CNN 在看什么');
  const left = () => english(page);
  expect(await left()).toEqual([]);

  await page.locator('#card details, #look details, #side details').evaluateAll((all) => all.forEach((details) => (details.open = true)));
  await question(page, '画').click();
  await page.locator('#card').getByRole('button', { name: '画出来' }).waitFor();
  expect(await left()).toEqual([]);
  await question(page, '看').click();
  await page.locator('#card').getByRole('button', { name: /关掉特征图/ }).click();
  await expect(page.getByTestId('ablation')).toContainText('随机');
  expect(await left()).toEqual([]);

  await page.getByRole('button', { name: '分成类别…' }).click();
  await expect(page.getByTestId('column')).toHaveCount(2);
  await question(page, '看').click();
  await page.getByRole('button', { name: '课堂…' }).click();
  await page.locator('#classroom').getByRole('button', { name: '先预测' }).click();
  await expect(page.locator('.predict-map')).toHaveCount(6);
  expect(await left()).toEqual([]);
  await page.locator('#classroom').getByRole('button', { name: '摄像头' }).click();
  await page.getByRole('button', { name: '自己的模型…' }).click();
  await expect(page.locator('dialog')).toBeVisible();
  expect(await left()).toEqual([]);
});

test('in Chinese the share panel, a snapshot with what is computed again, and an embed speak no English', { tag: '@page' }, async ({ openPage }, info) => {
  test.setTimeout(240_000);
  const page = await openPage({ lang: 'zh' });
  const card = page.locator('#card');
  await card.getByText('为什么是这个类别？').click();
  await expect(card.getByTestId('cam')).toBeVisible();
  await page.locator('#share-button').click();
  await expect(page.locator('#share-link')).toHaveValue(/#1/);
  await page.locator('#share details').evaluateAll((all) => all.forEach((details) => (details.open = true)));
  const lesson = page.getByTestId('share-lesson');
  await lesson.getByRole('button', { name: '加入页面现在显示的内容' }).click();
  await expect(lesson.locator('.lesson-figure').first()).toBeVisible();
  await lesson.getByRole('checkbox').check();
  await expect(lesson.getByRole('status').first()).toContainText('MB');
  await lesson.getByRole('button', { name: '预览' }).click();
  await expect(lesson.locator('.recorded-figure').first()).toBeVisible();
  const left = () => english(page);
  expect(await left()).toEqual([]);

  const snapshot = page.getByTestId('share-snapshot');
  const [saved] = await Promise.all([page.waitForEvent('download'), snapshot.getByRole('button', { name: '保存快照' }).click()]);
  const path = info.outputPath('cat.featurescope.zip');
  await saved.saveAs(path);
  await page.keyboard.press('Escape');
  await page.locator('#image-input').setInputFiles(path);
  await page.getByRole('button', { name: '在这里重算并比较' }).click();
  await expect(page.getByTestId('recomputed')).toHaveAttribute('data-same', 'true');
  expect(await left()).toEqual([]);

  await page.route('**/shared.featurescope.zip', (route) => route.fulfill({ path }));
  await page.goto('embed.html?lang=zh&open=shared.featurescope.zip');
  await expect(page.getByTestId('still')).toBeVisible();
  const words = await page.locator('#embed').innerText();
  expect(words).toContain('在这里运行');
  expect(words.match(/[A-Za-z]{3,}/g)?.filter((word) => !/^(Featurescope|Chelsea|the|cat|fire|concat|Stefan|van|der|Walt|SqueezeNet|ImageNet)$/.test(word)) ?? []).toEqual([]);
});

test('what the worker and the engine report is in Chinese too', async ({ openPage }) => {
  const page = await openPage({ lang: 'zh' });
  await page.locator('#model-input').setInputFiles({ name: 'unknown-op.onnx', mimeType: '', buffer: readFileSync(new URL('unknown-op.onnx', badModels)) });
  await expect(page.getByRole('alert')).toContainText(/unknown-op\.onnx：.*(算子|无法读取)/);
  await page.locator('#image-input').setInputFiles({ name: 'page.png', mimeType: 'image/png', buffer: Buffer.from('%PDF') });
  await expect(page.getByRole('alert')).toContainText('page.png：这是文本文件，不是图片。');
});

test('the choice is remembered, and an address can choose as well', { tag: '@page' }, async ({ page, engine }) => {
  const loaded = [];
  page.on('request', (request) => loaded.push(new URL(request.url()).pathname));
  await page.goto(`?engine=${engine}`);
  await waitUntilReady(page);
  await expect(page.locator('html')).toHaveAttribute('lang', 'en');
  expect(loaded.filter((path) => path.includes('/zh/')), 'Chinese is not loaded for those who read English').toEqual([]);
  await page.getByRole('button', { name: '中文' }).click();
  await expect(page.locator('#look-heading')).toHaveText('它在看哪里？');
  await waitUntilReady(page);
  await page.goto(`?engine=${engine}#kept`);
  await expect(page.locator('html')).toHaveAttribute('lang', 'zh');
  await waitUntilReady(page);
  await page.goto(`?engine=${engine}&lang=en`);
  await expect(page.locator('#look-heading')).toHaveText('Where does it look?');
  await waitUntilReady(page);
  // A photo of one's own would be lost: the page asks first.
  await page.locator('#image-input').setInputFiles({ name: 'mine.jpg', mimeType: 'image/jpeg', buffer: readFileSync(new URL('../../models/photos/coffee.jpg', import.meta.url)) });
  await waitUntilReady(page);
  page.once('dialog', (dialog) => dialog.dismiss());
  await page.getByRole('button', { name: '中文' }).click();
  await expect(page.locator('html')).toHaveAttribute('lang', 'en');
  await expect(page.locator('.thumb')).toHaveCount(6);
});

test.describe('a browser in Chinese', () => {
  test.use({ locale: 'zh-CN' });
  test('is spoken to in Chinese', { tag: '@page' }, async ({ openPage }) => {
    const page = await openPage();
    await expect(page.locator('#look-heading')).toHaveText('它在看哪里？');
  });
});
