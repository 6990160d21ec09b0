import { toError } from '../api/errors.js';
import { h, setText } from '../ui/dom.js';
import { connectInput } from '../ui/drop.js';
import { loadStyle } from '../ui/load-style.js';
import { apply } from './apply.js';
import { claimOf, differences } from './claim.js';
import { claimView } from './claim-view.js';
import { createLoading } from './loading.js';
import { keptLine } from './kept.js';
import { fromFragment } from './link.js';
import { Resolver } from './resolve.js';
import { isStoryName } from '../classes/bundled-names.js';
import { text } from './text.js';

/**
 * @typedef {import('./finding.js').Finding} Finding
 * @typedef {import('../page/engine/session.js').Session} Session
 * @typedef {{ openClasses: () => Promise<import('./gather.js').ClassesPanel>, classes: () => Promise<import('./gather.js').ClassesPanel | null> }} PageParts
 */

/** Sentences about differences that are shown. */
const SHOWN = 8;

/** Counts what was opened, so that an older one does not go on beside a newer. */
let turn = 0;

/**
 * Shows the finding in an address and makes the page show it too, as far as what it was made from is at hand.
 * @param {string} fragment
 * @param {Session} session
 * @param {PageParts} parts
 */
export async function openLink(fragment, session, parts) {
  /** @type {Finding} */
  let finding;
  try {
    finding = fromFragment(fragment);
  } catch (error) {
    begin(session).refuse(toError(error).message);
    return;
  }
  await openFinding(finding, session, parts);
}

/**
 * @param {Finding} finding checked
 * @param {Session} session
 * @param {PageParts} parts
 */
export async function openFinding(finding, session, { openClasses }) {
  const view = begin(session);
  const { isCurrent } = view;
  view.show(finding);
  await session.started;
  if (!isCurrent()) return;
  try {
    await openShown(finding, session, view, openClasses);
  } catch (error) {
    // Whatever it is, it does not stay "being computed".
    if (isCurrent()) view.broken(toError(error).message);
  }
}

/**
 * @param {Finding} finding
 * @param {Session} session
 * @param {ReturnType<typeof begin>} view
 * @param {PageParts['openClasses']} openClasses
 */
async function openShown(finding, session, view, openClasses) {
  const { isCurrent } = view;
  const resolver = new Resolver(finding);
  const load = async () => {
    const loading = view.loading();
    await resolver.load(loading).finally(() => loading.element.remove());
  };
  const absent = notBundled(finding, session.state);

  async function replay() {
    const sources = resolver.sources(session.state);
    if (absent.length > 0 || !sources) return view.missing(resolver, absent);
    // Further models may still be dropped.
    if (resolver.missing.length === 0) session.receive = null;
    view.computing();
    const panel = await apply(finding, session, { sources, openClasses });
    if (!isCurrent()) return;
    const { look, errors } = session.state;
    if (!look || errors.length > 0) return view.failed();
    view.done(
      [...resolver.notes, ...differences(finding.claim, claimOf(session, panel))],
      resolver,
      resolver.absentModels(session.state),
    );
  }

  /** @param {File[]} files */
  async function take(files) {
    const { rest, wrong } = await resolver.take(files);
    view.said(wrong.length > 0 ? text.open.wrong(wrong) : '');
    if (rest.length < files.length) await replay();
    return rest;
  }

  view.onFiles(async (files) => {
    const rest = await take(files);
    if (rest.length > 0) view.said(text.open.notWanted(rest.map(({ name }) => name)));
  });
  view.onLoad(async () => {
    await load();
    if (isCurrent()) await replay();
  });
  session.receive = (files) => (isCurrent() ? take(files) : Promise.resolve(files));
  await resolver.search(session);
  await load();
  if (isCurrent()) await replay();
}

/**
 * The bundled model and photos that this page does not have, in sentences.
 * @param {Finding} finding
 * @param {import('../page/state.js').State} state
 */
