import { FeaturescopeError } from '../errors.js';
import { h } from '../ui/dom.js';
import { addresses } from './files.js';
import { text } from './text.js';

/** The most that is loaded from an address in a link, in bytes. */
export const MOST_BYTES = { model: 2 ** 29, image: 2 ** 26 };

/**
 * Asks whether a link may load from other hosts, since whoever made it thereby learns of the visitor.
 * @param {{ what: 'model' | 'image', address: string }[]} wanted
 * @returns {Promise<boolean>}
 */
export function ask(wanted) {
  return new Promise((resolve) => {
    const dialog = h('dialog', { className: 'bring ask', 'aria-labelledby': 'ask-heading', onclose: () => {
      dialog.remove();
      resolve(dialog.returnValue === 'load');
    } },
      h('h2', { id: 'ask-heading' }, text.ask.heading),
      h('ul', { className: 'ask-list' }, ...wanted.map(({ what, address }) => h('li', {}, text.ask.line(what, new URL(address).host), h('code', {}, address)))),
      h('p', { className: 'note' }, text.ask.note),
      h('p', { className: 'buttons' },
        h('button', { type: 'button', className: 'primary', onclick: () => dialog.close('load') }, text.ask.load),
        h('button', { type: 'button', autofocus: true, onclick: () => dialog.close('') }, text.ask.refuse)));
    document.body.append(dialog);
    dialog.showModal();
  });
}

/**
 * Loads a file without telling the host who asks, and no more than a file of its kind may hold.
 * @param {'model' | 'image'} what
 * @param {string} address
 * @returns {Promise<File>}
 * @throws {FeaturescopeError} `network`, `too-large`
 */
export async function load(what, address) {
  const { host, pathname } = new URL(address);
  const most = MOST_BYTES[what];
  const tooLarge = () => new FeaturescopeError('too-large', text.errors.remoteTooLarge(host, most));
  /** @type {BlobPart[]} */
  const parts = [];
  let type = '';
  try {
    const response = await fetch(address, { credentials: 'omit', referrerPolicy: 'no-referrer' });
    if (!response.ok || !response.body) throw new FeaturescopeError('network', text.errors.remoteStatus(address, response.status));
    type = response.headers.get('Content-Type') ?? '';
    const reader = response.body.getReader();
    let size = 0;
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      size += value.byteLength;
      if (size > most) {
        reader.cancel();
        throw tooLarge();
      }
      parts.push(value);
    }
  } catch (error) {
    throw error instanceof FeaturescopeError ? error : new FeaturescopeError('network', text.errors.remote(host));
  }
  const last = decoded(pathname.split('/').at(-1) ?? '') || host;
  const name = what === 'model' && !/\.onnx$/i.test(last) ? `${last}.onnx` : last;
  const file = new File(parts, name, { type: type.startsWith('image/') ? type : '' });
  addresses.set(file, address);
  return file;
}

/** @param {string} part of a path */
function decoded(part) {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
