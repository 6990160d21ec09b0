import { h, setText } from '../ui/dom.js';
import { loadStyle } from '../ui/load-style.js';
import { text } from './record-text.js';
import { shareSection } from './snapshot-section.js';

/**
 * The section of the share panel with the code that shows a snapshot in another page.
 */
export function createEmbedSection() {
  loadStyle('sections.css', import.meta.url);
  const address = h('input', { type: 'url', id: 'embed-address', placeholder: 'https://example.org/cat.featurescope.zip', oninput: () => draw() });
  const element = code(text.embed.element);
  const frame = code(text.embed.iframe);
  draw();

  function draw() {
    const snapshot = address.value.trim() || address.placeholder;
    element.set(elementCode(snapshot));
    frame.set(frameCode(snapshot));
  }

  return {
    element: shareSection(text.embed.heading, 'share-embed',
      h('p', {}, text.embed.explain),
      h('div', { className: 'field' }, h('label', { for: address.id }, text.embed.address), address), element.element, frame.element),
    update() {},
  };
}

/** An attribute's value as it stands in HTML. @param {string} value */
const quoted = (value) => `"${value.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;')}"`;

/** @param {string} snapshot its address */
export function elementCode(snapshot) {
  const script = new URL('../embed.js', import.meta.url).href;
  return `<script type="module" src=${quoted(script)}></script>\n<featurescope-figure src=${quoted(snapshot)}></featurescope-figure>`;
}

/** @param {string} snapshot its address */
export function frameCode(snapshot) {
  const page = new URL('../', import.meta.url);
  page.search = String(new URLSearchParams({ embed: '1', open: snapshot }));
  return `<iframe src=${quoted(page.href)} width="100%" height="640" loading="lazy" style="border:0" title=${quoted(text.embed.title)}></iframe>`;
}

/** @param {string} label */
function code(label) {
  const content = h('pre', { className: 'embed-code', tabIndex: 0 });
  const copy = h('button', { type: 'button', className: 'small', onclick: async () => {
    try {
      await navigator.clipboard.writeText(content.textContent ?? '');
      setText(copy, text.embed.copied);
    } catch {
      // The visitor copies by hand what is selected.
      getSelection()?.selectAllChildren(content);
    }
  } }, text.embed.copy);
  return {
    element: h('div', {}, h('div', { className: 'buttons' }, h('b', {}, label), copy), content),
    /** @param {string} value */
    set(value) {
      setText(content, value);
      setText(copy, text.embed.copy);
    },
  };
}