function notBundled({ model, images }, { offeredModels, photos }) {
  const found =
    model.kind === 'bundled' && !offeredModels.some(({ name }) => name === model.name)
      ? [text.open.noModel(model.name)]
      : [];
  const names = new Set(images.flatMap((image) => (image.kind === 'bundled' ? [image.name] : [])));
  for (const name of names) {
    // The story's are told by its own list, when they are looked for.
    if (
      !isStoryName(name) &&
      !photos.some(
        ({ source, credit }) => credit && typeof source === 'string' && source.endsWith(`/models/photos/${name}`),
      )
    )
      found.push(text.open.noPhoto(name));
  }
  return found;
}

/**
 * The part of the page that tells about an opened finding; one that was there before goes.
 * @param {Session} session
 */
function begin(session) {
  const mine = ++turn;
  session.receive = null;
  loadStyle('share.css', import.meta.url);
  document.getElementById('finding')?.remove();
  const status = h('p', { role: 'status' });
  const message = h('p', { className: 'finding-message', role: 'alert', hidden: true });
  const list = h('ul', { className: 'finding-list' });
  const needs = h('div', { className: 'finding-needs', hidden: true });
  const content = h('div');
  const kept = keptLine();
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
  document.querySelector('main')?.before(root);
  kept.update();

  const closing = new AbortController();
  function close() {
    turn += 1;
    closing.abort();
    session.receive = null;
    root.remove();
    // So that a reload does not bring it back.
    history.replaceState(null, '', location.pathname + location.search);
  }
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
  const input = h('input', {
    type: 'file',
    multiple: true,
    className: 'file-input',
    id: 'finding-input',
    tabIndex: -1,
    'aria-hidden': 'true',
  });
  let takeFiles = async (/** @type {File[]} */ _files) => {};
  let load = async () => {};
  const report = (/** @type {unknown} */ error) => {
    set('failed', text.open.failed);
    session.report(error);
  };
  const choose = connectInput(input, (files) => void takeFiles(files).catch(report));

  return {
    isCurrent: () => mine === turn,
    /** Stops what is being loaded, as closing the finding does too. */
    loading() {
      const loading = createLoading(text.open.loading, { hidden: true });
      closing.signal.addEventListener('abort', loading.stop);
      status.after(loading.element);
      return loading;
    },
    said,
    /** @param {typeof takeFiles} take */
    onFiles(take) {
      takeFiles = take;
    },
    /** @param {typeof load} again */
    onLoad(again) {
      load = again;
    },
    /** @param {string} sentence */
    refuse(sentence) {
      set('refused', '');
      said(sentence);
    },
    /** @param {Finding} finding */
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
      if (absent.length > 0) show(resolver, text.open.furtherNeeds(absent));
    },
    /** @param {Resolver} resolver @param {string[]} absent */
    missing(resolver, absent) {
      set('missing', text.open.missing, [...absent, ...resolver.notes]);
      show(resolver, resolver.missing.length > 0 ? text.open.needs : '');
    },
  };

  /** What is still wanted, and how to bring it. @param {Resolver} resolver @param {string} sentence */
  function show({ missing, unloaded }, sentence) {
    needs.replaceChildren(
      ...(sentence ? [h('p', { 'data-testid': 'needs' }, sentence)] : []),
      ...(missing.length > 0
        ? [
            h(
              'ul',
              { className: 'finding-list', 'data-testid': 'missing' },
              ...missing.map(({ name, bytes, sha256 }) =>
                h('li', {}, text.open.file(name, bytes), h('code', {}, sha256)),
              ),
            ),
            h(
              'p',
              { className: 'buttons' },
              h('button', { type: 'button', className: 'primary', onclick: choose }, text.open.choose),
              input,
            ),
          ]
        : []),
      ...(unloaded.length > 0
        ? [
            h(
              'ul',
              { className: 'finding-list', 'data-testid': 'unloaded' },
              ...unloaded.map(({ address }) => h('li', {}, text.open.address(address))),
            ),
            h(
              'p',
              { className: 'buttons' },
              h('button', { type: 'button', onclick: () => void load().catch(report) }, text.open.load),
            ),
          ]
        : []),
    );
    needs.hidden = needs.childElementCount === 0;
  }
}
