/** Sorts as people count: 2 before 10. */
export const natural = new Intl.Collator('en', { numeric: true, sensitivity: 'base' });
