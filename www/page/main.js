import { FeaturescopeError } from '../api/errors.js';
import { loadFirstLook } from './first-look.js';
import { language } from '../api/language.js';
import { createPage } from './paint.js';
import { createSession } from './session/session.js';
import { PHOTO_SIZE } from './session/tray.js';
import { createState, createStore } from './state.js';
import { text as apiText } from '../api/text.js';
import { text } from './text.js';

/** The page shows itself after this time even if the recorded first look is not there yet, in milliseconds. */
const PATIENCE = 1000;

document.documentElement.lang = language;
document.title = text.pageTitle;
document.querySelector('meta[name=description]')?.setAttribute('content', text.description);

const state = createState();
const parameters = new URLSearchParams(location.search);
if (parameters.get('embed') === '1') {
  // What stands in other pages is a small page of its own; this one ends here.
  location.replace(new URL(`../embed.html${location.search}${location.hash}`, import.meta.url));
  await new Promise(() => {});
}
const parameter = parameters.get('engine');
if (parameter === 'webgpu' || parameter === 'cpu') state.engineRequest = parameter;

let scheduled = false;
const store = createStore(state, () => {
  // "Ready" is said when everything is drawn, and everything else at once: a hidden tab draws nothing.
  if (state.status !== 'ready') document.body.dataset.state = state.status;
  if (scheduled) return;
  scheduled = true;
  requestAnimationFrame(() => {
    scheduled = false;
    render(state);
  });
});
const session = createSession(store);
const { render, openLink, parts } = createPage(session);
render(state);
document.getElementById('not-started')?.remove();
openLink();
addEventListener('hashchange', openLink);
// For the console and for tests.
Object.assign(globalThis, { featurescope: session });

const firstLook = Promise.all([showFirstLook(), readIndex()]);
const patience = new Promise((resolve) => setTimeout(resolve, PATIENCE));
Promise.race([firstLook, patience]).then(() => requestAnimationFrame(() => document.body.classList.remove('waiting')));
const snapshot = parameters.get('open');
// A snapshot needs no engine, so that starts when the visitor goes on to the page.
session.started = firstLook
  .then(() => (snapshot ? openSnapshot(snapshot) : undefined))
  .then(() => session.start([...state.errors]));
await session.started;
// What is not here yet loads when it is asked for.
import('./next.js').catch(() => {});
// On this machine itself a file that was kept would hide the one that was just changed.
// A frame without an origin of its own may not keep any.
if ('serviceWorker' in navigator && location.hostname !== 'localhost' && globalThis.origin !== 'null') {
  const { workOffline } = await import('./offline.js');
  await workOffline(session);
}

/** @param {string} address */
async function openSnapshot(address) {
  try {
    await (await import('../share/open-snapshot.js')).openFromAddress(session, parts, address);
  } catch (error) {
    session.report(error);
  }
}

/** The recorded result stands until the engine has its own. */
async function showFirstLook() {
  const first = await loadFirstLook();
  if (first && !state.look) session.set({ ...first, recorded: true });
}

/** @param {{ file: string, title: string, alt: string, licence: string, source: string, width: number, height: number }[]} photos */
function offerSamples(photos) {
  session.addSamples(
    photos.map(({ file, title, alt, licence, source }) => {
      const { title: name, ...shown } = text.tray.sample(file, {
        title,
        alt,
        credit: `${source.split(';')[0]} (${licence})`,
      });
      return { ...shown, name, source: new URL(`../models/photos/${file}`, import.meta.url).href };
    }),
  );
  photos.forEach((photo, i) => makeSampleThumbnail(state.photos[i].id, String(state.photos[i].source), photo));
}

/**
 * Bundled photos need no engine to be shown.
 * @param {number} id
 * @param {string} address
 * @param {{ width: number, height: number }} size of the photo
 */
async function makeSampleThumbnail(id, address, { width, height }) {
  try {
    const blob = await (await fetch(address)).blob();
    const factor = Math.min(1, PHOTO_SIZE / Math.max(width, height));
    // From the blob and not from a decoded bitmap, which would be resized on this thread.
    const small = await createImageBitmap(blob, {
      resizeWidth: Math.round(width * factor),
      resizeHeight: Math.round(height * factor),
      resizeQuality: 'high',
    });
    session.setThumbnail(id, small, width, height);
  } catch {
    // The look at it will say what is wrong.
  }
}

/** The models and photos that lie beside the page. */
async function readIndex() {
  try {
    const response = await fetch(new URL('../models/index.json', import.meta.url));
    const { models, photos } = await response.json();
    session.set({
      offeredModels: models.map((/** @type {{ name: string, title: string }} */ model) => ({
        ...model,
        title: apiText.model.named(model.name, model.title),
      })),
    });
    offerSamples(photos);
  } catch {
    session.report(new FeaturescopeError('network', text.errors.noIndex));
  }
}

addEventListener('unhandledrejection', (event) => session.report(event.reason));
addEventListener('error', ({ error }) => {
  if (error) session.report(error);
});
