/**
 * Every text about snapshots, lessons and embeds that a visitor can read.
 */

import { catalogue } from '../api/language.js';
import { counted, formatBytes, formatNumber, formatPercent } from '../api/numbers.js';

const english = {
  figures: {
    seen: 'What the network saw',
    /** @param {string} name */
    seenCaption: (name) => `${name}, resized or cropped to the network’s input.`,
    /** @param {string} photo */
    seenAlt: (photo) => `The photo “${photo}” as the network saw it`,
    maps: 'The maps that fire most',
    /** @param {number} count @param {string} layer */
    mapsCaption: (count, layer) =>
      `A feature map is one detector of the network. These are the ${count} of the layer ${layer} that fire most on this picture, the strongest first; bright is where.`,
    /** @param {number} map */
    large: (map) => `Map ${map}`,
    /** @param {number} map @param {number} mean */
    largeCaption: (map, mean) =>
      `Map ${map} is one detector of the network. The brighter, the more it fires there (mean ${formatNumber(mean)}).`,
    /** @param {number} map @param {number} mean */
    tile: (map, mean) => `#${map}, mean ${formatNumber(mean)}`,
    /** @param {number} map @param {number} mean */
    tileAlt: (map, mean) => `Where map ${map} fires, mean ${formatNumber(mean)}`,
    predictions: 'What the network says',
    /** @param {string} label @param {number} probability */
    predictionsCaption: (label, probability) => `Most probable: ${label} (${formatPercent(probability)}).`,
    classes: 'The maps of each class',
    /** @param {string[]} names */
    classesCaption: (names) =>
      `The maps that are most often among the strongest in the images of ${names.join(', ')}, without those of another class’s list.`,
    /** @param {number} images */
    ofImages: (images) => counted(images, 'image'),
    /** @param {number} map @param {number} count @param {number} images */
    classMap: (map, count, images) => `#${map} (${count} of ${images})`,
    noMaps: 'no map of its own',
    means: 'Mean of every map, in rank order',
    meansCaption: 'Each map once, the strongest at the left: a steep start means that few maps do most of the work.',
    chart: 'Chart',
    drawing: 'What a map looks for',
    confusionCaption: 'Rows are the true classes, columns what the network says.',
    /** @param {number} threshold @param {boolean} byHand */
    threshold: (threshold, byHand) =>
      `The alarm goes off at ${formatNumber(threshold)}, ${byHand ? 'set by hand' : 'chosen on one half of the images and counted on the other'}.`,
    /** @param {string} label */
    cam: (label) => `What speaks for ${label} (Grad-CAM)`,
    ablation: 'What if it is switched off?',
    ablationColumns: ['class', 'with all maps', 'without', 'without random ones'],
  },

  snapshot: {
    heading: 'Snapshot',
    about: 'a file that shows all of this anywhere, even where no network can run',
    explain:
      'One file with the pictures, the results and the settings. It opens here or on any other Featurescope page, and shows what was found even where no network can run.',
    withModel: 'Include the model',
    /** @param {number} bytes */
    withModelNote: (bytes) => `${formatBytes(bytes)} more. Only if you may pass the model on.`,
    holds: 'It holds your pictures, so whoever gets the file sees them.',
    make: 'Save the snapshot',
    making: 'Writing the snapshot…',
    /** @param {number} bytes */
    made: (bytes) => `Saved: ${formatBytes(bytes)}.`,
    notReady: 'The network has not looked at a picture yet. Wait until it has, then save.',
  },

  view: {
    heading: 'A recorded result',
    /** @param {string} date */
    recorded: (date) => `Recorded on ${date}. Shown from the file alone; not recomputed on this device.`,
    model: 'Model',
    layer: 'Layer',
    engine: 'Computed by',
    /** @param {string} id @param {number} channels @param {number} height @param {number} width */
    layerLine: (id, channels, height, width) => `${id}: ${channels} maps of ${height}×${width}`,
    recompute: 'Compute it here and compare',
    /** @param {string} host */
    fetches: (host) => `Computing it loads the model from ${host}.`,
    stop: 'Stop',
    computing: 'Computing…',
    /** @param {string} bytes */
    loadingModel: (bytes) => `Loading the model: ${bytes}…`,
    /** @param {string} host */
    loadingFrom: (host) => `Loading the model from ${host}…`,
    close: 'Close the snapshot',
    goOn: 'Continue in the page',
    needsModel: 'The model is not in this snapshot. To compute it again, give its file:',
    chooseModel: 'Choose the model…',
    /** @param {string} name @param {number} bytes @param {string} sha256 */
    wants: (name, bytes, sha256) => `${name}, ${formatBytes(bytes)}, SHA-256 ${sha256.slice(0, 16)}…`,
    otherModel:
      'This is not the file that was recorded: the SHA-256 of the model differs. What is computed here is computed with that other file.',
    /** @param {string} name */
    notBundled: (name) =>
      `The snapshot calls its model “${name}”, but it is not the file that comes with this page under that name. Its numbers say nothing about “${name}”.`,
    /** @param {string} name */
    otherPicture: (name) =>
      `The picture ${name} in the snapshot is not the one that its numbers are said to be from: its SHA-256 differs.`,
    /** @param {string} address */
    changed: (address) => `${address} has changed since the snapshot was made.`,
    /** @param {string} host @param {string} from */
    cameFrom: (host, from) => `${host} passed the request on, and the model came from ${from}.`,
    /** @param {number} maps @param {number} difference @param {number} largest */
    same: (maps, difference, largest) =>
      `The same here: the means of all ${maps} maps agree within ${formatNumber(difference)} (the largest mean is ${formatNumber(largest)}).`,
    /** @param {number} count @param {number} maps */
    differs: (count, maps) => `It differs here: ${count} of ${maps} means are not those recorded.`,
    /** @param {number} count */
    continuedDiffers: (count) =>
      `The page computed it again, and ${counted(count, 'number is', 'numbers are')} not as in the snapshot.`,
    otherCount: 'It differs here: the layer has another number of maps than was recorded.',
    /** @param {{ map: number, recorded: number, here: number }} entry */
    mapDiffers: ({ map, recorded, here }) =>
      `Map ${map}: recorded ${formatNumber(recorded)}, here ${formatNumber(here)}`,
    /** @param {{ label: string, recorded: number, here: number }} entry */
    predictionDiffers: ({ label, recorded, here }) =>
      `${label}: recorded ${formatPercent(recorded)}, here ${formatPercent(here)}`,
    /** @param {string} engine */
    computedBy: (engine) => `Computed here by ${engine}.`,
    noPicture: 'The picture is not in it, so it cannot be computed again.',
    noLayer: 'This model has no layer of that name, so it cannot be compared.',
  },

  open: {
    /** @param {string} host */
    question: (host) => `This link opens a snapshot from ${host}. Load it?`,
    note: 'The file is fetched without cookies. Nothing of yours is sent there but the request itself.',
    /** @param {string} host */
    passedOn: (host) => `${host} passes the request on to another address. Follow it?`,
    passedOnNote: 'Browsers do not tell where to. Whoever it is then learns your internet address too.',
    load: 'Load it',
    refuse: 'Do not load',
    loading: 'Loading the snapshot…',
    /** @param {number} done @param {number | null} total */
    bytes: (done, total) => (total === null ? formatBytes(done) : `${formatBytes(done)} of ${formatBytes(total)}`),
    stopped: 'Stopped: the snapshot was not loaded.',
    notAnAddress: 'The link names no web address to open a snapshot from. It has to begin with https:// or http://.',
    /** @param {string} host */
    notEncrypted: (host) =>
      `The link opens a snapshot from ${host} over http://, which anybody on the way can read and change, so this page does not load it. Ask for an address that begins with https://, or download the file and drop it on this page.`,
    dismiss: 'Close the message',
    /** @param {string} host */
    failed: (host) =>
      `The snapshot could not be loaded from ${host}. The host may be offline, the file gone, or the host does not allow other pages to read it (CORS). Download the file and drop it on this page.`,
    /** @param {string} host @param {number} limit */
    tooLarge: (host, limit) =>
      `The file at ${host} is larger than ${formatBytes(limit)}, which is more than a snapshot from a link may be. Download it and drop it on this page.`,
  },

  errors: {
    /** @param {string} name */
    damaged: (name) => `${name} is damaged or no Featurescope snapshot. Ask for it again, or download it again.`,
    /** @param {string} name */
    tooLarge: (name) => `${name} unpacks to more than a snapshot may hold, so it was not opened.`,
    /** @param {string} name */
    path: (name) =>
      `${name} holds a file whose path leads out of the snapshot, so it was not opened. Do not trust where it came from.`,
    /** @param {string} name @param {string} missing */
    missing: (name, missing) => `${name} is incomplete: ${missing} is not in it. Ask for it again.`,
    noHash: 'A lesson needs a checksum that browsers compute on https pages only. Open Featurescope over https.',
    engine: 'The engine of this page has an unexpected form, so no live part can be made. Save the lesson without it.',
    modelForLive: 'The live part needs the model as one .onnx file. Save the lesson without it.',
    /** @param {string} address */
    modelUnreachable: (address) =>
      `The model could not be read again from ${address}. Check the connection, or save without the model.`,
  },

  lesson: {
    heading: 'Lesson',
    about: 'a page with your own words that opens without internet',
    explain:
      'One page with your words and the recorded figures, as a single file. It opens without internet from a memory stick or a learning platform.',
    title: 'Title',
    defaultTitle: 'What does the network look at?',
    newHeading: 'Heading',
    newParagraph: 'Paragraph',
    headingLabel: 'Heading of the lesson',
    paragraphLabel: 'Paragraph of the lesson',
    addFigures: 'Add what the page shows now',
    up: 'Move up',
    down: 'Move down',
    remove: 'Remove',
    live: 'Live part: students run the network on their own pictures',
    /** @param {number} bytes */
    liveNote: (bytes) => `${formatBytes(bytes)} more: the engine and the model are put into the file.`,
    liveNeedsFigures: 'Add what the page shows first: the live part runs the network on that picture.',
    heavy:
      'That is more than 5 MB, which some mail programs and learning platforms refuse. Leave figures out, or make two lessons of it.',
    preview: 'Preview',
    edit: 'Back to editing',
    save: 'Save the lesson',
    /** @param {number} bytes */
    weighs: (bytes) => `The file will be ${formatBytes(bytes)}.`,
    working: 'Working…',
    empty: 'Nothing is in the lesson yet. Add what the page shows now, then write between the figures.',
    madeWith: 'Made with Featurescope. Everything on this page is in this file; nothing is loaded and nothing is sent.',
  },

  live: {
    heading: 'Try it yourself',
    explain: 'The network runs on this device. Nothing leaves it.',
    start: 'Start the network',
    pick: 'Choose a picture of yours',
    starting: 'Starting…',
    running: 'Looking…',
    failed: 'That did not work:',
    prediction: 'The network says:',
    maps: 'The maps that fire most. Choose one to see it large.',
  },

  embed: {
    heading: 'Embed',
    about: 'a live figure in your own website or blog',
    explain:
      'Shows the result as a figure in your own page: first what was recorded, and the network itself once somebody asks for it. Use the link to what the page shows now, or put a saved snapshot on your site (which has to allow other pages to read it: CORS) and its address here.',
    address: 'Address of a snapshot; left empty, the link is used',
    show: 'What it shows',
    /** @type {import('../ui/dom.js').Options} */
    shows: [
      ['', 'The eight strongest maps'],
      ['map', 'One map beside the photo'],
      ['map grid', 'One map, and the eight strongest'],
      ['grid answer', 'The eight strongest, and the network’s answer'],
      ['drawing', 'What a map looks for (from a snapshot)'],
      ['alarm', 'The alarm’s charts (from a snapshot)'],
    ],
    theme: 'Colours',
    /** @type {import('../ui/dom.js').Options} */
    themes: [
      ['auto', 'As the page around it'],
      ['light', 'Light'],
      ['dark', 'Dark'],
    ],
    element: 'As an element, which fits its height and the colours of your page',
    iframe: 'As an iframe, where scripts are not allowed',
    copy: 'Copy',
    copied: 'Copied',
    run: 'Run it here',
    /** @param {number} bytes */
    costs: (bytes) => `Loads the network, about ${formatBytes(bytes)}.`,
    /** @param {number | null} bytes */
    load: (bytes) => `Load the figure${bytes === null ? '' : ` (${formatBytes(bytes)})`}`,
    /** @param {string} host @param {number} bytes @param {boolean} exactly */
    inOnePiece: (host, bytes, exactly) =>
      `This figure is a file of ${exactly ? '' : 'more than '}${formatBytes(bytes)}, and ${host} sends it only as a whole. It is not loaded before you ask for it.`,
    whole: 'Open in Featurescope',
    own: 'Try a picture of yours',
    title: 'Featurescope: a figure',
    nothing:
      'This embed does not say what to show. Its address has to end in ?open= and the address of a .featurescope.zip, or in a link that the page has made.',
    unreadable: 'The figure could not be shown:',
    /** @param {string} host */
    notEncrypted: (host) =>
      `It lies at ${host} under http://, where anybody on the way can read and change it, so it is not loaded. Whoever made this page can give its address under https://.`,
    photo: 'Photo',
    lost: 'The network has stopped, as it does when the figure that started it leaves the page. Run it again.',
    fullScreen: 'Full screen',
    leaveFullScreen: 'Leave full screen',
    /** @param {string} credit */
    credit: (credit) => `${credit.replace(/\.$/, '')}.`,
    /** @param {string} title */
    network: (title) => `Network: ${title}.`,
    /** @param {string} date */
    made: (date) => `Made with Featurescope on ${date}.`,
  },
};

export const text = catalogue('record', english);
