/**
 * Draws www/icons/preview.jpg, which other sites show where they link to the page: one map's glow over the bundled cat.
 *
 *     cargo xtask build && node tests/browser/record-preview.mjs
 *
 * It serves dist/, lets the page look at its first photo on the CPU engine, and puts one overlay of the public interface beside
 * what the page is for, at the size that link previews have.
 */

import { writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

import { openLooked, withPage } from './recorder.mjs';

/** Of SqueezeNet's last fire module: it fires on the cat's eyes. */
const MAP = 111;
const SIZE = { width: 1200, height: 630 };
/** Debian's fonts-noto-cjk, whose Latin letters are Source Serif and Source Sans. */
const SERIF = '"Noto Serif CJK SC", "Source Serif 4", Georgia, serif';
const SANS = '"Noto Sans CJK SC", "Source Sans 3", system-ui, sans-serif';
/** A crawler gives up on pictures that are slow to come. */
const LARGEST_FILE = 120_000;

await withPage(async (page, address) => {
  await openLooked(page, address);
  const { overlay, seen, icon } = await page.evaluate(draw, { map: MAP, size: SIZE.height });
  await page.goto('about:blank');
  await page.setContent(card(overlay, seen, icon));
  await page.evaluate(() => Promise.all([document.fonts.ready, ...Array.from(document.images, (image) => image.decode())]));
  const file = fileURLToPath(new URL('../../www/icons/preview.jpg', import.meta.url));
  const bytes = await jpeg(page);
  await writeFile(file, bytes);
  console.log(`${file}: ${bytes.length} bytes`);
}, { viewport: SIZE });

/** The card as a JPEG of the best quality that is small enough. */
async function jpeg(page) {
  for (let quality = 92; ; quality -= 2) {
    const bytes = await page.screenshot({ type: 'jpeg', quality });
    if (bytes.length <= LARGEST_FILE) return bytes;
  }
}

/** Runs in the page: the overlay, the picture that the network saw and the icon, as data addresses. */
async function draw({ map, size }) {
  const { look } = globalThis.featurescope.state;
  const address = async (picture) => {
    const canvas = new OffscreenCanvas(picture.width, picture.height);
    canvas.getContext('2d').drawImage(await createImageBitmap(picture), 0, 0);
    const bytes = new Uint8Array(await (await canvas.convertToBlob()).arrayBuffer());
    return `data:image/png;base64,${btoa(bytes.reduce((string, byte) => string + String.fromCharCode(byte), ''))}`;
  };
  const icon = await (await fetch('icons/icon.svg')).text();
  const overlay = await look.overlay(map, { style: 'glow', size });
  return { overlay: await address(overlay), seen: await address(look.seen()), icon };
}

/** What is photographed: the overlay over the full height, and beside it two sentences with room around them. */
function card(overlay, seen, icon) {
  return `<!doctype html><meta charset="utf-8"><style>
    * { margin: 0; box-sizing: border-box; }
    body { display: grid; grid-template-columns: 630px 1fr; width: 1200px; height: 630px; background: #fbfbfa; color: #1b1c1e; }
    .overlay { width: 630px; height: 630px; display: block; }
    section { display: flex; flex-direction: column; padding: 52px 48px 48px 60px; }
    .name { display: flex; align-items: center; gap: 14px; font: 700 29px/1 ${SANS}; }
    .name svg { width: 36px; height: 36px; }
    h1 { margin: auto 0; font: 400 70px/1.12 ${SERIF}; letter-spacing: -0.015em; text-wrap: balance; }
    figure { display: flex; align-items: center; gap: 18px; font: 23px/1.4 ${SANS}; color: #5c6066; }
    figure img { width: 84px; height: 84px; flex: none; border-radius: 3px; }
  </style>
  <img class="overlay" src="${overlay}">
  <section>
    <p class="name">${icon}Featurescope</p>
    <h1>See what a neural network looks at</h1>
    <figure><img src="${seen}"><figcaption>Detector ${MAP} of 512 lights up at the eyes. Try it in your browser.</figcaption></figure>
  </section>`;
}
