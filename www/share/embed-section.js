import { copyButton } from '../ui/copy-button.js';
import { h, setText } from '../ui/dom.js';
import { loadStyle } from '../ui/load-style.js';
import { toFragment } from './link.js';
import { text } from './record-text.js';
import { shareSection } from './snapshot-section.js';

/**
 * The section of the share panel with the code that shows the result in another page.
 */
export function createEmbedSection() {
  loadStyle('sections.css', import.meta.url);
  const address = h('input', { type: 'url', id: 'embed-address', placeholder: 'https://example.org/cat.featurescope.zip', oninput: () => draw() });
  const element = code(text.embed.element);
  const frame = code(text.embed.iframe);
  let link = '';

  function draw() {
    const source = address.value.trim() || link;
    element.set(elementCode(source));
    frame.set(frameCode(source));
  }

  return {
    element: shareSection(text.embed.heading, 'share-embed',
      h('p', {}, text.embed.explain),
      h('div', { className: 'field' }, h('label', { for: address.id }, text.embed.address), address), element.element, frame.element),
    /** @param {{ finding: import('./finding.js').Finding }} gathered */
    update({ finding }) {
      link = new URL(toFragment(finding), new URL('../', import.meta.url)).href;
      draw();
    },
  };
}

/**
 * @param {string} source a snapshot's address or a link
 */
export function elementCode(source) {
  const script = h('script', { type: 'module', src: new URL('../embed.js', import.meta.url).href });
  const figure = document.createElement('featurescope-figure');
  figure.setAttribute('src', source);
  return `${script.outerHTML}\n${figure.outerHTML}`;
}

/**
 * @param {string} source a snapshot's address or a link
 */
export function frameCode(source) {
  const page = new URL('../embed.html', import.meta.url);
  if (isLink(source)) page.hash = new URL(source).hash;
  else page.searchParams.set('open', source);
  const frame = h('iframe', { src: page.href, width: '100%', height: '640', loading: 'lazy', title: text.embed.title });
  frame.setAttribute('frameborder', '0');
  return frame.outerHTML;
}

/** @param {string} source */
function isLink(source) {
  return source.startsWith(new URL('../', import.meta.url).href) && source.includes('#');
}

/** @param {string} label */
function code(label) {
  const content = h('pre', { className: 'embed-code', tabIndex: 0 });
  const { button: copy, reset } = copyButton(text.embed, { content: () => content.textContent ?? '', select: () => getSelection()?.selectAllChildren(content) });
  return {
    element: h('div', {}, h('div', { className: 'buttons' }, h('b', {}, label), copy), content),
    /** @param {string} value */
    set(value) {
      setText(content, value);
      reset();
    },
  };
}
