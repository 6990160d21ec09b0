/**
 * A lesson as one .html that opens from a folder, without a server or internet. Without the live part it holds no script at all.
 */

import { canvasFile, canvasOf, canvasWrites } from '../api/canvas.js';
import { FeaturescopeError } from '../api/errors.js';
import { h } from '../ui/dom.js';
import { recordedFigure } from './figures.js';
import { text } from './record-text.js';

/**
 * @typedef {{ kind: 'heading', text: string }} Heading
 * @typedef {{ kind: 'paragraph', text: string }} Paragraph
 * @typedef {{ kind: 'figure', figure: import('./record.js').Figure, addresses: Map<string, string> }} FigureBlock `addresses` of the figure's
 *   pictures, as data
 * @typedef {Heading | Paragraph | FigureBlock} Block
 * @typedef {{ title: string, language: string, blocks: Block[] }} Lesson
 * @typedef {{ engine: string, page: string, wasm: string, later: string, model: string, settings: string }} LivePart scripts, and base64 of what they need
 */

/** Pictures are photographs at a glance: nobody sees the loss, and a lesson has to travel. */
const QUALITY = 0.82;

/**
 * What the reader sees, as elements: the same in the preview and in the file.
 * @param {Lesson} lesson
 * @param {HTMLElement | null} live
 */
export function lessonContent({ title, blocks }, live) {
  return h(
    'article',
    { className: 'recorded lesson' },
    h('h1', {}, title),
    ...blocks.map((block) => {
      if (block.kind === 'heading') return h('h2', {}, block.text);
      if (block.kind === 'paragraph')
        return h('div', {}, ...block.text.split(/\n{2,}/).map((paragraph) => h('p', {}, paragraph)));
      return recordedFigure(block.figure, (path) => block.addresses.get(path) ?? '');
    }),
    live,
    h('p', { className: 'lesson-end' }, text.lesson.madeWith),
  );
}

/**
 * @param {Lesson} lesson
 * @param {LivePart | null} live
 * @returns {Promise<Blob>}
 * @throws {FeaturescopeError} `bad-file` where the browser computes no checksums
 */
export async function writeLesson(lesson, live) {
  const style = `${await asset('lesson.css')}\n${await asset('record.css')}`;
  const page = document.implementation.createHTMLDocument(lesson.title);
  page.documentElement.lang = lesson.language;
  const policy = policyOf({
    'default-src': [NONE],
    'img-src': ['data:', 'blob:'],
    'style-src': [await hash(style)],
    'base-uri': [NONE],
    'form-action': [NONE],
    ...(live
      ? { 'script-src': [await hash(live.page), quoted('wasm-unsafe-eval'), 'blob:'], 'worker-src': ['blob:'] }
      : {}),
  });
  const head = page.head;
  head.replaceChildren(
    h('meta', { httpEquiv: 'Content-Security-Policy', content: policy }),
    h('meta', { name: 'viewport', content: 'width=device-width, initial-scale=1' }),
    h('meta', { name: 'color-scheme', content: 'light dark' }),
    h('title', {}, lesson.title),
  );
  const charset = h('meta');
  charset.setAttribute('charset', 'utf-8');
  head.prepend(charset);
  page.body.append(lessonContent(lesson, live ? h('section', { id: 'live' }) : null));
  if (live) {
    for (const id of /** @type {const} */ (['engine', 'wasm', 'later', 'model', 'settings']))
      page.body.append(h('script', { type: 'application/octet-stream', id: `live-${id}` }, live[id]));
    page.body.append(h('script', {}, live.page));
  }
  // As an element it would be held against this page's own policy.
  const html = page.documentElement.outerHTML.replace('</head>', () => `<style>${style}</style></head>`);
  return new Blob(['<!doctype html>\n', html], { type: 'text/html' });
}

/**
 * The pictures of a figure as data, photographs smaller than they were recorded.
 * @param {import('./record.js').Figure} figure
 * @param {Map<string, Blob>} files
 */
export async function embeddedPictures(figure, files) {
  const paths =
    figure.kind === 'picture' ? [figure.path] : figure.kind === 'maps' ? figure.tiles.map(({ path }) => path) : [];
  /** @type {Map<string, string>} */
  const addresses = new Map();
  for (const path of paths) {
    const file = files.get(path);
    if (!file) continue;
    const picture = file.type === 'image/svg+xml' ? file : await smaller(file);
    addresses.set(path, `data:${picture.type};base64,${await base64(picture)}`);
  }
  return addresses;
}

/** @param {Blob} file */
async function smaller(file) {
  if (!(await canvasWrites())) return file;
  const bitmap = await createImageBitmap(file);
  const canvas = canvasOf(bitmap);
  bitmap.close();
  return canvasFile(canvas, { type: 'image/webp', quality: QUALITY });
}

/**
 * @param {Blob} blob
 * @returns {Promise<string>}
 */
export function base64(blob) {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(String(reader.result).replace(/^[^,]*,/, ''));
    reader.onerror = () => reject(reader.error);
    reader.readAsDataURL(blob);
  });
}

/**
 * A file of this folder as text.
 * @param {string} path
 */
export async function asset(path) {
  const response = await fetch(new URL(path, import.meta.url));
  if (!response.ok) throw new FeaturescopeError('network', text.errors.engine);
  return response.text();
}

/** A keyword of a content security policy. @param {string} keyword */
const quoted = (keyword) => `'${keyword}'`;
const NONE = quoted('none');

/** @param {Record<string, string[]>} directives */
function policyOf(directives) {
  return Object.entries(directives)
    .map(([name, sources]) => [name, ...sources].join(' '))
    .join('; ');
}

/** The source that a content security policy names. @param {string} content */
async function hash(content) {
  if (!globalThis.crypto?.subtle) throw new FeaturescopeError('bad-file', text.errors.noHash);
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(content));
  return quoted(`sha256-${btoa(String.fromCharCode(...new Uint8Array(digest)))}`);
}
