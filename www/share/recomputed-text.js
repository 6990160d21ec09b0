/**
 * Every text about what is computed again of a snapshot, beside the means of its maps.
 */

import { catalogue } from '../api/language.js';
import { counted, formatNumber, formatPercent } from '../api/numbers.js';

/** @param {number | null} value */
const numberOr = (value) => (value === null ? 'none' : formatNumber(value));
/** @param {number | null} share */
const percentOr = (share) => (share === null ? 'none' : formatPercent(share));
/** @param {number[]} maps */
const listed = (maps) => maps.map((map) => `#${map}`).join(', ');

export const text = catalogue('recomputed', {
  titles: {
    classes: 'The maps of each class',
    confusion: 'What the network says of the images of the classes',
    sums: 'Sums of the classes’ maps',
    alarm: 'The alarm',
    cam: 'Grad-CAM',
    ablation: 'Maps that are switched off',
    drawing: 'A drawing',
  },
  agrees: 'agrees',
  differs: 'differs',
  /** @param {number} done @param {number} total */
  images: (done, total) => `Looking at the images of the classes: ${done} of ${total}…`,
  cam: 'Computing Grad-CAM…',
  ablation: 'Switching the maps off…',
  noImages: 'The images of the classes are not in the snapshot, so their maps cannot be found again.',
  /** @param {string} title @param {string} message */
  failed: (title, message) => `${title}: could not be computed here. ${message}`,
  /** @param {string[]} titles */
  leftClasses: (titles) =>
    `Not computed again: ${titles.join(', ')}. The images of the classes are not in the snapshot.`,
  /** @param {string[]} titles */
  leftPictures: (titles) =>
    `Not computed again: ${titles.join(', ')}. The snapshot holds these as pictures only, without the numbers or settings that they were made with.`,
  leftModels:
    'Further models and controls that stood beside this one are not computed again here, since a snapshot holds one model. “Continue in the page” computes those that lie beside the page.',

  /** @param {number} count */
  more: (count) => `…and ${count} more.`,
  /** @param {string} name */
  noClass: (name) => `The class “${name}” has no maps here.`,
  /** @param {{ name: string, maps: number, gone: number[], added: number[], counted: { map: number, recorded: number, here: number }[] }} found */
  classDiffers: ({ name, maps, gone, added, counted: others }) =>
    `${name}, recorded with ${counted(maps, 'map')}:${[
      gone.length > 0 ? ` not found here: ${listed(gone)}` : '',
      added.length > 0 ? ` found only here: ${listed(added)}` : '',
      others.length > 0
        ? ` other counts: ${others.map(({ map, recorded, here }) => `#${map} recorded ${recorded}, here ${here}`).join(', ')}`
        : '',
    ]
      .filter(Boolean)
      .join(';')}.`,
  /** @param {{ name: string, maps: number }[]} classes */
  classesSame: (classes) =>
    `The same maps with the same counts: ${classes.map(({ name, maps }) => `${name} ${maps}`).join(', ')}.`,
  /** @param {string} truth @param {string | null} said @param {number} recorded @param {number} here */
  cellDiffers: (truth, said, recorded, here) =>
    `${truth} taken for ${said ?? 'something else'}: recorded ${recorded}, here ${here}.`,
  /** @param {number} images */
  confusionSame: (images) => `The same answers for ${counted(images, 'image')}.`,
  /** @param {{ name: string, count: number, images: number, most: { of: string, place: number, recorded: number | null, here: number | null } }} found */
  sumsDiffer: ({ name, count, images, most }) =>
    `Maps of ${name}: ${count} of ${counted(images, 'sum')} are not those recorded; most of all that of image ${most.place} of ${most.of}: recorded ${numberOr(most.recorded)}, here ${numberOr(most.here)}.`,
  /** @param {string[]} names @param {number} images @param {number} part */
  sumsSame: (names, images, part) =>
    `The sums of the maps of ${names.join(', ')} agree for ${counted(images, 'image')} within ${formatPercent(part)} of the largest.`,
  /** @param {'auc' | 'low' | 'high' | 'threshold' | 'p'} which @param {number | null} recorded @param {number | null} here */
  alarmDiffers: (which, recorded, here) =>
    `${{ auc: 'Area under the ROC curve', low: 'Lower end of its interval', high: 'Upper end of its interval', threshold: 'Threshold', p: 'McNemar’s p' }[which]}: recorded ${numberOr(recorded)}, here ${numberOr(here)}.`,
  /** @param {'byMaps' | 'byHead'} which @param {number[] | null} recorded @param {number[] | null} here */
  alarmsDiffer: (which, recorded, here) =>
    `Found, missed, false alarms, no alarm ${which === 'byMaps' ? 'by the maps' : 'by the network’s own answer'}: recorded ${recorded?.join(', ') ?? 'none'}, here ${here?.join(', ') ?? 'none'}.`,
  /** @param {string} name */
  alarmSame: (name) =>
    `The alarm for ${name} has the same threshold, the same counts and the same area under the ROC curve.`,
  /** @param {{ label: string, part: number, correlation: number, cells: number }} found */
  camSame: ({ label, part, cells }) =>
    `What speaks for ${label} agrees in all ${counted(cells, 'cell')} within ${formatPercent(part)} of the largest.`,
  /** @param {{ label: string, part: number, correlation: number, cells: number }} found */
  camDiffers: ({ label, part, correlation }) =>
    `What speaks for ${label} is not as recorded: a cell differs by ${formatPercent(part)} of the largest; the two correlate with ${correlation.toFixed(3)}.`,
  /** @param {string} label */
  camOther: (label) => `What speaks for ${label} was recorded for a layer of another size.`,
  /** @param {'before' | 'after' | 'random'} which @param {string} label @param {number | null} recorded @param {number | null} here */
  outputDiffers: (which, label, recorded, here) =>
    `${label}, ${{ before: 'with all maps', after: 'without these', random: 'without random ones' }[which]}: recorded ${percentOr(recorded)}, here ${percentOr(here)}.`,
  /** @param {number[]} maps @param {number} outputs @param {boolean} random */
  ablationSame: (maps, outputs, random) =>
    `Without ${maps.length === 1 ? `map ${maps[0]}` : `these ${maps.length} maps`}, the answers agree for ${counted(outputs, 'class', 'classes')}${random ? ', and so they do without random ones' : ''}.`,
  draw: 'Draw again and compare',
  drawExplain:
    'Drawing takes a while, up to minutes for a large one. Another engine or graphics card ends at another picture, since every step builds on the rounding of the one before: that alone is no fault.',
  /** @param {{ name: string, measure: string, recorded: number, here: number, correlation: number | null, same: boolean }} found `measure`: what of it is drawn */
  drawing: ({ name, measure, recorded, here, correlation, same }) =>
    `${name}: ${measure} at the end recorded ${formatNumber(recorded)}, here ${formatNumber(here)}. ${
      correlation === null
        ? 'The recorded picture has another size or cannot be read.'
        : same
          ? `The same picture (correlation ${correlation.toFixed(3)}).`
          : `The two pictures correlate with ${correlation.toFixed(3)}; 1 would be the same picture.`
    }`,
  /** @param {string} name @param {string} progress */
  drawingProgress: (name, progress) => `${name}: ${progress}`,
});
