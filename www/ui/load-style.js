import { h } from './dom.js';

/**
 * Adds a style sheet that a first visit does not need, once.
 * @param {string} path relative to `base`
 * @param {string} base address of the module that asks
 */
export function loadStyle(path, base) {
  const { href } = new URL(path, base);
  const there = Array.from(document.querySelectorAll('link[rel=stylesheet]')).some((link) => /** @type {HTMLLinkElement} */ (link).href === href);
  if (!there) document.head.append(h('link', { rel: 'stylesheet', href }));
}
