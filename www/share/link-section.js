import { h, setText } from '../ui/dom.js';
import { copyButton } from '../ui/copy-button.js';
import { withoutCaption } from './caption.js';
import { addresses, bundledCopy, inlined, sha256 } from './files.js';
import { withPictures } from './inline.js';
import { keptLine, mayKeep } from './kept.js';
import { LINK_LIMITS, WARN, toFragment } from './link.js';
import { createPictureChoice } from './picture-choice.js';
import { drawQr } from './qr.js';
import { stillsOf } from './stills.js';
import { keep } from './store.js';
import { unkept } from '../files/unkept.js';
import { text } from './text.js';

/**
 * @typedef {import('./finding.js').Finding} Finding
 * @typedef {import('./gather.js').Sources} Sources
 */

/**
 * The finding as a link: its length, its QR code, and what of the visitor's goes into it.
 * @param {import('./panel.js').Context} context
 * @returns {import('./panel.js').Section}
 */
export function createLinkSection({ session }) {
  const address = h('textarea', {
    readOnly: true,
    rows: 3,
    id: 'share-link',
    'aria-label': text.link.label,
    onfocus: () => address.select(),
    oncopy: () => keepFiles(),
  });
  const { button: copy, reset } = copyButton(text.link, {
    className: 'primary',
    content: () => address.value,
    onCopy: () => keepFiles(),
    select: () => {
      address.focus();
      address.select();
    },
  });
  const choice = createPictureChoice(() => void make());
  const { element, length, warning, about, qr, qrNote, kept } = sectionOf(address, copy, choice.element);
  /** @type {{ finding: Finding, sources: Sources } | null} */
  let gathered = null;
  let turn = 0;

  async function make() {
    if (!gathered) return;
    const mine = ++turn;
    const { finding, sources } = gathered;
    setText(length, text.panel.preparing);
    copy.disabled = true;
    reset();
    try {
      const shared = choice.chosen ? await withPictures(finding, sources, session) : withStill(finding, session.state);
      if (mine !== turn) return;
      await show(shared);
    } catch (error) {
      setText(length, '');
      session.report(error);
      // Without the pictures there is a link all the same.
      if (!choice.chosen || mine !== turn) return;
      choice.reset();
      await make();
    }
  }

  /** @param {Finding} finding */
  async function show(finding) {
    about.replaceChildren(...linesAbout(finding));
    const fragment = toFragment(withoutCaption(finding));
    const link = location.origin + location.pathname + fragment;
    const tooLong = fragment.length > LINK_LIMITS.characters;
    address.value = tooLong ? '' : link;
    element.dataset.length = String(link.length);
    copy.disabled = tooLong;
    setText(length, tooLong ? '' : text.link.length(link.length));
    const warn = tooLong ? text.link.tooLong(link.length) : warningOf(link.length);
    setText(warning, warn);
    warning.hidden = warn === '';
    const drawn = !tooLong && (await drawQr(qr, link));
    qr.hidden = !drawn;
    qrNote.hidden = drawn;
  }

  async function keepFiles() {
    if (!gathered || !mayKeep()) return;
    try {
      await kept.update(!(await keep(await filesToKeep(gathered.sources))));
    } catch (error) {
      session.report(error);
    }
  }

  return {
    element,
    update(next) {
      gathered = next;
      // An answer is about one finding's pictures.
      choice.reset();
      choice
        .update(withStill(next.finding, session.state), next.sources, session)
        .catch((/** @type {unknown} */ error) => session.report(error));
      return make();
    },
  };
}

/**
 * The section's elements, in their places.
 * @param {HTMLElement} address
 * @param {HTMLElement} copy
 * @param {HTMLElement} choice
 */
function sectionOf(address, copy, choice) {
  const length = h('p', { className: 'note', role: 'status', 'data-testid': 'link-length' });
  const warning = h('p', { className: 'share-warning', 'data-testid': 'link-warning', hidden: true });
  const about = h('div', { className: 'share-about' });
  const qr = h('canvas', {
    className: 'qr',
    role: 'img',
    'aria-label': text.link.qr,
    'data-testid': 'qr',
    width: 1,
    height: 1,
  });
  const qrNote = h('p', { className: 'note', hidden: true }, text.link.qrTooLong);
  const kept = keptLine();
  const buttons = h('div', { className: 'buttons' }, copy, length);
  const words = h('div', { className: 'share-text' }, address, buttons, warning, about, kept.element);
  const element = h(
    'section',
    { className: 'share-section' },
    h('h3', {}, text.link.heading),
    choice,
    h('div', { className: 'share-link' }, words, h('div', { className: 'share-qr' }, qr, qrNote)),
  );
  return { element, length, warning, about, qr, qrNote, kept };
}

/**
 * With the strongest map as a still, where whoever opens the link cannot compute it at once.
 * @param {Finding} finding
 * @param {import('../page/state.js').State} state
 * @returns {Finding}
 */
function withStill(finding, state) {
  const photo = finding.photo === null ? null : finding.images[finding.photo];
  const missing = photo?.kind === 'file' || finding.model.kind === 'file';
  const stills = missing ? stillsOf(state, 1) : null;
  return stills ? { ...finding, stills } : finding;
}

/** Where a link of so many characters may not get through. @param {number} length */
function warningOf(length) {
  if (length > WARN.browser) return text.link.browser;
  return length > WARN.chat ? text.link.chat : '';
}

/**
 * What of the visitor's a link names.
 * @param {Finding} finding as it is in the link
 */
function linesAbout({ model, images, models = [] }) {
  const own = images.filter(({ kind }) => kind === 'file').length;
  const held = images.filter(({ kind }) => kind === 'inline').length;
  const remote = [model, ...models, ...images].flatMap((one) =>
    one.kind === 'address' ? [new URL(one.address).host] : [],
  );
  return [
    ...[model, ...models].flatMap((one) => (one.kind === 'file' ? [text.link.model(one.name)] : [])),
    ...(own > 0 ? [text.link.pictures(own)] : []),
    ...(held > 0 ? [text.link.warning(held)] : []),
    ...[...new Set(remote)].map(text.link.address),
  ].map((line) => h('p', { className: 'note' }, line));
}

/**
 * The visitor's files, which are kept here once the link is copied, so that it works when they come back; without those that are at hand
 * then anyway, and a camera's pictures.
 * @param {Sources} sources
 */
async function filesToKeep({ model, images, models }) {
  /** @type {Blob[]} */
  const files = [];
  for (const source of [...[model, ...models].flat(), ...images]) {
    if (!(source instanceof Blob) || addresses.has(source) || inlined.has(source) || unkept.has(source)) continue;
    if (!(await bundledCopy(source))) files.push(source);
  }
  return Promise.all(files.map(async (file) => ({ sha256: await sha256(file), file })));
}
