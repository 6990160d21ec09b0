import assert from 'node:assert/strict';
import { test } from 'node:test';

import { join, part, singles } from '../../www/questions/look/volume/changes.js';
import { across, inOrder, mapAt, middle, sliceWith } from '../../www/questions/look/volume/slices.js';

test('slices stand in the order of the numbers in their names', () => {
  const named = (names) => names.map((name) => ({ name, webkitRelativePath: '' }));
  const order = (names) => inOrder(named(names)).map(({ name }) => name);
  assert.deepEqual(order(['s10.png', 's2.png', 's1.png']), ['s1.png', 's2.png', 's10.png']);
  assert.deepEqual(order(['b2.png', 'a10.png', 'a9.png', 'IM-0001-0012', 'IM-0001-0002']), [
    'a9.png', 'a10.png', 'b2.png', 'IM-0001-0002', 'IM-0001-0012',
  ]);
  const folders = ['second/1.png', 'first/2.png', 'first/1.png'].map((path) => ({ name: path.split('/')[1], webkitRelativePath: path }));
  assert.deepEqual(inOrder(folders).map((file) => file.webkitRelativePath), ['first/1.png', 'first/2.png', 'second/1.png']);
});

test('places along the depth are those of the engine', () => {
  const spread = (pictures, slices) => Array.from({ length: slices }, (_, slice) => across(slice, slices, pictures));
  // As in tests/volumes.rs.
  assert.deepEqual(spread(4, 4), [0, 1, 2, 3]);
  assert.deepEqual(spread(9, 3), [1, 4, 7]);
  assert.deepEqual(spread(2, 5), [0, 0, 1, 1, 1]);
  assert.deepEqual(spread(1, 3), [0, 0, 0]);
  assert.equal(middle(4), 2);
  assert.equal(middle(5), 2);
});

test('a slice and the map that shows go together', () => {
  // Channel 3 of a layer with two slices, of a network with eight.
  assert.equal(mapAt(7, 2, 0, 8), 6);
  assert.equal(mapAt(6, 2, 3, 8), 6);
  assert.equal(mapAt(6, 2, 4, 8), 7);
  assert.equal(sliceWith(6, 2, 1, 8), 1);
  assert.equal(sliceWith(7, 2, 1, 8), 6);
  // Without a depth of its own a layer has a map for any slice.
  assert.equal(mapAt(5, 1, 3, 8), 5);
  assert.equal(sliceWith(5, 1, 3, 8), 3);
  for (let slices = 1; slices < 40; slices++)
    for (let ofLayer = 1; ofLayer <= slices; ofLayer++)
      for (let slice = 0; slice < slices; slice++) {
        const map = mapAt(3 * ofLayer, ofLayer, slice, slices);
        assert.equal(sliceWith(map, ofLayer, slice, slices), slice);
        const own = sliceWith(map, ofLayer, -slices, slices);
        assert.equal(mapAt(map, ofLayer, own, slices), map);
      }
});

/** A session with three own pictures, one of the page's, one of a camera, and a model of four slices; `look` is what a look at a photo does. */
function session(look = () => {}) {
  const photo = (id, source, more = {}) => ({ id, name: source.name ?? source, source, strokes: [], ...more });
  const frame = new File([], 'camera.png');
  const files = ['s10.png', 's2.png', 's1.png'].map((name) => new File([name], name, { type: 'image/png' }));
  let last = 10;
  const state = {
    photos: [photo(1, 'cat.jpg', { credit: 'somebody' }), photo(2, files[0]), photo(3, frame), photo(4, files[1]), photo(5, files[2])],
    photo: 1, comparison: 4, model: { takes: { slices: 4 } },
  };
  const page = {
    state, frame,
    newId: () => ++last,
    set: (change) => Object.assign(state, change),
    compareWith: (id) => page.set({ comparison: id }),
    choosePhoto: async (id) => look(page.set({ photo: id })),
    addPhotos: async (added) => page.set({ photos: [...state.photos, ...added.map((file) => photo(page.newId(), file))] }),
  };
  return page;
}

test('own pictures become one photo, and photos of their own again', async () => {
  const page = session();
  assert.deepEqual(singles(page).map(({ id }) => id), [2, 4, 5]);
  await join(page);
  const { photos, comparison } = page.state;
  assert.deepEqual(photos.map(({ name }) => name), ['cat.jpg', 'camera.png', 's1.png … s10.png']);
  const volume = photos[2];
  assert.equal(page.state.photo, volume.id);
  assert.equal(comparison, null);
  assert.deepEqual(volume.slices.map(({ name }) => name), ['s1.png', 's2.png', 's10.png']);
  // The third of four slices is the second of three pictures; the copy is nobody else's file.
  assert.equal(await volume.source.text(), 's2.png');
  assert.ok(!volume.slices.includes(volume.source));
  assert.deepEqual(singles(page), []);
  await part(page, volume);
  assert.deepEqual(page.state.photos.map(({ name }) => name), ['cat.jpg', 'camera.png', 's1.png', 's2.png', 's10.png']);
});

test('pictures that could not be looked at as one stay', async () => {
  const page = session(({ photos, photo }) => page.set({ photos: photos.filter(({ id }) => id !== photo), photo: 1 }));
  await join(page);
  assert.deepEqual(page.state.photos.map(({ id }) => id), [1, 3, 2, 4, 5]);
});
