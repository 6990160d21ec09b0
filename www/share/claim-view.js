import { h } from '../ui/dom.js';
import { captionOf } from './caption.js';
import { text } from './text.js';

/** @typedef {import('./finding.js').Finding} Finding */

/**
 * What a finding says, as it was written down: for readers who cannot compute it, and until it is computed.
 * @param {Finding} finding
 */
export function claimView(finding) {
  const {
    model,
    models = [],
    layer,
    images,
    photo,
    claim: { made },
  } = finding;
  return h(
    'div',
    { className: 'claim' },
    h('p', { className: 'lead' }, captionOf(finding)),
    h(
      'p',
      { className: 'note' },
      text.open.made({ model: named(model), layer, photo: photo === null ? null : named(images[photo]), date: made }),
      models.length > 0 ? ` ${text.open.beside(models.map(named))}` : '',
    ),
    claimNumbers(finding),
  );
}

/**
 * The claim's numbers, folded.
 * @param {Finding} finding
 */
export function claimNumbers({ claim: { maps, predictions, classes } }) {
  /** @param {string} title @param {string[]} lines @param {string} id */
  const part = (title, lines, id) =>
    h(
      'div',
      {},
      h('h3', {}, title),
      h('ol', { className: 'claim-list numbers', 'data-testid': id }, ...lines.map((line) => h('li', {}, line))),
    );
  return h(
    'details',
    { className: 'unfold', 'data-testid': 'claim-numbers' },
    h('summary', {}, text.open.claim),
    h(
      'div',
      { className: 'claim-parts' },
      part(
        text.open.maps,
        maps.map(({ map, mean }) => text.open.map(map, mean)),
        'claim-maps',
      ),
      part(
        text.open.predictions,
        predictions.map(({ label, probability }) => text.open.prediction(label, probability)),
        'claim-predictions',
      ),
      ...classes.map(({ name, maps: own, counts }) =>
        part(
          text.open.class(name, own.length),
          own.map((map, place) => text.open.classMap(map, counts[place])),
          'claim-class',
        ),
      ),
    ),
  );
}

/** @param {Finding['model'] | Finding['images'][number]} reference */
function named(reference) {
  return reference.kind === 'address' ? reference.address : reference.name;
}
