/** What is said where an engine, a model or a language takes the place of another. */

import { catalogue } from '../../api/language.js';

const english = {
  deviceLost: 'The graphics device was lost twice, so the CPU computes.',
  /** @param {string} message */
  restarting: (message) => `${message} It is being started again; your photos are kept.`,
  restarted: 'The engine stopped and was started again. Your photos are still here.',
  gaveUp: 'The engine keeps stopping. Reload the page, or try a smaller model or photo.',
  /** @param {string} host @param {string} from */
  cameFrom: (host, from) => `${host} passed the request on: the model came from ${from}.`,
  speaking:
    'Changing the language reloads the page: you will have to add your photos, classes and models again. Continue?',
};

export const text = catalogue('session', english);
