/**
 * Every text about sharing that a visitor can read.
 */

import { formatNumber, formatPercent } from '../text.js';

export const text = {
  unnamed: 'unnamed file',

  errors: {
    newer: 'This was made by a newer Featurescope than the one that is open here. Reload the page; if the message stays, open it at the address where it was made.',
    /** @param {string} path @param {string} expected */
    field: (path, expected) => `This is not a finding that Featurescope can read: “${path}” should be ${expected}. Ask whoever made it for a new one.`,
    notReady: 'There is nothing to share yet: the network has not looked at the photo. Wait for the result and try again.',
    noHash: 'The browser computes hashes only on pages that come over https. Open this page at an address that begins with https:// to share your own files.',
    /** @param {string} name */
    unreadable: (name) => `${name} could not be read any more. It may have been moved or changed; drop it again.`,
    /** @param {string} name */
    noBundled: (name) => `The bundled photo “${name}” could not be loaded. Check the connection and try again.`,
  },

  /** What is found in a class, by question. @type {Record<string, ((name: string, maps: number) => string) | undefined>} */
  captions: {
    classes: (name, maps) => `${maps} ${maps === 1 ? 'map comes' : 'maps come'} up most in “${name}” and in no other class.`,
    everywhere: (name, maps) => `Do the ${maps} maps of “${name}” find it everywhere?`,
    unique: (name, maps) => `Are the ${maps} maps of “${name}” unique to it?`,
  },

  /** Where a claim and what was computed here differ. */
  differs: {
    /** @param {number} map @param {number} mean */
    noMap: (map, mean) => `Map ${map} is among the strongest in the link (mean ${formatNumber(mean)}), but not here.`,
    /** @param {number} map @param {number} claimed @param {number} here */
    mean: (map, claimed, here) => `Map ${map}: the link says mean ${formatNumber(claimed)}, here it is ${formatNumber(here)}.`,
    /** @param {string} label @param {number} probability */
    noPrediction: (label, probability) => `“${label}” has ${formatPercent(probability)} in the link, but is not among the first answers here.`,
    /** @param {string} label @param {number} claimed @param {number} here */
    prediction: (label, claimed, here) => `“${label}”: the link says ${formatPercent(claimed)}, here it is ${formatPercent(here)}.`,
    /** @param {string} name */
    noClass: (name) => `The class “${name}” has no maps here.`,
    /** @param {string} name @param {number} same @param {number} claimed @param {number} here */
    classMaps: (name, same, claimed, here) => `Class “${name}”: ${same} of the link’s ${claimed} maps have the same count here, where it has ${here}.`,
  },
};
