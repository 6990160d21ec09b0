import { toError } from '../api/errors.js';
import { apply } from './apply.js';
import { claimOf, differences } from './claim.js';
import { createFindingView } from './finding-view.js';
import { fromFragment } from './link.js';
import { Resolver } from './resolve.js';
import { isStoryName } from '../classes/bundled-names.js';
import { examplePath } from '../classes/examples.js';
import { viewOf } from '../page/address.js';
import { text } from './text.js';

/**
 * @typedef {import('./finding.js').Finding} Finding
 * @typedef {import('../page/session/session.js').Session} Session
 * @typedef {{ openClasses: () => Promise<import('./gather.js').ClassesPanel>, classes: () => Promise<import('./gather.js').ClassesPanel | null> }} PageParts
 */

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
  session.receive = async (files) => {
    const rest = isCurrent() ? await take(files) : files;
    // The page shows these.
    if (rest.length > 0) session.set({ alone: false });
    return rest;
  };
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
    // The story's and the examples are told by their own lists, when they are looked for.
    if (
      !isStoryName(name) &&
      !examplePath(name) &&
      !photos.some(
        ({ source, credit }) => credit && typeof source === 'string' && source.endsWith(`/models/photos/${name}`),
      )
    )
      found.push(text.open.noPhoto(name));
  }
  return found;
}

/**
 * The part of the page that tells about an opened finding.
 * @param {Session} session
 */
function begin(session) {
  const mine = ++turn;
  session.receive = null;
  const view = createFindingView({
    onClose() {
      turn += 1;
      session.receive = null;
      // So that a reload does not bring it back, unless the visitor has gone on to a question, which has its own address.
      if (!viewOf(location.hash)) history.replaceState(null, '', location.pathname + location.search);
    },
    report: (error) => session.report(error),
    // A question that the visitor has gone on to is about what the page has.
    alone: (is) => session.set({ alone: is && !viewOf(location.hash) }),
  });
  return { ...view, isCurrent: () => mine === turn };
}
