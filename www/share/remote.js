import { FeaturescopeError, cancelled } from '../api/errors.js';
import { h } from '../ui/dom.js';
import { loadStyle } from '../ui/load-style.js';
import { download } from './download.js';
import { addresses } from './files.js';
import { text } from './text.js';

/** The most that is loaded from an address in a link, in bytes. */
export const MOST_BYTES = { model: 2 ** 29, image: 2 ** 26 };
/** The most that one link loads in all. */
export const MOST_IN_ALL = 1e9;

/**
 * Asks whether a link may load from other hosts, since whoever made it thereby learns of the visitor.
 * @param {{ what: 'model' | 'image', address: string }[]} wanted
 * @returns {Promise<boolean>}
 */
export function ask(wanted) {
  const hosts = [...new Set(wanted.map(({ address }) => new URL(address).host))];
  return question(
    text.ask.heading,
    wanted.map(({ what, address }) => h('li', {}, text.ask.line(what, new URL(address).host), h('code', {}, address))),
    `${text.ask.inAll(wanted.length, hosts.length, MOST_IN_ALL)} ${text.ask.note}`,
  );
}

/**
 * Asks whether a host that was agreed to may pass the request on to an address that nobody can tell yet.
 * @param {string} address
 * @returns {Promise<boolean>}
 */
export function askToFollow(address) {
  return question(
    text.ask.passedOnHeading,
    [h('li', {}, text.ask.passedOn(new URL(address).host), h('code', {}, address))],
    text.ask.passedOnNote,
  );
}

/**
 * @param {string} heading
 * @param {HTMLElement[]} lines
 * @param {string} note
 * @returns {Promise<boolean>}
 */
async function question(heading, lines, note) {
  await loadStyle('../ui/dialog.css', import.meta.url);
  return new Promise((resolve) => {
    const dialog = h(
      'dialog',
      {
        className: 'bring ask',
        'aria-labelledby': 'ask-heading',
        onclose: () => {
          dialog.remove();
          resolve(dialog.returnValue === 'load');
        },
      },
      h('h2', { id: 'ask-heading' }, heading),
      h('ul', { className: 'ask-list' }, ...lines),
      h('p', { className: 'note' }, note),
      h(
        'p',
        { className: 'buttons' },
        h('button', { type: 'button', className: 'primary', onclick: () => dialog.close('load') }, text.ask.load),
        h('button', { type: 'button', autofocus: true, onclick: () => dialog.close('') }, text.ask.refuse),
      ),
    );
    document.body.append(dialog);
    dialog.showModal();
  });
}

/**
 * Loads a file without telling the host who asks, and no more than a file of its kind may hold.
 * @param {'model' | 'image'} what
 * @param {string} address
 * @param {{ most?: typeof MOST_BYTES, follow?: (address: string) => Promise<boolean>, request?: typeof fetch, signal?: AbortSignal, onBytes?: import('./download.js').OnBytes }} [options] `most`: other limits; `follow`:
 *   asks whether the host may pass the request on
 * @returns {Promise<{ file: File, from: string | null }>} `from`: the host that it came from in the end, where that is another one
 * @throws {FeaturescopeError} `network`, `too-large`, `cancelled` where it is stopped, or the host wants to pass the request on and may not
 */
export async function load(what, address, { most = MOST_BYTES, follow = askToFollow, request, signal, onBytes } = {}) {
  const { host, pathname } = new URL(address);
  const got = await download(address, {
    most: most[what],
    follow: () => follow(address),
    request,
    signal,
    onBytes,
  }).catch(() => {
    if (signal?.aborted) throw cancelled();
    throw new FeaturescopeError('network', text.errors.remote(host));
  });
  if (got.outcome === 'too-large')
    throw new FeaturescopeError('too-large', text.errors.remoteTooLarge(host, most[what]));
  if (got.outcome === 'not-followed') throw new FeaturescopeError('cancelled', text.errors.notFollowed(host));
  if (got.outcome === 'refused') throw new FeaturescopeError('network', text.errors.remoteStatus(address, got.status));
  const last = decoded(pathname.split('/').at(-1) ?? '') || host;
  const name = what === 'model' && !/\.onnx$/i.test(last) ? `${last}.onnx` : last;
  const file = new File(got.parts, name, { type: got.type.startsWith('image/') ? got.type : '' });
  addresses.set(file, address);
  return { file, from: got.host === host ? null : got.host };
}

/** @param {string} part of a path */
function decoded(part) {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
