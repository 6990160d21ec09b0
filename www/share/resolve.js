import { FeaturescopeError, toError } from '../api/errors.js';
import { inlined, nameOf, sha256 } from './files.js';
import { fromBase64 } from './link.js';
import { MOST_BYTES, MOST_IN_ALL, ask, load } from './remote.js';
import { recall } from './store.js';
import { text } from './text.js';
import { weightsBeside } from './weights.js';

/**
 * @typedef {import('./finding.js').Finding} Finding
 * @typedef {{ name: string, sha256: string, bytes: number }} FileReference
 * @typedef {import('../page/session/session.js').Session} Session
 */

/** Pictures that came inside links, so that opening one twice does not bring them twice. @type {Map<string, File>} */
const pictures = new Map();

/** What a finding refers to, as far as it is at hand; the rest is asked for. */
export class Resolver {
  /** Files by their hash. @type {Map<string, File>} */
  #files = new Map();
  /** What came from addresses. @type {Map<string, File>} */
  #loaded = new Map();
  /** The files with weights beside models that came from addresses. @type {Map<string, File[]>} */
  #weights = new Map();
  /** What could not be loaded, or came with another content, in sentences. @type {string[]} */
  notes = [];
  /** The visitor has been asked about the addresses and does not want them. */
  refused = false;

  /** @param {Finding} finding */
  constructor(finding) {
    this.finding = finding;
  }

