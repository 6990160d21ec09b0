import { download } from './download.js';
import { withTask } from './task.js';

/**
 * @typedef {import('./engines.js').Call} Call
 * @typedef {import('./models.js').OpenModel} OpenModel
 */

/**
 * Finds out which recipe a model without a card wants, by photos whose labels are known. Sets the model's recipe and
 * its list of recipes; leaves both where the photos decide nothing. Where ImageNet's labels fit half of the photos
 * and the model has no names for its classes, it gets ImageNet's.
 * @param {OpenModel} open
 * @param {Call} call
 */
export async function guessRecipe({ model, engine: { module }, description }, call) {
  call.progress({ stage: 'guess', done: 0 });
  const probes = new module.Probes();
  try {
    const photos = await labelledPhotos(call);
    for (const { file, label } of photos) {
      const address = new URL(`../models/photos/${file}`, import.meta.url);
      const blob = await download(address.href, { ...call, progress: () => {} });
      const picture = module.Picture.decode(new Uint8Array(await blob.arrayBuffer()));
      probes.add(picture, Uint32Array.from(label));
      picture.free();
    }
    const { value: candidates } = await withTask(module, call, (task) => model.guess(probes, task));
    if (candidates.length === 0) return;
    // One that the network itself asks for stays first of all that can be chosen.
    if (candidates.length > 1) description.recipes = candidates;
    description.recipe = candidates[0].recipe;
    const nameless = description.labels.length === 0;
    if (nameless && candidates[0].score >= photos.length / 2) {
      description.labels = await readJson('../models/imagenet1k.json', call);
      description.labelsAreGuessed = true;
    }
  } finally {
    probes.free();
  }
}

/**
 * @param {Call} call
 * @returns {Promise<{ file: string, label: number[] }[]>}
 */
async function labelledPhotos(call) {
  const list = await readJson('../models/photos/photos.json', call);
  return list.filter((/** @type {{ label: number[] }} */ { label }) => label.length > 0);
}

/**
 * @param {string} path
 * @param {Call} call
 */
async function readJson(path, call) {
  const blob = await download(new URL(path, import.meta.url).href, { ...call, progress: () => {} });
  return JSON.parse(await blob.text());
}
