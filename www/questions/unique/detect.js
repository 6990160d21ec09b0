import { detection } from './detector.js';
import { headAnswers } from '../../classes/head.js';

/**
 * The detector of a class over a study's tested images, beside the network's own answer. Nothing here knows the DOM.
 * @param {import('../../classes/head.js').Bench} workbench
 * @param {import('../../classes/study.js').Study} study
 * @param {{ name: string, maps: number[], seed: number }} options `name` of the class; `maps` whose activations are summed
 */
export async function detectBy(workbench, study, { name, maps, seed }) {
  const sums = await study.sums(maps);
  const classes = study.seen(workbench.collection.targets());
  const names = [...new Set([...classes.map((one) => one.name), name])];
  const answer = headAnswers(workbench, study, names);
  return detection({
    name,
    maps,
    seed,
    classes,
    sumOf: (file) => sums[study.places.get(file) ?? -1] ?? 0,
    headSays: (file) => answer(file) === name,
    tied: workbench.outputs(study, names)[names.indexOf(name)].length > 0,
    untied: workbench.untied(study, names),
  });
}
