import { atLinearHead, overlayOptions } from '../page/state.js';
import { text } from '../page/text.js';
import { h, setText } from '../ui/dom.js';
import { createFold } from '../ui/fold.js';
import { createLate } from '../ui/late.js';
import { leaveCard } from './changes.js';
import { createHead } from './head.js';
import { createPart } from './part.js';
import { createPicture } from './picture.js';

/** @typedef {import('../page/state.js').State} State */

/**
 * Everything about one map on the photo.
 * @param {HTMLElement} root
 * @param {import('../page/session/session.js').Session} session
 * @param {{ ask: (view: import('../page/address.js').View) => void }} later
 */
export function createCard(root, session, { ask }) {
  const close = () => leaveCard(session);
  const head = createHead(session, close);
  const picture = createPicture();
  const contribution = h('p');
  const report = (/** @type {unknown} */ error) => session.report(error);
  const loadValues = async () => (await import('./values/part.js')).createValuesPart();
  const values = createFold('unfold', text.card.values, loadValues, report);
  const loadEvidence = async () =>
    (await import('./evidence/evidence.js')).createEvidence(session, () => ask('draw'), picture.element);
  const loadOwners = async () => (await import('./owners.js')).createOwners();
  const owners = createLate('card-classes', loadOwners, report);
  const loadSum = async () => (await import('./sum.js')).createSum();
  const sum = createLate('', loadSum, report);
  const evidence = createLate('evidence-place', loadEvidence, report);
  const parts = createParts(session);
  root.append(
    picture.element,
    head.element,
    h(
      'div',
      { className: 'card-body' },
      picture.caption,
      contribution,
      owners.element,
      evidence.element,
      ...parts.map((part) => part.element),
      sum.element,
      values.element,
    ),
  );
  root.addEventListener('keydown', (event) => {
    if (event.key === 'Escape') close();
  });

  return {
    /** @param {State} state */
    update(state) {
      const { look, openMap, chosen } = state;
      root.hidden = !look || openMap === null;
      root.toggleAttribute('data-asked', state.cardAsked);
      // Also while there is nothing to show: what they show or are at work on may be of a model that is gone.
      for (const part of parts) part.update(state);
      if (!look || openMap === null) return;
      const options = overlayOptions(state);
      head.update(look, openMap, chosen);
      const compared = state.secondLook?.layer === look.layer ? state.secondLook : null;
      root.toggleAttribute('data-compared', compared !== null);
      picture.update(look, openMap, { options, compared, shown: state.pointedMap ?? openMap });
      evidence.update(state, look);
      values.update(state);
      sum.element.hidden = chosen.length < 2;
      sum.update(state, chosen.length > 1 ? chosen : null);
      const sentence = contributionOf(state, openMap);
      setText(contribution, sentence);
      contribution.hidden = !sentence;
      const isOwned =
        state.classMaps.layer === look.layer && state.classMaps.classes.some(({ maps }) => maps.includes(openMap));
      owners.element.hidden = !isOwned;
      owners.update(state, isOwned || null);
    },
  };
}

/** What is loaded when it is unfolded. @param {import('../page/session/session.js').Session} session */
function createParts(session) {
  return [
    createPart(session, 'cam', text.card.cam, async () => (await import('./cam/cam.js')).createCam(session)),
    createPart(session, 'without', text.card.without, async () =>
      (await import('./ablation/ablation.js')).createAblation(session),
    ),
    createPart(session, 'drawing', text.card.drawing, async () =>
      (await import('./drawing/drawing.js')).createDrawing(session),
    ),
  ];
}

/** What the map adds to the score of the class, where that can be told. @param {State} state @param {number} map */
function contributionOf(state, map) {
  const { classIndex, model, contributions } = state;
  if (classIndex === null || !contributions || !atLinearHead(state)) return '';
  return text.card.contribution(contributions[map], model?.labels[classIndex] ?? text.predictions.unnamed(classIndex));
}
