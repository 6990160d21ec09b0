import { paint } from '../../ui/overlay-canvas.js';
import { seenPart } from './margin.js';

const WHOLE = { left: 0, top: 0, side: 1 };

/**
 * Shows a drawing, of which its frame hides the margin that the network hardly saw; the modern way shows the network every part of it.
 * @param {HTMLCanvasElement} canvas alone in a frame that hides what stands over
 * @param {ImageData} image
 * @param {import('./choices.js').Settings} settings of the drawing
 */
export function showDrawing(canvas, image, { preset }) {
  paint(canvas, image);
  const { left, top, side } = preset === 'modern' ? WHOLE : seenPart(image);
  canvas.style.transform = side === 1 ? '' : `scale(${1 / side}) translate(${-100 * left}%, ${-100 * top}%)`;
}
