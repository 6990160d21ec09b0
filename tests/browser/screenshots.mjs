/**
 * Takes pictures of every view of the page, to be looked at:
 *
 *     cargo xtask build && node tests/browser/screenshots.mjs [folder] [view…]
 *
 * It serves dist/ and opens each view (all of VIEWS, or those named) on the CPU engine, in English and Chinese, light and dark, at a desk
 * and on a phone. Into the folder (target/screenshots when left out) go one PNG for each, and sheet.jpg with all of them small.
 * A view that cannot be reached is named, left out, and makes the script end with 1. Chinese needs a font that has it, such as
 * Debian's fonts-noto-cjk.
 */

import { mkdir, mkdtemp, copyFile, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

import { chromium } from '@playwright/test';

import { text as classes } from '../../www/classes/text.js';
import { text as classroom } from '../../www/classroom/text.js';
import { text as draw } from '../../www/questions/draw/text.js';
import { text as page } from '../../www/page/text.js';
import { text as recordText } from '../../www/share/record-text.js';
import * as zh from '../../www/zh/index.js';
import { chromiumArguments, chromiumPath } from './chromium.mjs';
import { startSite } from './site.mjs';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const WORDS = { en: { classes, classroom, draw, page }, zh };
const SIZES = [{ width: 1440, height: 900 }, { width: 360, height: 740 }];
const SCHEMES = ['light', 'dark'];
/** Of each bundled class so many photos: enough for every figure to have something to show. */
const PHOTOS_PER_CLASS = 8;
/** No step of a view takes longer, in milliseconds. */
const PATIENCE = 240_000;
const SNAPSHOT = 'cat.featurescope.zip';
/** Bytes of the sheet. */
const LARGEST_SHEET = 1_500_000;

/**
 * Each brings a page that has just been opened to a view and returns what has to be in sight, nothing for the top of the page. Those
 * with `after` go on from that view's page.
 */
const VIEWS = {
  first: {},
  card: { after: 'first', open: openCard },
  draw: { after: 'card', open: openDrawing },
  share: { after: 'card', open: openShare },
  classes: { open: openClasses },
  everywhere: { after: 'classes', open: (at) => openQuestion(at, 'everywhere') },
  unique: { after: 'classes', open: (at) => openQuestion(at, 'unique') },
  story: { open: openStory },
  classroom: { open: openClassroom },
  snapshot: { open: openSnapshot },
  embed: { path: `embed.html?open=${SNAPSHOT}`, open: async ({ tab }) => tab.locator('#embed img').first().waitFor() },
  model: { open: openModelDialog },
  error: { open: openError },
};

async function openCard({ tab }) {
  await tab.getByTestId('map-tile').first().click();
  await tab.locator('#card [data-part="cam"] > summary').click();
  await tab.waitForFunction(() => document.querySelector('[data-testid=cam-caption]')?.textContent);
  await ready(tab);
  return tab.locator('#card .card-body');
}

async function openDrawing({ tab, words }) {
  const card = tab.locator('#card');
  await tab.locator('#questions').getByRole('link', { name: words.page.questions.tabs.draw }).click();
  await card.getByText(words.draw.more, { exact: true }).click();
  const settings = card.getByRole('group', { name: words.draw.settings, exact: true });
  await settings.getByLabel(words.draw.size).selectOption('64');
  await card.getByRole('button', { name: words.draw.draw, exact: true }).click();
  await card.getByTestId('drawing-patch').first().waitFor();
  await card.getByRole('button', { name: words.draw.cancel, exact: true }).waitFor({ state: 'hidden' });
  return card;
}

async function openShare({ tab }) {
  await tab.locator('#share-button').click();
  await tab.locator('#share-link').waitFor();
  await tab.locator('#share > [role=status]').waitFor({ state: 'hidden' });
}

async function openClasses({ tab, words, photos }) {
  await tab.locator('#folder-input').setInputFiles(photos);
  await tab.getByTestId('column').nth(2).waitFor();
  await ready(tab);
  await tab.locator('#classes').getByRole('button', { name: words.classes.find }).click();
  await tab.getByTestId('class-map').first().waitFor();
  await ready(tab);
}

async function openQuestion({ tab, words }, question) {
  await tab.locator('#questions').getByRole('link', { name: words.page.questions.tabs[question] }).click();
  await ready(tab);
}

async function openStory({ tab, words }) {
  await tab.getByRole('button', { name: words.page.tray.story }).click();
  await tab.getByTestId('conclusion').waitFor();
  await ready(tab);
}

async function openClassroom({ tab, words }) {
  await tab.getByRole('button', { name: words.page.tray.classroom }).click();
  await tab.locator('#classroom').getByRole('button', { name: words.classroom.modes.predict }).click();
  await tab.locator('.predict-map').nth(5).waitFor();
}

async function openSnapshot({ tab }) {
  await tab.locator('#image-input').setInputFiles({ name: SNAPSHOT, mimeType: 'application/zip', buffer: snapshot });
  await tab.getByTestId('recorded').waitFor();
}

async function openModelDialog({ tab, words }) {
  await tab.getByRole('button', { name: words.page.model.bring }).click();
  await tab.locator('dialog.bring pre').first().waitFor();
}

async function openError({ tab }) {
  await tab.locator('#image-input').setInputFiles({ name: 'notes.txt', mimeType: 'text/plain', buffer: Buffer.from('not a photo') });
  await tab.getByRole('alert').first().waitFor();
}

/** Until nothing is loaded or computed, and every tile in sight is drawn. */
const ready = (tab) => tab.waitForFunction(() => {
  const isWaiting = (canvas) => {
    const { top, bottom } = canvas.getBoundingClientRect();
    return bottom > 0 && top < innerHeight && canvas.checkVisibility() && !canvas.dataset.drawn;
  };
  return /ready|error/.test(document.body.dataset.state) && !Array.from(document.querySelectorAll('[data-testid=gallery-tile] canvas')).some(isWaiting);
});

/** The snapshot that the page makes of its first look. */
async function record() {
  const tab = await openTab('en');
  await tab.locator('#share-button').click();
  const section = tab.getByTestId('share-snapshot');
  await section.locator('summary').click();
  const saving = tab.waitForEvent('download');
  await section.getByRole('button', { name: recordText.snapshot.make }).click();
  const bytes = await readFile(await (await saving).path());
  await tab.context().close();
  return bytes;
}

/** A folder with a folder of photos for each bundled class. */
async function classFolder() {
  const folder = await mkdtemp(join(tmpdir(), 'classes-'));
  const listed = JSON.parse(await readFile(join(ROOT, 'models/photos/classes.json'), 'utf8'));
  for (const { name } of listed.classes) {
    await mkdir(join(folder, name));
    const files = listed.photos.filter((photo) => photo.class === name).slice(0, PHOTOS_PER_CLASS).map(({ file }) => file);
    for (const file of files) await copyFile(join(ROOT, 'models/photos/classes', file), join(folder, file));
  }
  return folder;
}

/** A page in a language that knows nothing of the others. */
async function openTab(lang, path = '') {
  const context = await browser.newContext({ serviceWorkers: 'block', acceptDownloads: true });
  const tab = await context.newPage();
  tab.setDefaultTimeout(PATIENCE);
  await tab.setViewportSize(SIZES[0]);
  const address = new URL(path, site.address);
  address.searchParams.set('engine', 'cpu');
  address.searchParams.set('lang', lang);
  await tab.goto(address.href);
  if (!path) await ready(tab);
  return tab;
}

/** Shots of what the tab shows, at every size and in both schemes. */
async function shoot(tab, target, name) {
  const shots = [];
  // Nothing is pointed at.
  await tab.mouse.move(0, 0);
  for (const size of SIZES) {
    await tab.setViewportSize(size);
    for (const colorScheme of SCHEMES) {
      await tab.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      if (target) await target.evaluate((element) => element.scrollIntoView({ block: 'start' }));
      else await tab.evaluate(() => scrollTo(0, 0));
      // Tiles in sight are drawn on demand, and charts follow the width.
      await tab.waitForTimeout(600);
      if (await tab.evaluate(() => document.body.dataset.state)) await ready(tab);
      const file = `${name}-${colorScheme}-${size.width}.png`;
      await tab.screenshot({ path: join(folder, file) });
      shots.push(file);
    }
  }
  await tab.setViewportSize(SIZES[0]);
  return shots;
}

/** One row a view, its pictures small. */
async function writeSheet(shots) {
  const rows = [];
  for (const [name, files] of Object.entries(shots)) {
    const figures = files.map((file) => {
      const [lang, scheme, width] = file.slice(name.length + 1, -'.png'.length).split('-');
      return `<figure><img src="${file}"><figcaption>${lang}, ${scheme}, ${width} px</figcaption></figure>`;
    });
    rows.push(`<h2>${name}</h2><div>${figures.join('')}</div>`);
    for (const file of files) site.replaced.set(file, await readFile(join(folder, file)));
  }
  site.replaced.set('sheet.html', `<!doctype html><meta charset="utf-8"><style>
    body { margin: 24px; background: #777; font: 16px system-ui, sans-serif; color: #fff; }
    h2 { margin: 18px 0 6px; font-size: 20px; }
    div { display: flex; gap: 8px; }
    figure { margin: 0; }
    img { display: block; height: 240px; }
    figcaption { font-size: 12px; }
  </style>${rows.join('')}`);
  const tab = await browser.newPage({ viewport: { width: 2120, height: 900 } });
  tab.setDefaultTimeout(PATIENCE);
  await tab.goto(new URL('sheet.html', site.address).href);
  for (let quality = 86; ; quality -= 4) {
    const bytes = await tab.screenshot({ fullPage: true, type: 'jpeg', quality, timeout: PATIENCE });
    if (bytes.length > LARGEST_SHEET && quality > 20) continue;
    await writeFile(join(folder, 'sheet.jpg'), bytes);
    return bytes.length;
  }
}

/** Every view in every language. Returns the files of each. */
async function takeAll(names, photos) {
  const shots = {};
  for (const lang of Object.keys(WORDS)) {
    for (const name of names) {
      // The way to a view: the views that it goes on from, and itself.
      const way = [];
      for (let at = name; at; at = VIEWS[at].after) way.unshift(VIEWS[at]);
      const tab = await openTab(lang, VIEWS[name].path);
      try {
        let inSight;
        for (const { open } of way) inSight = await open?.({ tab, words: WORDS[lang], photos });
        (shots[name] ??= []).push(...(await shoot(tab, inSight, `${name}-${lang}`)));
        console.log(`${name} ${lang}`);
      } catch (error) {
        console.error(`${name} ${lang}: ${error.message.split('\n')[0]}`);
        process.exitCode = 1;
      }
      await tab.context().close();
    }
  }
  return shots;
}

const [target = join(ROOT, 'target/screenshots'), ...wanted] = process.argv.slice(2);
const folder = resolve(target);
const unknown = wanted.filter((name) => !(name in VIEWS));
if (unknown.length > 0) throw new Error(`There is no view ${unknown}; there are ${Object.keys(VIEWS)}.`);
await mkdir(folder, { recursive: true });
const photos = await classFolder();
const site = await startSite();
const browser = await chromium.launch({ executablePath: chromiumPath(), args: chromiumArguments });
const snapshot = await record();
site.replaced.set(SNAPSHOT, snapshot);
try {
  const shots = await takeAll(wanted.length > 0 ? wanted : Object.keys(VIEWS), photos);
  console.log(`${folder}: ${Object.values(shots).flat().length} pictures, sheet.jpg of ${await writeSheet(shots)} bytes`);
} finally {
  await browser.close();
  await site.close();
  await rm(photos, { recursive: true });
}
