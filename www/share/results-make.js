/**
 * The numbers behind what the page shows now, and figures of those that stand in tables there.
 */

import { withoutAnswer } from '../card/ablation/selection.js';
import { ablationSentence } from '../card/ablation/sentence.js';
import { camAnswer } from '../card/cam/selection.js';
import { camLabel, camSentence } from '../card/cam/sentence.js';
import { text as classes } from '../classes/text.js';
import { precision, recall } from '../statistics/alarm.js';
import { text as page } from '../page/text.js';
import { formatPercent } from '../api/numbers.js';
import { ablationNumbers, alarmNumbers, camNumbers, classNumbers } from './numbers-of.js';
import { OVERLAY, EXTENSIONS, pictureFile } from '../files/picture-file.js';
import { text } from './record-text.js';
import { cleanText } from './results.js';

/**
 * @typedef {import('./results.js').Results} Results
 * @typedef {import('./record.js').Figure} Figure
 */

/**
 * @param {import('../page/session/session.js').Session} session
 * @param {import('./gather.js').ClassesPanel | null} panel
 * @param {import('./record.js').Finding} finding
 * @param {(path: string, blob: Blob) => string} keep
 * @returns {Promise<{ results: Results, figures: Figure[] }>}
 */
export async function resultsNow(session, panel, finding, keep) {
  /** @type {Results} */
  const results = {};
  /** @type {Figure[]} */
  const figures = [];
  const bench = panel?.workbench;
  const own = bench?.results.find(({ control, study }) => control === null && !study.owned);
  if (bench && own && finding.classes.length > 0) {
    Object.assign(results, await classNumbers(bench, own));
    if (results.confusion) figures.push(confusionFigure(results.confusion));
    const {
      question,
      subject: { name, maps },
      threshold,
      seed,
    } = finding;
    if (question === 'unique' && name !== null) {
      results.alarm = await alarmNumbers(bench, own, { name, maps, byHand: threshold, seed });
      figures.push(alarmFigure(results.alarm));
    }
  }
  const { state } = session;
  const answer = camAnswer(state);
  const cam = answer?.cam;
  // A record is about classes, not about one place of a mask.
  if (cam && !answer.at) {
    results.cam = camNumbers(cam, state.model?.labels[cam.classIndex] || page.predictions.unnamed(cam.classIndex));
    figures.push(await camFigure(cam, results.cam.label, state, keep));
  }
  const without = withoutAnswer(state);
  // A record holds classes, and a network that gives others has none.
  if (without?.ablation?.before.length) {
    const { maps, to, ablation, look } = without;
    results.ablation = ablationNumbers(maps, to, ablation);
    figures.push(ablationFigure(results.ablation, ablationSentence(maps, ablation, look)));
  }
  return { results, figures };
}

/**
 * @param {import('../api/types.js').Cam} cam
 * @param {string} label of its class, as it is recorded
 * @param {import('../page/state.js').State} state
 * @param {(path: string, blob: Blob) => string} keep
 * @returns {Promise<Figure>}
 */
async function camFigure(cam, label, state, keep) {
  const blob = await pictureFile(cam.image, OVERLAY);
  const sentence = cleanText(camSentence(cam, camLabel(cam, state), state.openMap ?? 0));
  return {
    kind: 'picture',
    title: text.figures.cam(label),
    caption: sentence,
    path: keep(`figures/grad-cam.${EXTENSIONS.get(blob.type)}`, blob),
    alt: sentence,
    width: cam.image.width,
    height: cam.image.height,
  };
}

/** @param {NonNullable<Results['confusion']>} confusion @returns {Figure} */
function confusionFigure({ names, counts }) {
  return {
    kind: 'table',
    title: classes.confusion.caption,
    caption: text.figures.confusionCaption,
    columns: [classes.confusion.corner, ...names, classes.confusion.other],
    rows: counts.map((row, place) => [names[place], ...row.map(String)]),
  };
}

/** @param {NonNullable<Results['alarm']>} alarm @returns {Figure} */
function alarmFigure({ name, auc, low, high, byHand, threshold, byMaps, byHead }) {
  const percent = (/** @type {number | null} */ part) => (part === null ? '–' : formatPercent(part));
  const row = (/** @type {string} */ title, /** @type {number[] | null} */ counts) => {
    if (!counts) return [];
    const [truePositives, falseNegatives, falsePositives, trueNegatives] = counts;
    const all = { truePositives, falseNegatives, falsePositives, trueNegatives };
    return [[title, ...counts.map(String), percent(precision(all)), percent(recall(all))]];
  };
  return {
    kind: 'table',
    title: classes.unique.table(name),
    columns: classes.unique.columns(name),
    caption: cleanText(
      [
        auc === null
          ? classes.unique.noArea(name)
          : classes.unique.areaOf(auc, low === null || high === null ? null : { low, high }),
        threshold === null ? '' : text.figures.threshold(threshold, byHand !== null),
      ]
        .filter(Boolean)
        .join(' '),
    ),
    rows: [...row(classes.unique.byMaps, byMaps), ...row(classes.unique.byHead, byHead)],
  };
}

/** @param {NonNullable<Results['ablation']>} ablation @param {string} sentence @returns {Figure} */
function ablationFigure({ outputs }, sentence) {
  return {
    kind: 'table',
    title: text.figures.ablation,
    caption: cleanText(sentence),
    columns: text.figures.ablationColumns,
    rows: outputs.map(({ index, label, before, after, random }) => [
      label || page.predictions.unnamed(index),
      ...[before, after].map(formatPercent),
      random === null ? '–' : formatPercent(random),
    ]),
  };
}
