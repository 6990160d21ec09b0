/**
 * Lets Node find what the page imports from www/vendor/, which only a build fills: `node --import ./tests/vendor.mjs`.
 *
 * The list of files is the build's own, so that tests run the very files that are served.
 */

import { readFileSync } from 'node:fs';
import { register } from 'node:module';
import { isMainThread } from 'node:worker_threads';

const root = new URL('../', import.meta.url);
const vendor = new URL('www/vendor/', root).href;

/** @type {Record<string, string>} */
const files = JSON.parse(readFileSync(new URL('xtask/src/build/vendor.json', root), 'utf8'));

/** Called by Node for every import. */
export function resolve(specifier, context, next) {
  const isRelative = specifier.startsWith('.') || specifier.startsWith('file:');
  const url = isRelative ? new URL(specifier, context.parentURL).href : '';
  const file = url.startsWith(vendor) ? files[url.slice(vendor.length)] : undefined;
  if (file === undefined) return next(specifier, context);
  // A browser takes every import for a module; Node would look for `"type"` in the package.
  return { url: new URL(`node_modules/${file}`, root).href, format: 'module', shortCircuit: true };
}

// Node loads this file once more in a thread of its own, which asks `resolve`.
if (isMainThread) register(import.meta.url);
