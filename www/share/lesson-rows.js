import { h } from '../ui/dom.js';
import { text } from './record-text.js';

/**
 * @typedef {import('./lesson-document.js').Block} Block
 * @typedef {{ block: Block, element: HTMLElement }} Row
 */

/**
 * The blocks of a lesson in their order: figures, headings and paragraphs.
 * @param {{ onOrder: () => void, onType: () => void }} page told after each change of the list, and of a text
 */
export function createRows({ onOrder, onType }) {
  /** @type {Row[]} */
  let rows = [];
  const list = h('ol', { className: 'lesson-blocks' });
  const empty = h('p', { className: 'note' }, text.lesson.empty);

  /** @param {Row} row @param {-1 | 1} step */
  function move(row, step) {
    const place = rows.indexOf(row);
    const other = rows[place + step];
    if (!other) return;
    const next = [...rows];
    next[place] = other;
    next[place + step] = row;
    order(next);
  }

  /** @param {Row[]} next */
  function order(next) {
    rows = next;
    // What stays where it is is not touched: a field that is taken out and put back loses what is being typed.
    for (const element of [...list.children]) if (!rows.some((row) => row.element === element)) element.remove();
    rows.forEach(({ element }, place) => {
      if (list.children[place] !== element) list.insertBefore(element, list.children[place] ?? null);
    });
    empty.hidden = rows.length > 0;
    onOrder();
  }

  return {
    elements: [list, empty],
    blocks: () => rows.map(({ block }) => block),
    /** @param {Block} block */
    add(block) {
      /** @type {Row} */
      const row = { block, element: h('li', { className: `lesson-block lesson-${block.kind}` }) };
      const tool = (/** @type {string} */ label, /** @type {string} */ sign, /** @type {() => void} */ act) =>
        h('button', { type: 'button', className: 'small', 'aria-label': label, title: label, onclick: act }, sign);
      row.element.append(
        fieldOf(block, onType),
        h(
          'div',
          { className: 'lesson-tools' },
          tool(text.lesson.up, '↑', () => move(row, -1)),
          tool(text.lesson.down, '↓', () => move(row, 1)),
          tool(text.lesson.remove, '×', () => order(rows.filter((other) => other !== row))),
        ),
      );
      order([...rows, row]);
    },
  };
}

/**
 * What is shown of a block: a figure's first picture, or a text that can be changed.
 * @param {Block} block
 * @param {() => void} onType
 */
function fieldOf(block, onType) {
  if (block.kind === 'figure') {
    const [picture] = block.addresses.values();
    return h(
      'div',
      { className: 'lesson-thumbnail' },
      picture ? h('img', { src: picture, alt: '', width: 64, height: 64 }) : null,
      h('span', {}, block.figure.title),
    );
  }
  const change = (/** @type {Event} */ event) => {
    block.text = /** @type {HTMLInputElement} */ (event.target).value;
    onType();
  };
  return block.kind === 'heading'
    ? h('input', {
        type: 'text',
        value: block.text,
        maxLength: 500,
        'aria-label': text.lesson.headingLabel,
        placeholder: text.lesson.newHeading,
        oninput: change,
      })
    : h('textarea', {
        value: block.text,
        rows: 3,
        maxLength: 20_000,
        'aria-label': text.lesson.paragraphLabel,
        placeholder: text.lesson.newParagraph,
        oninput: change,
      });
}
