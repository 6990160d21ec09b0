import { catalogue } from '../api/language.js';
import { counted, formatNumber, formatPercent } from '../api/numbers.js';

/** @param {number} count */
const images = (count) => counted(count, 'image');

/** The first few of a list in words. @param {string[]} list */
const some = (list) =>
  list.length > 4 ? `${list.slice(0, 3).join(', ')} and ${list.length - 3} more` : list.join(', ');

/** Maps of a class, as what a sentence is about. @param {number[]} maps @param {string} name */
const subject = (maps, name) => (maps.length === 1 ? `Map ${maps[0]}` : `${maps.length} maps of ${name} together`);

/** The sentences of everything about classes, which load with the first folder. */
const english = {
  cancel: 'Cancel',
  find: 'Find the maps',
  again: 'Look at the new images',
  lookHere: 'Look in this layer',
  lookAgain: 'Look as the page does now',
  waiting: 'No images have been looked at yet. “Find the maps” runs the network on every image once.',
  noImages: 'Put images into the classes first.',
  images,
  /** @param {import('./workbench.js').Running} running */
  progress: ({ title, done, total, secondsLeft }) =>
    done === 0
      ? 'Opening the model…'
      : `${title ? `${title}: ` : ''}${done} of ${images(total)}${secondsLeft > 1 ? `, ${Math.ceil(secondsLeft)} s left` : ''}`,
  /** @param {number} done @param {string} layer @param {string[]} failed @param {number} waiting */
  done: (done, layer, failed, waiting) =>
    `Found in ${images(done)}, layer ${layer}.` +
    (waiting > 0 ? ` ${images(waiting)} not looked at yet.` : '') +
    (failed.length > 0 ? ` Could not be read: ${failed.slice(0, 5).join(', ')}${failed.length > 5 ? ' …' : ''}` : ''),

  /** @param {number} classes @param {number} count @param {string | null} model its title @param {number} models */
  setUp: (classes, count, model, models) =>
    `${counted(classes, 'class', 'classes')}, ${images(count)}${models > 1 ? `, ${models} models` : model ? `, ${model}` : ''}`,
  /** Behind what is asked of. */
  change: 'change',

  examples: {
    /** @param {string} title @param {string} _kind of thing, in Chinese @param {number} _number of the photo among those of its kind */
    photo: (title, _kind, _number) => title,
    loading: 'Loading the photos that come with the page…',
    unreachable:
      'The photos that come with the page could not be loaded. Check the connection, or use images of your own.',
    /** @param {number} photos */
    about: (photos) =>
      `${photos} photos of fish, monuments and tools come with the page, all public domain or CC0. Your own take their place: drop a folder that holds a folder of images for each class anywhere on this page.`,
    useMine: 'Use my images…',
  },

  columns: {
    none: 'No class yet. Drop a folder that holds a folder of images for each class, or a .zip of one, anywhere on this page. Or add a class and put images into it.',
    list: 'Classes',
    hint: 'Drop images, folders or .zip files on a class, or press “Add images…”. An image can be dragged from one class to another. You need at least two classes to compare.',
    add: 'Add a class',
    /** A class that has no name yet is called this and a number. */
    stem: 'class',
    unnamed: /^class \d+$/,
    name: 'Name of the class',
    role: 'Used to',
    roles: { both: 'find maps and test', source: 'source: find maps here', target: 'target: test here' },
    addImages: 'Add images…',
    /** @param {string} name */
    addImagesTo: (name) => `Add images… to ${name}`,
    dropHere: 'No images yet. Drop some here.',
    /** @param {string} name */
    remove: (name) => `Remove the class ${name}`,
    /** @param {string} name */
    removeImage: (name) => `Remove ${name} from its class`,
    /** @param {string} name */
    show: (name) => `Look at ${name}`,
    /** @param {number} next @param {number} left */
    more: (next, left) => (next < left ? `Show ${next} of ${left} more` : `Show ${left} more`),
    noName: 'A class needs a name.',
    /** @param {string} name */
    taken: (name) =>
      `There is another class called ${name} for the same use. Choose another name, or add these images to that one. ` +
      'To find maps on some images and test on others, first make one of the two the source and the other the target.',
    /** @param {string} name */
    roleTaken: (name) =>
      `There is another column of ${name} for that use already. Put the images together, or rename one of the two.`,
    noImages: 'There was no image in what was added. JPEG, PNG, WebP, GIF and BMP can be read.',
    there: 'These images are in this class already.',
    /** @param {string} name @param {number} count */
    removed: (name, count) => `Removed ${name} (${images(count)}).`,
    /** @param {string} image @param {string} name */
    removedImage: (image, name) => `Removed ${image} from ${name}.`,
    /** @param {string} image @param {string} name */
    moved: (image, name) => `Moved ${image} to ${name}.`,
    undo: 'Undo',
  },

  ties: {
    /** @param {string} [model] where there are several */
    title: (model) => `What ${model ? `“${model}”` : 'the model'} calls it`,
    /** @param {string} name @param {string} [model] */
    label: (name, model) => `Outputs of ${model ?? 'the model'} that belong to ${name}`,
    add: 'Add an output…',
    /** @param {string} name @param {string} [model] */
    addTo: (name, model) => `Add an output of ${model ?? 'the model'} to ${name}`,
    /** @param {number} index @param {string} label */
    output: (index, label) => `${label} (${index})`.trim(),
    /** @param {string} label @param {string} name */
    remove: (label, name) => `${label} does not belong to ${name}`,
    automatic: 'Found by the name of the class.',
    /** @param {string} name @param {number} count */
    kinds: (name, count) =>
      `Found by the name of the class: ${counted(count, 'output that is a kind', 'outputs that are kinds')} of “${name}” (WordNet). ` +
      'One that a narrower class here names is that class’s.',
    /** @param {number} count */
    all: (count) => `Show all ${count}`,
    fewer: 'Show fewer',
    noSuch: 'The model has no such class',
    byName: 'Go by the name of the class again',
    followed: 'As in the first model: outputs of the same name.',
    follow: 'Follow the first model again',
    /** @param {string} name @param {boolean} chosen */
    none: (name, chosen) =>
      (chosen ? `No output belongs to ${name}` : `The model has no output called “${name}”`) +
      ', so its images can only count as “other”. Type here what the model calls it, or rename the class.',
    /** @param {string} wanted @param {string[]} similar */
    unknown: (wanted, similar) =>
      `The model has no output called “${wanted}”. ` +
      (similar.length > 0 ? `Outputs with that word: ${some(similar)}.` : 'Choose one from the list.'),
    /** @param {string[]} labels */
    similar: (labels) => `Take ${some(labels)}`,
  },

  own: {
    explain:
      'The feature maps are the network’s muscles: some are needed for one class, some for all. Of every image the maps that fire most are taken. The list of a class are the maps that come up most often in its images; it loses those ' +
      'that are in another class’s list too, whatever their counts there.',
    perImage: 'Maps of each image',
    perClass: 'Maps of each class',
    model: 'Model',
    /** @param {number} own @param {number} shared @param {number} wanted */
    summary: (own, shared, wanted) => {
      if (own + shared === 0) return 'No map fires in these images.';
      if (own === 0)
        return `No map is this class's own: all ${shared} of its list are in the lists of other classes too.`;
      const left = own + shared < wanted ? `, as only ${own + shared} come up at all` : '';
      return shared === 0
        ? `${counted(own, 'map')}, all its own${left}.`
        : `${own} of ${own + shared} maps ${own === 1 ? 'is' : 'are'} its own${left}.`;
    },
    /** @param {{ map: number, name: string, count: number, total: number, perImage: number, several: boolean }} found */
    answer: ({ map, name, count, total, perImage, several }) =>
      `Map ${map} is the map of ${name}: it is among the ${perImage === 1 ? 'strongest' : `${perImage} strongest`} in ${count} of ${images(total)} of ${name}` +
      `${several ? ', and in no other class’s list' : ''}.`,
    noAnswer: 'No class has a map of its own: whatever comes up often in one comes up in another as well.',
    /** @param {string} title */
    checked: (title) => `“${title}” is a check in which there is nothing to find: what shows here shows by chance.`,
    /** @param {number} count */
    toCome: (count) =>
      count === 0
        ? 'Which feature maps come up in one class and in no other? Bring a folder of images for each class.'
        : `Which feature maps come up in one class and in no other? They stand here once the network has looked at the ${images(count)}.`,
    /** @param {boolean} drawn */
    pictures: (drawn) =>
      drawn
        ? 'Each pair is one map: where it fires most, and what it would draw or where it fires next.'
        : 'Each pair is one map: the two places where it fires most.',
    /** @param {number} count @param {number} total */
    countOf: (count, total) => `${count} of ${total}`,
    /** @param {number} count */
    moreMaps: (count) => `${count} more`,
    overlap: 'What the lists have in common',
    overlapExplain:
      'Each column is a combination of classes, marked by the dots below; its bar counts the maps that are in exactly these classes’ lists. Red: ' +
      'maps of one class’s list alone, which it keeps. Grey: shared maps, which every one of the classes loses.',
    /** @param {number} count */
    often: (count) => `Among the strongest in ${images(count)}`,
    frame: 'Frame in the grid',
    draw: 'Draw these maps',
    /** @param {string} name @param {number[]} ranks @param {number} count */
    ranks: (name, ranks, count) =>
      ranks.length > 0
        ? `${name}: ${ranks.length === 1 ? 'rank' : 'ranks'} ${ranks.join(', ')} of ${count} in this photo`
        : `${name}: none among the ${count} strongest in this photo`,
    /** What stands before and behind the ranks. @param {string} label @param {number} count */
    inGrid: (label, count) => [`${label}: maps at ranks`, `of ${count}`],
    /** @param {number} rank @param {number} map */
    goToRank: (rank, map) => `Go to rank ${rank}, map ${map}`,
    /** @param {string} layer */
    elsewhere: (layer) => `These are maps of layer ${layer}, and the grid shows another one.`,
    /** @param {string} title */
    otherModel: (title) => `These are maps of “${title}”, and the grid shows another model.`,
    /** @param {number} count */
    shared: (count) => `${counted(count, 'map')} ${count === 1 ? 'is' : 'are'} shared`,
    /** @param {number} map @param {number} count @param {string[]} alsoIn */
    sharedMap: (map, count, alsoIn) => `#${map} ×${count}, also in ${alsoIn.join(', ')}`,
  },
  whatAmISeeing: 'What am I seeing?',

  everywhere: {
    explain:
      'Take the maps of one class and lay them over every image, also of other classes. Does the map find the same thing everywhere, ' +
      'or does it fire on something else? Beside it stands what the network itself says of the same images.',
    images: 'Images of',
    all: 'every class',
    mapsOf: 'Maps of',
    order: 'Order',
    strongest: 'strongest first',
    weakest: 'weakest first',
    byName: 'by file name',
    choose: 'Maps of the class, of which one is laid over the images, or the sum of several',
    several: 'Add up several maps',
    /** @param {number} count */
    sum: (count) => `all ${count}, added up`,
    /** @param {number[]} maps @param {string} name @param {{ images: number, first: number, times: number | null }} standing */
    answer: (maps, name, { images: count, first, times }) => {
      const isOne = maps.length === 1;
      const hard =
        times === null
          ? ''
          : ` ${formatNumber(Math.round(times * 10) / 10)} times as hard on images of ${name} as on the others`;
      const most = `of the ${isOne ? `${images(count)} it fires` : `${images(count)} they fire`} hardest on, ${first} ${first === 1 ? 'is' : 'are'} of ${name}.`;
      return times === null
        ? `${subject(maps, name)}: ${most}`
        : `${subject(maps, name)} ${isOne ? 'fires' : 'fire'}${hard}: ${most}`;
    },
    /** @param {number[]} maps @param {string} name @param {number} count @param {number} all */
    firesIn: (maps, name, count, all) =>
      `${subject(maps, name)} ${maps.length === 1 ? 'fires' : 'fire'} in ${count} of ${images(all)} of ${name}.`,
    /** @param {number} count */
    toCome: (count) =>
      count === 0
        ? 'Does a map of one class find it in every image? Bring a folder of images for each class.'
        : `Does a map of one class find it in every image? The answer stands here once the network has looked at the ${images(count)}.`,
    gallery: 'Images with the maps laid over them',
    patches: 'What makes this map fire most',
    /** @param {string} name */
    noMaps: (name) =>
      `${name || 'This class'} has no maps of its own here, so there is nothing to lay over the images. Ask for more maps of each class, or choose another class.`,
    /** @param {number[]} maps @param {number} count @param {number} mean @param {string} of */
    lead: (maps, count, mean, of) =>
      `${maps.length === 1 ? `Map ${maps[0]}` : `The sum of ${maps.length} maps`} over ${images(count)}${of ? ` of ${of}` : ''}: mean ${formatNumber(mean)}.`,
    /** @param {number} map @param {boolean} limited */
    wall: (map, limited) =>
      `The parts of the images in which map ${map} has its largest values, from any class; the number is that value.` +
      (limited ? ' One element of the map sees more than 40% of the side; the crop shows 40% around its centre.' : ''),
  },

  gallery: {
    more: 'Show more',
    /** @param {string} name */
    open: (name) => `${name}: look at it alone`,
    /** What full strength is, by the choice under “Full strength”. */
    scales: {
      map: 'Each image is coloured by its own largest value, so a weak one looks as strong as a strong one; the number says how strong it is.',
      layer: 'Full strength is the largest value of the whole layer in each image.',
      /** @param {number} largest @param {number} count */
      set: (largest, count) =>
        `All ${images(count)} share one scale: full strength is their largest value, ${formatNumber(largest)}.`,
      /** @param {number} gain */
      article: (gain) =>
        `As in the article: image × map${gain === 1 ? '' : ` × ${formatNumber(gain)}`}, with the values as they are.`,
    },
  },

  confusion: {
    caption: 'What the network says of these images',
    corner: 'true class',
    other: 'other',
    recall: 'recall',
    precision: 'precision',
    /** @param {number} count @param {string} truth @param {string} said */
    cell: (count, truth, said) => `${images(count)} of ${truth} taken for ${said}`,
    /** @param {string} truth @param {string} said */
    title: (truth, said) => `${truth} that the network takes for ${said}`,
    explain: 'Rows are the true classes, columns what the network says. Press a number to see its images above.',
    /** @param {string[]} names */
    untied: (names) =>
      `Nobody has said yet what this model calls ${some(names)}, so its answers cannot be counted as right or wrong.`,
    /** @param {string} name */
    tie: (name) => `Say what it calls ${name}`,
    /** @param {string[]} names */
    unknown: (names) =>
      `The model has no output for ${some(names)}, so ${names.length === 1 ? 'its' : 'their'} images count as “other”.`,
  },

  unique: {
    explain:
      'The sum of a class’s maps as an alarm: it goes off where the sum reaches the line. If the maps are unique to the class, its ' +
      'images lie above all others.',
    help:
      'Each mark is one image: its place within its class from left to right, the sum of the maps’ means upwards. Drag the red line, or ' +
      'select it with the Tab key and use the arrow keys; the counts follow. The automatic line is the one with the largest Youden J ' +
      '(share found minus share of false alarms) on one random half of the images, the hollow marks, and is counted on the other half, ' +
      'the filled ones, so that it does not flatter itself. Another number under “Split” draws other halves, and everything else that is ' +
      'left to chance, anew. The area under the curve says how often an image of the class has a larger sum than one of the rest: 1 is ' +
      'always, 0.5 is chance.',
    /** @param {number[]} maps @param {string} name @param {{ found: number, all: number, falseAlarms: number, others: number, choosing: number }} counts `choosing`: images that chose the line and are not counted */
    answer: (maps, name, { found, all, falseAlarms, others, choosing }) =>
      `With ${maps.length === 1 ? `map ${maps[0]}` : `the ${maps.length} maps of ${name}`} as an alarm, ${found} of ${images(all)} of ${name} ${found === 1 ? 'raises' : 'raise'} it` +
      `${others > 0 ? `, and ${falseAlarms === 0 ? 'none' : falseAlarms} of ${counted(others, 'other')}` : ''}.${choosing > 0 ? ` Another ${choosing} chose where the line lies.` : ''}`,
    /** @param {number} count */
    toCome: (count) =>
      count === 0
        ? 'Do a class’s maps fire on it alone, so that they could raise an alarm? Bring a folder of images for each class.'
        : `Do a class’s maps fire on it alone, so that they could raise an alarm? The answer stands here once the network has looked at the ${images(count)}.`,
    statistics: 'How good is this alarm? The curve, the area under it, and a test',
    /** @param {string} name @param {number} count */
    missed: (name, count) => `Missed: ${images(count)} of ${name} below the line`,
    /** @param {number} count */
    alarmedOthers: (count) => `False alarms: ${counted(count, 'other', 'others')} above the line`,
    mapsFrom: 'Maps found by',
    each: 'each model itself',
    /** @param {string} title @param {string} from */
    withMapsOf: (title, from) => `${title}, with the maps of ${from}`,
    /** @param {number} place @param {number} map the first model's */
    place: (place, map) => `number ${place} of each list (#${map})`,
    mapsOf: 'Maps of',
    detector: 'Alarm by',
    allMaps: 'the sum of all its maps',
    sameImages:
      'The maps were found on these very images, which flatters them. Mark some images as “target” to test on images that the maps were not found on.',
    legend: 'Colour and shape of each class',
    ownScale: 'A separate axis for each model',
    split: 'Split',
    counted: 'filled: counted',
    choosing: 'hollow: chooses the automatic line',
    x: 'image within its class →',
    y: '↑ sum of the maps’ means',
    falseAlarms: 'false alarms among the rest →',
    found: '↑ found of the class',
    /** @param {string} name @param {number} count */
    chart: (name, count) => `Sum of the maps of ${name} for ${images(count)}`,
    /** @param {string} name */
    rocChart: (name) => `Share of ${name} found against the share of false alarms, for every threshold`,
    /** @param {string} name */
    slider: (name) => `Threshold of the alarm for ${name}`,
    /** @param {number} value */
    thresholdAt: (value) => `alarm at ${formatNumber(value)}`,
    noAlarm: 'no alarm',
    automatic: 'Back to the automatic threshold',
    /** @param {number} value @param {boolean} byHand @param {number} scored @param {number} all */
    thresholdLine: (value, byHand, scored, all) =>
      value === Infinity
        ? `On the ${all - scored} images that choose the threshold none is better than chance, so the alarm never goes off; counted on the other ${scored}.`
        : byHand
          ? `Threshold ${formatNumber(value)}, set by hand; counted on all ${all} images.`
          : `Threshold ${formatNumber(value)}, chosen on ${all - scored} images and counted on the other ${scored}.`,
    /** @param {string} name */
    noThreshold: (name) => `A threshold needs test images of ${name} and of another class.`,
    /** @param {string} name */
    noAutomatic: (name) =>
      `An automatic threshold is chosen on one half of the images and needs at least two of ${name} and two of another class. Move the line to try one.`,
    /** @param {string} name */
    noMaps: (name) =>
      `${name} has no maps of its own here, so there is nothing to sum. Ask for more maps of each class, or choose another class.`,
    /** @param {string[]} names */
    leftOut: (names) => `Left out, because what the maps say of them is no number: ${some(names)}.`,
    /** @param {string} name */
    table: (name) => `Is it ${name}?`,
    /** @param {string} name */
    columns: (name) => [
      'alarm by',
      `${name}, found`,
      `${name}, missed`,
      'others, false alarm',
      'others, no alarm',
      'precision',
      'recall',
    ],
    byMaps: 'the maps',
    byHead: 'the network’s own answer',
    /** @param {{ onlyDetector: number, onlyHead: number, p: number }} result @param {number} count */
    mcnemar: ({ onlyDetector, onlyHead, p }, count) =>
      `Of ${images(count)} only the maps are right on ${onlyDetector}, only the network’s answer on ${onlyHead}. ` +
      (onlyDetector + onlyHead === 0
        ? 'Neither is better here.'
        : `If both were equally good, a difference at least as large would come up by chance with probability ${formatNumber(p)} (McNemar’s exact test).`),
    /** @param {string} name */
    unknown: (name) =>
      `The model has no output for ${name}, so its own answer is never ${name} and cannot be compared with the maps.`,
    disagreements: 'Images on which they disagree',
    /** @param {number} count @param {string} name */
    disagree: (count, name) =>
      count === 0
        ? 'None.'
        : `${images(count)}. With a red frame: only the maps say ${name}; without: only the network’s answer does.`,
    /** @param {number} sum */
    onlyMaps: (sum) => `only the maps (${formatNumber(sum)})`,
    /** @param {number} sum */
    onlyHead: (sum) => `only the network (${formatNumber(sum)})`,
    alarm: 'alarm',
    quiet: 'quiet',
    chooses: 'chooses',
    scored: 'scored',
    /** @param {number} auc @param {{ low: number, high: number } | null} interval */
    areaOf: (auc, interval) =>
      `Area under the curve ${english.area(auc)}${interval ? `, 95% interval ${english.between(interval)} (2,000 resamples)` : ''}.`,
    /** @param {string} name */
    noArea: (name) => `A curve needs test images of ${name} and of another class.`,
    /** @param {string} name */
    areas: (name) => `Area under the curve, ${name} against the rest`,
    model: 'model',
    area: 'area',
    interval: '95% interval',
  },

  controls: {
    label: 'Check it with',
    why: 'What are these checks, and more models?',
    maps: 'random maps',
    labels: 'shuffled class names',
    network: 'random weights',
    explain:
      'A pattern that also shows where there is nothing to find is no finding. Random maps: as many maps, drawn by lot among all of the layer. Shuffled class ' +
      'names: the images keep their number, not their class. Random weights: the same network before it has learned anything.',
    titles: {
      /** @param {string} title */
      maps: (title) => `${title}, random maps`,
      /** @param {string} title */
      labels: (title) => `${title}, shuffled class names`,
      /** @param {string} title */
      network: (title) => `${title}, random weights`,
    },
  },

  models: {
    heading: 'Models side by side',
    /** @param {number} most */
    explain: (most) => `Up to ${most} models look at the same images, each with its own maps.`,
    add: 'Add a model',
    choose: 'Add a model…',
    file: 'from a file…',
    /** @param {string} title */
    remove: (title) => `Remove ${title}`,
  },

  figure: {
    downloads: 'Save the chart',
    data: 'The numbers',
    /** The columns of the table, which have these keys in the CSV file. */
    columns: /** @type {Record<string, string>} */ ({
      image: 'image',
      class: 'class',
      index: 'place in its class',
      sum: 'sum',
      head: 'network’s own answer',
      half: 'half',
      threshold: 'threshold',
      falsePositiveRate: 'false alarms',
      truePositiveRate: 'found',
      classes: 'classes',
      maps: 'maps',
    }),
    /** @param {number} count */
    more: (count) => `and ${counted(count, 'more row')}, in the CSV file`,
  },
  number: formatNumber,
  percent: formatPercent,
  /** @param {number} value */
  area: (value) => value.toFixed(3),
  /** @param {{ low: number, high: number }} interval */
  between: ({ low, high }) => `${low.toFixed(3)} to ${high.toFixed(3)}`,
};

export const text = catalogue('classes', english);
