import { copyButton } from '../ui/copy-button.js';
import { h, select, setText } from '../ui/dom.js';
import { loadStyle } from '../ui/load-style.js';
import { withoutCaption } from './caption.js';
import { WIDTH, embedHeights } from './embed-size.js';
import { TILES, partsOf } from './embed-still.js';
import { toFragment } from './link.js';
import { stillsOf } from './stills.js';
import { text } from './record-text.js';
import { shareSection } from './snapshot-section.js';

/** What a frame has before it is known how high it has to be, in pixels. */
const HEIGHT = 640;

/**
 * The section of the share panel with the code that shows the result in another page.
 * @param {import('./panel.js').Context} context
 */
export function createEmbedSection({ session }) {
  loadStyle('sections.css', import.meta.url);
  const address = h('input', {
    type: 'url',
    id: 'embed-address',
    placeholder: 'https://example.org/cat.featurescope.zip',
    oninput: () => draw(),
  });
  const show = select(text.embed.show, text.embed.shows, () => void measure());
  const theme = select(text.embed.theme, text.embed.themes, () => draw());
  const element = code(text.embed.element);
  const frame = code(text.embed.iframe);
  /** @type {import('./finding.js').Finding | null} */
  let finding = null;
  let link = '';
  let heights = { link: HEIGHT, snapshot: HEIGHT };

  function draw() {
    const source = address.value.trim() || link;
    const options = {
      show: show.element.value,
      theme: theme.element.value,
      height: isLink(source) ? heights.link : heights.snapshot,
    };
    element.set(elementCode(source, options));
    frame.set(frameCode(source, options));
  }

  async function measure() {
    const measured = finding;
    if (!measured) return;
    // A photo that cannot be read again is no reason to give no code.
    const found = await embedHeights(measured, session.state, partsOf(show.element.value)).catch(() => heights);
    if (measured !== finding) return;
    heights = found;
    draw();
  }

  return {
    element: shareSection(
      text.embed,
      'share-embed',
      h('p', {}, text.embed.explain),
      h('div', { className: 'embed-choices' }, show.field, theme.field),
      h('div', { className: 'field' }, h('label', { for: address.id }, text.embed.address), address),
      element.element,
      frame.element,
    ),
    /** @param {{ finding: import('./finding.js').Finding }} gathered */
    async update(gathered) {
      const stills = stillsOf(session.state, TILES);
      finding = stills ? { ...gathered.finding, stills } : gathered.finding;
      link = new URL(toFragment(withoutCaption(finding)), new URL('../', import.meta.url)).href;
      await measure();
    },
  };
}

/** @typedef {{ show: string, theme: string, height: number }} Options `height`: in pixels */

/**
 * @param {string} source a snapshot's address or a link
 * @param {Options} options
 */
export function elementCode(source, { show, theme, height }) {
  const script = h('script', { type: 'module', src: new URL('../embed.js', import.meta.url).href });
  const figure = document.createElement('featurescope-figure');
  figure.setAttribute('src', source);
  if (show) figure.setAttribute('show', show);
  if (theme !== 'auto') figure.setAttribute('theme', theme);
  figure.setAttribute('height', String(height));
  return `${script.outerHTML}\n${figure.outerHTML}`;
}

/**
 * @param {string} source a snapshot's address or a link
 * @param {Options} options
 */
export function frameCode(source, { show, theme, height }) {
  const page = new URL('../embed.html', import.meta.url);
  if (isLink(source)) page.hash = new URL(source).hash;
  else page.searchParams.set('open', source);
  if (show) page.searchParams.set('show', show);
  if (theme !== 'auto') page.searchParams.set('theme', theme);
  const frame = h('iframe', {
    src: page.href,
    width: String(WIDTH),
    height: String(height),
    loading: 'lazy',
    title: text.embed.title,
  });
  frame.setAttribute('frameborder', '0');
  frame.setAttribute('allow', 'fullscreen');
  // This page's own policy lets no element have a style, and it is other pages' that wants one.
  return frame.outerHTML.replace('<iframe', '<iframe style="max-width: 100%"');
}

/** @param {string} source */
function isLink(source) {
  return source.startsWith(new URL('../', import.meta.url).href) && source.includes('#');
}

/** @param {string} label */
function code(label) {
  const content = h('pre', { className: 'embed-code', tabIndex: 0 });
  const { button: copy, reset } = copyButton(text.embed, {
    content: () => content.textContent ?? '',
    select: () => getSelection()?.selectAllChildren(content),
  });
  return {
    element: h('div', {}, h('div', { className: 'buttons' }, h('b', {}, label), copy), content),
    /** @param {string} value */
    set(value) {
      setText(content, value);
      reset();
    },
  };
}
