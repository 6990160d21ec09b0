import { formatNumber, formatPercent } from '../text.js';

/** @param {number} count */
const images = (count) => (count === 1 ? '1 image' : `${count} images`);

/** The sentences of everything about classes, which load with the first folder. */
export const text = {
  heading: 'Sort images into classes',
  explain: 'A class is a folder of images. The network looks at every image once; what it saw is kept, so everything below follows at once.',
  cancel: 'Cancel',
  find: 'Find the maps',
  again: 'Look at the new images',
  waiting: 'Nothing is looked at yet. “Find the maps” runs the network on every image once.',
  images,
  /** @param {import('./workbench.js').Running} running */
  progress: ({ title, done, total, secondsLeft }) =>
    done === 0 ? 'Opening the model…' : `${title ? `${title}: ` : ''}${done} of ${images(total)}${secondsLeft > 1 ? `, ${Math.ceil(secondsLeft)} s left` : ''}`,
  /** @param {number} done @param {string} layer @param {string[]} failed @param {number} waiting */
  done: (done, layer, failed, waiting) =>
    `Found in ${images(done)}, layer ${layer}.`
    + (waiting > 0 ? ` ${images(waiting)} not looked at yet.` : '')
    + (failed.length > 0 ? ` Could not be read: ${failed.slice(0, 5).join(', ')}${failed.length > 5 ? ' …' : ''}` : ''),

  questions: {
    label: 'Questions about classes',
    own: 'Which muscles for which class?',
    everywhere: 'Does it find it everywhere?',
    unique: 'Is it unique?',
  },

  own: {
    explain:
      'Of every image the maps that fire most are taken. A class keeps those that come up in most of its images, and loses those '
      + 'that come up as often in another class.',
    perImage: 'Maps of each image',
    perClass: 'Maps of each class',
    model: 'Model',
    /** @param {number} own @param {number} shared @param {number} wanted */
    summary: (own, shared, wanted) => {
      if (own + shared === 0) return 'No map fires in these images.';
      if (own === 0) return `No map is this class's own: all ${shared} that come up most come up as often in other classes.`;
      const left = own + shared < wanted ? `, as only ${own + shared} come up at all` : '';
      return shared === 0 ? `${own} maps, all its own${left}.` : `${own} of ${own + shared} maps are its own${left}.`;
    },
    /** @param {number} count */
    often: (count) => `Among the strongest in ${images(count)}`,
    frame: 'Frame in the grid',
    /** @param {string} name @param {number[]} ranks @param {number} count */
    ranks: (name, ranks, count) =>
      ranks.length > 0 ? `${name}: ${ranks.length === 1 ? 'rank' : 'ranks'} ${ranks.join(', ')} of ${count} in this photo`
        : `${name}: none among the ${count} strongest in this photo`,
    /** @param {string} layer */
    elsewhere: (layer) => `These are maps of layer ${layer}, and the grid shows another one.`,
    /** @param {number} count */
    shared: (count) => (count === 1 ? '1 map is shared' : `${count} maps are shared`),
    /** @param {number} map @param {number} count @param {string[]} alsoIn */
    sharedMap: (map, count, alsoIn) => `#${map} ×${count}, also in ${alsoIn.join(', ')}`,
  },
  number: formatNumber,
  percent: formatPercent,
};
