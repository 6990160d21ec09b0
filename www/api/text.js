/**
 * What the library says: why something did not work, and which engine was chosen. Other languages: see language.js.
 */

import { catalogue } from './language.js';

/**
 * The first line of a sentence, to stand in parentheses.
 * @param {string} sentence
 */
function brief(sentence) {
  const [line] = sentence.split('\n');
  return line.length > 140 ? `${line.slice(0, 130)}…` : line.replace(/\.$/, '');
}

const english = {
  model: {
    /** What a model beside the page is called. @param {string} _name @param {string} title as its card says */
    named: (_name, title) => title,
  },

  engine: {
    forced: 'The CPU engine was asked for.',
    relaxed: 'With relaxed SIMD.',
    noWebGpu: 'This browser has no WebGPU, so the CPU computes.',
    noAdapter: 'The browser offers no graphics adapter, so the CPU computes.',
    softwareAdapter: 'WebGPU is only emulated in software here, so the CPU is faster.',
    webGpuCrashed: 'the graphics engine crashed',
    /** @param {string} op */
    wrongResults: (op) => `WebGPU computes ${op || 'the self-check'} wrongly on this graphics adapter.`,
    /** @param {string} why */
    webGpuFailed: (why) => `WebGPU did not work here (${brief(why)}), so the CPU computes.`,
    /** @param {string} why */
    unsupported: (why) => `The graphics engine cannot run this model (${brief(why)}), so the CPU does.`,
    /** @param {import('./types.js').Waiting['for']} what @param {number} seconds */
    noAnswer: (what, seconds) => {
      const silent = {
        adapter: 'The browser has not named a graphics card',
        device: 'The browser has not handed out the graphics card',
        check: 'The check of the graphics card has not answered',
        run: 'The graphics card has not answered in its first run',
      }[what];
      return `${silent} for ${seconds} seconds.\nUse the CPU engine, or restart the browser and try again.`;
    },
    /** @param {string} adapter @param {boolean} emulated */
    chosen: (adapter, emulated) =>
      `${emulated ? 'Emulated in software' : 'The graphics card, through the browser'}${adapter ? ` (${adapter})` : ''}.`,
  },

  errors: {
    cancelled: 'Cancelled.',
    closed: 'This was closed before and cannot be used any more.',
    badImage:
      'This is not a photo that the browser or Featurescope can read. JPEG, PNG, WebP, GIF and BMP work everywhere.',
    decoderBroke:
      'This picture makes its decoder fail, so it is left out. Open it in an image program and save it anew as PNG or JPEG.',
    /** @param {string} url */
    offline: (url) => `${url} could not be reached. Check the connection and try again.`,
    /** @param {string} url */
    cors: (url) =>
      `${new URL(url).host} does not let other pages read its files (it sends no CORS header), or cannot be reached. ` +
      'Download the file and drop it here instead.',
    /** @param {string} url @param {number} status */
    status: (url, status) => `${url} answered with status ${status}. Check the address.`,
    /** @param {string} url */
    interrupted: (url) => `The download of ${url} broke off. Try again.`,
    engineMissing: 'The engine could not be loaded. Check the connection and reload the page.',
    /** @param {string} file */
    engineDamaged: (file) =>
      `The engine’s file (${file}) arrived incomplete, or is another file. Reload the page; if it happens again, whoever runs this site has to upload the page again.`,
    noWebAssembly:
      'WebAssembly is switched off in this browser, and the network runs in it. Switch it on (security settings or a “lockdown” mode turn it off), or use another browser.',
    workerMissing:
      'The engine’s script (worker/main.js) could not be started. Reload the page; if it happens again, it is missing on this site.',
    workerInFrame:
      'The page stands in a frame that lets it start no engine: the frame’s sandbox attribute lacks “allow-same-origin”. What is shown was recorded; open the page in a tab of its own, or ask whoever made the frame.',
    /** @param {string} name */
    badCard: (name) => `${name} is not a model card: it must be a JSON object.`,
    /** @param {string} name @param {string} value @param {string} range */
    badArgument: (name, value, range) => `The argument ${name} is ${value}; it has to be ${range}.`,
    /** @param {number} least @param {number} most */
    wholeFrom: (least, most) => `a whole number from ${least} to ${most}`,
    /** @param {number} least @param {number} most */
    numberFrom: (least, most) =>
      least < -1e9 ? 'a number' : most < 1e9 ? `a number from ${least} to ${most}` : `a number from ${least}`,
    /** @param {string[]} choices */
    oneOf: (choices) => `one of ${choices.map((choice) => `“${choice}”`).join(', ')}`,
    atLeastOne: 'one map or a list of at least one',
    /** @param {number | string} map @param {number} channels */
    noSuchMap: (map, channels) => `There is no map ${map}: this layer has maps 0 to ${channels - 1}.`,
    /** @param {string} detail */
    workerLost: (detail) => `The engine stopped${detail ? ` (${detail})` : ''}.`,
    /** @param {string} detail */
    internal: (detail) =>
      `Something went wrong inside Featurescope (${detail}). Reload the page; if it happens again, please report it.`,
    /** What the engine reports, which is in English.
     * @param {string} _code @param {string} message @param {string} [_node] */
    engine: (_code, message, _node) => message,
    /** @param {string} name */
    noSuchEngine: (name) => `There is no engine “${name}”: there are “auto”, “webgpu” and “cpu”.`,
    /** @param {string} id */
    noSuchLayer: (id) => `The model has no layer “${id}”.`,
    /** @param {string} detail */
    notSendable: (detail) => `One of the arguments cannot be handed to the engine (${detail}).`,
    noAddress: 'This is not an address. It should begin with https://.',
  },
};

export const text = catalogue('api', english);
