/**
 * The page inside an embed: the recorded figure at once, the network when somebody asks for it. It tells the page around it
 * how high it is.
 */

import { FeaturescopeError, toError } from '../api/errors.js';
import { language } from '../api/language.js';
import { text as pageText } from '../page/text.js';
import { h, setText } from '../ui/dom.js';
import { creditOf, embedContent, figuresOf, partsOf, stillOf, stillPanels } from './embed-still.js';
import { fullScreenButton, listenForTheme, tellHeight } from './embed-frame.js';
import { objectAddresses } from './figures.js';
import { LARGEST as MOST_BYTES, loadSnapshot, webAddress } from './load-snapshot.js';
import { createLoading } from './loading.js';
import { openRanged } from './ranged.js';
import { hasModel, modelHost } from './recorded-sources.js';
import { filesOf } from './record.js';
import { text } from './record-text.js';
import { readSnapshot } from './snapshot-read.js';

/** What an embed may load in parts before anybody has asked for anything, in bytes. */
const LARGEST = 32 * 2 ** 20;
/** A file that its server sends in one piece only is loaded unasked up to this size, in bytes. */
const MOST_UNASKED = 1e6;
/** The compressed CPU engine, about, in bytes. */
const ENGINE = 900_000;
/** Hosts that are this machine, which the policy of embed.html lets load without https. */
const THIS_MACHINE = ['localhost', '127.0.0.1'];

document.documentElement.lang = language;
document.getElementById('not-started')?.remove();
const root = /** @type {HTMLElement} */ (document.getElementById('embed'));
const parameters = new URLSearchParams(location.search);
const asked = partsOf(parameters.get('show'));
listenForTheme(parameters);
tellHeight(root);
const engine = /** @type {import('../api/types.js').EngineRequest} */ (
  ['webgpu', 'cpu'].find((name) => name === parameters.get('engine')) ?? 'auto'
);

try {
  const url = webAddress(parameters.get('open'));
  if (url) {
    const whole = page();
    whole.searchParams.set('open', url.href);
    if (window === top && url.origin !== location.origin) {
      // Nobody has put this into a page of theirs, so it is a link like any other, and the whole page asks before it loads.
      location.replace(whole);
      await new Promise(() => {});
    }
    // The policy would block it, without a word about why.
    if (url.origin !== location.origin && url.protocol === 'http:' && !THIS_MACHINE.includes(url.hostname))
      throw new FeaturescopeError('network', text.embed.notEncrypted(url.host));
    const file = (await openRanged(url, { limit: LARGEST, whole: MOST_UNASKED })) ?? (await wholeOf(url, whole));
    show(await readSnapshot(file, { paths: stillPaths }), whole, {
      all: file instanceof File,
      async toRun(options) {
        // Now somebody has asked for it.
        if (!(file instanceof File)) Object.assign(file, { limit: MOST_BYTES, ...options });
        return readSnapshot(file, { paths: runPaths });
      },
    });
  } else if (location.hash.length > 1) {
    const { fromFragment } = await import('./link.js');
    const { recordOfLink } = await import('./linked.js');
    const whole = page();
    whole.hash = location.hash;
    const recorded = await recordOfLink(fromFragment(location.hash));
    show(recorded, whole, { all: true, toRun: async () => recorded });
    // A link holds no pictures of its maps, but what they were.
    const [{ claimNumbers }, { loadStyle }] = await Promise.all([
      import('./claim-view.js'),
      import('../ui/load-style.js'),
    ]);
    loadStyle('share.css', import.meta.url);
    root.append(claimNumbers(recorded.finding));
  } else {
    root.replaceChildren(h('p', { role: 'alert', className: 'alert' }, text.embed.nothing));
  }
} catch (error) {
  root.replaceChildren(
    h('p', { role: 'alert', className: 'alert' }, `${text.embed.unreadable} ${toError(error).message}`),
  );
}

/**
 * A file that comes in one piece: what a server says of its length counts for nothing, so it is counted as it comes, and where there is more
 * the rest waits until somebody asks for it.
 * @param {URL} url
 * @param {URL} whole where the same can be seen in the page
 */
async function wholeOf(url, whole) {
  return /** @type {File} */ (
    await loadSnapshot(url, { limit: MOST_UNASKED, beyond: (size) => onceAsked(url, whole, size) })
  );
}

/**
 * @param {URL} url
 * @param {URL} whole where the same can be seen in the page
 * @param {number | null} size bytes, where they are known
 * @returns {Promise<File | null>}
 */
