import { currentPhoto, comparedPhoto } from '../page/state.js';
import { FeaturescopeError } from '../api/errors.js';
import { chosenBands } from './bands.js';
import { chosenOnCard } from './card-choices.js';
import { claimOf } from './claim.js';
import { classViewOf } from './class-view.js';
import { addresses, bundledCopy, bundledName, inlined, nameOf, sha256 } from './files.js';
import { VERSION, validate } from './finding.js';
import { text } from './text.js';

/**
 * @typedef {import('./finding.js').Finding} Finding
 * @typedef {import('./finding.js').ImageReference} ImageReference
 * @typedef {import('./finding.js').ModelReference} ModelReference
 * @typedef {import('../featurescope.js').ModelSource} ModelSource
 * @typedef {import('../page/session/session.js').Session} Session
 * @typedef {import('../questions/classes/panel.js').ClassesPanel} ClassesPanel
 */

/**
 * What a finding refers to, as it is at hand: the images in the finding's order, a bundled one as its address.
 * @typedef {{ model: ModelSource, images: (Blob | string)[], models: (ModelSource | null)[] }} Sources `models`: the further ones, null where
 *   one is not at hand
 */

/** What is asked where there are no classes. */
const NO_CLASSES = {
  question: /** @type {const} */ ('look'),
  subject: { name: null, maps: [] },
  threshold: null,
  arrangement: /** @type {import('./class-view.js').Arrangement} */ ({}),
};

/**
 * What the page shows now.
 * @param {Session} session
 * @param {ClassesPanel | null} panel the part about classes, where it was opened
 * @returns {Promise<{ finding: Finding, sources: Sources }>}
 * @throws {FeaturescopeError} `not-ready` before the first result and of a volume of several pictures, which no finding holds, `bad-file` where a file cannot be read any more
 */
export async function gather(session, panel) {
  const { state, opened } = session;
  const { model, look } = state;
  if (!model || !look || state.recorded) throw new FeaturescopeError('not-ready', text.errors.notReady);
  if (look.slices || state.secondLook?.slices) throw new FeaturescopeError('not-ready', text.errors.volume);
  const collected = await referred(collectImages(state, panel));
  const { question, subject, threshold, arrangement } = panel ? classViewOf(state, panel.workbench) : NO_CLASSES;
  const own = model.recipes[0]?.recipe;
  const workbench = panel?.workbench;
  const names = Array.isArray(opened.labels) ? opened.labels : isBeside(model.told.labelsFrom) ? model.labels : [];
  // Without classes nothing is asked of these.
  const further = collected.classes.length > 0 ? (workbench?.models ?? []).flatMap(({ source }) => source ?? []) : [];
  const finding = {
    version: VERSION,
    model: await modelReference(opened),
    recipe: isModelsOwn(model) && JSON.stringify(own) === JSON.stringify(model.recipe) ? null : model.recipe,
    layer: look.layer,
    question: collected.classes.length > 0 ? question : 'look',
    images: collected.references,
    photo: collected.photo,
    comparison: collected.comparison,
    view: {
      openMap: state.openMap,
      chosen: state.chosen,
      topCount: state.topCount,
      order: state.order,
      classIndex: state.classIndex,
      overlay: state.overlay,
      article: state.article,
      ...chosenOnCard(state),
      ...(state.overlay.scale === 'set' && !state.article ? { setMaximum: state.setMaxima[look.layer] ?? 0 } : {}),
      ...(state.allPredictions ? { allPredictions: true } : {}),
    },
    classes: collected.classes,
    n1: state.classes.perImage,
    n2: state.classes.perClass,
    subject,
    threshold,
    controls: state.classes.controls,
    seed: state.classes.seed,
    language: document.documentElement.lang.startsWith('zh') ? 'zh' : 'en',
    claim: claimOf(session, panel),
    ...(further.length > 0
      ? {
          models: await Promise.all(
            further.map((source) => modelReference({ source, offered: offeredName(source, state) })),
          ),
        }
      : {}),
    ...(collected.classes.length > 0 && Object.keys(arrangement).length > 0 ? { arrangement } : {}),
    ...(opened.output ? { output: opened.output } : {}),
    ...(names.length > 0 ? { labels: names } : {}),
    ...chosenBands(model.takes),
  };
  return {
    finding: validate(finding),
    sources: { model: opened.source, images: collected.images.map(({ source }) => source), models: further },
  };
}

/** Whether something was found in a file that lay beside the model, which does not go along; a file of the Model Zoo is known again by its
 * content. @param {string | null} from */
function isBeside(from) {
  return from !== null && !from.includes('/');
}

/** Whether whoever has the model's file knows its recipe. @param {import('../page/state.js').OpenModel} model */
function isModelsOwn({ recipeIsKnown, told }) {
  return recipeIsKnown && !isBeside(told.recipeFrom);
}

