import { bundledFile } from './files.js';
import { fromBase64 } from './link.js';
import { text } from './record-text.js';

/**
 * What a link alone says, in the form of a record: the claim, and the picture where the link or this site has it. Nothing is
 * loaded from other hosts.
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
  const size = picture ? await sizeOf(picture.file) : null;
  /** @type {import('./record.js').Figure[]} */
  const figures = [
    ...(picture && size
      ? [
          /** @type {const} */ ({
            kind: 'picture',
            title: text.embed.photo,
            caption: '',
            path,
            alt: picture.name,
            ...size,
          }),
        ]
      : []),
    { kind: 'predictions', title: text.figures.predictions, caption: '', predictions: claim.predictions },
  ];
  return {
    finding,
    record: {
      version: 1,
      model: {
        title: model.kind === 'address' ? model.address : model.name,
        bytes: model.kind === 'file' ? model.bytes : 0,
        path: null,
        parts: [],
      },
      layer: { id: layer ?? '', channels: 0, height: 1, width: 1 },
      engine: '',
      means: [],
      predictions: [],
      pictures: picture ? [{ image: finding.photo ?? 0, path, name: picture.name, alt: '', credit: '' }] : [],
      figures,
    },
    card: {},
    files,
  };
}

/**
 * @param {import('./finding.js').ImageReference} image
 * @returns {Promise<{ name: string, file: Blob } | null>}
 */
async function fileOf(image) {
  if (image.kind === 'bundled') return { name: image.name, file: await bundledFile(image.name) };
  if (image.kind === 'inline')
    return {
      name: image.name,
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
