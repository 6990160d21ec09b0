import { pictureFile } from '../files/picture-file.js';
import { bundledCredit, bundledFile, bundledModel } from './files.js';
import { largeMapPath, largeMapTexts } from './figure-parts.js';
import { fromBase64 } from './link.js';
import { text } from './record-text.js';
import { seenPicture } from './seen-picture.js';
import { stillPictures } from './stills.js';

/** Pixels of the longer side of a map's tile, and of one map by itself. */
const TILE = 224;
const LARGE = 448;

/**
 * What a link alone says, in the form of a record: the claim, the maps where it holds their stills, and the picture where the link
 * or this site has it. Nothing is loaded from other hosts.
 * @param {import('./finding.js').Finding} finding
 * @returns {Promise<import('./record.js').Recorded>}
 */
export async function recordOfLink(finding) {
  /** @type {Map<string, Blob>} */
  const files = new Map();
  const image = finding.photo === null ? null : finding.images[finding.photo];
  const picture = image && (await fileOf(image));
  const path = 'pictures/1';
  if (picture) files.set(path, picture.file);
  const { claim, layer, model } = finding;
  const known = model.kind === 'bundled' ? await bundledModel(model.name) : null;
  /** @type {import('./record.js').Figure[]} */
  const figures = [
    ...(picture ? await photoFigure(picture, path, finding.stills, files) : []),
    ...(await mapFigures(finding, picture?.file ?? null, files)),
    { kind: 'predictions', title: text.figures.predictions, caption: '', predictions: claim.predictions },
  ];
  return {
    finding,
    record: {
      version: 1,
      model: {
        title: model.kind === 'address' ? model.address : (known?.title ?? model.name),
        bytes: model.kind === 'file' ? model.bytes : (known?.bytes ?? 0),
        path: null,
        parts: [],
      },
      layer: { id: layer ?? '', channels: 0, height: 1, width: 1 },
      engine: '',
      means: [],
      predictions: [],
      pictures: picture
        ? [{ image: finding.photo ?? 0, path, name: picture.name, alt: '', credit: picture.credit }]
        : [],
      figures,
    },
    card: {},
    files,
  };
}

/**
 * The photo, and as the network saw it where that is known, so that the maps beside it lie on the same.
 * @param {{ name: string, file: Blob }} picture
 * @param {string} path of the photo itself
 * @param {import('./finding.js').Stills | undefined} seen
 * @param {Map<string, Blob>} files to which its picture comes
 * @returns {Promise<import('./record.js').Figure[]>} none where it cannot be decoded
 */
async function photoFigure({ name, file }, path, seen, files) {
  const pixels = seen ? await seenPicture(file, seen, LARGE) : null;
  if (pixels) {
    const { width, height } = pixels;
    files.set('figures/seen.png', await pictureFile(pixels));
    const texts = {
      title: text.figures.seen,
      caption: text.figures.seenCaption(name),
      alt: text.figures.seenAlt(name),
    };
    return [{ kind: 'picture', ...texts, path: 'figures/seen.png', width, height }];
  }
  const size = await sizeOf(file);
  return size ? [{ kind: 'picture', title: text.embed.photo, caption: '', path, alt: name, ...size }] : [];
}

/**
 * The maps of which the link holds stills: one of them large, and all.
 * @param {import('./finding.js').Finding} finding
 * @param {Blob | null} photo
 * @param {Map<string, Blob>} files to which their pictures come
 * @returns {Promise<import('./record.js').Figure[]>}
 */
async function mapFigures({ stills, claim, layer, view }, photo, files) {
  if (!stills) return [];
  const means = new Map(claim.maps.map(({ map, mean }) => [map, mean]));
  const [first] = stills.maps;
  const chosen = stills.maps.find(({ map }) => map === view.openMap) ?? first;
  const [large] = await stillPictures({ ...stills, maps: [chosen] }, photo, LARGE);
  const largePath = largeMapPath(chosen.map, 'png');
  files.set(largePath, large.file);
  const tiles = (await stillPictures(stills, photo, TILE)).map(({ map, file }, place) => {
    const path = `overlays/${place + 1}-map-${map}.png`;
    files.set(path, file);
    return { path, map, mean: means.get(map) ?? 0, rank: place + 1 };
  });
  const scale = LARGE / Math.max(stills.width, stills.height);
  return [
    {
      kind: 'picture',
      ...largeMapTexts(chosen.map, means.get(chosen.map) ?? 0),
      path: largePath,
      width: Math.max(1, Math.round(stills.width * scale)),
      height: Math.max(1, Math.round(stills.height * scale)),
    },
    {
      kind: 'maps',
      title: text.figures.maps,
      caption: text.figures.mapsCaption(tiles.length, layer ?? ''),
      size: TILE,
      tiles,
    },
  ];
}

/**
 * @param {import('./finding.js').ImageReference} image
 * @returns {Promise<{ name: string, file: Blob, credit: string } | null>}
 */
async function fileOf(image) {
  if (image.kind === 'bundled')
    return { name: image.name, file: await bundledFile(image.name), credit: await bundledCredit(image.name) };
  if (image.kind === 'inline')
    return {
      name: image.name,
      credit: '',
      file: new Blob([/** @type {Uint8Array<ArrayBuffer>} */ (fromBase64(image.data))], { type: image.type }),
    };
  return null;
}

/** @param {Blob} file */
async function sizeOf(file) {
  try {
    const { width, height } = await createImageBitmap(file);
    return { width, height };
  } catch {
    return null;
  }
}
