/**
 * The page inside an embed: the recorded figure at once, the network when somebody asks for it. It tells the page around it
 * how high it is.
 */

import { toError } from '../errors.js';
import { language } from '../language.js';
import { h, setText } from '../ui/dom.js';
import { objectAddresses, recordedFigure } from './figures.js';
import { loadSnapshot, webAddress } from './load-snapshot.js';
import { modelOf, pictureOf } from './recompute.js';
import { text } from './record-text.js';
import { readSnapshot } from './snapshot-read.js';

/** What an embed may load before anybody has asked for anything, in bytes. */
const LARGEST = 32 * 2 ** 20;
/** The compressed CPU engine, about, in bytes. */
const ENGINE = 900_000;
/** Tiles of the still. */
const TILES = 6;

document.documentElement.lang = language;
const root = /** @type {HTMLElement} */ (document.getElementById('embed'));
new ResizeObserver(() => parent.postMessage({ featurescopeHeight: root.getBoundingClientRect().height }, '*')).observe(root);
const parameters = new URLSearchParams(location.search);
const engine = /** @type {import('../types.js').EngineRequest} */ (['webgpu', 'cpu'].find((name) => name === parameters.get('engine')) ?? 'auto');

try {
  const url = webAddress(parameters.get('open'));
  if (url) {
    const whole = page();
    whole.searchParams.set('open', url.href);
    show(await readSnapshot(await loadSnapshot(url, { limit: LARGEST })), whole);
  } else if (location.hash.length > 1) {
    const { fromFragment } = await import('./link.js');
    const { recordOfLink } = await import('./linked.js');
    const whole = page();
    whole.hash = location.hash;
    show(await recordOfLink(fromFragment(location.hash)), whole);
  } else {
    root.replaceChildren(h('p', { role: 'alert', className: 'alert' }, text.embed.nothing));
  }
} catch (error) {
  root.replaceChildren(h('p', { role: 'alert', className: 'alert' }, `${text.embed.unreadable} ${toError(error).message}`));
}

/** The whole page's address. */
function page() {
  return new URL('../', import.meta.url);
}

/**
 * @param {import('./record.js').Recorded} recorded
 * @param {URL} whole where the same can be seen in the page
 */
function show(recorded, whole) {
  const { finding, record, files } = recorded;
  const addresses = objectAddresses(files);
  const maps = record.figures.find((figure) => figure.kind === 'maps');
  const still = h('div', { 'data-testid': 'still' },
    ...record.figures.filter(({ kind }) => kind === 'picture').slice(0, 1).map((figure) => recordedFigure(figure, addresses.addressOf)),
    maps ? null : recordedFigure(/** @type {import('./record.js').Figure} */ (record.figures.find(({ kind }) => kind === 'predictions')), addresses.addressOf),
    maps?.kind === 'maps' ? recordedFigure({ ...maps, caption: text.figures.mapsCaption(Math.min(TILES, maps.tiles.length), record.layer.id), tiles: maps.tiles.slice(0, TILES) }, addresses.addressOf) : null);
  // Who gives the model learns of whoever loads it.
  const elsewhere = finding.model.kind === 'address' && !record.model.path ? ` ${text.view.fetches(new URL(finding.model.address).host)}` : '';
  const line = h('p', { className: 'note', role: 'status' }, `${text.embed.costs(ENGINE + (record.model.path ? 0 : record.model.bytes))}${elsewhere}`);
  const run = h('button', { type: 'button', className: 'primary', onclick: async () => {
    run.disabled = true;
    setText(line, text.live.starting);
    try {
      const { createLiveFigure } = await import('./live-figure.js');
      const live = await createLiveFigure(recorded, { engine });
      still.replaceWith(live.element);
      addresses.release();
      run.remove();
      setText(line, text.view.computedBy(`${live.engine.name} (${live.engine.device})`));
    } catch (error) {
      run.disabled = false;
      setText(line, toError(error).message);
    }
  } }, text.embed.run);
  root.replaceChildren(h('h2', {}, finding.claim.caption || text.view.heading), still,
    h('div', { className: 'buttons' }, modelOf(recorded) === null || !pictureOf(recorded) ? null : run, h('a', { href: whole.href, target: '_blank', rel: 'noopener' }, text.embed.whole)), line);
}
