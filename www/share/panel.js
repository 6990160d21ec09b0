import { h, setText } from '../ui/dom.js';
import { loadStyle } from '../ui/load-style.js';
import { gather } from './gather.js';
import { createEmbedSection } from './embed-section.js';
import { createLessonSection } from './lesson-section.js';
import { createLinkSection } from './link-section.js';
import { createSnapshotSection } from './snapshot-section.js';
import { text } from './text.js';

/**
 * What a section of the panel works with.
 * @typedef {{ session: import('../page/session/session.js').Session } & import('./open.js').PageParts} Context
 */

/**
 * A way to share. `update` is called each time the panel opens, with what the page shows then.
 * @typedef {{ element: HTMLElement, update: (gathered: Awaited<ReturnType<typeof gather>>) => unknown }} Section
 */

/** The ways to share, in their order. @type {((context: Context) => Section)[]} */
const SECTIONS = [createLinkSection, createSnapshotSection, createLessonSection, createEmbedSection];

/** @type {ReturnType<typeof createPanel> | undefined} */
let panel;

/**
 * Opens the panel with what the page shows now.
 * @param {import('../page/session/session.js').Session} session
 * @param {import('./open.js').PageParts} parts
 */
export function openShare(session, parts) {
  panel ??= createPanel({ session, ...parts });
  return panel.open();
}

/** @param {Context} context */
function createPanel(context) {
  for (const sheet of ['../ui/dialog.css', 'share.css']) loadStyle(sheet, import.meta.url);
  const status = h('p', { role: 'status', hidden: true });
  const sections = SECTIONS.map((create) => create(context));
  const body = h('div', { className: 'share-sections' }, ...sections.map(({ element }) => element));
  const dialog = h(
    'dialog',
    { className: 'bring share', id: 'share', 'aria-labelledby': 'share-heading' },
    h(
      'div',
      { className: 'sheet-head' },
      h('h2', { id: 'share-heading' }, text.panel.heading),
      h(
        'button',
        { type: 'button', className: 'close', 'aria-label': text.panel.close, onclick: () => dialog.close() },
        '×',
      ),
    ),
    h('p', {}, text.panel.intro),
    h('p', { className: 'note' }, text.panel.privacy),
    status,
    body,
  );
  document.body.append(dialog);

  return {
    async open() {
      dialog.showModal();
      setText(status, text.panel.preparing);
      status.hidden = false;
      body.hidden = true;
      try {
        const gathered = await gather(context.session, await context.classes());
        body.hidden = false;
        await Promise.all(sections.map((section) => section.update(gathered)));
        status.hidden = true;
      } catch (error) {
        setText(status, /** @type {Error} */ (error).message);
      }
    },
  };
}
