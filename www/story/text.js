import { catalogue } from '../api/language.js';
import { counted, formatNumber, formatPercent } from '../api/numbers.js';

/** @param {number | null} part */
const percent = (part) => (part === null ? 'nothing' : formatPercent(part));

/** Parts that lie outside the object: of the knife maps' activation, of all maps', and of the picture.
 * @typedef {{ outside: number | null, all: number | null, area: number | null }} Shares */

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
  working: 'The networks are looking…',
  riddleGallery: 'Pictures of the riddle with the knife maps laid over them',
  /** @param {number | null} outside @param {number} area @param {number} knife */
  riddleNote: (outside, area, knife) =>
    `knife ${formatPercent(knife)}; outside ${percent(outside)} (area ${formatPercent(area)})`,

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
    },
    look: {
      title: 'Where does it look?',
      /** @param {number} channels */
      paragraphs: (channels) => [
        `This is a photo of a knife. The layer shown has ${channels} feature maps: small pictures of where the network has found ` +
          'something it knows. The first tile is the map that fires most. Press a tile to see its numbers. Does it fire on the knife, or beside it?',
      ],
    },
    muscles: {
      title: 'Which muscles for which class?',
      /** @param {import('../api/types.js').ClassMaps[]} classMaps */
      paragraphs: (classMaps) => [
        'Now the network has looked at all pictures. A class keeps the maps that come up most often in its photos, without those that do in another class’s: ' +
          `${classMaps.map(({ name, maps, removed }) => `${name} ${maps.length} of ${maps.length + removed.length}`).join(', ')}. ` +
          'The fewer a class keeps, the more its “muscles” are everybody’s.',
      ],
    },
    draw: {
      title: 'Draw me a knife',
      paragraphs: () => [
        'The knife’s first maps draw what makes them fire most, from a small grey picture on. Do you see a knife, or a piece of one, or ' +
          'something else that is only common on knife photos? A small network on drawn pictures has simple tastes; SqueezeNet’s map for a cat’s ' +
          'eye draws eyes. Any map can be drawn in its card.',
      ],
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
    },
    end: {
      title: 'Now with your own',
      paragraphs: () => [
        'Everything here works with your own model and your own images: drop an ONNX file, and a folder with one folder for each class. ' +
          'Choose any map and ask what it would draw, or what happens without it.',
      ],
    },
  },
};

export const text = catalogue('story', english);
