import { h } from './dom.js';

/**
 * Offers a file to be saved.
 * @param {Blob} blob
 * @param {string} name
 */
export function save(blob, name) {
  const link = h('a', { href: URL.createObjectURL(blob), download: name });
  link.click();
  // The browser has taken over the blob by the time of the next task but one; a minute is safe.
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}
