import { peakOf } from '../page/state.js';
import { text as page } from '../page/text.js';
import { generatedCaption } from './caption.js';
import { classViewOf } from './class-view.js';
import { LIMITS } from './finding.js';
import { text } from './text.js';

/**
 * @typedef {import('./finding.js').Claim} Claim
 * @typedef {import('./gather.js').ClassesPanel} ClassesPanel
 * @typedef {import('../page/session/session.js').Session} Session
 */

/** Digits of a mean in a claim: enough to tell maps apart, and the engines agree on them. */
const DIGITS = 3;

/** How far two rounded means may be from each other: two units of the last digit. */
const CLOSE = 2 * 10 ** (1 - DIGITS);
/** How far probabilities may be from each other, which are rounded to a thousandth. */
const CLOSE_PROBABILITY = 0.003;

/** @param {number} value */
export function rounded(value) {
  // Adding 0 makes 0 of −0.
  return Number(value.toPrecision(DIGITS)) + 0;
}

/**
 * What the page says now: the sentence, the strongest maps, the predictions and the maps of the classes.
 * @param {Session} session
 * @param {ClassesPanel | null} panel
 * @returns {Claim}
 */
export function claimOf(session, panel) {
  const { look } = session.state;
  const classMaps =
    panel?.workbench.results.find(({ control, study }) => control === null && !study.owned)?.classMaps ?? [];
  const classes = classMaps.map(({ name, maps }) => ({
    name,
    maps: maps.map(({ map }) => map),
    counts: maps.map(({ count }) => count),
  }));
  const claim = {
    ...(look ? lookClaim(look) : { generated: null, maps: [], predictions: [] }),
    classes,
    made: new Date().toISOString().slice(0, 10),
  };
  const { question, subject } = panel
    ? classViewOf(session.state, panel.workbench)
    : { question: /** @type {const} */ ('look'), subject: { name: null } };
  return { ...claim, caption: generatedCaption(claim, question, subject.name) };
}

/** What is claimed of a photo. @param {Pick<import('../page/state.js').LookView, 'top' | 'predictions' | 'peaks' | 'width' | 'height'>} look */
export function lookClaim(look) {
  const first = look.top(1)[0];
  const peak = first ? peakOf(look, first.map) : null;
  return {
    // Three digits of where the strongest map is strongest: enough for a sentence in another language.
    generated: peak ? [peak.y, peak.x].map((part) => Number(part.toFixed(3))) : null,
    maps: look.top(LIMITS.claimMaps).map(({ map, mean }) => ({ map, mean: rounded(mean) })),
    predictions: look.predictions.slice(0, LIMITS.claimPredictions).map(({ index, label, probability }) => {
      const unnamed = page.predictions.unnamed(index);
      // What stands in the place of a name is another in every language, so the output itself is named.
      return {
        label: wellFormed(label || unnamed),
        probability: roundedShare(probability),
        ...(label && label !== unnamed ? {} : { index }),
      };
    }),
  };
}

/**
 * Three digits, or as many as it takes to be neither nothing nor all.
 * @param {number} share from 0 to 1
 */
export function roundedShare(share) {
  const three = Number(share.toFixed(3));
  if (three === 0) return Number(share.toPrecision(2));
  return three === 1 ? 1 - Number((1 - share).toPrecision(2)) : three;
}

/** @param {string} label */
const wellFormed = (label) =>
  label
    .replace(/\p{Surrogate}/gu, '\uFFFD')
    .slice(0, LIMITS.title)
    .replace(/[\uD800-\uDBFF]$/, '');

/**
 * Where a claim and what was computed here differ, in plain sentences; none where they agree.
 * @param {Claim} claim
 * @param {Claim} computed
 * @returns {string[]}
 */
export function differences(claim, computed) {
  /** @type {string[]} */
  const found = [];
  const means = new Map(computed.maps.map(({ map, mean }) => [map, mean]));
  for (const { map, mean } of claim.maps) {
    const here = means.get(map);
    if (here === undefined) found.push(text.differs.noMap(map, mean));
    else if (Math.abs(here - mean) > CLOSE * Math.max(Math.abs(here), Math.abs(mean)))
      found.push(text.differs.mean(map, mean, here));
  }
  for (const { label, probability, index } of claim.predictions) {
    const same = (/** @type {Claim['predictions'][number]} */ other) =>
      index === undefined ? other.label === label : other.index === index;
    const here = computed.predictions.find(same)?.probability;
    if (here === undefined) {
      // What is in fifth place may change it with what is in sixth.
      if (probability > 0.01) found.push(text.differs.noPrediction(label, probability));
    } else if (Math.abs(here - probability) > CLOSE_PROBABILITY)
      found.push(text.differs.prediction(label, probability, here));
  }
  for (const { name, maps, counts } of claim.classes) {
    const here = computed.classes.find((other) => other.name === name);
    if (!here) {
      found.push(text.differs.noClass(name));
      continue;
    }
    const countsHere = new Map(here.maps.map((map, place) => [map, here.counts[place]]));
    const same = maps.filter((map, place) => countsHere.get(map) === counts[place]).length;
    if (same < maps.length || maps.length !== here.maps.length)
      found.push(text.differs.classMaps(name, same, maps.length, here.maps.length));
  }
  return found;
}
