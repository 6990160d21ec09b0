/**
 * What was recorded of classes, Grad-CAM, maps that were switched off and drawings against what is computed here, in plain
 * sentences. What comes from a record may have any shape that its schema allows. Nothing here knows the DOM.
 */

import { CLOSE, CLOSE_PROBABILITY, LISTED } from './compare.js';
import { text as drawText } from '../questions/draw/text.js';
import { text } from './recomputed-text.js';

/**
 * @typedef {import('./results.js').Results} Results
 * @typedef {import('./finding.js').Claim['classes']} ClaimedClasses
 * @typedef {{ kind: 'classes' | 'confusion' | 'sums' | 'alarm' | 'cam' | 'ablation' | 'drawing', same: boolean, sentences: string[] }} Compared
 */

/**
 * @template {keyof Results} K
 * @typedef {NonNullable<Results[K]>} Part
 */

/** @param {Compared['kind']} kind @param {string[]} different @param {string} agreed what is said where nothing differs @returns {Compared} */
function outcome(kind, different, agreed) {
  const same = different.length === 0;
  const more = different.length - LISTED;
  return {
    kind,
    same,
    sentences: same ? [agreed] : [...different.slice(0, LISTED), ...(more > 0 ? [text.more(more)] : [])],
  };
}

/** @param {ClaimedClasses} recorded @param {ClaimedClasses} here */
export function compareClasses(recorded, here) {
  const different = recorded.flatMap(({ name, maps, counts }) => {
    const other = here.find((one) => one.name === name);
    if (!other) return [text.noClass(name)];
    const before = new Map(maps.map((map, place) => [map, counts[place]]));
    const now = new Map(other.maps.map((map, place) => [map, other.counts[place]]));
    const gone = maps.filter((map) => !now.has(map));
    const added = other.maps.filter((map) => !before.has(map));
    const counted = maps
      .filter((map) => now.has(map) && now.get(map) !== before.get(map))
      .map((map) => ({ map, recorded: before.get(map) ?? 0, here: now.get(map) ?? 0 }));
    if (gone.length + added.length + counted.length === 0) return [];
    return [
      text.classDiffers({
        name,
        maps: maps.length,
        gone: gone.slice(0, LISTED),
        added: added.slice(0, LISTED),
        counted: counted.slice(0, LISTED),
      }),
    ];
  });
  return outcome(
    'classes',
    different,
    text.classesSame(recorded.map(({ name, maps }) => ({ name, maps: maps.length }))),
  );
}

/** @param {Part<'confusion'>} recorded @param {Part<'confusion'>} here */
export function compareConfusion(recorded, here) {
  const columns = [...recorded.names, null];
  const different = recorded.names.flatMap((truth, row) =>
    columns.flatMap((said, column) => {
      const before = recorded.counts[row]?.[column] ?? 0;
      const place = said === null ? here.names.length : here.names.indexOf(said);
      const now = here.counts[here.names.indexOf(truth)]?.[place] ?? 0;
      return before === now ? [] : [text.cellDiffers(truth, said, before, now)];
    }),
  );
  return outcome(
    'confusion',
    different,
    text.confusionSame(recorded.counts.flat().reduce((sum, count) => sum + count, 0)),
  );
}

/** @param {Part<'sums'>} recorded @param {Part<'sums'>} here */
export function compareSums(recorded, here) {
  let images = 0;
  let furthest = 0;
  const different = recorded.flatMap(({ name, images: classes }) => {
    const other = here.find((one) => one.name === name);
    const pairs = classes.flatMap(({ name: of, sums }) => {
      const now = other?.images.find((one) => one.name === of)?.sums ?? [];
      return sums.map((sum, place) => ({ of, place: place + 1, recorded: sum, here: now[place] ?? null }));
    });
    const largest = pairs.reduce((most, pair) => Math.max(most, Math.abs(pair.recorded ?? 0)), 0);
    const distance = (/** @type {typeof pairs[number]} */ pair) =>
      pair.recorded === null || pair.here === null
        ? pair.recorded === pair.here
          ? 0
          : Infinity
        : Math.abs(pair.recorded - pair.here);
    const others = pairs.filter((pair) => !(distance(pair) <= CLOSE * Math.max(largest, 1e-12)));
    images = Math.max(images, pairs.length);
    furthest = Math.max(furthest, ...pairs.map((pair) => distance(pair) / Math.max(largest, 1e-12)));
    const [most] = others.sort((one, next) => distance(next) - distance(one));
    return most ? [text.sumsDiffer({ name, count: others.length, images: pairs.length, most })] : [];
  });
  return outcome(
    'sums',
    different,
    text.sumsSame(
      recorded.map(({ name }) => name),
      images,
      furthest,
    ),
  );
}

