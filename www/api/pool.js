/**
 * Several workers for work over many pictures or drawings. The first is the page's own, which opens models, keeps image sets and
 * answers whatever else is asked; the further ones open the same models when there is much to do, and end when there is nothing any more.
 */

import { FeaturescopeError, cancelled } from './errors.js';
import { Messenger } from './messenger.js';
import { PictureSources } from './picture-sources.js';
import { roomHere } from './room.js';
import { text } from './text.js';

/** So many further workers may be lost, without one having done anything in between, before no more are started: memory is short, or the
 * work is more than an engine can stand. */
const MOST_LOSSES = 3;

/** Work with which so many further workers were lost is left to the first, which would have had it without them. */
const MOST_LOSSES_OF_WORK = 2;

/** A further worker that has had nothing to do for so long is ended, and its memory is free; in milliseconds. */
const REST = 20_000;

/**
 * A model as the pool needs it. `handle`: in the first worker; `bytes`: size of its file
 * @typedef {{ handle: number, bytes: number }} Subject
 *
 * Where work is done: a worker, and what the model is called there.
 * @typedef {{ messenger: Messenger, handle: number }} Place
 *
 * How work is spread. `atOnce`: so much of it is given to a worker at a time; `from`: further workers are started once so much of it was asked for;
 * `waits`: it waits for a worker that has room, and otherwise only for one that is about to start.
 * @typedef {{ atOnce: number, from: number, waits: boolean }} Way
 *
 * @typedef {object} Job
 * @property {Subject} subject
 * @property {Way} way
 * @property {(place: Place) => Promise<any>} work
 * @property {(value: any) => void} resolve
 * @property {(error: unknown) => void} reject
 * @property {() => void} forget removes the listener
 * @property {number} losses of workers that had it
 *
 * A model in a further worker; null while it is being opened there.
 * @typedef {{ handle: number | null }} Opened
 *
 * @typedef {object} Member
 * @property {Messenger} messenger
 * @property {number} load how much it has to do
 * @property {Map<number, Opened> | null} opened by the first worker's handle; null of the first itself
 * @property {ReturnType<typeof setTimeout>} [rest]
 * @property {Promise<unknown>} ready
 */

/** The first worker, and those that help it. */
export class Pool {
  /** @type {Member} */
  #first;
  /** @type {Set<Member>} */
  #helpers = new Set();
  /** What no worker has begun, in the order in which it was asked for. @type {Job[]} */
  #waiting = [];
  /** Pieces of work under way. */
  #working = 0;
  /** Pieces of work that were asked for since there was nothing to do. */
  #asked = 0;
  /** Bytes of the models that were worked with, by their handles. @type {Map<number, number>} */
  #sizes = new Map();
  /** Models that do not open a second time. @type {Set<number>} */
  #alone = new Set();
  #losses = 0;
  /** @type {FeaturescopeError | null} */
  #ended = null;
  #begin;

  /**
   * @param {Messenger} first
   * @param {() => Messenger} [begin] starts a further worker
   */
  constructor(first, begin = () => new Messenger(first.url)) {
    this.#first = { messenger: first, load: 0, opened: null, ready: Promise.resolve() };
    this.#begin = begin;
  }

