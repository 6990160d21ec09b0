/**
 * Text in tables that others open: spreadsheet programs take a cell that begins with one of these signs for a formula, and names of
 * classes and files come from anywhere.
 */
const FORMULA = /^[=+\-@\t\r\uFF1D\uFF0B\uFF0D\uFF20]/;

/**
 * The value as a cell that no program computes; numbers stay as they are.
 * @template {string | number | null | undefined} T
 * @param {T} value
 * @returns {T | string}
 */
export function cell(value) {
  if (typeof value !== 'string' || !FORMULA.test(value) || isNumber(value)) return value;
  return `'${value}`;
}

/** @param {string} value */
function isNumber(value) {
  return /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(value);
}

/**
 * Rows of which no name and no value is taken for a formula.
 * @param {Record<string, string | number | null>[]} rows
 */
export function cells(rows) {
  return rows.map((row) => Object.fromEntries(Object.entries(row).map(([name, value]) => [cell(name), cell(value)])));
}
