import { canvasReads } from '../../api/canvas.js';
import { currentPhoto } from '../../page/state.js';
import { text } from '../../page/text.js';
import { h, setText } from '../../ui/dom.js';

/** What one press of an arrow key moves, as a part of the photo's shorter side. */
const STEP = 0.04;

/**
 * Paints away parts of the photo. Strokes are kept in pixels of the photo, so they fit whatever size it is shown in.
 * @param {import('../../page/engine/session.js').Session} session
 * @param {HTMLElement} buttons where its buttons go
 */
export function createEraser(session, buttons) {
  const canvas = h('canvas', {
    className: 'eraser',
    tabIndex: 0,
    role: 'application',
    'aria-label': text.eraser.canvas,
    hidden: true,
  });
  const undo = h(
    'button',
    { type: 'button', className: 'small', onclick: () => session.undoErase() },
    text.eraser.undo,
  );
  const clear = h(
    'button',
    { type: 'button', className: 'small', onclick: () => session.clearErase() },
    text.eraser.clear,
  );
  const size = h('input', {
    type: 'range',
    min: '0.02',
    max: '0.3',
    step: '0.01',
    oninput: () => session.setEraserRadius(Number(size.value)),
  });
  const tools = h(
    'div',
    { className: 'eraser-tools' },
    h('label', { className: 'field' }, h('span', {}, text.eraser.size), size),
    h('p', { className: 'note' }, text.eraser.help),
  );
  const active = h('p', { className: 'note', role: 'status' });
  const element = h('div', { className: 'eraser-bar' }, tools, active);
  buttons.append(undo, clear);

  /** @type {import('../../page/state.js').Photo | null} */
  let photo = null;
  let radius = 0;
  /** The engine fills with the picture's mean colour. */
  let fill = '#808080';
  /** The keyboard's cursor, in pixels of the photo. */
  let cursor = { x: 0, y: 0 };
  /** @type {import('../../api/types.js').Stroke | null} */
  let stroke = null;

  const photoSize = () => ({ width: photo?.width ?? 1, height: photo?.height ?? 1 });
  const shorter = () => Math.min(photoSize().width, photoSize().height);

  /** @param {PointerEvent} event */
  const at = (event) => {
    const box = canvas.getBoundingClientRect();
    const { width, height } = photoSize();
    return [((event.clientX - box.left) / box.width) * width, ((event.clientY - box.top) / box.height) * height];
  };
  canvas.addEventListener('pointerdown', (event) => {
    canvas.setPointerCapture(event.pointerId);
    stroke = { radius: radius * shorter(), points: [at(event)] };
    draw();
    event.preventDefault();
  });
  canvas.addEventListener('pointermove', (event) => {
    if (!stroke) return;
    stroke.points.push(at(event));
    draw();
  });
  const finish = () => {
    if (stroke) session.erase(stroke);
    stroke = null;
  };
  canvas.addEventListener('pointerup', finish);
  canvas.addEventListener('pointercancel', finish);
  canvas.addEventListener('keydown', (event) => {
    /** @type {Record<string, number[] | undefined>} */
    const moves = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
    const move = moves[event.key];
    const { width, height } = photoSize();
    if (move) {
      const step = STEP * shorter();
      cursor = {
        x: Math.min(width, Math.max(0, cursor.x + move[0] * step)),
        y: Math.min(height, Math.max(0, cursor.y + move[1] * step)),
      };
    } else if (event.key === ' ') session.erase({ radius: radius * shorter(), points: [[cursor.x, cursor.y]] });
    else if (event.key === 'Escape') session.stopErasing();
    else return;
    event.preventDefault();
    draw();
  });
  canvas.addEventListener('focus', () => draw());
  canvas.addEventListener('blur', () => draw());

  function draw() {
    const context = canvas.getContext('2d');
    if (!context || !photo?.thumbnail) return;
    if (canvas.width !== photo.thumbnail.width || canvas.height !== photo.thumbnail.height) {
      canvas.width = photo.thumbnail.width;
      canvas.height = photo.thumbnail.height;
    }
    context.clearRect(0, 0, canvas.width, canvas.height);
    const factor = canvas.width / photoSize().width;
    context.strokeStyle = fill;
    context.lineCap = context.lineJoin = 'round';
    for (const { radius: brush, points } of stroke ? [...photo.strokes, stroke] : photo.strokes) {
      context.beginPath();
      context.lineWidth = 2 * brush * factor;
      // A line of no length still gets its round caps, which makes a dot.
      if (points.length > 0) context.moveTo(points[0][0] * factor, points[0][1] * factor);
      for (const [x, y] of points) context.lineTo(x * factor, y * factor);
      context.stroke();
    }
    if (document.activeElement !== canvas || canvas.hidden) return;
    context.beginPath();
    context.lineWidth = 2;
    context.strokeStyle = '#fff';
    context.arc(cursor.x * factor, cursor.y * factor, radius * shorter() * factor, 0, 2 * Math.PI);
    context.stroke();
  }

  return {
    element,
    canvas,
    /** @param {import('../../page/state.js').State} state */
    update(state) {
      const next = currentPhoto(state);
      if (next?.thumbnail && next.thumbnail !== photo?.thumbnail) fill = meanColour(next.thumbnail);
      if (next?.id !== photo?.id && next?.width && next.height) cursor = { x: next.width / 2, y: next.height / 2 };
      photo = next;
      radius = state.eraserRadius;
      const strokes = photo?.strokes.length ?? 0;
      canvas.hidden = !state.erasing && strokes === 0;
      canvas.classList.toggle('inactive', !state.erasing);
      canvas.tabIndex = state.erasing ? 0 : -1;
      tools.hidden = !state.erasing;
      undo.hidden = clear.hidden = strokes === 0;
      size.value = String(radius);
      setText(active, strokes ? text.eraser.active(strokes) : '');
      draw();
    },
  };
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
