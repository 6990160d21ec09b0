import { catalogue } from '../api/language.js';
import { counted, formatNumber, formatPercent } from '../api/numbers.js';

/** @param {number | null} part */
const percent = (part) => (part === null ? 'nothing' : formatPercent(part));

/** Parts that lie outside the object: of the knife maps' activation, of all maps', and of the picture.
 * @typedef {{ outside: number | null, all: number | null, area: number | null }} Shares */

/** @typedef {import('./ground-look.js').Ground} Ground */
/** @typedef {import('./drawn.js').Right} Right */

/** The sentences of the story. Numbers are those that the page has just computed. */
const english = {
  /** @param {number} place @param {number} count */
  step: (place, count) => `The story, step ${place} of ${count}`,
  back: 'Back',
  next: 'Next',
  finish: 'Close',
  close: 'Close the story',
  fold: 'Collapse',
  unfold: 'Expand',
  again: 'Show the figure',
  working: 'The networks are looking…',
  chaptersLabel: 'Chapters',
  chapters: ['1. Real photos', '2. Knives and guns'],
  riddleGallery: 'Pictures of the riddle with the knife maps laid over them',
  /** @param {number | null} outside @param {number} area @param {number} knife */
  riddleNote: (outside, area, knife) =>
    `knife ${formatPercent(knife)}; outside ${percent(outside)} (area ${formatPercent(area)})`,

  photos: {
    first: {
      photo: 'A fish',
      title: 'What does it see here?',
      /** @param {import('./photos.js').Answer | null} answer @param {{ channels: number, strongest: number }} maps */
      paragraphs: (answer, { channels, strongest }) => [
        `SqueezeNet, a small network that knows 1000 things by name, looks at this photo.${
          answer
            ? ` It says: ${answer.label}, ${formatPercent(answer.probability)}. ${answer.right ? 'It is right: that is a fish.' : 'It is wrong: that is no fish.'}`
            : ''
        }`,
        `Before it answers, ${channels} small detectors, its feature maps, each look for something of their own. The large picture shows the one that fires ` +
          `most here, map ${strongest}: it glows where the map has found what it looks for. Point at the others below.`,
      ],
      /** @param {{ half: number, channels: number }} maps */
      conclusion: ({ half, channels }) =>
        `No single map is the fish: it takes the ${half} strongest of ${channels} to come to half of all that fires here.`,
    },
    classes: {
      title: 'Which maps for which class?',
      /** @param {import('./photos.js').KeptBy[]} classes */
      paragraphs: (classes) => [
        `Now it has looked at ${classes.map(({ name, images }) => `${images} photos of ${name}`).join(', ')}. A class keeps the maps that come up most ` +
          `often in its photos, without those that do so in another class’s: ${classes.map(({ name, kept, of }) => `${name} ${kept} of ${of}`).join(', ')}.`,
        ...classes
          .slice(0, 1)
          .flatMap(({ name, images, first }) =>
            first
              ? [
                  `First for ${name}: map ${first.map}, which is among the strongest in ${first.count} of the ${images} photos.`,
                ]
              : [],
          ),
      ],
      /** @param {import('./photos.js').Kept} found @param {import('./photos.js').Kept} chance */
      conclusion: (found, chance) =>
        found.kept > chance.kept
          ? `Classes have maps of their own: ${found.kept} of ${found.of}. Had the photos been dealt out to the names by lot, it would be ${chance.kept} of ${chance.of}.`
          : `These classes have no more maps of their own (${found.kept} of ${found.of}) than names dealt out by lot (${chance.kept} of ${chance.of}).`,
    },
    ground: {
      title: 'The tool, or the table under it?',
      gallery: 'Photos under the maps of their class',
      plain: {
        part: 'the plain half',
        /** @param {number} share */
        share: (share) => `${formatPercent(share)} there`,
      },
      sky: {
        part: 'what is plain above',
        /** @param {number} share */
        share: (share) => `${formatPercent(share)} there`,
      },
      /** @param {Ground | null} tools @param {Ground | null} monuments */
      paragraphs: (tools, monuments) => [
        'Nobody has marked the objects in these photos. But tools mostly lie on something plain, and monuments stand before a sky. So we take the half of ' +
          'each photo in which the brightness changes least, and ask how much of the maps’ activation lies in it.',
        ...(tools
          ? [
              `In the plain half of ${tools.photos.length} photos of tools lies ${formatPercent(tools.share)} of what the tool maps do, and ${formatPercent(tools.all)} of what ` +
                `all maps do. A map that is equal everywhere would have ${formatPercent(tools.area)}. Of 1000 draws of equally many maps, ${tools.reached} come as far.`,
            ]
          : []),
        ...(monuments
          ? [
              `For monuments, what is plain in the upper half, which is mostly sky: ${formatPercent(monuments.share)} of the monument maps, ` +
                `${formatPercent(monuments.all)} of all maps, ${formatPercent(monuments.area)} of the picture; ${monuments.reached} of 1000 draws.`,
            ]
          : []),
      ],
      /** @param {Ground} tools @param {Ground} monuments */
      conclusion: (tools, monuments) =>
        `${
          tools.unusual
            ? `Tool maps are on plain ground more than other maps are (${formatPercent(tools.share)} against ${formatPercent(tools.all)}): the table may be part of what “tool” means to this network`
            : 'Tool maps are on plain ground no more than maps drawn by lot'
        }${tools.share < tools.area ? ', though most of what they do is elsewhere' : ''}. ${
          monuments.unusual
            ? 'So may the sky be of “monument”.'
            : `Of monuments and the sky that cannot be said: chance comes as far in ${monuments.reached} of 1000 draws.`
        }`,
    },
    alarm: {
      title: 'Can its maps find the fish?',
      /** @param {import('./photos.js').Alarm} alarm */
      paragraphs: ({ maps, area, caught, total, wrong, others, said, saidWrong }) => [
        `The sum of the ${counted(maps, 'fish map')} is an alarm: a photo above the line counts as a fish. The line was chosen on one half of the photos and ` +
          `counted on the other: ${caught} of ${total} fish raise the alarm, and so do ${wrong} of ${others} other photos.`,
        `The network’s own answer names ${said} of these ${total} fish, and calls ${saidWrong} of the ${others} others one. The area under the curve is ` +
          `${formatNumber(area)}: 1 would be perfect, 0.5 is chance. Move the line to choose between misses and false alarms.`,
      ],
      /** @param {import('./photos.js').Alarm} alarm */
      conclusion: ({ caught, said, wrong, saidWrong }) =>
        `The maps catch ${caught > said ? 'more fish than' : caught < said ? 'fewer fish than' : 'as many fish as'} the network’s own answer: ${caught} against ${said}, with ` +
        `${counted(wrong, 'false alarm')} against ${saidWrong}.`,
    },
  },

  steps: {
    begin: {
      title: 'A network that looks for knives',
      paragraphs: () => [
        'The article “Decoding the Black Box of CNNs using Feature Map Visualizations” asks five questions of networks that find knives ' +
          'and guns in x-ray pictures of bags. Its pictures and networks are not available, so this is a stand-in: every picture was ' +
          'drawn by a program, and three small networks were trained on such pictures. What the figures show here need not be what the ' +
          'article found.',
        'The pictures lie in six columns: knives, guns and harmless things, as photos (source: the maps are found on these) and as ' +
          'x-rays (target: the maps are tested on these).',
      ],
      conclusion: () => 'Of each picture it is known what is on it, and where. So what is claimed here can be checked.',
    },
    look: {
      title: 'Where does it look?',
      /** @param {number} channels */
      paragraphs: (channels) => [
        `This is a photo of a knife. The layer shown has ${channels} feature maps: small pictures of where the network has found ` +
          'something it knows. The first tile is the map that fires most. Press a tile to see its numbers. Does it fire on the knife, or beside it?',
      ],
      /** @param {number} on the part of the strongest map's activation on the knife @param {number} area of the knife */
      conclusion: (on, area) =>
        `${formatPercent(on)} of what the strongest map does is on the knife, which covers ${formatPercent(area)} of the picture: ` +
        (on > area
          ? `${formatNumber(on / area)} times as much as a map that is equal everywhere.`
          : 'no more than a map that is equal everywhere.'),
    },
    muscles: {
      title: 'Which muscles for which class?',
      /** @param {import('../api/types.js').ClassMaps[]} classMaps */
      paragraphs: (classMaps) => [
        'Now the network has looked at all pictures. A class keeps the maps that come up most often in its photos, without those that do in another class’s: ' +
          `${classMaps.map(({ name, maps, removed }) => `${name} ${maps.length} of ${maps.length + removed.length}`).join(', ')}. ` +
          'The fewer a class keeps, the more its “muscles” are everybody’s.',
      ],
      /** @param {import('../api/types.js').ClassMaps[]} classMaps */
      conclusion: (classMaps) => {
        const kept = classMaps.reduce((sum, { maps }) => sum + maps.length, 0);
        const shared = classMaps.reduce((sum, { removed }) => sum + removed.length, 0);
        return `Of the ${kept + shared} maps that the classes come to, ${kept} are a class’s own; the others serve several.`;
      },
    },
    draw: {
      title: 'Draw me a knife',
      paragraphs: () => [
        'The knife’s first maps draw what makes them fire most, from a small grey picture on. Do you see a knife, or a piece of one, or ' +
          'something else that is only common on knife photos? A small network on drawn pictures has simple tastes; SqueezeNet’s map for a cat’s ' +
          'eye draws eyes. Any map can be drawn in its card.',
      ],
      conclusion: () => 'A drawing shows what a map likes best, and that need not be the thing that it is used for.',
    },
    everywhere: {
      title: 'Does it know a gun when it sees one in a bag?',
      /** @param {(style: 'photo' | 'xray', name: string) => { total: number, as: (other: string) => number }} taken */
      paragraphs: (taken) => {
        const of = (/** @type {'photo' | 'xray'} */ style, /** @type {string} */ name) => {
          const found = taken(style, name);
          return `${found.as(name)} of ${found.total}`;
        };
        const guns = taken('xray', 'gun');
        return [
          `This network was trained on photos of knives and guns alone. Of the photos it gets ${of('photo', 'knife')} knives and ${of('photo', 'gun')} guns right; ` +
            `of the x-rays ${of('xray', 'knife')} knives and ${of('xray', 'gun')} guns, and it calls ${guns.as('knife')} of the guns a knife. Press a number in the ` +
            'table to see its pictures, and choose “Maps of gun” to see whether the gun maps fire on them all the same.',
        ];
      },
      /** @param {Right} photo @param {Right} xray */
      conclusion: (photo, xray) =>
        `On photos it is right ${photo.right} times of ${photo.total}, on x-rays ${xray.right} times of ${xray.total}: ` +
        (xray.right < photo.right
          ? 'it was taught one world, and is asked about another.'
          : 'what it was taught carries over.'),
    },
    unique: {
      title: 'Are the maps unique, and can they catch what the network misses?',
      /** @param {{ title: string, maps: number, areas: (number | null)[] }[]} compared */
      paragraphs: (compared) => [
        'Three networks beside each other: the first; one that also learned harmless things, with photos whose colours were changed at random; and the ' +
          'second one after it was adapted to x-rays without being told what is on them. The sum of the knife maps is taken as an alarm on the x-rays. ' +
          'An area of 1 would be a perfect alarm, 0.5 is chance:',
        `${compared
          .map(
            ({ title, maps, areas: [knife, gun] }) =>
              `${title}: knife ${knife === null ? '–' : formatNumber(knife)} (with ${counted(maps, 'map')}), gun ${gun === null ? '–' : formatNumber(gun)}`,
          )
          .join('; ')}.`,
        'The adapted network’s layers are made for x-rays now, so its photos hardly tell which maps are a class’s own.',
        'Move the red line, and press “random maps” to see what the same figure looks like when there is nothing to find.',
      ],
      /** @param {{ title: string, areas: (number | null)[] }[]} compared */
      conclusion: (compared) => {
        const known = compared.flatMap(({ title, areas: [knife] }) => (knife === null ? [] : [{ title, knife }]));
        const [best] = known.sort((one, other) => other.knife - one.knife);
        if (!best) return null;
        return `For knives the best alarm of these is that of “${best.title}”, with ${formatNumber(best.knife)}: ${best.knife > 0.5 ? 'better than chance (0.5), and not perfect (1).' : 'no better than chance (0.5).'}`;
      },
    },
    riddle: {
      title: 'The riddle: why does it call a ball a knife?',
      /** @param {{ likeliest: { picture: import('../classes/story-pictures.js').Picture, outside: number | null, area: number, knife: number } | null, others: Shares, knives: Shares }} found */
      paragraphs: ({ likeliest, others, knives }) => [
        'The program that drew the pictures knows where the object is. So we can ask which part of the knife maps’ activation lies outside of it, on ' +
          `average: ${percent(others.outside)} where there is no knife (of all maps ${percent(others.all)}), ${percent(knives.outside)} where there is ` +
          `one (of all maps ${percent(knives.all)}).`,
        `An object is small: outside of it lies ${percent(others.area)} of the picture where there is no knife, and ${percent(knives.area)} where there is ` +
          'one. A map that is equal everywhere would have this share, so only a clearly smaller one is that of a map that looks at the object.',
        ...(likeliest
          ? [
              `The picture without a knife that it takes for one with the most confidence (${formatPercent(likeliest.knife)}): ${likeliest.picture.object}, ` +
                `on ${likeliest.picture.behind}. Outside the object lies ${percent(likeliest.outside)} of the activation, and ${percent(likeliest.area)} of the picture. The same object is here on several backgrounds: compare them.`,
            ]
          : []),
      ],
      /** @param {{ others: Shares }} found */
      conclusion: ({ others: { outside, all, area } }) =>
        outside === null || all === null || area === null
          ? null
          : `Where there is no knife, ${percent(1 - outside)} of what the knife maps do is on the object, which covers ${percent(1 - area)}; of all maps it is ${percent(1 - all)}. ` +
            (outside > all
              ? 'They look beside the object more than other maps do: what says “knife” is in part the background.'
              : 'They look at whatever lies there, knife or not.'),
    },
    end: {
      title: 'Now with your own',
      paragraphs: () => [
        'Everything here works with your own model and your own images: drop an ONNX file, and a folder with one folder for each class. ' +
          'Choose any map and ask what it would draw, or what happens without it.',
      ],
      conclusion: () => 'Hold every figure against what it shows when there is nothing to find.',
    },
  },
};

export const text = catalogue('story', english);
