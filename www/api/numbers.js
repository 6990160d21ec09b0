/** How numbers and sizes are written, in every language. */

/** The characters of a power of ten. Positive ones have no sign. @type {Record<string, string>} */
const SUPERSCRIPTS = {
  '+': '',
  '-': '⁻',
  ...Object.fromEntries([...'⁰¹²³⁴⁵⁶⁷⁸⁹'].map((digit, value) => [value, digit])),
};

/**
 * Three digits; very small and very large numbers with a power of ten. What is no finite number is named.
 * @param {number} value
 * @returns {string}
 */
export function formatNumber(value) {
  if (Number.isNaN(value)) return 'NaN';
  // The threshold that nothing reaches, say.
  if (value === Infinity) return '∞';
  if (value < 0) return `−${formatNumber(-value)}`;
  const size = Math.abs(value);
  if (value !== 0 && (size < 1e-3 || size >= 1e6)) {
    const [digits, power] = value.toExponential(1).split('e');
    return `${digits} × 10${[...power].map((sign) => SUPERSCRIPTS[sign]).join('')}`;
  }
  return String(size < 1000 ? Number(value.toPrecision(3)) : Math.round(value));
}

/** @param {number} value */
export function formatSigned(value) {
  return (value > 0 ? '+' : '') + formatNumber(value);
}

/**
 * Only nothing is 0%, and only all is 100%.
 * @param {number} value from 0 to 1
 */
export function formatPercent(value) {
  const rounded = Number((value * 100).toFixed(1));
  if (value > 0 && rounded === 0) return '< 0.1%';
  return value < 1 && rounded === 100 ? '> 99.9%' : `${rounded}%`;
}

/** Kilobytes where it is less than a megabyte. @param {number} bytes */
export function formatBytes(bytes) {
  return bytes < 1e6 ? `${Math.max(1, Math.round(bytes / 1000))} kB` : formatMegabytes(bytes);
}

/** @param {number} bytes */
export function formatMegabytes(bytes) {
  return `${(bytes / 1e6).toFixed(bytes < 1e7 ? 1 : 0)} MB`;
}

/** Height and width. @param {number[] | number} size one number where both are the same */
export function formatSize(size) {
  const [height, width] = Array.isArray(size) ? size : [size, size];
  return `${height}×${width}`;
}

/** The time that a run takes. @param {number} milliseconds */
export function formatMilliseconds(milliseconds) {
  return milliseconds < 10 ? milliseconds.toFixed(1) : String(Math.round(milliseconds));
}

/**
 * A number with its noun, for languages that have a plural.
 * @param {number} count
 * @param {string} one
 * @param {string} [many]
 */
export function counted(count, one, many = `${one}s`) {
  return `${count} ${count === 1 ? one : many}`;
}
