import { h, setText, unfold } from '../../../ui/dom.js';
import { loadStyle } from '../../../ui/load-style.js';
import { text as page } from '../../../page/text.js';
import { createBoxes } from './boxes.js';
import { createMask } from './mask.js';
import { createNearest } from './nearest.js';
import { createPicture } from './picture.js';
import { text } from './text.js';

/** @type {Record<string, string>} */
const explanations = { boxes: text.explainBoxes, mask: text.explainMask, embedding: text.explainEmbedding };

/**
 * What a network gives instead of predictions, in words and lists.
 * @param {import('../../../page/session/session.js').Session} session
 * @param {HTMLElement} heading that says what it is
 */
export async function createPanel(session, heading) {
  await loadStyle('gives.css', import.meta.url);
  const broken = h('p', { className: 'note', role: 'status' }, text.notFinite);
  const parts = [createBoxes(session), createMask(session), createNearest(session), createPicture()];
  const explanation = h('p');
  const reason = h('p');
  const shapes = h('p', {}, text.explainShapes);
  const nameless = h('p', {}, text.nameless);
  const more = unfold(page.whatAmISeeing, explanation, shapes, nameless, h('h3', {}, text.how), reason);
  const element = h(
    'div',
    { className: 'gives', 'data-testid': 'gives' },
    broken,
    ...parts.map((part) => part.element),
    more,
  );
  return {
    element,
    /** @param {import('../../../page/state.js').State} state */
    update(state) {
      const { look, model } = state;
      for (const part of parts) part.update(state);
      setText(heading, text.headings[model?.gives.kind ?? ''] ?? page.predictions.heading);
      const found = look?.boxes ?? look?.mask ?? look?.embedding ?? look?.picture;
      broken.hidden = !look || Boolean(found) || Boolean(look.missing);
      more.hidden = !found;
      setText(explanation, explanations[model?.gives.kind ?? ''] ?? '');
      shapes.hidden = !look?.boxes?.some(({ mask }) => mask);
      nameless.hidden =
        !(look?.boxes ?? look?.mask) || (model?.gives.names.length ?? 0) > 0 || Boolean(look?.mask?.isBinary);
      setText(reason, model ? text.reasons[model.gives.reason] : '');
    },
  };
}
