import { h } from './dom.js';

/**
 * Adds a style sheet that a first visit does not need.
 * @param {string} path relative to `base`
 * @param {string} base address of the module that asks
 */
export function loadStyle(path, base) {
  document.head.append(h('link', { rel: 'stylesheet', href: new URL(path, base).href }));
}
