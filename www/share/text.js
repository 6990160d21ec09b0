/**
 * Every text about sharing that a visitor can read.
 */

import { catalogue } from '../api/language.js';
import { counted, formatBytes, formatNumber, formatPercent } from '../api/numbers.js';

/** What a field of text holds. */
const meanings = {
  text: 'a text',
  name: 'a name',
  address: 'a web address',
  sha256: 'a SHA-256 in hexadecimal',
  bundledModel: 'the name of a bundled model',
  bundledPhoto: 'the name of a bundled photo',
  picture: 'a picture in base64url',
  date: 'a date like 2026-11-24',
  path: 'a path',
};

export const text = catalogue('share', {
  unnamed: 'unnamed file',

  errors: {
    newer:
      'This was made by a newer Featurescope than the one that is open here. Reload the page; if the message stays, open it at the address where it was made.',
    /** @param {string} path @param {string} expected */
    field: (path, expected) =>
      `This is not a finding that Featurescope can read: “${path}” should be ${expected}. Ask whoever made it for a new one.`,
    unreadableFinding: 'This is not a finding that Featurescope can read. Ask whoever made it for a new one.',
    damagedLink:
      'This link is damaged: a part of it is missing or changed. Copy the whole link again, or ask whoever sent it for a file instead.',
    linkTooLarge: 'This link holds more than Featurescope ever puts into one, so it is not opened.',
    /** @param {string} host @param {number} most */
    remoteTooLarge: (host, most) =>
      `The file from ${host} is larger than ${formatBytes(most)}, which is the most that a link may load.`,
    /** @param {string} address @param {number} most */
    tooMuchInAll: (address, most) => `${address} was not loaded: one link loads at most ${formatBytes(most)} in all.`,
    /** @param {string} address @param {number} status */
    remoteStatus: (address, status) =>
      `${address} answered with status ${status}. The file may be gone; ask whoever sent the link for it.`,
    /** @param {string} host */
    remote: (host) =>
      `${host} could not be reached, or does not let other pages read its files (it sends no CORS header). Get the file in another way and drop it here.`,
    /** @param {string} host */
    notFollowed: (host) =>
      `${host} passes the request on to another address, and you chose not to follow. Get the file in another way and drop it here.`,
    /** @param {string} address */
    stopped: (address) => `Stopped: ${address} was not loaded.`,
    notReady:
      'There is nothing to share yet: the network has not looked at the photo. Wait for the result and try again.',
    volume:
      'A volume of several pictures cannot be shared yet. Go back to single pictures to share what the network makes of one of them.',
    noHash:
      'The browser computes hashes only on pages that come over https. Open this page at an address that begins with https:// to share your own files.',
    /** @param {string} name */
    unreadable: (name) => `${name} could not be read any more. It may have been moved or changed; drop it again.`,
    /** @param {string} name */
    noBundled: (name) => `The bundled photo “${name}” could not be loaded. Check the connection and try again.`,
  },

  /** What belongs in a field of a finding. */
  expected: {
    /** @param {number} least @param {number} most */
    whole: (least, most) => `a whole number from ${least} to ${most}`,
    /** @param {number} least @param {number} most */
    real: (least, most) => `a number from ${least} to ${most}`,
    /** @param {keyof typeof meanings} meaning @param {number} most */
    string: (meaning, most) => `${meanings[meaning]} of at most ${most} characters`,
    truth: () => 'true or false',
    /** @param {string} values */
    oneOf: (values) => `one of ${values}`,
    /** @param {number} least @param {number} most */
    list: (least, most) => `a list of ${least === most ? least : `${least} to ${most}`}`,
    object: () => 'a group of fields',
    /** @param {string} name */
    withoutField: (name) => `without a field “${name}”`,
    /** @param {string} kinds */
    kind: (kinds) => `of the kind ${kinds}`,
    /** @param {number} count */
    image: (count) => `one of ${counted(count, 'image')}`,
    counts: () => 'one count for each map',
  },

  /** What is found in a class, by question. @type {Record<string, ((name: string, maps: number) => string) | undefined>} */
  captions: {
    classes: (name, maps) =>
      `${maps} ${maps === 1 ? 'map is' : 'maps are'} among those that come up most in “${name}” and not among those of another class.`,
    everywhere: (name, maps) =>
      maps === 1
        ? `Does the map of “${name}” find it everywhere?`
        : `Do the ${maps} maps of “${name}” find it everywhere?`,
    unique: (name, maps) =>
      maps === 1 ? `Is the map of “${name}” unique to it?` : `Are the ${maps} maps of “${name}” unique to it?`,
  },

  /** Where a claim and what was computed here differ. */
  differs: {
    /** @param {string} address */
    file: (address) => `${address} has changed since the link was made.`,
    /** @param {number} map @param {number} mean */
    noMap: (map, mean) => `Map ${map} is among the strongest in the link (mean ${formatNumber(mean)}), but not here.`,
    /** @param {number} map @param {number} claimed @param {number} here */
    mean: (map, claimed, here) =>
      `Map ${map}: the link says mean ${formatNumber(claimed)}, here it is ${formatNumber(here)}.`,
    /** @param {string} label @param {number} probability */
    noPrediction: (label, probability) =>
      `“${label}” has ${formatPercent(probability)} in the link, but is not among the first answers here.`,
    /** @param {string} label @param {number} claimed @param {number} here */
    prediction: (label, claimed, here) =>
      `“${label}”: the link says ${formatPercent(claimed)}, here it is ${formatPercent(here)}.`,
    /** @param {string} name */
    noClass: (name) => `The class “${name}” has no maps here.`,
    /** @param {string} name @param {number} same @param {number} claimed @param {number} here */
    classMaps: (name, same, claimed, here) =>
      `Class “${name}”: ${same} of the link’s ${claimed} maps have the same count here, where it has ${here}.`,
  },

  panel: {
    heading: 'Share what you see',
    intro:
      'Model, layer, photo, maps, classes and settings go along. Whoever opens it sees it computed again in their own browser.',
    privacy: 'Nothing is uploaded. The part of the link after # holds the finding; browsers send it to no server.',
    preparing: 'Making the link…',
    close: 'Close',
  },

  link: {
    heading: 'Link',
    label: 'Link to this finding',
    copy: 'Copy',
    copied: 'Copied',
    /** @param {number} length */
    length: (length) => `${counted(length, 'character')}.`,
    chat: 'Many chat programs cut links of more than 2,000 characters. Send it by mail, or send a file instead.',
    browser:
      'This is more than 32,000 characters, which some browsers and mail programs refuse. Share a file instead, or leave your pictures out of the link.',
    qr: 'QR code of the link',
    qrTooLong: 'The link is too long for a QR code, which holds 2,953 characters.',
    /** @param {string} name */
    model: (name) =>
      `Your model ${name} is not in the link, only its name and hash. Whoever opens the link is asked for the file; until then they see your numbers, marked as not recomputed.`,
    /** @param {number} count */
    pictures: (count) =>
      `${count === 1 ? 'Your picture is' : `Your ${count} pictures are`} not in the link, only ${count === 1 ? 'its name and hash' : 'their names and hashes'}.`,
    /** @param {number} count */
    warning: (count) =>
      `This link holds ${count === 1 ? 'your picture' : 'your pictures'}; whoever gets the link sees ${count === 1 ? 'it' : 'them'}.`,
    /** @param {string} host */
    address: (host) =>
      `The link names an address at ${host}. Whoever opens it is asked before anything is loaded from there.`,
    /** @param {number} length */
    tooLong: (length) =>
      `This finding would make a link of ${length} characters, more than can be opened. Leave your pictures out, or share a file instead.`,
  },

  /** Whether the visitor's own pictures go along. */
  choice: {
    /** @param {number} count */
    question: (count) =>
      count === 1
        ? 'Your picture is on this device alone. Shall it go along?'
        : `Your ${count} pictures are on this device alone. Shall they go along?`,
    /** @param {number} count */
    without: (count) => (count === 1 ? 'Without my picture' : 'Without my pictures'),
    /** @param {number} count */
    withoutMeans: (count) =>
      `Whoever opens the link sees the glow of the strongest map and your numbers, and needs ${count === 1 ? 'the picture' : 'the pictures'} from you to compute it.`,
    /** @param {number} count */
    with: (count) => (count === 1 ? 'With my picture' : 'With my pictures'),
    /** @param {number} count @param {number | null} bytes of the small copies, once they are made */
    withMeans: (count, bytes) =>
      `${bytes === null ? 'A small copy' : `${formatBytes(bytes)}: a small copy`}${count === 1 ? '' : ' of each'}. Whoever gets the link sees ${count === 1 ? 'it' : 'them'}, and it is computed again there; the numbers are those of the copy.`,
  },

  kept: {
    /** @param {number} files @param {number} bytes */
    line: (files, bytes) =>
      `So that your own links work when you come back, ${counted(files, 'file is', 'files are')} kept in this browser (${formatBytes(bytes)}, in the private storage of this site on this device).`,
    forget: 'Forget them',
    forgotten: 'Forgotten: your own links will ask for the files.',
    notForgotten:
      'The browser did not let the files be removed. Try again, or clear the data of this site in the browser’s settings.',
    failed: 'This browser has no room to keep your files, or is in a private window: your own links will ask for them.',
  },

  ask: {
    heading: 'This link wants to load something',
    /** @param {'model' | 'image'} what @param {string} host */
    line: (what, host) => `This link wants to load ${what === 'model' ? 'a model' : 'a picture'} from ${host}: `,
    /** @param {number} files @param {number} hosts @param {number} most */
    inAll: (files, hosts, most) =>
      `${counted(files, 'file')} from ${counted(hosts, 'host')}, at most ${formatBytes(most)} in all; closing the finding stops it.`,
    note: 'That host then learns your internet address and that you opened this. Nothing of yours is sent: no cookies, no pictures.',
    passedOnHeading: 'It is passed on to somewhere else',
    /** @param {string} host */
    passedOn: (host) => `${host} does not answer with the file itself but passes the request on to another address: `,
    passedOnNote:
      'Browsers do not tell where to. Whoever it is then learns your internet address too; this page says afterwards who it was.',
    load: 'Load',
    refuse: 'Do not load',
  },

  open: {
    heading: 'A finding from a link',
    close: 'Close the finding',
    /** @param {{ model: string, layer: string | null, photo: string | null, date: string }} about */
    made: ({ model, layer, photo, date }) =>
      `Made on ${date} with ${[`the model ${model}`, layer && `its layer ${layer}`, photo && `the picture ${photo}`].filter(Boolean).join(', ')}.`,
    /** @param {string[]} models */
    beside: (models) => `Beside it stood ${models.join(', ')}.`,
    loading: 'Loading what the link names…',
    computing: 'It is being computed again here; until then these are the link’s numbers.',
    /** @param {string[]} names */
    missing: (names) =>
      names.length === 0
        ? 'Not computed again: something that it was made from is not here.'
        : names.length > 3
          ? `Not computed again: ${counted(names.length, 'file')} that it was made from are not here.`
          : `Not computed again: ${names.join(', ')} ${names.length === 1 ? 'is' : 'are'} not here.`,
    details: 'What is missing, in detail',
    /** @param {number} map */
    still: (map) => `Where map ${map} fires`,
    stillAlone: 'The picture itself is not in the link; what shows is where the map fires on it.',
    broken: 'Not computed again: these are the link’s numbers.',
    failed:
      'Not computed again: these are the link’s numbers. It could not be computed here; the message above says why.',
    same: 'Computed again here: the numbers agree with the link’s.',
    differs: 'Computed again here, and not everything agrees with the link:',
    /** @param {number} count */
    more: (count) => `…and ${count} more.`,
    /** @param {string[]} names */
    furtherNeeds: (names) =>
      names.length === 1
        ? `Another model stood beside it that is not here: ${names[0]}. Drop or choose its file to see it too; the numbers above do not need it.`
        : `Other models stood beside it that are not here: ${names.join(', ')}. Drop or choose their files to see them too; the numbers above do not need them.`,
    /** @param {string} name @param {number} bytes */
    file: (name, bytes) => `${name} (${formatBytes(bytes)}), SHA-256 `,
    /** @param {string} address */
    address: (address) => `Not loaded: ${address}`,
    /** @param {string} host @param {string} from */
    cameFrom: (host, from) => `${host} passed the request on, and the file came from ${from}.`,
    choose: 'Choose files',
    load: 'Load from there after all',
    /** @param {string[]} names */
    wrong: (names) =>
      `${names.join(', ')} ${names.length === 1 ? 'is not the file that the link was made with' : 'are not the files that the link was made with'}: the name is the same, the content is not.`,
    /** @param {string[]} names */
    notWanted: (names) => `${names.join(', ')}: not what the link asks for.`,
    /** @param {string} name */
    noModel: (name) => `This page has no bundled model “${name}”.`,
    /** @param {string} name */
    noPhoto: (name) => `This page has no bundled photo “${name}”.`,
    maps: 'Strongest maps',
    /** @param {number} map @param {number} mean */
    map: (map, mean) => `map ${map}: ${formatNumber(mean)}`,
    predictions: 'Predictions',
    /** @param {string} label @param {number} probability */
    prediction: (label, probability) => `${label}: ${formatPercent(probability)}`,
    /** @param {string} name @param {number} maps */
    class: (name, maps) => `Class “${name}”: ${counted(maps, 'map')}`,
    /** @param {number} map @param {number} count */
    classMap: (map, count) => `map ${map} in ${counted(count, 'image')}`,
    claim: 'The link’s numbers',
  },
});
