import { FeaturescopeError } from '../api/errors.js';
import { save } from '../ui/save.js';
import { h, setText, unfold } from '../ui/dom.js';
import { gather } from './gather.js';
import { text } from './record-text.js';
import { makeRecord } from './record-make.js';
import { writeSnapshot } from './snapshot-write.js';

/** @typedef {import('./panel.js').Context} Context */

/**
 * A record of what the page shows now.
 * @param {Context} context
 * @param {{ withModel?: boolean }} [options]
 */
export async function recordNow({ session, classes }, options) {
  const { look, recorded } = session.state;
  if (!look || recorded) throw new FeaturescopeError('not-ready', text.snapshot.notReady);
  const panel = await classes();
  return makeRecord(session, panel, await gather(session, panel), options);
}

/**
 * The section of the share panel that saves a snapshot.
 * @param {Context} context
 */
export function createSnapshotSection(context) {
  const { session } = context;
  const withModel = h('input', { type: 'checkbox', id: 'snapshot-with-model' });
  const note = h('p', { className: 'note' });
  const line = h('p', { className: 'note', role: 'status' });
  const make = h(
    'button',
    {
      type: 'button',
      className: 'primary',
      onclick: async () => {
        make.disabled = true;
        setText(line, text.snapshot.making);
        try {
          const { recorded, tables } = await recordNow(context, { withModel: withModel.checked });
          const blob = await writeSnapshot(recorded, tables);
          save(blob, `${fileName(session)}.featurescope.zip`);
          setText(line, text.snapshot.made(blob.size));
        } catch (error) {
          setText(line, '');
          session.report(error);
        }
        make.disabled = false;
      },
    },
    text.snapshot.make,
  );
  const element = shareSection(
    text.snapshot,
    'share-snapshot',
    h('p', {}, text.snapshot.explain),
    h('p', { className: 'note' }, text.snapshot.holds),
    h('div', { className: 'field check' }, withModel, h('label', { for: withModel.id }, text.snapshot.withModel)),
    note,
    h('div', { className: 'buttons' }, make, line),
  );
  return {
    element,
    update() {
      setText(note, session.state.model ? text.snapshot.withModelNote(session.state.model.bytes) : '');
    },
  };
}

/**
 * A section of the panel that unfolds.
 * @param {{ heading: string, about: string }} texts `about`: in one line what it is for, which shows while it is folded as well
 * @param {string} testid
 * @param {...(Node | string)} content
 */
export function shareSection({ heading, about }, testid, ...content) {
  const section = unfold(heading, h('div', { className: 'share-inside' }, ...content));
  section.querySelector('summary')?.append(' ', h('span', { className: 'share-for' }, about));
  section.classList.add('share-section');
  section.dataset.testid = testid;
  return section;
}

/** A file name from what is looked at. @param {import('../page/session/session.js').Session} session */
export function fileName({ state }) {
  const photo = state.photos.find(({ id }) => id === state.photo)?.name ?? 'finding';
  return (
    photo
      .toLowerCase()
      .replace(/\.[a-z]+$/, '')
      .replace(/[^\p{L}\p{N}]+/gu, '-')
      .replace(/^-|-$/g, '')
      .slice(0, 60) || 'finding'
  );
}
