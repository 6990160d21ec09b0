import { text } from '../../classes/text.js';

const SVG = 'http://www.w3.org/2000/svg';
/** Steps from the lowest to the highest threshold: arrow keys take one, page keys ten. */
const STEPS = 100;

/**
 * A line over a chart of sums that is dragged with mouse or finger, or moved with the keyboard.
 * @param {{ chart: any, domain: [number, number], value: number, label: string, onMove: (value: number) => void }} options `chart`:
 *   one of Plot's, whose scale y tells where a value is
 * @returns {{ element: SVGGElement, set: (value: number) => void }}
 */
export function thresholdLine({ chart, domain, value, label, onMove }) {
  const { apply, invert } = chart.scale('y');
  const {
    range: [left, right],
  } = chart.scale('x');
  const make = (/** @type {string} */ tag, /** @type {Record<string, string | number>} */ attributes) => {
    const element = document.createElementNS(SVG, tag);
    for (const [name, content] of Object.entries(attributes)) element.setAttribute(name, String(content));
    return element;
  };
  const group = /** @type {SVGGElement} */ (
    make('g', {
      class: 'threshold',
      role: 'slider',
      tabindex: 0,
      'aria-label': label,
      'aria-orientation': 'vertical',
      'aria-valuemin': domain[0],
      'aria-valuemax': domain[1],
    })
  );
  const end = right + 10;
  const number = make('text', { x: end - 14, dy: -6, 'text-anchor': 'end', class: 'threshold-number' });
  group.append(
    // Wide enough for a finger.
    make('line', { x1: left, x2: end, class: 'threshold-grip' }),
    make('line', { x1: left, x2: end, class: 'threshold-line' }),
    make('circle', { cx: end - 4, r: 6, class: 'threshold-handle' }),
    number,
  );
  let current = value;

  /** @param {number} next */
  function set(next) {
    // No alarm at all is above every sum.
    current = Math.min(domain[1], Math.max(domain[0], next));
    group.setAttribute('transform', `translate(0, ${apply(current)})`);
    group.setAttribute('aria-valuenow', String(current));
    group.setAttribute('aria-valuetext', text.number(current));
    number.textContent = next === Infinity ? text.unique.noAlarm : text.unique.thresholdAt(current);
  }

  /** @param {number} next */
  function move(next) {
    set(next);
    onMove(current);
  }

  const step = (domain[1] - domain[0]) / STEPS;
  group.addEventListener('keydown', (event) => {
    const moves = /** @type {Record<string, number>} */ ({
      ArrowUp: current + step,
      ArrowRight: current + step,
      ArrowDown: current - step,
      ArrowLeft: current - step,
      PageUp: current + 10 * step,
      PageDown: current - 10 * step,
      Home: domain[0],
      End: domain[1],
    });
    if (moves[event.key] === undefined) return;
    event.preventDefault();
    move(moves[event.key]);
  });
  group.addEventListener('pointerdown', (event) => {
    event.preventDefault();
    group.focus();
    group.setPointerCapture(event.pointerId);
  });
  // A finger on the line moves it and not the page. Chromium heeds `touch-action` for a whole drawing only, and beside the line a
  // finger is to move the page.
  group.addEventListener('touchstart', (event) => event.preventDefault(), { passive: false });
  group.addEventListener('pointermove', (event) => {
    if (!group.hasPointerCapture(event.pointerId)) return;
    const box = chart.getBoundingClientRect();
    move(invert(((event.clientY - box.top) * chart.viewBox.baseVal.height) / box.height));
  });
  // What ends a drag chooses no image that happens to lie there.
  group.addEventListener('click', (event) => event.stopPropagation());
  chart.append(group);
  set(value);
  return { element: group, set };
}
