import { FeaturescopeError } from '../api/errors.js';
import { save } from '../ui/save.js';
import { h, setText } from '../ui/dom.js';
import { loadStyle } from '../ui/load-style.js';
import { embeddedPictures, lessonContent, writeLesson } from './lesson-document.js';
import { createRows } from './lesson-rows.js';
import { livePart, sizeOf } from './lesson-live.js';
import { text } from './record-text.js';
import { fileName, recordNow, shareSection } from './snapshot-section.js';

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
  const title = h('input', {
    type: 'text',
    id: 'lesson-title',
    value: text.lesson.defaultTitle,
    maxLength: 200,
    oninput: () => weighSoon(),
  });
  const rows = createRows({ onOrder: () => weigh(), onType: () => weighSoon() });
  const live = createLive(() => weigh());
  const line = h('p', { className: 'note', role: 'status', 'data-testid': 'lesson-size' });
  const preview = h('div', { className: 'lesson-preview', hidden: true });
  const button = (/** @type {string} */ label, /** @type {() => unknown} */ act, className = '') =>
    h('button', { type: 'button', className, onclick: () => attempt(act) }, label);
  const add = button(text.lesson.addFigures, addFigures, 'primary');
  const show = button(text.lesson.preview, togglePreview);
  const store = button(text.lesson.save, saveLesson, 'primary');
  const editor = editorOf(title, rows.elements, live.elements, [
    add,
    button(text.lesson.newHeading, () => rows.add({ kind: 'heading', text: '' })),
    button(text.lesson.newParagraph, () => rows.add({ kind: 'paragraph', text: '' })),
  ]);
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
      live.renew(recipe ? { recorded, model: { source: opened.source, recipe } } : null);
      // All of them at once, so that nothing that is added meanwhile comes to lie between them.
      const { figures } = recorded.record;
      const addresses = await Promise.all(figures.map((figure) => embeddedPictures(figure, recorded.files)));
      rows.add({ kind: 'heading', text: recorded.finding.claim.caption });
      figures.forEach((figure, place) => rows.add({ kind: 'figure', figure, addresses: addresses[place] }));
    } finally {
      add.disabled = false;
    }
    weigh();
  }

  /** @returns {import('./lesson-document.js').Lesson} */
  function lesson() {
    return {
      title: title.value.trim() || text.lesson.defaultTitle,
      language: document.documentElement.lang || 'en',
      blocks: rows.blocks(),
    };
  }

  const { weigh, weighSoon } = createScale({ attempt, lesson, live, line });

  function togglePreview() {
    preview.hidden = !preview.hidden;
    editor.hidden = !preview.hidden;
    preview.replaceChildren(...(preview.hidden ? [] : [lessonContent(lesson(), null)]));
    setText(show, preview.hidden ? text.lesson.preview : text.lesson.edit);
  }

  async function saveLesson() {
    if (live.lacksFigures()) throw new FeaturescopeError('not-ready', text.lesson.liveNeedsFigures);
    save(await writeLesson(lesson(), await live.part()), `${fileName(session)}-lesson.html`);
  }

  return { element, update: () => {} };
}

/**
 * @param {HTMLElement} title
 * @param {HTMLElement[]} rows
 * @param {HTMLElement[]} live
 * @param {HTMLElement[]} buttons that add rows
 */
function editorOf(title, rows, live, buttons) {
  return h(
    'div',
    {},
    h('div', { className: 'field' }, h('label', { for: title.id }, text.lesson.title), title),
    ...rows,
    h('div', { className: 'buttons' }, ...buttons),
    ...live,
  );
}

/**
 * Says how large the file will be; the newest answer counts.
 * @param {object} of
 * @param {(act: () => unknown) => Promise<void>} of.attempt
 * @param {() => import('./lesson-document.js').Lesson} of.lesson
 * @param {ReturnType<typeof createLive>} of.live
 * @param {HTMLElement} of.line
 */
function createScale({ attempt, lesson, live, line }) {
  let turn = 0;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let soon;
  async function weigh() {
    const mine = ++turn;
    await attempt(async () => {
      const part = await live.part();
      const { size } = await writeLesson(lesson(), part);
      if (mine !== turn) return;
      live.say(part);
      setText(line, `${text.lesson.weighs(size)}${!part && size > HEAVY ? ` ${text.lesson.heavy}` : ''}`);
      line.dataset.bytes = String(size);
    });
  }
  return {
    weigh,
    weighSoon() {
      clearTimeout(soon);
      soon = setTimeout(weigh, PAUSE);
    },
  };
}

/** What the live part runs on: the last finding that was added, and the model as it was then.
 * @typedef {{ recorded: import('./record.js').Recorded, model: Parameters<typeof livePart>[1] }} Latest */

/**
 * Whether the lesson runs the network itself, and what it needs for that, which is made once for each finding.
 * @param {() => void} onChange
 */
function createLive(onChange) {
  const tick = h('input', { type: 'checkbox', id: 'lesson-live', onchange: onChange });
  const note = h('p', { className: 'note' });
  /** @type {Latest | null} */
  let latest = null;
  /** @type {Promise<import('./lesson-document.js').LivePart> | null} */
  let made = null;
  return {
    elements: [h('div', { className: 'field check' }, tick, h('label', { for: tick.id }, text.lesson.live)), note],
    lacksFigures: () => tick.checked && !latest,
    /** @param {Latest | null} next */
    renew(next) {
      latest = next ?? latest;
      made = null;
    },
    part() {
      if (!tick.checked || !latest) return null;
      made ??= livePart(latest.recorded, latest.model);
      made.catch(() => (made = null));
      return made;
    },
    /** How much it weighs, or what it lacks. @param {import('./lesson-document.js').LivePart | null} part */
    say(part) {
      setText(note, part ? text.lesson.liveNote(sizeOf(part)) : tick.checked ? text.lesson.liveNeedsFigures : '');
    },
  };
}
