import { canvasReads } from '../../api/canvas.js';
import { currentPhoto } from '../../page/state.js';
import { text } from './text.js';
import { h, setText } from '../../ui/dom.js';
import { loadStyle } from '../../ui/load-style.js';

/** What one press of an arrow key moves, as a part of the photo's shorter side. */
const STEP = 0.04;

/**
 * The eraser, with its style.
 * @param {import('../../page/session/session.js').Session} session
 * @param {HTMLElement} buttons where its buttons go
 */
export async function createEraser(session, buttons) {
  await loadStyle('parts.css', import.meta.url);
  return new Eraser(session, buttons);
}

/** Paints away parts of the photo. Strokes are kept in pixels of the photo, so they fit whatever size it is shown in. */
class Eraser {
  #session;
  canvas = h('canvas', {
    className: 'eraser',
    tabIndex: 0,
    role: 'application',
    'aria-label': text.eraser.canvas,
    hidden: true,
  });
  #undo = h(
    'button',
    { type: 'button', className: 'small', onclick: () => this.#session.undoErase() },
    text.eraser.undo,
  );
  #clear = h(
    'button',
    { type: 'button', className: 'small', onclick: () => this.#session.clearErase() },
    text.eraser.clear,
  );
  #size = h('input', {
    type: 'range',
    min: '0.02',
    max: '0.3',
    step: '0.01',
    oninput: () => this.#session.setEraserRadius(Number(this.#size.value)),
  });
  #tools = h(
    'div',
    { className: 'eraser-tools' },
    h('label', { className: 'field' }, h('span', {}, text.eraser.size), this.#size),
    h('p', { className: 'note' }, text.eraser.help),
  );
  #active = h('p', { className: 'note', role: 'status' });
  element = h('div', { className: 'eraser-bar' }, this.#tools, this.#active);
  /** @type {import('../../page/state.js').Photo | null} */
  #photo = null;
  #radius = 0;
  /** The engine fills with the picture's mean colour. */
  #fill = '#808080';
  /** The keyboard's cursor, in pixels of the photo. */
  #cursor = { x: 0, y: 0 };
  /** The one that is being painted. @type {import('../../api/types.js').Stroke | null} */
  #stroke = null;

  /**
   * @param {import('../../page/session/session.js').Session} session
   * @param {HTMLElement} buttons where its buttons go
   */
  constructor(session, buttons) {
    this.#session = session;
    buttons.append(this.#undo, this.#clear);
    this.#listen();
  }

  #listen() {
    const { canvas } = this;
    canvas.addEventListener('pointerdown', (event) => {
      canvas.setPointerCapture(event.pointerId);
      this.#stroke = { radius: this.#radius * this.#shorter(), points: [this.#at(event)] };
      this.#draw();
      event.preventDefault();
    });
    canvas.addEventListener('pointermove', (event) => {
      if (!this.#stroke) return;
      this.#stroke.points.push(this.#at(event));
      this.#draw();
    });
    const finish = () => {
      if (this.#stroke) this.#session.erase(this.#stroke);
      this.#stroke = null;
    };
    canvas.addEventListener('pointerup', finish);
    canvas.addEventListener('pointercancel', finish);
    canvas.addEventListener('keydown', (event) => this.#press(event));
    canvas.addEventListener('focus', () => this.#draw());
    canvas.addEventListener('blur', () => this.#draw());
  }

  #photoSize() {
    return { width: this.#photo?.width ?? 1, height: this.#photo?.height ?? 1 };
  }

  #shorter() {
    const { width, height } = this.#photoSize();
    return Math.min(width, height);
  }

  /** @param {PointerEvent} event */
  #at(event) {
    const box = this.canvas.getBoundingClientRect();
    const { width, height } = this.#photoSize();
    return [((event.clientX - box.left) / box.width) * width, ((event.clientY - box.top) / box.height) * height];
  }

  /** @param {KeyboardEvent} event */
  #press(event) {
    /** @type {Record<string, number[] | undefined>} */
    const moves = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
    const move = moves[event.key];
    const { x, y } = this.#cursor;
    if (move) {
      const { width, height } = this.#photoSize();
      const step = STEP * this.#shorter();
      this.#cursor = {
        x: Math.min(width, Math.max(0, x + move[0] * step)),
        y: Math.min(height, Math.max(0, y + move[1] * step)),
      };
    } else if (event.key === ' ') this.#session.erase({ radius: this.#radius * this.#shorter(), points: [[x, y]] });
    else if (event.key === 'Escape') this.#session.stopErasing();
    else return;
    event.preventDefault();
    this.#draw();
  }

  #draw() {
    const { canvas } = this;
    const photo = this.#photo;
    const context = canvas.getContext('2d');
    if (!context || !photo?.thumbnail) return;
    if (canvas.width !== photo.thumbnail.width || canvas.height !== photo.thumbnail.height) {
      canvas.width = photo.thumbnail.width;
      canvas.height = photo.thumbnail.height;
    }
    context.clearRect(0, 0, canvas.width, canvas.height);
    const factor = canvas.width / this.#photoSize().width;
    context.strokeStyle = this.#fill;
    const strokes = this.#stroke ? [...photo.strokes, this.#stroke] : photo.strokes;
    for (const stroke of strokes) paintStroke(context, stroke, factor);
    if (document.activeElement !== canvas || canvas.hidden) return;
    context.beginPath();
    context.lineWidth = 2;
    context.strokeStyle = '#fff';
    const { x, y } = this.#cursor;
    context.arc(x * factor, y * factor, this.#radius * this.#shorter() * factor, 0, 2 * Math.PI);
    context.stroke();
  }

  /** @param {import('../../page/state.js').State} state */
  update(state) {
    const before = this.#photo;
    const next = currentPhoto(state);
    if (next?.thumbnail && next.thumbnail !== before?.thumbnail) this.#fill = meanColour(next.thumbnail);
    if (next?.id !== before?.id && next?.width && next.height) this.#cursor = { x: next.width / 2, y: next.height / 2 };
    this.#photo = next;
    this.#radius = state.eraserRadius;
    const strokes = next?.strokes.length ?? 0;
    this.canvas.hidden = !state.erasing && strokes === 0;
    this.canvas.classList.toggle('inactive', !state.erasing);
    this.canvas.tabIndex = state.erasing ? 0 : -1;
    this.#tools.hidden = !state.erasing;
    this.#undo.hidden = this.#clear.hidden = strokes === 0;
    this.#size.value = String(this.#radius);
    setText(this.#active, strokes ? text.eraser.active(strokes) : '');
    this.#draw();
  }
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {import('../../api/types.js').Stroke} stroke
 * @param {number} factor canvas pixels to one of the photo
 */
function paintStroke(context, { radius, points }, factor) {
  context.lineCap = context.lineJoin = 'round';
  context.beginPath();
  context.lineWidth = 2 * radius * factor;
  // A line of no length still gets its round caps, which makes a dot.
  if (points.length > 0) context.moveTo(points[0][0] * factor, points[0][1] * factor);
  for (const [x, y] of points) context.lineTo(x * factor, y * factor);
  context.stroke();
}

/**
 * The mean colour of a picture, near enough for showing where it was erased.
 * @param {ImageBitmap} bitmap
 */
function meanColour(bitmap) {
  if (!canvasReads()) return '#808080';
  const side = 16;
  const context = new OffscreenCanvas(side, side).getContext('2d', { willReadFrequently: true });
  if (!context) return '#808080';
  context.imageSmoothingQuality = 'high';
  context.drawImage(bitmap, 0, 0, side, side);
  const { data } = context.getImageData(0, 0, side, side);
  const mean = [0, 1, 2].map((channel) => {
    let sum = 0;
    for (let i = channel; i < data.length; i += 4) sum += data[i];
    return Math.round(sum / (side * side));
  });
  return `rgb(${mean.join(' ')})`;
}
