import { h } from './dom.js';

/**
 * Adds a style sheet that a first visit does not need, once.
 * @param {string} path relative to `base`
 * @param {string} base address of the module that asks
 * @returns {Promise<void>} when it counts, or could not be had
 */
export function loadStyle(path, base) {
  const { href } = new URL(path, base);
  const there = Array.from(
    document.querySelectorAll('link[rel=stylesheet]'),
    (link) => /** @type {HTMLLinkElement} */ (link),
  ).find((link) => link.href === href);
  const link = there ?? h('link', { rel: 'stylesheet', href });
  if (!there) document.head.append(link);
  return link.sheet
    ? Promise.resolve()
    : new Promise((resolve) => {
        for (const event of ['load', 'error']) link.addEventListener(event, () => resolve(), { once: true });
      });
}
