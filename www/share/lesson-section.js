import { FeaturescopeError } from '../api/errors.js';
import { save } from '../ui/save.js';
import { h, setText } from '../ui/dom.js';
import { loadStyle } from '../ui/load-style.js';
import { embeddedPictures, lessonContent, writeLesson } from './lesson-document.js';
import { livePart, sizeOf } from './lesson-live.js';
import { text } from './record-text.js';
import { fileName, recordNow, shareSection } from './snapshot-section.js';

/**
 * @typedef {import('./lesson-document.js').Block} Block
 * @typedef {{ block: Block, element: HTMLElement }} Row
 */

/** A lesson without live part that weighs more is a burden on a school's learning platform, in bytes. */
const HEAVY = 5e6;
/** The lesson is weighed when nothing was typed for this time, in milliseconds: each time all of it is written. */
const PAUSE = 300;

/**
 * The section of the share panel in which a teacher writes a lesson: figures of what the page shows, words between them.
 * @param {import('./panel.js').Context} context
 */
export function createLessonSection(context) {
  loadStyle('record.css', import.meta.url);
  loadStyle('sections.css', import.meta.url);
  const { session } = context;
  /** @type {Row[]} */
  let rows = [];
  /** What the live part runs on: the last finding that was added, and the model as it was then.
   * @type {{ recorded: import('./record.js').Recorded, model: Parameters<typeof livePart>[1] } | null} */
  let latest = null;
  /** @type {Promise<import('./lesson-document.js').LivePart> | null} */
  let live = null;
  let turn = 0;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let soon;

  const title = h('input', {
    type: 'text',
    id: 'lesson-title',
    value: text.lesson.defaultTitle,
    maxLength: 200,
    oninput: () => weighSoon(),
  });
  const list = h('ol', { className: 'lesson-blocks' });
  const empty = h('p', { className: 'note' }, text.lesson.empty);
  const withLive = h('input', { type: 'checkbox', id: 'lesson-live', onchange: () => weigh() });
  const liveNote = h('p', { className: 'note' });
  const line = h('p', { className: 'note', role: 'status', 'data-testid': 'lesson-size' });
  const preview = h('div', { className: 'lesson-preview', hidden: true });
  const button = (/** @type {string} */ label, /** @type {() => unknown} */ act, className = '') =>
    h('button', { type: 'button', className, onclick: () => attempt(act) }, label);
  const add = button(text.lesson.addFigures, addFigures, 'primary');
  const show = button(text.lesson.preview, togglePreview);
  const store = button(text.lesson.save, saveLesson, 'primary');
  const editor = h(
    'div',
    {},
    h('div', { className: 'field' }, h('label', { for: title.id }, text.lesson.title), title),
    list,
    empty,
    h(
      'div',
      { className: 'buttons' },
      add,
      button(text.lesson.newHeading, () => addRow({ kind: 'heading', text: '' })),
      button(text.lesson.newParagraph, () => addRow({ kind: 'paragraph', text: '' })),
    ),
    h('div', { className: 'field check' }, withLive, h('label', { for: withLive.id }, text.lesson.live)),
    liveNote,
  );
  const element = shareSection(
    text.lesson,
    'share-lesson',
    h('p', {}, text.lesson.explain),
    editor,
    preview,
    h('div', { className: 'buttons' }, show, store),
    line,
  );

  /** @param {() => unknown} act */
  async function attempt(act) {
    try {
      await act();
    } catch (error) {
      setText(line, '');
      session.report(error);
    }
  }

  async function addFigures() {
    setText(line, text.lesson.working);
    add.disabled = true;
    try {
      const { opened, state } = session;
      const recipe = state.model?.recipe;
      const { recorded } = await recordNow(context);
      if (recipe) latest = { recorded, model: { source: opened.source, recipe } };
      live = null;
      addRow({ kind: 'heading', text: recorded.finding.claim.caption });
      for (const figure of recorded.record.figures)
        addRow({ kind: 'figure', figure, addresses: await embeddedPictures(figure, recorded.files) });
    } finally {
      add.disabled = false;
    }
    weigh();
  }

  /** @param {Block} block */
  function addRow(block) {
    /** @type {Row} */
    const row = { block, element: h('li', { className: `lesson-block lesson-${block.kind}` }) };
    const tool = (/** @type {string} */ label, /** @type {string} */ sign, /** @type {() => void} */ act) =>
      h('button', { type: 'button', className: 'small', 'aria-label': label, title: label, onclick: act }, sign);
    row.element.append(
      fieldOf(block),
      h(
        'div',
        { className: 'lesson-tools' },
        tool(text.lesson.up, '↑', () => move(row, -1)),
        tool(text.lesson.down, '↓', () => move(row, 1)),
        tool(text.lesson.remove, '×', () => order(rows.filter((other) => other !== row))),
      ),
    );
    order([...rows, row]);
  }

  /** @param {Block} block */
  function fieldOf(block) {
    if (block.kind === 'figure') {
      const [picture] = block.addresses.values();
      return h(
        'div',
        { className: 'lesson-thumbnail' },
        picture ? h('img', { src: picture, alt: '', width: 64, height: 64 }) : null,
        h('span', {}, block.figure.title),
      );
    }
    const change = (/** @type {Event} */ event) => {
      block.text = /** @type {HTMLInputElement} */ (event.target).value;
      weighSoon();
    };
    return block.kind === 'heading'
      ? h('input', {
          type: 'text',
          value: block.text,
          maxLength: 500,
          'aria-label': text.lesson.headingLabel,
          placeholder: text.lesson.newHeading,
          oninput: change,
        })
      : h('textarea', {
          value: block.text,
          rows: 3,
          maxLength: 20_000,
          'aria-label': text.lesson.paragraphLabel,
          placeholder: text.lesson.newParagraph,
          oninput: change,
        });
  }

  /** @param {Row} row @param {-1 | 1} step */
  function move(row, step) {
    const place = rows.indexOf(row);
    const other = rows[place + step];
    if (!other) return;
    const next = [...rows];
    next[place] = other;
    next[place + step] = row;
    order(next);
  }

  /** @param {Row[]} next */
  function order(next) {
    rows = next;
    list.replaceChildren(...rows.map((row) => row.element));
    empty.hidden = rows.length > 0;
    weigh();
  }

  /** @returns {import('./lesson-document.js').Lesson} */
  function lesson() {
    return {
      title: title.value.trim() || text.lesson.defaultTitle,
      language: document.documentElement.lang || 'en',
      blocks: rows.map(({ block }) => block),
    };
  }

  function liveNow() {
    if (!withLive.checked || !latest) return null;
    live ??= livePart(latest.recorded, latest.model);
    live.catch(() => (live = null));
    return live;
  }

  function weighSoon() {
    clearTimeout(soon);
    soon = setTimeout(weigh, PAUSE);
  }

  /** Says how large the file will be; the newest answer counts. */
  async function weigh() {
    const mine = ++turn;
    await attempt(async () => {
      const part = await liveNow();
      const { size } = await writeLesson(lesson(), part);
      if (mine !== turn) return;
      setText(
        liveNote,
        part ? text.lesson.liveNote(sizeOf(part)) : withLive.checked ? text.lesson.liveNeedsFigures : '',
      );
      setText(line, `${text.lesson.weighs(size)}${!part && size > HEAVY ? ` ${text.lesson.heavy}` : ''}`);
      line.dataset.bytes = String(size);
    });
  }

  function togglePreview() {
    preview.hidden = !preview.hidden;
    editor.hidden = !preview.hidden;
    preview.replaceChildren(...(preview.hidden ? [] : [lessonContent(lesson(), null)]));
    setText(show, preview.hidden ? text.lesson.preview : text.lesson.edit);
  }

  async function saveLesson() {
    if (withLive.checked && !latest) throw new FeaturescopeError('not-ready', text.lesson.liveNeedsFigures);
    save(await writeLesson(lesson(), await liveNow()), `${fileName(session)}-lesson.html`);
  }

  return { element, update: () => {} };
}