  /** Every file that the finding names by its content; of these only those of the further models can be done without.
   * @returns {FileReference[]} */
  get #wanted() {
    const { model, images, models = [] } = this.finding;
    return unique([...filesOf([model]), ...images.filter((image) => image.kind === 'file'), ...filesOf(models)]);
  }

  /** The addresses that the finding names. */
  get #remote() {
    const { model, images, models = [] } = this.finding;
    /** @type {{ what: 'model' | 'image', address: string, sha256: string | null }[]} */
    const all = [
      ...[model, ...models].flatMap((one) =>
        one.kind === 'address' ? [{ what: /** @type {const} */ ('model'), ...one }] : [],
      ),
      ...images.flatMap((image) =>
        image.kind === 'address' ? [{ what: /** @type {const} */ ('image'), ...image }] : [],
      ),
    ];
    return [...new Map(all.map((one) => [one.address, one])).values()];
  }

  /** The files that are still to be given. */
  get missing() {
    return this.#wanted.filter((file) => !this.#files.has(file.sha256));
  }

  /** The addresses that were not loaded. */
  get unloaded() {
    return this.#remote.filter(({ address }) => !this.#loaded.has(address));
  }

  /** The further models that are not at hand, or not on this page, by name.
   * @param {import('../page/state.js').State} state
   * @returns {string[]} */
  absentModels({ offeredModels }) {
    return (this.finding.models ?? [])
      .filter((one) => this.#modelAt(one, offeredModels) === null)
      .map((one) => (one.kind === 'address' ? one.address : one.name));
  }

  /**
   * @param {Finding['model']} model
   * @param {import('../page/state.js').State['offeredModels']} offered
   * @returns {import('../featurescope.js').ModelSource | null}
   */
  #modelAt(model, offered) {
    if (model.kind === 'bundled') return offered.some(({ name }) => name === model.name) ? model.name : null;
    if (model.kind === 'address') {
      const graph = this.#loaded.get(model.address);
      const weights = this.#weights.get(model.address) ?? [];
      return graph ? (weights.length > 0 ? [graph, ...weights] : graph) : null;
    }
    const files = [model, ...model.parts].flatMap(({ sha256: hash }) => this.#files.get(hash) ?? []);
    return files.length === 1 + model.parts.length ? files : null;
  }

  /**
   * Looks for the files among those that the page has, and in what this browser has kept.
   * @param {Session} session
   */
  async search({ state, opened }) {
    const { source } = opened;
    const at = [
      ...(Array.isArray(source) ? source : [source]),
      ...state.photos.flatMap((photo) => photo.slices ?? photo.source),
    ].filter((file) => file instanceof File);
    await this.take(at.filter(({ size }) => this.missing.some(({ bytes }) => bytes === size)));
    for (const { sha256: hash, name } of this.missing) {
      const blob = await recall(hash);
      if (blob) await this.take([new File([blob], name, { type: typeOf(name) })]);
    }
  }

  /**
   * Asks whether the addresses may be loaded, and loads them.
   * @param {{ signal?: AbortSignal, onBytes?: import('./download.js').OnBytes }} [options]
   */
  async load({ signal, onBytes } = {}) {
    const wanted = this.unloaded;
    if (wanted.length === 0) return;
    this.notes = [];
    this.refused = !(await ask(wanted));
    if (this.refused) return;
    let left = MOST_IN_ALL;
    /** @type {(what: 'model' | 'image', at: string) => Promise<File>} */
    const get = async (what, at) => {
      // A thousand pictures, each within its own limit, are too much as well.
      const most = Math.min(MOST_BYTES[what], left);
      try {
        onBytes?.(0, null);
        const { file, from } = await load(what, at, { most: { ...MOST_BYTES, [what]: most }, signal, onBytes });
        left -= file.size;
        if (from) this.notes.push(text.open.cameFrom(new URL(at).host, from));
        return file;
      } catch (error) {
        const tooMuch = toError(error).code === 'too-large' && most < MOST_BYTES[what];
        throw tooMuch ? new FeaturescopeError('too-large', text.errors.tooMuchInAll(at, MOST_IN_ALL)) : error;
      }
    };
    for (const { what, address, sha256: hash } of wanted) {
      if (signal?.aborted) return;
      try {
        const file = await get(what, address);
        // A model of which a part could not be loaded is not there, and can be asked for again.
        const weights = what === 'model' ? await weightsBeside(file, address, (at) => get(what, at)) : [];
        this.#weights.set(address, weights);
        this.#loaded.set(address, file);
        if (hash && (await sha256(file)) !== hash) this.notes.push(text.differs.file(address));
      } catch (error) {
        if (signal?.aborted) {
          this.notes.push(text.errors.stopped(address));
          return;
        }
        this.notes.push(toError(error).message);
      }
    }
  }

  /**
   * Takes those files that are asked for.
   * @param {File[]} files
   * @returns {Promise<{ rest: File[], wrong: string[] }>} `wrong`: names of files that are asked for and have another content
   */
  async take(files) {
    /** @type {File[]} */
    const rest = [];
    /** @type {string[]} */
    const wrong = [];
    for (const file of files) {
      const hash = await sha256(file);
      const wanted = this.#wanted.find((one) => one.sha256 === hash);
      // Under its own name, since a model names its data files.
      if (wanted)
        this.#files.set(hash, file.name === wanted.name ? file : new File([file], wanted.name, { type: file.type }));
      else if (this.missing.some(({ name }) => name === nameOf(file))) wrong.push(nameOf(file));
      else rest.push(file);
    }
    return { rest, wrong };
  }

  /**
   * What the finding refers to.
   * @param {import('../page/state.js').State} state
   * @returns {import('./gather.js').Sources | null} null while something is missing that the finding cannot do without
   */
  sources({ offeredModels }) {
    const { model, images, models = [] } = this.finding;
    const first = this.#modelAt(model, offeredModels);
    const found = images.map((image) => {
      if (image.kind === 'bundled') return image.name;
      if (image.kind === 'inline') return picture(image);
      return image.kind === 'address' ? this.#loaded.get(image.address) : this.#files.get(image.sha256);
    });
    const all = found.filter((image) => image !== undefined);
    if (first === null || all.length < found.length) return null;
    return { model: first, images: all, models: models.map((one) => this.#modelAt(one, offeredModels)) };
  }
}

/** The files of models that are named by their content. @param {Finding['model'][]} models */
function filesOf(models) {
  return models.flatMap((one) => (one.kind === 'file' ? [one, ...one.parts] : []));
}

/** Each content once. @param {FileReference[]} files */
function unique(files) {
  return [...new Map(files.map(({ name, sha256: hash, bytes }) => [hash, { name, sha256: hash, bytes }])).values()];
}

/** @param {Extract<Finding['images'][number], { kind: 'inline' }>} image */
function picture({ name, type, data }) {
  const known = pictures.get(data);
  if (known) return known;
  const file = new File([/** @type {Uint8Array<ArrayBuffer>} */ (fromBase64(data))], name, { type, lastModified: 0 });
  inlined.set(file, { type, data });
  pictures.set(data, file);
  return file;
}

/** The type that a picture's name says, which some browsers do not keep. @param {string} name */
function typeOf(name) {
  const ending = name.split('.').at(-1)?.toLowerCase() ?? '';
  return ['png', 'webp', 'gif', 'bmp', 'avif'].includes(ending)
    ? `image/${ending}`
    : /^jpe?g$/.test(ending)
      ? 'image/jpeg'
      : '';
}
