/**
 * The page as a viewer of snapshots: from a drop, or from the address in `?open=`. Until the view is closed the rest of the page
 * is hidden.
 */

import { toError } from '../errors.js';
import { h } from '../ui/dom.js';
import { apply } from './apply.js';
import { loadSnapshot, webAddress } from './load-snapshot.js';
import { modelOf } from './recompute.js';
import { text } from './record-text.js';
import { readSnapshot } from './snapshot-read.js';
import { createSnapshotView } from './snapshot-view.js';

/**
 * @typedef {import('../session.js').Session} Session
 * @typedef {import('./open.js').PageParts} PageParts
 */

/** @type {(() => void) | null} */
let closeOpen = null;

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
  closeOpen?.();
  const { finding, record, card, files } = recorded;
  const main = /** @type {HTMLElement} */ (document.querySelector('main'));
  const { engineRequest } = session.state;
  const model = modelOf(recorded);
  const goOn = async () => {
    closeOpen?.();
    await session.started;
    const images = finding.images.map((_, index) => {
      const picture = record.pictures.find(({ image }) => image === index);
      const blob = picture && files.get(picture.path);
      return blob ? new File([blob], picture.name, { type: blob.type }) : '';
    });
    const source = Array.isArray(model) ? [...model, new File([JSON.stringify(card)], 'card.json')] : (model ?? '');
    // Of the further models those that lie beside the page.
    const models = (finding.models ?? []).map((one) => (one.kind === 'bundled' ? one.name : null));
    apply(finding, session, { sources: { model: source, images, models }, openClasses: parts.openClasses }).catch((error) => session.report(error));
  };
  const complete = model !== null && record.pictures.length === finding.images.length;
  const view = createSnapshotView(recorded, { engine: engineRequest, close: () => closeOpen?.(), goOn: complete ? goOn : null });
  closeOpen = () => {
    closeOpen = null;
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
    if (!url) return session.set({ errors: [session.error(text.open.notAnAddress)] });
    const elsewhere = url.origin !== location.origin;
    if (elsewhere && !(await agreed(main, text.open.question(url.host), text.open.note))) return;
    const loading = h('p', { className: 'panel', role: 'status' }, text.open.loading);
    main.before(loading);
    // A host that was agreed to may pass the request on to one that was not.
    const follow = elsewhere ? () => agreed(main, text.open.passedOn(url.host), text.open.passedOnNote) : undefined;
    const file = await loadSnapshot(url, { follow }).finally(() => loading.remove());
    if (!file) return;
    const recorded = await readSnapshot(file);
    await new Promise((resolve) => show(session, parts, recorded, () => resolve(undefined)));
  } catch (error) {
    session.set({ errors: [session.error(toError(error).message)] });
  } finally {
    main.hidden = false;
  }
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
    const question = h('section', { className: 'panel', role: 'group', 'aria-labelledby': 'open-question' },
      h('h2', { id: 'open-question' }, heading),
      h('p', { className: 'note' }, note),
      h('div', { className: 'buttons' }, load, h('button', { type: 'button', onclick: () => answer(false) }, text.open.refuse)));
    main.before(question);
    load.focus();
  });
}
