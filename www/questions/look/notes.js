import { text as common } from '../../page/text.js';
import { text } from './text.js';
import { formatPercent } from '../../api/numbers.js';
import { h, setText } from '../../ui/dom.js';
import { loadStyle } from '../../ui/load-style.js';

/**
 * What a visitor has to know to read what they see: that it was guessed how their model is read, and what the article's way does to the answer.
 * @param {import('../../page/session/session.js').Session} session
 */
export async function createNotes(session) {
  await loadStyle('parts.css', import.meta.url);
  const guessed = h('span');
  const check = h('button', { type: 'button', className: 'small', onclick: () => session.openSheet() });
  const own = h('p', { className: 'look-note', 'data-testid': 'check-line' }, guessed, ' ', check);
  const article = h('p', { className: 'look-note', 'data-testid': 'article-line' });
  return {
    element: h('div', {}, own, article),
    /** @param {import('../../page/state.js').State} state */
    update(state) {
      const { model } = state;
      const way = model ? wayOf(model) : null;
      const isNameless = model !== null && !model.offered && model.classes > 1 && model.labels.length === 0;
      own.hidden = way === null && !isNameless;
      const { check: words } = text;
      setText(guessed, [way ? words.guessed(way) : '', isNameless ? words.nameless : ''].filter(Boolean).join(' '));
      setText(check, way ? words.check : words.name);
      article.hidden = !state.article;
      setText(article, state.article ? articleOf(state) : '');
    },
  };
}

/** How a model of the visitor's own is read, where that is a guess that nobody has confirmed. @param {import('../../page/state.js').OpenModel} model */
function wayOf({ offered, recipeIsKnown, ownRecipe, isSaid, recipes, recipe }) {
  if (offered || recipeIsKnown || ownRecipe || isSaid) return null;
  const same = recipes.find((one) => JSON.stringify(one.recipe) === JSON.stringify(recipe));
  return same ? text.recipe.name(same.name) : null;
}

/** @param {import('../../page/state.js').State} state */
function articleOf({ model, look, besideArticle }) {
  if (!model) return '';
  const { article, recipe } = model;
  const numbers = ({ scale = 1, mean = [0], std = [1] }) =>
    JSON.stringify([scale, [...new Set(mean)], [...new Set(std)]]);
  const why = numbers(article.recipe) === numbers(recipe) ? text.article.same : text.article.why;
  const before = besideArticle?.look === look ? besideArticle?.before[0] : undefined;
  const [says] = look?.predictions ?? [];
  const after = look?.predictions.find(({ index }) => index === before?.index);
  if (!before || !after || !says) return why;
  const named = (/** @type {number} */ index) => model.labels[index] || common.predictions.unnamed(index);
  const change = text.article.change(
    named(before.index),
    formatPercent(before.probability),
    formatPercent(after.probability),
  );
  const instead = text.article.instead(named(says.index), formatPercent(says.probability));
  return [why, change, ...(says.index === before.index ? [] : [instead])].join(' ');
}