  /**
   * How many workers may work with a model.
   * @param {Subject} subject
   */
  most({ handle, bytes }) {
    if (this.#losses >= MOST_LOSSES || this.#alone.has(handle)) return 1;
    const { workers } = this.#first.messenger;
    if (workers !== undefined) return workers;
    const all = [...new Map(this.#sizes).set(handle, bytes).values()].reduce((sum, size) => sum + size, 0);
    return roomHere(all);
  }

  /**
   * Has work done in the worker that has least to do. What a further worker was at when it was lost is done again in another.
   * @template T
   * @param {Subject} subject
   * @param {(place: Place) => Promise<T>} work may be called more than once, one after another
   * @param {Way & { signal?: AbortSignal }} options
   * @returns {Promise<T>}
   * @throws {FeaturescopeError} `cancelled`, and whatever the work fails with
   */
  run(subject, work, { signal, ...way }) {
    if (this.#ended) return Promise.reject(this.#ended);
    if (signal?.aborted) return Promise.reject(cancelled());
    this.#sizes.set(subject.handle, subject.bytes);
    return new Promise((resolve, reject) => {
      /** @type {Job} */
      const job = { subject, way, work, resolve, reject, losses: 0, forget: () => {} };
      const abort = () => {
        this.#waiting = this.#waiting.filter((one) => one !== job);
        reject(cancelled());
      };
      job.forget = () => signal?.removeEventListener('abort', abort);
      signal?.addEventListener('abort', abort);
      this.#asked += 1;
      this.#waiting.push(job);
      this.#deal();
    });
  }

  /**
   * What the first worker is asked, so that the further ones know of a model what it knows.
   * @param {string} action
   * @param {{ model?: number, handle?: number }} content
   */
  hear(action, content) {
    const model = action === 'release' ? content.handle : content.model;
    if (model === undefined || !['release', 'setRecipe', 'setOutput'].includes(action)) return;
    if (action === 'release') this.#sizes.delete(model);
    for (const { messenger, opened } of this.#helpers) {
      const handle = opened?.get(model)?.handle ?? null;
      const named = action === 'release' ? { handle } : { model: handle };
      // What the first worker says to it is what the caller hears.
      if (handle !== null) messenger.request(action, { ...content, ...named }).catch(() => {});
      // One that is being opened would be what the model was before.
      if (handle === null || action === 'release') opened?.delete(model);
    }
  }

  /** Whether a further worker is at such a request. @param {string} action @returns {boolean} */
  isAsked(action) {
    return [...this.#helpers].some(({ messenger }) => messenger.isAsked(action));
  }

  /**
   * Ends the further workers, with the first.
   * @param {FeaturescopeError} error what everything that waits is rejected with
   */
  end(error) {
    this.#ended = error;
    for (const helper of [...this.#helpers]) this.#dismiss(helper, error);
    for (const job of this.#waiting.splice(0)) job.reject(error);
  }

  /** Gives out what waits, as far as somebody has room for it. */
  #deal() {
    for (const job of [...this.#waiting]) {
      const member = this.#freeFor(job);
      if (!member) continue;
      this.#waiting.splice(this.#waiting.indexOf(job), 1);
      this.#do(job, member);
    }
  }

  /**
   * Who takes it now; starts further workers where nobody does.
   * @param {Job} job
   * @returns {Member | undefined}
   */
  #freeFor(job) {
    const { subject, way, losses } = job;
    const able = [...this.#helpers].filter(({ opened }) => opened?.get(subject.handle)?.handle != null);
    const members = [this.#first, ...(losses < MOST_LOSSES_OF_WORK ? able : [])];
    const [least] = members.sort((one, other) => one.load - other.load);
    if (least.load < way.atOnce) return least;
    if (this.#asked >= way.from) this.#grow(subject);
    return way.waits || this.#comingFor(subject) > 0 ? undefined : least;
  }

  /** How many further workers are about to have a model. @param {Subject} subject */
  #comingFor({ handle }) {
    return [...this.#helpers].filter(({ opened }) => opened?.get(handle)?.handle === null).length;
  }

  /**
   * Has as many workers open a model as there is work for.
   * @param {Subject} subject
   */
  #grow(subject) {
    const wanted = this.#waiting.filter((job) => job.subject.handle === subject.handle).length;
    const most = this.most(subject);
    if (most === 1) return;
    for (const helper of this.#helpers) {
      if (this.#comingFor(subject) >= wanted) return;
      if (!helper.opened?.has(subject.handle)) this.#open(helper, subject);
    }
    while (this.#helpers.size < most - 1 && this.#comingFor(subject) < wanted) this.#open(this.#start(), subject);
  }

  /** @returns {Member} */
  #start() {
    const messenger = this.#begin();
    messenger.workers = 1;
    messenger.onBroke = this.#first.messenger.onBroke;
    // A model may be on the CPU though the page's engine is the graphics card's.
    const ready = messenger.request('create', { engine: 'cpu', careful: PictureSources.careful, alone: true });
    /** @type {Member} */
    const helper = { messenger, load: 0, opened: new Map(), ready };
    this.#helpers.add(helper);
    this.#leaveCores();
    messenger.lost.then(() => this.#lose(helper));
    return helper;
  }

  /**
   * Opens a model in a further worker: from the same files, which are handed on and not copied, with what was said about it since.
   * @param {Member} helper
   * @param {Subject} subject
   */
  async #open(helper, { handle }) {
    const { messenger, opened, ready } = helper;
    /** @type {Opened} */
    const entry = { handle: null };
    opened?.set(handle, entry);
    try {
      await ready;
      const parts = await this.#first.messenger.request('parts', { model: handle });
      const there = await messenger.request('openParts', parts);
      if (opened?.get(handle) === entry) entry.handle = there.handle;
      // It was closed, or something was said about it, meanwhile.
      else await messenger.request('release', { handle: there.handle });
    } catch (error) {
      if (opened?.get(handle) === entry) opened.delete(handle);
      // Where there is no room for it twice, or its engine cannot be had now, the first worker does without.
      if (/** @type {FeaturescopeError} */ (error).code !== 'worker-lost') this.#alone.add(handle);
    }
    this.#restLater(helper);
    this.#deal();
  }

  /**
   * @param {Job} job
   * @param {Member} member
   */
  async #do(job, member) {
    const handle = member.opened?.get(job.subject.handle)?.handle ?? job.subject.handle;
    member.load += 1;
    this.#working += 1;
    clearTimeout(member.rest);
    try {
      job.resolve(await job.work({ messenger: member.messenger, handle }));
      job.forget();
      if (member.opened) this.#losses = 0;
    } catch (error) {
      const isLost = member.opened !== null && /** @type {FeaturescopeError} */ (error).code === 'worker-lost';
      if (isLost && !this.#ended) {
        this.#lose(member);
        job.losses += 1;
        this.#waiting.unshift(job);
      } else {
        job.forget();
        job.reject(error);
      }
    }
    member.load -= 1;
    this.#working -= 1;
    this.#restLater(member);
    this.#deal();
    if (this.#working === 0 && this.#waiting.length === 0) this.#asked = 0;
  }

  /** @param {Member} helper that is gone */
  #lose(helper) {
    clearTimeout(helper.rest);
    if (!this.#helpers.delete(helper)) return;
    this.#leaveCores();
    this.#losses += 1;
    this.#deal();
  }

  /** Ends a further worker that has nothing to do for a while. @param {Member} member */
  #restLater(member) {
    if (!this.#helpers.has(member)) return;
    clearTimeout(member.rest);
    if (member.load > 0) return;
    member.rest = setTimeout(() => {
      const isOpening = [...(member.opened?.values() ?? [])].some(({ handle }) => handle === null);
      if (isOpening) this.#restLater(member);
      else this.#dismiss(member, new FeaturescopeError('closed', text.errors.closed));
    }, REST);
  }

  /**
   * @param {Member} helper
   * @param {FeaturescopeError} reason
   */
  #dismiss(helper, reason) {
    clearTimeout(helper.rest);
    this.#helpers.delete(helper);
    this.#leaveCores();
    helper.messenger.terminate(reason);
  }

  /** The first worker has no threads while the further ones have its cores. */
  #leaveCores() {
    if (!this.#ended) this.#first.messenger.request('leaveCores', { alone: this.#helpers.size > 0 }).catch(() => {});
  }
}
