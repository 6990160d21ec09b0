/**
 * What of a record is computed again beside the means of its maps, part by part, each with how it differs.
 */

import { canvasOf, canvasPixels } from '../api/canvas.js';
import { text as drawText } from '../questions/draw/text.js';
import { toError } from '../api/errors.js';
import { h, setText } from '../ui/dom.js';
import { paint } from '../ui/overlay-canvas.js';
import { ablationAgain, camAgain, classesAgain, drawAgain } from './again.js';
import {
  compareAblation,
  compareAlarm,
  compareCam,
  compareClasses,
  compareConfusion,
  compareDrawing,
  compareSums,
} from './compare-results.js';
import { text as records } from './record-text.js';
import { text } from './recomputed-text.js';

/**
 * @typedef {import('./record.js').Recorded} Recorded
 * @typedef {import('./compare-results.js').Compared} Compared
 * @typedef {{ model: import('../featurescope.js').Model, look: import('../featurescope.js').Look, signal: AbortSignal, say: (line: string) => void }} Run
 */

/**
 * Computes every part again that needs no long time, and adds what comes of it as it comes.
 * @param {Recorded} recorded
 * @param {Run} run
 * @param {(element: HTMLElement, same: boolean) => void} add
 * @throws {import('../api/errors.js').FeaturescopeError} `cancelled`; what fails otherwise is said in its part
 */
export async function compareParts(recorded, { model, look, signal, say }, add) {
  const {
    finding,
    record: { results = {} },
  } = recorded;
  /** @param {Compared['kind']} kind @param {() => Promise<Compared[]>} work */
  const part = async (kind, work) => {
    try {
      for (const compared of await work()) add(partOf(compared), compared.same);
    } catch (error) {
      const { code, message } = toError(error);
      if (signal.aborted || code === 'cancelled') throw error;
      add(h('p', { className: 'alert', 'data-kind': kind }, text.failed(text.titles[kind], message)), false);
    }
  };
  if (finding.claim.classes.length > 0 && finding.classes.length > 0) {
    await part('classes', async () => {
      const here = await classesAgain(recorded, model, {
        signal,
        onImage: (done, total) => say(text.images(done, total)),
      });
      return [
        compareClasses(finding.claim.classes, here.classes),
        ...(results.confusion && here.confusion ? [compareConfusion(results.confusion, here.confusion)] : []),
        ...(results.sums && here.sums ? [compareSums(results.sums, here.sums)] : []),
        ...(results.alarm && here.alarm ? [compareAlarm(results.alarm, here.alarm)] : []),
      ];
    });
  }
  const { cam, ablation } = results;
  if (cam) {
    say(text.cam);
    await part('cam', async () => [compareCam(cam, await camAgain(cam, look, signal))]);
  }
  if (ablation) {
    say(text.ablation);
    await part('ablation', async () => [compareAblation(ablation, await ablationAgain(ablation, look, signal))]);
  }
}

/** @param {Compared} compared */
function partOf({ kind, same, sentences }) {
  return h(
    'section',
    { className: 'recomputed', 'data-testid': 'recomputed', 'data-kind': kind, 'data-same': String(same) },
    h('h3', {}, `${text.titles[kind]}: ${same ? text.agrees : text.differs}`),
    sentences.length === 1
      ? h('p', {}, sentences[0])
      : h('ul', {}, ...sentences.map((sentence) => h('li', {}, sentence))),
  );
}

/**
 * What is not computed again, and why, in sentences.
 * @param {Recorded} recorded
 */
export function leftOut({ finding, record: { figures, results = {} } }) {
  const drawn = new Set(results.drawings?.map(({ path }) => path));
  const classes =
    finding.classes.length > 0 ? [] : figures.filter(({ kind }) => kind === 'classes').map(({ title }) => title);
  // A chart of a record with the numbers of its classes is a picture of these.
  const pictures = figures
    .filter(
      (figure) =>
        figure.kind === 'picture' &&
        ((/^plots\/chart-/.test(figure.path) && !results.sums) ||
          (/^drawings\//.test(figure.path) && !drawn.has(figure.path))),
    )
    .map(({ title }) => title);
  return [
    ...(classes.length > 0 ? [text.leftClasses(classes)] : []),
    ...(pictures.length > 0 ? [text.leftPictures([...new Set(pictures)])] : []),
    ...((finding.models ?? []).length + finding.controls.length > 0 ? [text.leftModels] : []),
  ];
}

/**
 * The recorded drawings, each of which is drawn again when it is asked for; null where there are none.
 * @param {Recorded} recorded
 * @param {Pick<Run, 'model' | 'signal'>} run
 */
export function drawingsPart({ record: { results }, files }, { model, signal }) {
  const drawings = (results?.drawings ?? []).filter(({ path }) => files.has(path));
  if (drawings.length === 0) return null;
  const line = h('p', { className: 'note', role: 'status' });
  const list = h('div');
  let drawing = new AbortController();
  signal.addEventListener('abort', () => drawing.abort());
  const stop = h('button', { type: 'button', hidden: true, onclick: () => drawing.abort() }, records.view.stop);
  const button = h(
    'button',
    {
      type: 'button',
      onclick: async () => {
        drawing = new AbortController();
        button.hidden = true;
        stop.hidden = false;
        list.replaceChildren();
        try {
          for (const one of drawings) {
            setText(line, drawText.setup);
            const here = await drawAgain(one, model, {
              signal: drawing.signal,
              onProgress: (progress) => {
                if (!drawing.signal.aborted && progress.activation !== undefined)
                  setText(
                    line,
                    text.drawingProgress(drawText.name(one.map, one.target), drawText.progress(progress, one.target)),
                  );
              },
            });
            const picture = await pixelsOf(/** @type {Blob} */ (files.get(one.path)));
            const canvas = h('canvas', { role: 'img', 'aria-label': drawText.alt(one.map, one.target) });
            paint(canvas, here.image);
            const section = partOf(compareDrawing({ ...one, picture }, here));
            section.append(canvas);
            list.append(section);
          }
          setText(line, '');
        } catch (error) {
          const { code, message } = toError(error);
          setText(line, code === 'cancelled' ? '' : message);
        }
        button.hidden = false;
        stop.hidden = true;
      },
    },
    text.draw,
  );
  return h(
    'section',
    { 'data-testid': 'draw-again' },
    h('p', { className: 'note' }, text.drawExplain),
    h('div', { className: 'buttons' }, button, stop),
    line,
    list,
  );
}

/** The pixels of a picture; null where the browser cannot read it. @param {Blob} file */
async function pixelsOf(file) {
  try {
    const bitmap = await createImageBitmap(file);
    return canvasPixels(canvasOf(bitmap));
  } catch {
    return null;
  }
}
