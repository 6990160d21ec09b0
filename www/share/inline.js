import { canvasFile, canvasOf } from '../api/canvas.js';
import { generatedCaption } from './caption.js';
import { lookClaim } from './claim.js';
import { inlined } from './files.js';
import { validate } from './finding.js';
import { toBase64 } from './link.js';

/**
 * @typedef {import('./finding.js').Finding} Finding
 * @typedef {import('./gather.js').Sources} Sources
 * @typedef {import('../page/session/session.js').Session} Session
 * @typedef {Extract<Finding['images'][number], { kind: 'inline' }>} Inline
 */

/** The longer side of a picture in a link, in pixels, and how well it is kept: about 8 kB, where networks take 224 pixels. */
const SIDE = 256;
const QUALITY = 0.6;

/**
 * The finding with the visitor's pictures inside, as small copies. The network sees other pixels in these, so the claim is
 * computed anew from them.
 * @param {Finding} finding
 * @param {Sources} sources
 * @param {Session} session
 * @returns {Promise<Finding>}
 * @throws {import('../api/errors.js').FeaturescopeError} as `look`
 */
export async function withPictures(finding, sources, session) {
  const small = await Promise.all(
    finding.images.map((image, place) => (image.kind === 'file' ? copy(image, sources.images[place], session) : null)),
  );
  const images = finding.images.map((image, place) => small[place]?.reference ?? image);
  const sourceOf = (/** @type {number} */ index) => small[index]?.file ?? sources.images[index];
  const { model } = session;
  const { layer, view, arrangement = {} } = finding;
  const optionsOf = (/** @type {string | null} */ at, /** @type {boolean} */ article) => ({
    ...(at && !article ? { layer: at } : {}),
    article,
  });
  const claim = { ...finding.claim };
  if (model && finding.photo !== null && small[finding.photo]) {
    const look = await model.look(sourceOf(finding.photo), {
      ...optionsOf(layer, view.article),
      ...(view.patch ? { patch: view.patch } : {}),
      erase: images[finding.photo].erased,
    });
    const said = { ...claim, ...lookClaim(look) };
    Object.assign(claim, said, finding.question === 'look' ? { caption: generatedCaption(said, 'look', null) } : {});
    look.close();
  }
  if (
    model &&
    finding.claim.classes.length > 0 &&
    finding.classes.some((one) => one.images.some((index) => small[index]))
  ) {
    const sources = finding.classes.filter(({ role }) => role !== 'target');
    const names = [...new Set(sources.map(({ name }) => name))];
    const classes = names.map((name) => ({
      name,
      images: [...new Set(sources.filter((one) => one.name === name).flatMap((one) => one.images))].map(sourceOf),
    }));
    // The classes may have been looked at in another layer than the photo.
    const where = optionsOf(arrangement.layer ?? layer, arrangement.article ?? view.article);
    const found = await model.classMaps(classes, { ...where, perImage: finding.n1, perClass: finding.n2 });
    claim.classes = found.map(({ name, maps }) => ({
      name,
      maps: maps.map(({ map }) => map),
      counts: maps.map(({ count }) => count),
    }));
  }
  return validate({ ...finding, images, claim });
}

/** What was made of a picture, so that choosing it does not make it a second time. @type {WeakMap<Blob, Promise<Copy>>} */
const copies = new WeakMap();
/** @typedef {{ file: File, type: Inline['type'], data: string, factor: number }} Copy `factor`: its size as a part of the picture's own */

/**
 * The small copies of some of the visitor's pictures.
 * @param {Finding} finding
 * @param {Sources} sources
 * @param {Session} session
 * @param {number[]} places of the pictures in the finding
 * @returns {Promise<File[]>}
 * @throws {import('../api/errors.js').FeaturescopeError} `bad-image`, `canvas-noise`
 */
export async function smallCopies({ images }, { images: sources }, session, places) {
  const made = await Promise.all(
    places.map((place) => {
      const image = images[place];
      return image.kind === 'file' ? copyOf(image.name, sources[place], session) : null;
    }),
  );
  return made.flatMap((copy) => (copy ? [copy.file] : []));
}

/**
 * @param {string} name
 * @param {Blob | string} source
 * @param {Session} session
 * @returns {Promise<Copy> | null} null while there is no engine
 */
function copyOf(name, source, { scope }) {
  if (!scope || typeof source === 'string') return null;
  const known = copies.get(source);
  if (known) return known;
  const copy = makeCopy(name, source, scope);
  copies.set(source, copy);
  copy.catch(() => copies.delete(source));
  return copy;
}

/**
 * @param {string} name
 * @param {Blob} source
 * @param {import('../featurescope.js').Featurescope} scope
 * @returns {Promise<Copy>}
 */
async function makeCopy(name, source, scope) {
  // From the engine's decoder, which knows formats and turned photos as the network gets them.
  const { bitmap, width } = await scope.thumbnail(source, { size: SIDE });
  const blob = await canvasFile(canvasOf(bitmap), { type: 'image/webp', quality: QUALITY });
  const type = /** @type {Inline['type']} */ (blob.type);
  const data = toBase64(new Uint8Array(await blob.arrayBuffer()));
  const file = new File([blob], name, { type });
  inlined.set(file, { type, data });
  return { file, type, data, factor: bitmap.width / width };
}

/**
 * @param {Extract<Finding['images'][number], { kind: 'file' }>} image
 * @param {Blob | string} source
 * @param {Session} session
 */
async function copy({ name, erased }, source, session) {
  const made = await copyOf(name, source, session);
  if (!made) return null;
  const { file, type, data, factor } = made;
  const shrunk = (/** @type {number} */ value) => Math.round(value * factor * 100) / 100;
  const strokes = erased.map(({ radius, points }) => ({
    radius: shrunk(radius),
    points: points.map((point) => point.map(shrunk)),
  }));
  /** @type {Inline} */
  const reference = { kind: 'inline', name, type, data, erased: strokes };
  return { file, reference };
}