/** @param {Part<'alarm'>} recorded @param {Part<'alarm'>} here */
export function compareAlarm(recorded, here) {
  /** @type {string[]} */
  const different = [];
  const numbers = /** @type {const} */ (['auc', 'low', 'high', 'threshold', 'p']);
  for (const name of numbers) {
    const [before, now] = [recorded[name], here[name]];
    const close =
      before !== null && now !== null
        ? Math.abs(before - now) <= CLOSE * Math.max(1, Math.abs(before))
        : before === now;
    if (!close) different.push(text.alarmDiffers(name, before, now));
  }
  for (const name of /** @type {const} */ (['byMaps', 'byHead'])) {
    if (JSON.stringify(recorded[name]) !== JSON.stringify(here[name]))
      different.push(text.alarmsDiffer(name, recorded[name], here[name]));
  }
  return outcome('alarm', different, text.alarmSame(recorded.name));
}

/** @param {Part<'cam'>} recorded @param {Part<'cam'>} here */
export function compareCam(recorded, here) {
  const { label, cells, width, height } = recorded;
  if (width !== here.width || height !== here.height || cells.length !== here.cells.length)
    return outcome('cam', [text.camOther(label)], '');
  const largest = cells.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  const difference = cells.reduce((most, value, cell) => Math.max(most, Math.abs(value - here.cells[cell])), 0);
  const part = difference / Math.max(largest, 1e-12);
  const about = { label, cells: cells.length, part, correlation: correlation(cells, here.cells) };
  return outcome('cam', part <= CLOSE ? [] : [text.camDiffers(about)], text.camSame(about));
}

/** @param {Part<'ablation'>} recorded @param {Part<'ablation'>} here */
export function compareAblation(recorded, here) {
  const different = recorded.outputs.flatMap((output) => {
    const now = here.outputs.find(({ index }) => index === output.index);
    return /** @type {const} */ (['before', 'after', 'random']).flatMap((which) => {
      const [before, found] = [output[which], now ? now[which] : 0];
      const close =
        before !== null && found !== null ? Math.abs(before - found) <= CLOSE_PROBABILITY : before === found;
      return close ? [] : [text.outputDiffers(which, output.label || `#${output.index}`, before, found)];
    });
  });
  const compared = recorded.outputs.some(({ random }) => random !== null);
  return outcome('ablation', different, text.ablationSame(recorded.maps, recorded.outputs.length, compared));
}

/**
 * How like a drawing is to the recorded one. Steps of a drawing make the smallest difference of two engines larger, so only their ends are
 * held against each other.
 * @param {Pick<import('./results.js').RecordedDrawing, 'map' | 'target' | 'activation'> & { picture: ImageData | null }} recorded `picture`: null where its file is no picture
 * @param {{ activation: number, image: ImageData }} here
 * @returns {Compared}
 */
export function compareDrawing({ map, target, activation, picture }, here) {
  const alike =
    picture && picture.width === here.image.width && picture.height === here.image.height
      ? correlation(coloursOf(picture), coloursOf(here.image))
      : null;
  const same =
    alike !== null && alike > 1 - CLOSE && Math.abs(activation - here.activation) <= CLOSE * Math.abs(activation);
  return {
    kind: 'drawing',
    same,
    sentences: [
      text.drawing({
        name: drawText.name(map, target),
        measure: drawText.measure(target),
        recorded: activation,
        here: here.activation,
        correlation: alike,
        same,
      }),
    ],
  };
}

/** All but the opacity. @param {ImageData} picture */
function coloursOf({ data }) {
  return data.filter((_, place) => place % 4 !== 3);
}

/**
 * Pearson's. Where one of them is the same everywhere it is 1 for two equal ones, and 0 otherwise.
 * @param {ArrayLike<number>} one
 * @param {ArrayLike<number>} other as many
 */
export function correlation(one, other) {
  const count = one.length;
  let [mean, otherMean] = [0, 0];
  for (let place = 0; place < count; place++) {
    mean += one[place] / count;
    otherMean += other[place] / count;
  }
  let [both, own, others, apart] = [0, 0, 0, 0];
  for (let place = 0; place < count; place++) {
    const [from, otherFrom] = [one[place] - mean, other[place] - otherMean];
    both += from * otherFrom;
    own += from ** 2;
    others += otherFrom ** 2;
    apart = Math.max(apart, Math.abs(one[place] - other[place]));
  }
  if (own === 0 || others === 0) return apart === 0 ? 1 : 0;
  return both / Math.sqrt(own * others);
}
