/**
 * The page as a viewer of snapshots: from a drop, or from the address in `?open=`. Until the view is closed the rest of the page
 * is hidden.
 */

import { toError } from '../api/errors.js';
import { h } from '../ui/dom.js';
import { apply } from './apply.js';
import { cardFor } from './card.js';
import { claimOf, differences } from './claim.js';
import { loadSnapshot, webAddress } from './load-snapshot.js';
import { createLoading } from './loading.js';
import { hasModel, modelHost, modelOf, otherPictures } from './recorded-sources.js';
import { text } from './record-text.js';
import { readSnapshot } from './snapshot-read.js';
import { createSnapshotView } from './snapshot-view.js';

/**
 * @typedef {import('../page/session/session.js').Session} Session
 * @typedef {import('./open.js').PageParts} PageParts
 */

/** @type {(() => void) | null} */
let closeOpen = null;
/** Ends what the view computes as well. @type {(() => void) | null} */
let endView = null;

/** Goes back to the page from a snapshot that is open. */
export function closeSnapshot() {
  endView?.();
}

/**
 * @param {Session} session
 * @param {PageParts} parts
 * @param {File} file
 */
export async function openSnapshot(session, parts, file) {
  show(session, parts, await readSnapshot(file), () => {});
}

/**
 * @param {Session} session
 * @param {PageParts} parts
 * @param {import('./record.js').Recorded} recorded
 * @param {() => void} onClose
 */
function show(session, parts, recorded, onClose) {
  endView?.();
  const { finding, record, files } = recorded;
  const main = /** @type {HTMLElement} */ (document.querySelector('main'));
  const { engineRequest } = session.state;
  const goOn = async () => {
    closeOpen?.();
    await session.started;
    const host = modelHost(recorded);
    const loading = createLoading(text.view.loadingFrom(host ?? ''), { hidden: host === null });
    main.before(loading.element);
    const model = await modelOf(recorded, undefined, loading).finally(() => loading.element.remove());
    if (!model) return;
    const notes = [...model.notes, ...(await otherPictures(recorded))];
    const images = finding.images.map((_, index) => {
      const picture = record.pictures.find(({ image }) => image === index);
      const blob = picture && files.get(picture.path);
      return blob ? new File([blob], picture.name, { type: blob.type }) : '';
    });
    const source = Array.isArray(model.source)
      ? [...model.source, new File([JSON.stringify(cardFor(recorded))], 'card.json')]
      : model.source;
    // Of the further models those that lie beside the page.
    const models = (finding.models ?? []).map((one) => (one.kind === 'bundled' ? one.name : null));
    const panel = await apply(finding, session, {
      sources: { model: source, images, models },
      openClasses: parts.openClasses,
    });
    const { look, errors } = session.state;
    const found = look && errors.length === 0 ? differences(finding.claim, claimOf(session, panel)).length : 0;
    if (found > 0) notes.push(text.view.continuedDiffers(found));
    if (notes.length > 0) say(/** @type {HTMLElement} */ (document.querySelector('main')), notes.join(' '));
  };
  const complete = hasModel(recorded) && record.pictures.length === finding.images.length;
  const view = createSnapshotView(recorded, {
    engine: engineRequest,
    close: () => closeOpen?.(),
    goOn: complete ? () => void goOn().catch((error) => session.report(error)) : null,
  });
  endView = view.close;
  closeOpen = () => {
    closeOpen = endView = null;
    view.element.remove();
    delete document.body.dataset.view;
    main.hidden = false;
    onClose();
  };
  main.hidden = true;
  document.body.dataset.view = 'snapshot';
  main.after(view.element);
  document.body.classList.remove('waiting');
  scrollTo(0, 0);
  view.focus();
}

/**
 * What `?open=` names, after a question where it is another host's. Resolves when the visitor is done with it, and the page
 * itself is wanted.
 * @param {Session} session
 * @param {PageParts} parts
 * @param {string} address
 */
export async function openFromAddress(session, parts, address) {
  const url = webAddress(address);
  const main = /** @type {HTMLElement} */ (document.querySelector('main'));
  main.hidden = true;
  document.body.classList.remove('waiting');
  try {
    if (!url) return say(main, text.open.notAnAddress);
    const elsewhere = url.origin !== location.origin;
    // The page's policy would block it, without a word about why.
    if (elsewhere && url.protocol === 'http:') return say(main, text.open.notEncrypted(url.host));
    if (elsewhere && !(await agreed(main, text.open.question(url.host), text.open.note))) return;
    const loading = createLoading(text.open.loading);
    main.before(loading.element);
    // A host that was agreed to may pass the request on to one that was not.
    const follow = elsewhere ? () => agreed(main, text.open.passedOn(url.host), text.open.passedOnNote) : undefined;
    const file = await loadSnapshot(url, { follow, ...loading }).finally(() => loading.element.remove());
    if (!file) return;
    const recorded = await readSnapshot(file);
    await new Promise((resolve) => show(session, parts, recorded, () => resolve(undefined)));
  } catch (error) {
    const { code, message } = toError(error);
    say(main, code === 'cancelled' ? text.open.stopped : message);
  } finally {
    main.hidden = false;
  }
}

/**
 * A message that stays until it is closed: what the page does on its own meanwhile is no answer to it.
 * @param {HTMLElement} main
 * @param {string} sentence
 */
function say(main, sentence) {
  const message = h(
    'div',
    { className: 'alert', role: 'alert', 'data-testid': 'snapshot-message' },
    h('p', {}, sentence),
    h(
      'button',
      { type: 'button', className: 'close', 'aria-label': text.open.dismiss, onclick: () => message.remove() },
      '×',
    ),
  );
  main.before(message);
}

/**
 * @param {HTMLElement} main
 * @param {string} heading
 * @param {string} note
 * @returns {Promise<boolean>}
 */
function agreed(main, heading, note) {
  return new Promise((resolve) => {
    const answer = (/** @type {boolean} */ yes) => {
      question.remove();
      resolve(yes);
    };
    const load = h('button', { type: 'button', className: 'primary', onclick: () => answer(true) }, text.open.load);
    const question = h(
      'section',
      { className: 'panel', role: 'group', 'aria-labelledby': 'open-question' },
      h('h2', { id: 'open-question' }, heading),
      h('p', { className: 'note' }, note),
      h(
        'div',
        { className: 'buttons' },
        load,
        h('button', { type: 'button', onclick: () => answer(false) }, text.open.refuse),
      ),
    );
    main.before(question);
    load.focus();
  });
}
