// Firefox as Debian has it, driven by WebDriver BiDi: Playwright drives only builds of its own.

import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import WebSocket from 'ws';

/** WebGPU is switched off in Firefox for Linux, and refused where the driver is Mesa's software. */
const PREFERENCES = ['dom.webgpu.enabled', 'dom.webgpu.workers.enabled', 'gfx.webgpu.ignore-blocklist', 'gfx.webgpu.force-enabled'];

/** How long Firefox may take to start, in milliseconds. */
const START = 60_000;

/** One Firefox with one tab. FIREFOX names the program. */
export class Firefox {
  #process;
  #profile;
  #socket;
  #context;
  #lastId = 0;
  #waiting = new Map();
  /** What the page reported as an error, in words. */
  errors = [];

  static async start() {
    const firefox = new Firefox();
    try {
      await firefox.#start();
    } catch (error) {
      await firefox.close();
      throw error;
    }
    return firefox;
  }

  async #start() {
    this.#profile = await mkdtemp(join(tmpdir(), 'featurescope-firefox-'));
    await writeFile(join(this.#profile, 'user.js'), PREFERENCES.map((name) => `user_pref(${JSON.stringify(name)}, true);\n`).join(''));
    const program = process.env.FIREFOX || 'firefox-esr';
    this.#process = spawn(program, ['--headless', '--no-remote', '--profile', this.#profile, '--remote-debugging-port=0'], { stdio: ['ignore', 'ignore', 'pipe'] });
    const address = await this.#address(program);
    this.#socket = new WebSocket(`${address}/session`);
    await new Promise((resolve, reject) => this.#socket.on('open', resolve).on('error', reject));
    this.#socket.on('message', (data) => this.#receive(JSON.parse(String(data))));
    this.#socket.on('close', () => this.#waiting.forEach(({ reject }) => reject(new Error('Firefox has ended'))));
    await this.#send('session.new', { capabilities: {} });
    await this.#send('session.subscribe', { events: ['log.entryAdded'] });
    const { contexts } = await this.#send('browsingContext.getTree', {});
    this.#context = contexts[0].context;
  }

  /** Where Firefox says that it listens. */
  #address(program) {
    return new Promise((resolve, reject) => {
      let said = '';
      const fail = (why) => reject(new Error(`${program} ${why}: ${said}`));
      setTimeout(() => fail(`did not start in ${START / 1000} s`), START).unref();
      this.#process.on('error', (error) => fail(`could not be started (${error.message})`)).on('exit', (code) => fail(`ended with ${code}`));
      this.#process.stderr.on('data', (data) => {
        said += data;
        const [, address] = /WebDriver BiDi listening on (\S+)/.exec(said) ?? [];
        if (address) resolve(address);
      });
    });
  }

  #receive({ id, type, result, error, message, method, params }) {
    if (method === 'log.entryAdded' && params.level === 'error') this.errors.push(params.text);
    const waiting = this.#waiting.get(id);
    if (!waiting) return;
    this.#waiting.delete(id);
    if (type === 'success') waiting.resolve(result);
    else waiting.reject(new Error(`${error}: ${message}`));
  }

  #send(method, params) {
    return new Promise((resolve, reject) => {
      this.#lastId += 1;
      this.#waiting.set(this.#lastId, { resolve, reject });
      this.#socket.send(JSON.stringify({ id: this.#lastId, method, params }));
    });
  }

  /** Opens an address; returns when its scripts may run. */
  async open(url) {
    await this.#send('browsingContext.navigate', { context: this.#context, url, wait: 'interactive' });
  }

  /** Runs an async function of no arguments in the page; what it returns must be JSON. */
  async evaluate(work) {
    const expression = `(${work})().then((value) => JSON.stringify(value ?? null))`;
    const { type, result, exceptionDetails } = await this.#send('script.evaluate', { expression, target: { context: this.#context }, awaitPromise: true });
    if (type !== 'success') throw new Error(exceptionDetails.text);
    return JSON.parse(result.value);
  }

  async close() {
    this.#socket?.close();
    if (this.#process && this.#process.exitCode === null && this.#process.signalCode === null) {
      const ended = new Promise((resolve) => this.#process.once('exit', resolve));
      this.#process.kill();
      await ended;
    }
    if (this.#profile) await rm(this.#profile, { recursive: true, force: true, maxRetries: 5 });
  }
}
