// Maps in a link, and what is drawn of them without an engine.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';

import { STILL_SIDE, validate } from '../../www/share/finding.js';
import { fromFragment, toFragment } from '../../www/share/link.js';
import { glow, glowing, inferno } from '../../www/share/glow.js';
import { mapStill, strengthsOf } from '../../www/share/map-still.js';
import { middle } from '../../www/share/seen-picture.js';
import { figuresOf, partsOf, stillPanels } from '../../www/share/embed-still.js';
import { recorded } from './recorded.js';
import { samples } from './samples.js';

/** A map whose value grows from corner to corner, with some below zero. */
const slope = (width, height) => ({ width, height, data: Float32Array.from({ length: width * height }, (_, place) => ((place % width) + Math.floor(place / width)) * 2 - 3) });

test('a still keeps where a map fires to a fifteenth of the root of its strength', () => {
  const map = slope(13, 12);
  const still = mapStill(7, map);
  assert.deepEqual([still.map, still.width, still.height], [7, 13, 12]);
  const { values } = strengthsOf(still);
  const most = Math.max(...map.data);
  map.data.forEach((value, place) => assert.ok(Math.abs(Math.sqrt(Math.max(0, value) / most) - Math.sqrt(values[place])) <= 0.5 / 15 + 1e-6, `${place}`));
});

test('a large map is shrunk by means, and a map of nothing stays one', () => {
  const { width, height, values } = strengthsOf(mapStill(0, { width: 32, height: 64, data: Float32Array.from({ length: 32 * 64 }, (_, place) => (place % 32 < 16 ? 4 : 1)) }));
  assert.deepEqual([width, height], [STILL_SIDE, STILL_SIDE]);
  // A quarter of the strength, of which the root is in the middle of the levels.
  values.forEach((value, place) => assert.ok(Math.abs(value - (place % 16 < 8 ? 1 : 0.25)) < 0.04));
  assert.ok(strengthsOf(mapStill(0, { width: 3, height: 3, data: new Float32Array(9).fill(-1) })).values.every((value) => value === 0));
});

test('stills go through a link, and damaged cells are a map of nothing', () => {
  const stills = { width: 227, height: 227, resize: 'crop', maps: Array.from({ length: 8 }, (_, map) => mapStill(map, slope(13, 13))) };
  const finding = validate({ ...samples.look, stills });
  assert.deepEqual(fromFragment(toFragment(finding)), finding);
  assert.ok(strengthsOf({ map: 0, width: 4, height: 4, cells: 'A' }).values.every((value) => value === 0));
  assert.throws(() => validate({ ...samples.look, stills: { ...stills, maps: [{ ...stills.maps[0], width: STILL_SIDE + 1 }] } }), { code: 'bad-finding' });
});

test('what is drawn of a still has the colours of the engine’s own style', () => {
  const table = Array.from(readFileSync(new URL('../../src/domain/colormap/tables.rs', import.meta.url), 'utf8').split('const INFERNO')[1].matchAll(/0x([0-9a-f]{6})/g), ([, hex]) => [0, 2, 4].map((at) => Number.parseInt(hex.slice(at, at + 2), 16))).slice(0, 256);
  assert.equal(table.length, 256);
  table.forEach((colour, place) => inferno(place / 255).forEach((level, channel) => assert.ok(Math.abs(level - colour[channel]) <= 7, `${place}: ${level} for ${colour}`)));
  // The values that the tests of src/domain/overlay/light.rs hold.
  const near = (colour, expected) => expected.forEach((level, channel) => assert.ok(Math.abs(colour[channel] - level) <= 5, `${colour} for ${expected}`));
  near(glowing(0, 0), [16, 16, 16]);
  near(glowing(1, 0), [92, 92, 92]);
  near(glowing(1, 1), [0xfc, 0xff, 0xa4]);
  near(glowing(0, 1), [202, 204, 131]);
  const drawn = glow({ width: 2, height: 1, values: Float32Array.of(0, 1) }, null, { width: 4, height: 1 });
  near(drawn.data.slice(0, 3), [16, 16, 16]);
  near(drawn.data.slice(12, 15), glowing(0, 1).slice(0, 3));
});

test('the photo below is cut as the network cuts it', () => {
  // 451 × 300 to 259 high, and 227 × 227 in the middle.
  const { x, y, width, height } = middle({ width: 451, height: 300 }, { width: 227, height: 227 });
  for (const [got, expected] of [[width, (227 / 259) * 300], [height, (227 / 259) * 300], [x + width / 2, 225.5], [y + height / 2, 150]]) assert.ok(Math.abs(got - expected) < 1);
});

test('an embed shows what it is asked for and there, or else the maps', () => {
  const { record, finding } = recorded();
  const shown = (show, open = finding.view.openMap) => stillPanels(record, open, partsOf(show)).map(({ part }) => part);
  assert.deepEqual(partsOf(' Map,grid  nonsense map '), ['map', 'grid']);
  assert.deepEqual(shown(null), ['grid']);
  assert.deepEqual(shown('nonsense'), ['grid']);
  assert.deepEqual(shown('drawing'), ['grid']);
  assert.deepEqual(shown('answer map classes table'), ['answer', 'map', 'classes', 'table']);
  // Records from before have no map by itself: then it is the tile of the map that was open, or the strongest.
  for (const open of [3, null, 9]) assert.equal(figuresOf(stillPanels(record, open, ['map'])).at(-1).path, 'figures/map-3.png');
  const large = { kind: 'picture', title: '', caption: '', path: 'overlays/large-map-3.webp', alt: '', width: 480, height: 480 };
  const drawing = { ...large, path: 'drawings/drawing-1.png' };
  const chart = { ...large, path: 'plots/chart-1.svg' };
  const whole = { ...record, figures: [...record.figures, large, drawing, chart] };
  assert.deepEqual(figuresOf(stillPanels(whole, 3, ['map', 'drawing', 'alarm'])).map(({ path }) => path), ['figures/seen.png', large.path, drawing.path, chart.path]);
  // Nothing but the photo and the answer.
  assert.deepEqual(stillPanels({ ...record, figures: record.figures.filter(({ kind }) => kind !== 'maps') }, 3).map(({ part }) => part), ['photo', 'answer']);
});
