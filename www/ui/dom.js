/**
 * Makes an element. Properties are set as properties, `data-…`, `aria-…`, `for` and `role` as attributes,
 * `on…` as listeners. Styles are classes, since the content security policy forbids style attributes.
 * @template {keyof HTMLElementTagNameMap} T
 * @param {T} tag
 * @param {Record<string, any>} [properties] `any`, since listeners of all kinds of events stand among them
 * @param {...(Node | string | null)} children
 * @returns {HTMLElementTagNameMap[T]}
 */
export function h(tag, properties = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (value === undefined || value === null) continue;
    if (name.startsWith('on')) element.addEventListener(name.slice(2), value);
    else if (/^(data|aria)-|^(for|role)$/.test(name)) element.setAttribute(name, String(value));
    else Object.assign(element, { [name]: value });
  }
  element.append(...children.filter((child) => child !== null));
  return element;
}

/** An element that index.html holds. @param {string} id */
export function byId(id) {
  return /** @type {HTMLElement} */ (document.getElementById(id));
}

/**
 * Sets text only where it changed, so that nothing is announced twice and selections survive.
 * @param {Node} node
 * @param {string} value
 */
export function setText(node, value) {
  if (node.textContent !== value) node.textContent = value;
}

/**
 * A disclosure with the line that unfolds under every figure.
 * @param {string} summary
 * @param {...(Node | string)} content
 */
export function unfold(summary, ...content) {
  return h('details', { className: 'unfold' }, h('summary', {}, summary), ...content);
}

/** Value and text of every option, in order. @typedef {(readonly [string, string])[]} Options */

/** Labels name their controls by id, since around a select they would take its options into the name. */
let nextId = 1;

/**
 * A labelled select.
 * @param {string} label
 * @param {Options} options
 * @param {(value: string) => void} onChange
 */
export function select(label, options, onChange) {
  const element = h('select', { id: `select-${nextId++}`, onchange: () => onChange(element.value) });
  setOptions(element, options);
  return { element, field: h('div', { className: 'field' }, h('label', { for: element.id }, label), element) };
}

/**
 * Replaces the options where they changed.
 * @param {HTMLSelectElement} element
 * @param {Options} options
 */
export function setOptions(element, options) {
  const key = JSON.stringify(options);
  if (element.dataset.options === key) return;
  element.dataset.options = key;
  element.replaceChildren(...options.map(([value, label]) => h('option', { value }, label)));
}

/**
 * A function that runs `draw` only when its inputs are not those of the time before.
 * @template {unknown[]} I
 * @param {(...inputs: I) => void} draw
 */
export function whenChanged(draw) {
  /** @type {I | null} */
  let before = null;
  return (/** @type {I} */ ...inputs) => {
    if (before && inputs.length === before.length && inputs.every((input, i) => Object.is(input, before?.[i]))) return;
    before = inputs;
    draw(...inputs);
  };
}
