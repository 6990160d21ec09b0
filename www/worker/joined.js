/** @typedef {import('../api/types.js').Card} Card */

/**
 * What was found with a model, with what is said better since: of files beside it the newer one of a name counts, and these count before the
 * recipe that came with the model.
 * @param {Card | undefined} found
 * @param {Card} said
 * @returns {Card}
 */
export function joined(found = {}, said) {
  const { beside, recipe, from, ...rest } = found;
  const older = (beside ?? []).filter(({ name }) => !said.beside?.some((newer) => newer.name === name));
  const all = [...older, ...(said.beside ?? [])];
  return {
    ...rest,
    ...(recipe && !said.beside ? { recipe } : {}),
    // Of names that are said since it is not said where they were found.
    ...(from && !said.beside && !said.recipe ? { from, ...(said.labels ? { labelsAreSaid: true } : {}) } : {}),
    ...said,
    ...(all.length > 0 ? { beside: all } : {}),
  };
}
