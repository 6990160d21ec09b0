// The strongest map of every layer from one run, through the public API, against looks at some of the layers.

import { expect, test } from './engine/fixtures.mjs';

/** The largest difference of cells and means, as a part of the map's largest value. */
const TOLERANCE = 1e-3;

test('one run gives the strongest map of every layer, as looks at them do', async ({ openBlank, engine }) => {
  test.setTimeout(300_000);
  const page = await openBlank();
  const found = await page.evaluate(async (device) => {
    const { Featurescope } = await import(`${globalThis.root}featurescope.js`);
    const scope = await Featurescope.create({ engine: device });
    const model = await scope.open('squeezenet1.1');
    const photo = `${globalThis.root}models/photos/chelsea.webp`;
    const shown = await model.depth(photo);
    const before = await scope.memory();
    const again = await model.depth(photo);
    const after = await scope.memory();
    const layers = [shown[0].layer, 'fire5/concat', 'fire9/concat'];
    const looks = [];
    for (const layer of layers) {
      const look = await model.look(photo, { layer });
      const [{ map, mean }] = look.top(1);
      looks.push({ layer, map, mean, ...look.map(map), data: Array.from(look.map(map).data) });
      look.close();
    }
    const some = await model.depth(photo, { layers: ['fire9/concat', 'fire5/concat'] });
    const refused = await model.depth(photo, { layers: ['nothing'] }).catch(({ code }) => code);
    const plain = (list) => list.map(({ data, ...rest }) => ({ ...rest, data: Array.from(data) }));
    const result = {
      shown: plain(shown), again: plain(again), some: some.map(({ layer }) => layer), looks, refused,
      layers: model.layers.filter(({ height, width }) => height * width > 1).map(({ id }) => id),
      prepared: [before.preparedNodes, after.preparedNodes],
    };
    scope.close();
    return result;
  }, engine);

  expect(found.shown.map(({ layer }) => layer)).toEqual(found.layers);
  expect(found.again).toEqual(found.shown);
  // The graph of the first time is used again.
  expect(found.prepared[1]).toBe(found.prepared[0]);
  expect(found.some).toEqual(['fire5/concat', 'fire9/concat']);
  expect(found.refused).toBe('bad-argument');
  for (const look of found.looks) {
    const one = found.shown.find(({ layer }) => layer === look.layer);
    expect(one.map, look.layer).toBe(look.map);
    const largest = Math.max(...look.data.map(Math.abs));
    expect(Math.abs(one.mean - look.mean)).toBeLessThanOrEqual(TOLERANCE * largest);
    const cells = means(look, one);
    expect(one.data).toHaveLength(cells.length);
    cells.forEach((cell, place) => expect(Math.abs(one.data[place] - cell)).toBeLessThanOrEqual(TOLERANCE * largest));
  }
});

/** The means of a map in windows side by side, of which there are `rows` and `columns`. */
function means({ width, height, data }, { width: columns, height: rows }) {
  const [down, across] = [Math.ceil(height / rows), Math.ceil(width / columns)];
  return Array.from({ length: rows * columns }, (_, place) => {
    const [top, left] = [Math.floor(place / columns) * down, (place % columns) * across];
    let [sum, count] = [0, 0];
    for (let y = top; y < Math.min(height, top + down); y++)
      for (let x = left; x < Math.min(width, left + across); x++) [sum, count] = [sum + data[y * width + x], count + 1];
    return sum / count;
  });
}
