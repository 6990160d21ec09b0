/** What a drawing's settings are called, and which seeds there are. */

/** The way that settings are of. @param {import('./choices.js').Settings} settings @returns {import('./choices.js').Way} */
export function wayOf({ preset, blur, totalVariation, l2 }) {
  if (preset === 'modern') return 'modern';
  return blur === 0 && totalVariation === 0 && l2 === 0 ? 'literal' : 'article';
}

/** Seeds have 32 bits. */
export const LARGEST_SEED = 2 ** 32 - 1;

/** The seed that somebody means who writes this number; 0 for what is none. @param {number} number */
export function seedOf(number) {
  return Math.min(LARGEST_SEED, Math.max(0, Math.round(number) || 0));
}
