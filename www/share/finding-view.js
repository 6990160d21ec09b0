import { h, setText, unfold } from '../ui/dom.js';
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
 * @param {{ onClose: () => void, report: (error: unknown) => void, alone: (is: boolean) => void }} page `alone`: whether the finding stands by
 *   itself, since what the page shows is of another picture, which would be taken for the link's
 */
export function createFindingView({ onClose, report, alone }) {
  for (const sheet of ['../ui/dialog.css', 'share.css']) loadStyle(sheet, import.meta.url);
  document.getElementById('finding')?.remove();
  const closing = new AbortController();
  const { root, status, message, list, needs, details, still, content } = elements(() => {
    closing.abort();
    root.remove();
    alone(false);
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
    // What is missing is one line; which files exactly, and why, only some want to know.
    const folded = state === 'missing';
    details.hidden = !folded;
    if (folded) details.append(list);
    else details.before(list);
    still.hidden = state === 'same' || state === 'differs';
    if (still.hidden) alone(false);
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
    const { buttons, lists } = bring(resolver);
    needs.replaceChildren(...(sentence ? [h('p', { 'data-testid': 'needs' }, sentence)] : []), ...buttons);
    needs.hidden = needs.childElementCount === 0;
    details.replaceChildren(
      ...Array.from(details.children).filter((part) => part.localName === 'summary' || part === list),
      ...lists,
    );
    details.hidden = lists.length === 0 && !details.contains(list);
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
    ...outcomes({ set, said, ask, alone, content, still }),
  };
}

/**
 * What can be said of an opened finding.
 * @param {object} view
 * @param {(state: string, sentence: string, lines?: string[]) => void} view.set
 * @param {(sentence: string) => void} view.said
 * @param {(resolver: Resolver, sentence: string) => void} view.ask
 * @param {(is: boolean) => void} view.alone
 * @param {HTMLElement} view.content
 * @param {HTMLElement} view.still
 */
function outcomes({ set, said, ask, alone, content, still }) {
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
      alone(!isHere(finding));
      void showStill(finding, still);
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
      const names = [
        ...resolver.missing.map(({ name }) => name),
        ...resolver.unloaded.map(({ address }) => new URL(address).host),
      ];
      set('missing', text.open.missing(names), [...absent, ...resolver.notes]);
      alone(true);
      ask(resolver, '');
    },
  };
}

/** Whether the picture that was looked at comes with the page or the link. @param {import('./finding.js').Finding} finding */
function isHere({ images, photo }) {
  return photo === null || ['bundled', 'inline'].includes(images[photo].kind);
}

/**
 * The map that the link holds, for whoever cannot compute it.
 * @param {import('./finding.js').Finding} finding
 * @param {HTMLElement} still
 */
async function showStill(finding, still) {
  if (!finding.stills) return;
  const [{ recordOfLink }, { partOf }] = await Promise.all([import('./linked.js'), import('./figure-parts.js')]);
  const { record, files } = await recordOfLink(finding);
  const figure = record.figures.find((one) => partOf(one) === 'map');
  const file = figure?.kind === 'picture' ? files.get(figure.path) : undefined;
  if (figure?.kind !== 'picture' || !file) return;
  const { width, height, alt } = figure;
  const src = URL.createObjectURL(file);
  const image = h('img', { src, alt, width, height, onload: () => URL.revokeObjectURL(src) });
  const caption = isHere(finding) ? text.open.still(finding.stills.maps[0].map) : text.open.stillAlone;
  still.replaceChildren(image, h('figcaption', { className: 'note' }, caption));
}

/** @param {() => void} close */
function elements(close) {
  const status = h('p', { role: 'status' });
  const message = h('p', { className: 'finding-message', role: 'alert', hidden: true });
  const list = h('ul', { className: 'finding-list' });
  const needs = h('div', { className: 'finding-needs', hidden: true });
  const details = unfold(text.open.details);
  details.hidden = true;
  const still = h('figure', { className: 'finding-still', 'data-testid': 'finding-still' });
  const content = h('div');
  const kept = keptLine();
  kept.update();
  const root = h(
    'section',
    { id: 'finding', className: 'finding', 'data-testid': 'finding', 'aria-labelledby': 'finding-heading' },
    h(
      'div',
      { className: 'sheet-head' },
      h('h2', { id: 'finding-heading' }, text.open.heading),
      h('button', { type: 'button', className: 'close', 'aria-label': text.open.close, onclick: close }, '×'),
    ),
    status,
    message,
    list,
    needs,
    details,
    h('div', { className: 'finding-shown' }, still, content),
    kept.element,
  );
  return { root, status, message, list, needs, details, still, content };
}

/**
 * What a finding lacks, and the buttons to bring it.
 * @param {{ take: (files: File[]) => void, load: () => void }} actions
 * @returns {(resolver: Resolver) => { buttons: HTMLElement[], lists: HTMLElement[] }}
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
  return ({ missing, unloaded }) => {
    const files = missing.map(({ name, bytes, sha256 }) =>
      h('li', {}, text.open.file(name, bytes), h('code', {}, sha256)),
    );
    const hosts = unloaded.map(({ address }) => h('li', {}, text.open.address(address)));
    const pick = h('button', { type: 'button', className: 'primary', onclick: choose }, text.open.choose);
    const again = h('button', { type: 'button', onclick: load }, text.open.load);
    const actions = [...(files.length > 0 ? [pick, input] : []), ...(hosts.length > 0 ? [again] : [])];
    return {
      buttons: actions.length > 0 ? [h('p', { className: 'buttons' }, ...actions)] : [],
      lists: [
        ...(files.length > 0 ? [listed('missing', files)] : []),
        ...(hosts.length > 0 ? [listed('unloaded', hosts)] : []),
      ],
    };
  };
}
