import { language } from '../api/language.js';
import { fitting } from '../files/names.js';
import { text as page } from '../page/text.js';
import { text as lookText } from '../questions/look/text.js';
import { LIMITS } from './finding.js';
import { text } from './text.js';

/** @typedef {import('./finding.js').Finding} Finding */

/**
 * A finding's caption: in the reader's language where the page wrote it, and as it is where somebody else did or nobody knows.
 * @param {Finding} finding
 * @returns {string}
 */
export function captionOf(finding) {
  const { claim, question, subject } = finding;
  return claim.generated === undefined || (claim.caption !== '' && finding.language === language)
    ? claim.caption
    : generatedCaption({ ...claim, generated: claim.generated }, question, subject.name);
}

/**
 * A finding for a link, which need not hold a caption that the page writes wherever it is opened.
 * @param {Finding} finding
 * @returns {Finding}
 */
export function withoutCaption(finding) {
  return finding.claim.generated === undefined ? finding : { ...finding, claim: { ...finding.claim, caption: '' } };
}

/**
 * The caption that the page writes of what is claimed: of a class's maps, or else of the strongest map on the photo.
 * @param {Pick<Finding['claim'], 'maps' | 'classes'> & { generated: number[] | null }} claim
 * @param {Finding['question']} question
 * @param {string | null} subject the class that the question is about
 */
export function generatedCaption({ maps: [first], classes, generated }, question, subject) {
  const found = classes.find(({ name }) => name === subject) ?? classes[0];
  const shown = found ? text.captions[question]?.(found.name, found.maps.length) : undefined;
  if (shown) return fitting(shown, LIMITS.caption);
  if (!first || !generated) return page.look.allDead;
  const [y, x] = generated;
  return lookText.grid.lead(first.map, first.mean, page.place(y, x));
}
