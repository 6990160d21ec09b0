import { detection } from '../questions/unique/detector.js';
import { MODELS } from './drawn.js';
import { mapsOf } from './stage.js';

/**
 * A network's knife maps, and what the maps of knife and gun are worth as an alarm: the area under the curve, null where there are no maps.
 * @typedef {{ title: string, maps: number, areas: (number | null)[] }} Compared
 */

/**
 * Puts the story's other networks beside the first, and compares the alarms that their maps make.
 * @param {import('./drawn.js').DrawnStage} stage
 * @returns {Promise<Compared[]>}
 */
export async function compareModels(stage) {
  const { session, workbench } = stage;
  await stage.run();
  for (const name of MODELS.slice(1)) {
    const title = session.state.offeredModels.find((offered) => offered.name === name)?.title;
    if (!workbench.models.some((study) => study.title === title)) await workbench.addModel(name);
    stage.checkGoesOn();
  }
  const results = workbench.results.filter(({ control }) => control === null);
  return Promise.all(
    results.map(async (result) => ({
      title: result.title,
      maps: mapsOf(result, 'knife').length,
      areas: await Promise.all(['knife', 'gun'].map((name) => areaOf(stage, result, name))),
    })),
  );
}

/** @param {import('./stage.js').Stage} stage @param {import('./stage.js').StudyResult} result @param {string} name of the class */
async function areaOf({ workbench }, result, name) {
  const { study } = result;
  const maps = mapsOf(result, name);
  const sums = await study.sums(maps);
  const found = detection({
    name,
    maps,
    seed: workbench.choices.seed,
    classes: study.seen(workbench.collection.targets()),
    sumOf: (file) => sums[study.places.get(file) ?? -1] ?? 0,
    headSays: () => false,
  });
  return maps.length > 0 ? found.roc.auc : null;
}
