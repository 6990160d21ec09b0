/**
 * What the network's own answer, its head, says of an image in terms of the classes. An output that is tied to several classes
 * stands for the first of them, in the order of the names: every image counts once.
 * @param {import('./workbench.js').Workbench} workbench
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
