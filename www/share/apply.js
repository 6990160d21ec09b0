import { atLinearHead } from '../page/state.js';
import { cardOfView } from './card-choices.js';
import { showClassView } from './class-view.js';
import { bundledAddress, bundledFile } from './files.js';
import { isStoryName } from '../classes/bundled-names.js';
import { examplePath } from '../classes/examples.js';
import { viewOf } from '../page/address.js';

/**
 * @typedef {import('./finding.js').Finding} Finding
 * @typedef {import('./gather.js').ClassesPanel} ClassesPanel
 * @typedef {import('../page/session/session.js').Session} Session
 */

/**
 * Makes the page show a finding again: opens its model, looks at its photo, and asks the same questions of its classes.
 * What fails says so on the page, as whenever a visitor does it.
 * @param {Finding} finding
 * @param {Session} session
 * @param {{ sources: import('./gather.js').Sources, openClasses: () => Promise<ClassesPanel> }} at `sources`: what the finding
 *   refers to, in its order
 * @returns {Promise<ClassesPanel | null>} the part about classes, where the finding has any
 */
export async function apply(finding, session, { sources, openClasses }) {
  const { model, recipe, output, labels, bands, layer, view, photo, comparison } = finding;
  // The story's pictures and the examples are the same files in the tray and in the classes.
  const images = await Promise.all(
    finding.images.map((image, index) =>
      image.kind === 'bundled' && isInClasses(image.name) ? bundledFile(image.name) : sources.images[index],
    ),
  );
  // A photo by itself and the same one with parts erased are two in the tray.
  const photos = new Map(
    [photo, comparison].flatMap((index) => (index === null ? [] : [[index, inTray(session, finding, images, index)]])),
  );
  const { openMap, chosen, topCount, order, classIndex, overlay, article, allPredictions = false, setMaximum } = view;
  // Files that call themselves a bundled model are somebody's own.
  const offered = model.kind === 'bundled' && sources.model === model.name ? model.name : null;
  await session.restore(
    { source: sources.model, offered, recipe, output, labels, ...(bands ? { card: { bands } } : {}) },
    {
      layer,
      topCount,
      classIndex,
      article,
      allPredictions,
      erasing: false,
      // What is shown of an attention is a part of the look.
      card: { ...session.state.card, patch: view.patch ?? null },
      ...(photo === null ? {} : { photo: photos.get(photo) }),
      comparison: comparison === null ? null : (photos.get(comparison) ?? null),
    },
  );
  session.setOverlay(overlay);
  const { look } = session.state;
  // A drawing is offered for the map that is open.
  const opened = view.drawing?.map ?? openMap;
  if (look && opened !== null && opened < look.channels) session.set({ openMap: opened, cardAsked: true });
  if (look) session.set({ chosen: chosen.filter((map) => map < look.channels) });
  // Where the overlays' full strength was taken from images that are not all here.
  if (look && setMaximum !== undefined)
    session.set({ setMaxima: { ...session.state.setMaxima, [look.layer]: setMaximum } });
  // Until the contributions are there the maps stand in the order of their means.
  if (order === 'contribution' && classIndex !== null && atLinearHead(session.state)) session.chooseOrder(order);
  if (look) session.set({ card: cardOfView(view, session.state) });
  // A question that was asked meanwhile stays.
  const alone = session.state.card.drawing.open ? 'draw' : 'look';
  if (!viewOf(location.hash)) session.set({ view: finding.classes.length > 0 ? finding.question : alone });
  return finding.classes.length > 0 ? applyClasses(finding, session, sources, await openClasses()) : null;
}

/**
 * The id of an image in the tray, which it joins where it is not there yet.
 * @param {Session} session
 * @param {Finding} finding
 * @param {(Blob | string)[]} files the finding's images, as they are at hand
 * @param {number} index
 */
function inTray(session, { images }, files, index) {
  const reference = images[index];
  const source =
    reference.kind === 'bundled' && !isInClasses(reference.name) ? bundledAddress(reference.name) : files[index];
  const erased = JSON.stringify(reference.erased);
  const there = session.state.photos.filter((photo) => photo.source === source);
  const same = there.find(({ strokes }) => JSON.stringify(strokes) === erased) ?? there[0];
  if (same) {
    session.set({
      photos: session.state.photos.map((photo) =>
        photo.id === same.id ? { ...photo, strokes: reference.erased } : photo,
      ),
    });
    return same.id;
  }
  if (source instanceof File) {
    const [{ id }] = session.addToTray([source]);
    session.set({
      photos: session.state.photos.map((photo) => (photo.id === id ? { ...photo, strokes: reference.erased } : photo)),
    });
    return id;
  }
  const id = session.newId();
  session.set({
    photos: [
      ...session.state.photos,
      { id, name: 'name' in reference ? reference.name : String(source), source, strokes: reference.erased },
    ],
  });
  return id;
}

/**
 * @param {Finding} finding
 * @param {Session} session
 * @param {import('./gather.js').Sources} sources
 * @param {ClassesPanel} panel
 */
async function applyClasses(
  { classes, images, n1, n2, seed, controls, question, subject, threshold, layer, view, arrangement = {} },
  session,
  sources,
  panel,
) {
  const { workbench } = panel;
  const where = { layer: arrangement.layer ?? layer ?? undefined, article: arrangement.article ?? view.article };
  // What was looked at elsewhere, with another recipe, or with other models beside it, is another finding.
  workbench.forgetOutdated();
  workbench.forget(
    ({ owned, layer: looked, options }) =>
      owned || looked !== where.layer || Boolean(options.article) !== where.article,
  );
  const files = new Map(
    await Promise.all(
      [...new Set(classes.flatMap((one) => one.images))].map(async (index) => {
        const reference = images[index];
        const source = sources.images[index];
        return /** @type {const} */ ([
          index,
          reference.kind === 'bundled' ? await bundledFile(reference.name) : source,
        ]);
      }),
    ),
  );
  // A run over other images would keep these waiting.
  await workbench.stop();
  await workbench.choose({ perImage: n1, perClass: n2, seed });
  await workbench.edit((collection) => {
    for (const { id } of collection.columns) collection.remove(id);
    collection.untie();
  });
  await panel.take(
    classes.map(({ name, role, images: indices }) => ({
      name,
      role,
      images: indices.flatMap((index) => files.get(index) ?? []).filter((file) => file instanceof File),
    })),
  );
  await workbench.edit((collection) => classes.forEach(({ name, outputs }) => collection.tie(name, outputs)));
  await workbench.run(where);
  for (const source of sources.models) if (source !== null) await workbench.addModel(source);
  for (const control of /** @type {const} */ (['maps', 'labels', 'network'])) {
    if (controls.includes(control) !== workbench.choices.controls.includes(control)) await workbench.toggle(control);
  }
  session.set(showClassView({ question, subject, threshold, arrangement }, session.state, workbench, session.model));
  return panel;
}

/** Whether a bundled picture is one of those that the page has in classes. @param {string} name */
function isInClasses(name) {
  return isStoryName(name) || examplePath(name) !== null;
}
