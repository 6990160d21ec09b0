import { h, setText } from '../../ui/dom.js';
import { text } from './text.js';

/** What the grid of maps shows. */
export function explainGrid() {
  return { element: h('p', {}, text.grid.explain), update() {} };
}

/** What the network's answer is, and why no map has a share in it where that is so. */
export function explainAnswer() {
  const explanation = h('p');
  const whyNot = h('p');
  return {
    element: h('div', {}, explanation, whyNot),
    /** @param {import('../../page/state.js').State} state */
    update({ model, look }) {
      const { explain, sigmoid, whyNotModel } = text.predictions;
      setText(explanation, (look?.output ?? model?.output) === 'sigmoid' ? sigmoid : explain);
      setText(whyNot, model && !model.linearHead ? whyNotModel(model.noLinearHead ?? null) : '');
    },
  };
}
