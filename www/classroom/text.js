import { catalogue } from '../api/language.js';
import { counted, formatNumber, formatPercent } from '../api/numbers.js';

/** What a map does on the photo in question. @typedef {{ map: number, mean: number, share: number, where: string }} Fires */

/** The sentences of the classroom, which load when it is opened. */
export const text = catalogue('classroom', {
  heading: 'Classroom',
  close: 'Close the classroom',
  modes: {
    predict: 'Predict first',
    present: 'Present',
    camera: 'Camera',
  },
  about: {
    predict: 'Choose which map will fire before it is shown. Answers stay in this tab.',
    present: 'One figure at a time, in large type. The left and right arrow keys turn, Esc ends it.',
    camera: 'The network looks at what the camera sees, picture by picture. Nothing is recorded, nothing is sent.',
  },

  predict: {
    question: 'Which of these maps will fire most on this photo?',
    /** @param {number} photos */
    hint: (photos) =>
      `Each row is one feature map, laid over ${counted(photos, 'other photo')}. What does it seem to look for, and where will it find that here?`,
    /** @param {string} name */
    asked: (name) => `The photo in question: ${name}`,
    maps: 'Your prediction',
    /** @param {number} map */
    map: (map) => `Map ${map}`,
    why: 'Why do you think so? (optional)',
    show: 'Show it',
    next: 'Next photo',
    choose: 'Choose a map first.',
    working: 'The network is looking at the photos…',
    tooFew: 'This needs at least two photos in the tray, and a layer in which maps fire on them.',
    /** @param {Fires} strongest @param {Fires | null} chosen null: the same */
    result: (strongest, chosen) =>
      `${chosen ? 'Not that one: map' : 'Right: map'} ${strongest.map} fires most of these (mean ${formatNumber(strongest.mean)}), ${strongest.where}, over ${formatPercent(strongest.share)} of the photo.${
        chosen
          ? ` Yours, map ${chosen.map}, comes to ${formatNumber(chosen.mean)}: ${
              chosen.share > 0
                ? `what it looks for it finds only ${chosen.where}, over ${formatPercent(chosen.share)}`
                : 'what it looks for is not here'
            }. Compare what the two are on in the other photos.`
          : ''
      }`,
    /** @param {number} mean */
    mean: (mean) => `mean here ${formatNumber(mean)}`,
    /** @param {number} answers @param {number} right */
    score: (answers, right) => `${counted(answers, 'answer')}, ${right} right.`,
    kept: 'They are kept in this tab alone: a reload keeps them, closing the tab ends them, unless the browser brings closed tabs back. Forget them before others use it.',
    notKept: 'This browser keeps nothing for this page: they end with a reload. Download them before.',
    name: 'Name or group (written into the file only)',
    download: 'Download the answers',
    forget: 'Forget the answers',
  },

  present: {
    /** @param {number} place @param {number} count */
    place: (place, count) => `${place} of ${count}`,
    previous: 'Previous figure',
    next: 'Next figure',
    end: 'End',
  },

  camera: {
    start: 'Start the camera',
    stop: 'Take this picture and stop',
    name: 'Camera',
    starting: 'Asking for the camera…',
    live: 'Live. Choose another photo or hide this tab, and the camera stops.',
    stopped: 'The camera is off.',
    taken: 'The camera is off. Its last picture stays among the photos.',
    hidden: 'The camera was stopped because the page was hidden.',
    left: 'The camera was stopped because another photo was chosen.',
    denied: 'The browser did not allow the camera. Allow it for this page in the address bar, and start it again.',
    noise:
      'This browser changes the pixels that a page takes from a camera’s picture, to protect you from being recognised, so the network would see noise. ' +
      'Let this page read canvases in the browser’s settings.',
    missing: 'There is no camera that the browser can use.',
  },
});