/** The name of a model that the page offers, where the source is one.
 * @param {ModelSource} source
 * @param {import('../page/state.js').State} state */
function offeredName(source, { offeredModels }) {
  return typeof source === 'string' && offeredModels.some(({ name }) => name === source) ? source : null;
}

/**
 * The images that the finding is about, each once, and where they are used.
 * @param {import('../page/state.js').State} state
 * @param {ClassesPanel | null} panel
 */
function collectImages(state, panel) {
  /** @typedef {{ source: Blob | string, erased: import('../api/types.js').Stroke[] }} Collected */
  /** @type {Collected[]} */
  const images = [];
  const place = (/** @type {Blob | string} */ source, /** @type {import('../api/types.js').Stroke[]} */ erased) => {
    const found = images.findIndex(
      (other) => other.source === source && JSON.stringify(other.erased) === JSON.stringify(erased),
    );
    return found < 0 ? images.push({ source, erased }) - 1 : found;
  };
  const placed = (/** @type {import('../page/state.js').Photo | null} */ photo) =>
    photo ? place(photo.source, photo.strokes) : null;
  const photo = placed(currentPhoto(state));
  const comparison = placed(comparedPhoto(state));
  const collection = panel?.workbench.collection;
  // Of thousands of images each is looked up once.
  const places = new Map(images.map(({ source, erased }, index) => [erased.length === 0 ? source : null, index]));
  const classes = (collection?.columns ?? [])
    .filter((column) => column.images.length > 0)
    .map(({ name, role, images: files }) => ({
      name,
      role,
      images: files.map((file) => {
        const index = places.get(file) ?? images.push({ source: file, erased: [] }) - 1;
        places.set(file, index);
        return index;
      }),
      // A class may be called “constructor”.
      outputs: collection && Object.hasOwn(collection.ties, name) ? collection.ties[name] : null,
    }));
  return { images, photo, comparison, classes };
}

/**
 * The images as references. A photo that is the same as one in the classes, of which the page has a file and an address, is named once.
 * @param {ReturnType<typeof collectImages>} collected
 */
async function referred({ images, photo, comparison, classes }) {
  const references = await Promise.all(images.map(imageReference));
  const keys = references.map((reference) => JSON.stringify(reference));
  // Two files of a class stay two, whatever is in them, since each counts.
  const inClasses = new Set(classes.flatMap((one) => one.images));
  const first = keys.map((key, index) => {
    const twin = inClasses.has(index) ? index : keys.findIndex((other, place) => other === key && inClasses.has(place));
    return twin < 0 ? index : twin;
  });
  const kept = first.flatMap((place, index) => (place === index ? [index] : []));
  const places = new Map(kept.map((index, place) => [index, place]));
  const at = (/** @type {number} */ index) => places.get(first[index]) ?? 0;
  return {
    references: kept.map((index) => references[index]),
    images: kept.map((index) => images[index]),
    photo: photo === null ? null : at(photo),
    comparison: comparison === null ? null : at(comparison),
    classes: classes.map((one) => ({ ...one, images: one.images.map(at) })),
  };
}

/**
 * @param {{ source: ModelSource, offered: string | null }} opened
 * @returns {Promise<ModelReference>}
 */
async function modelReference({ source, offered }) {
  if (offered) return { kind: 'bundled', name: offered };
  if (typeof source === 'string' || source instanceof URL)
    return { kind: 'address', address: new URL(source, location.href).href, sha256: null };
  const files =
    source instanceof ArrayBuffer ? [new File([source], 'model.onnx')] : Array.isArray(source) ? source : [source];
  const graph = files.find((file) => /\.onnx$/i.test(nameOf(file))) ?? files[0];
  const address = addresses.get(graph);
  if (address) return { kind: 'address', address, sha256: await sha256(graph) };
  return {
    kind: 'file',
    ...(await fileReference(graph)),
    parts: await Promise.all(files.filter((file) => file !== graph).map(fileReference)),
  };
}

/**
 * @param {{ source: Blob | string, erased: import('../api/types.js').Stroke[] }} image
 * @returns {Promise<ImageReference>}
 */
async function imageReference({ source, erased }) {
  if (typeof source === 'string') {
    const name = bundledName(source);
    return name ? { kind: 'bundled', name, erased } : { kind: 'address', address: source, sha256: null, erased };
  }
  const inside = inlined.get(source);
  if (inside) return { kind: 'inline', name: nameOf(source), ...inside, erased };
  const address = addresses.get(source);
  if (address) return { kind: 'address', address, sha256: await sha256(source), erased };
  const copy = await bundledCopy(source);
  return copy ? { kind: 'bundled', name: copy, erased } : { kind: 'file', ...(await fileReference(source)), erased };
}

/** @param {Blob} file */
async function fileReference(file) {
  return { name: nameOf(file), sha256: await sha256(file), bytes: file.size };
}
