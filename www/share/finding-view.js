import { h, setText } from '../ui/dom.js';
import { connectInput } from '../ui/drop.js';
import { loadStyle } from '../ui/load-style.js';
import { claimView } from './claim-view.js';
import { createLoading } from './loading.js';
import { keptLine } from './kept.js';
import { text } from './text.js';

/** @typedef {import('./resolve.js').Resolver} Resolver */

/** Sentences about differences that are shown. */
const SHOWN = 8;

/**
 * The part of the page that tells about an opened finding; one that was there before goes.
 * @param {{ onClose: () => void, report: (error: unknown) => void }} page
 */
export function createFindingView({ onClose, report }) {
  loadStyle('share.css', import.meta.url);
  document.getElementById('finding')?.remove();
  const closing = new AbortController();
  const { root, status, message, list, needs, content } = elements(() => {
    closing.abort();
    root.remove();
    onClose();
  });
  document.querySelector('main')?.before(root);

  /** @param {string} state @param {string} sentence @param {string[]} [lines] */
  function set(state, sentence, lines = []) {
    root.dataset.state = state;
    setText(status, sentence);
    list.replaceChildren(
      ...lines.slice(0, SHOWN).map((line) => h('li', {}, line)),
      ...(lines.length > SHOWN ? [h('li', {}, text.open.more(lines.length - SHOWN))] : []),
    );
    needs.hidden = true;
    // The numbers are the page's own once they agree.
    const numbers = content.querySelector('details');
    if (numbers) numbers.open = state === 'missing' || state === 'failed';
  }
  /** @param {string} sentence */
  function said(sentence) {
    setText(message, sentence);
    message.hidden = sentence === '';
  }
  let takeFiles = async (/** @type {File[]} */ _files) => {};
  let load = async () => {};
  const failed = (/** @type {unknown} */ error) => {
    set('failed', text.open.failed);
    report(error);
  };
  const bring = bringing({
    take: (files) => void takeFiles(files).catch(failed),
    load: () => void load().catch(failed),
  });
  /** What is still wanted, and how to bring it. @param {Resolver} resolver @param {string} sentence */
  function ask(resolver, sentence) {
    needs.replaceChildren(...bring(resolver, sentence));
    needs.hidden = needs.childElementCount === 0;
  }

  return {
    /** Stops what is being loaded, as closing the finding does too. */
    loading() {
      const loading = createLoading(text.open.loading, { hidden: true });
      closing.signal.addEventListener('abort', loading.stop);
      status.after(loading.element);
      return loading;
    },
    said,
    onFiles: (/** @type {typeof takeFiles} */ take) => void (takeFiles = take),
    onLoad: (/** @type {typeof load} */ again) => void (load = again),
    ...outcomes({ set, said, ask, content }),
  };
}

/**
 * What can be said of an opened finding.
 * @param {object} view
 * @param {(state: string, sentence: string, lines?: string[]) => void} view.set
 * @param {(sentence: string) => void} view.said
 * @param {(resolver: Resolver, sentence: string) => void} view.ask
 * @param {HTMLElement} view.content
 */
function outcomes({ set, said, ask, content }) {
  return {
    /** @param {string} sentence */
    refuse(sentence) {
      set('refused', '');
      said(sentence);
    },
    /** @param {import('./finding.js').Finding} finding */
    show(finding) {
      content.replaceChildren(claimView(finding));
      set('computing', text.open.computing);
    },
    computing: () => set('computing', text.open.computing),
    failed: () => set('failed', text.open.failed),
    /** @param {string} sentence why nothing could be made of it */
    broken(sentence) {
      set('failed', text.open.broken);
      said(sentence);
    },
    /** @param {string[]} found @param {Resolver} resolver @param {string[]} absent further models, by name */
    done(found, resolver, absent) {
      said('');
      set(found.length > 0 ? 'differs' : 'same', found.length > 0 ? text.open.differs : text.open.same, found);
      if (absent.length > 0) ask(resolver, text.open.furtherNeeds(absent));
    },
    /** @param {Resolver} resolver @param {string[]} absent */
    missing(resolver, absent) {
      set('missing', text.open.missing, [...absent, ...resolver.notes]);
      ask(resolver, resolver.missing.length > 0 ? text.open.needs : '');
    },
  };
}

/** @param {() => void} close */
function elements(close) {
  const status = h('p', { role: 'status' });
  const message = h('p', { className: 'finding-message', role: 'alert', hidden: true });
  const list = h('ul', { className: 'finding-list' });
  const needs = h('div', { className: 'finding-needs', hidden: true });
  const content = h('div');
  const kept = keptLine();
  kept.update();
  const root = h(
    'section',
    { id: 'finding', className: 'finding', 'data-testid': 'finding', 'aria-labelledby': 'finding-heading' },
    h(
      'div',
      { className: 'card-head' },
      h('h2', { id: 'finding-heading' }, text.open.heading),
      h('button', { type: 'button', className: 'close', 'aria-label': text.open.close, onclick: close }, '×'),
    ),
    status,
    message,
    list,
    needs,
    content,
    kept.element,
  );
  return { root, status, message, list, needs, content };
}

/**
 * What a finding lacks, and the buttons to bring it.
 * @param {{ take: (files: File[]) => void, load: () => void }} actions
 * @returns {(resolver: Resolver, sentence: string) => HTMLElement[]}
 */
function bringing({ take, load }) {
  const input = h('input', {
    type: 'file',
    multiple: true,
    className: 'file-input',
    id: 'finding-input',
    tabIndex: -1,
    'aria-hidden': 'true',
  });
  const choose = connectInput(input, take);
  /** @param {string} id @param {HTMLElement[]} items */
  const listed = (id, items) => h('ul', { className: 'finding-list', 'data-testid': id }, ...items);
  return ({ missing, unloaded }, sentence) => {
    const files = missing.map(({ name, bytes, sha256 }) =>
      h('li', {}, text.open.file(name, bytes), h('code', {}, sha256)),
    );
    const hosts = unloaded.map(({ address }) => h('li', {}, text.open.address(address)));
    const pick = h('button', { type: 'button', className: 'primary', onclick: choose }, text.open.choose);
    return [
      ...(sentence ? [h('p', { 'data-testid': 'needs' }, sentence)] : []),
      ...(files.length > 0 ? [listed('missing', files), h('p', { className: 'buttons' }, pick, input)] : []),
      ...(hosts.length > 0
        ? [
            listed('unloaded', hosts),
            h('p', { className: 'buttons' }, h('button', { type: 'button', onclick: load }, text.open.load)),
          ]
        : []),
    ];
  };
}
