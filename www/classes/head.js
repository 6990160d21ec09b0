/** The classes, and the outputs that belong to them. @typedef {Pick<import('./workbench.js').Workbench, 'collection' | 'outputs' | 'untied'>} Bench */

/**
 * What the network's own answer, its head, says of an image in terms of the classes. An output that is tied to several classes
 * stands for the first of them, in the order of the names: every image counts once.
 * @param {Pick<Bench, 'outputs'>} workbench
 * @param {import('./study.js').Study} study
 * @param {string[]} names of the classes
 * @returns {(file: File) => string | null} null where the answer is none of them
 */
export function headAnswers(workbench, study, names) {
  const ties = workbench.outputs(study, names);
  return (file) => {
    const said = study.saidOf(file);
    return names[ties.findIndex((outputs) => outputs.includes(said))] ?? null;
  };
}

/**
 * Which class the head takes the tested images of each class for.
 * @param {Bench} workbench
 * @param {import('./study.js').Study} study
 * @returns {{ classes: import('./collection.js').ImageClass[], names: string[], counts: number[][], answer: (file: File) => string | null }} `counts`: a
 *   row for each class and a column for each, and one more for all other outputs
 */
export function confusionOf(workbench, study) {
  const classes = study.seen(workbench.collection.targets());
  const names = classes.map(({ name }) => name);
  const answer = headAnswers(workbench, study, names);
  const counts = classes.map(({ images }) => {
    const said = images.map(answer);
    return [...names, null].map((name) => said.filter((other) => other === name).length);
  });
  return { classes, names, counts, answer };
}