function onceAsked(url, whole, size) {
  return new Promise((resolve) => {
    const line = h('p', { className: 'note', role: 'status' });
    const load = h(
      'button',
      {
        type: 'button',
        className: 'primary',
        onclick: async () => {
          const loading = createLoading(text.open.loading);
          load.disabled = true;
          setText(line, '');
          line.after(loading.element);
          try {
            resolve(await loadSnapshot(url, loading));
          } catch (error) {
            const { code, message } = toError(error);
            load.disabled = false;
            setText(line, code === 'cancelled' ? text.open.stopped : message);
          }
          loading.element.remove();
        },
      },
      text.embed.load(size),
    );
    root.replaceChildren(
      h('p', {}, text.embed.inOnePiece(url.host, size ?? MOST_UNASKED, size !== null)),
      h('div', { className: 'buttons' }, load, openWhole(whole)),
      line,
    );
  });
}

/** @param {URL} whole */
function openWhole(whole) {
  return h('a', { href: whole.href, target: '_blank', rel: 'noopener' }, text.embed.whole);
}

/** The files of the still.
 * @param {import('./record.js').RecordData} record
 * @param {import('./record.js').Finding} finding */
function stillPaths(record, { view }) {
  return filesOf(figuresOf(stillPanels(record, view.openMap, asked)));
}

/** The files that the network needs.
 * @param {import('./record.js').RecordData} record
 * @param {import('./record.js').Finding} finding */
function runPaths({ model, pictures }, { photo }) {
  return [
    ...(model.path ? [model.path, ...model.parts] : []),
    ...pictures.flatMap(({ image, path }) => (image === photo ? [path] : [])),
  ];
}

/** The whole page's address. */
function page() {
  return new URL('../', import.meta.url);
}

/**
 * @param {import('./record.js').Recorded} recorded with the files of the still
 * @param {URL} whole where the same can be seen in the page
 * @param {{ all: boolean, toRun: (options: { signal: AbortSignal, onBytes: import('./download.js').OnBytes }) => Promise<import('./record.js').Recorded> }} more `all`: nothing of it is still to be loaded; `toRun`: with the
 *   files that the network needs
 */
function show(recorded, whole, { all, toRun }) {
  const { finding, record, files } = recorded;
  const addresses = objectAddresses(files);
  const still = stillOf(stillPanels(record, finding.view.openMap, asked), addresses.addressOf);
  // Who gives the model learns of whoever loads it.
  const host = modelHost(recorded);
  const elsewhere = host ? ` ${text.view.fetches(host)}` : '';
  const costs = `${text.embed.costs(ENGINE + (record.model.path && all ? 0 : record.model.bytes))}${elsewhere}`;
  const line = h('p', { className: 'note', role: 'status' }, costs);
  const run = h(
    'button',
    {
      type: 'button',
      className: 'primary',
      onclick: async () => {
        const loading = createLoading(text.live.starting);
        const { signal, onBytes } = loading;
        run.disabled = true;
        line.hidden = true;
        line.after(loading.element);
        try {
          const [{ createLiveFigure }, complete] = await Promise.all([
            import('./live-figure.js'),
            toRun({ signal, onBytes }),
          ]);
          const live = await createLiveFigure(complete, {
            engine,
            signal,
            onBytes,
            onProgress: (progress) => loading.say(pageText.progress.line(progress)),
            // What was found there is not found here.
            onOwnPicture: () => root.querySelectorAll('[data-recorded]').forEach((element) => element.remove()),
          });
          still.element.replaceWith(live.element);
          run.hidden = true;
          setText(line, text.view.computedBy(`${live.engine.name} (${live.engine.device})`));
          live.lost.then(() => {
            live.element.replaceWith(still.element);
            run.hidden = false;
            run.disabled = false;
            setText(line, text.embed.lost);
          });
        } catch (error) {
          const { code, message } = toError(error);
          run.disabled = false;
          setText(line, code === 'cancelled' ? costs : message);
        }
        loading.element.remove();
        line.hidden = false;
      },
    },
    text.embed.run,
  );
  const runnable = hasModel(recorded) && record.pictures.some(({ image }) => image === finding.photo);
  line.hidden = !runnable;
  const buttons = [runnable ? run : null, fullScreenButton(), openWhole(whole)];
  root.replaceChildren(...embedContent(finding, { still, credit: creditOf(recorded), buttons, line }));
}
