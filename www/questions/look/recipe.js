import { text as common } from '../../page/text.js';
import { text } from './text.js';
import { h, select, setOptions, setText, unfold, whenChanged } from '../../ui/dom.js';
import { paint } from '../../ui/overlay-canvas.js';

/**
 * How the photo becomes the input: the recipe in use, the runner-up, and the input as a picture.
 * @param {HTMLElement} root
 * @param {import('../../page/session/session.js').Session} session
 */
export function createRecipe(root, session) {
  const picture = h('canvas', { className: 'seen', width: 1, height: 1, role: 'img', 'aria-label': common.photo.seen });
  const choice = select(text.recipe.inUse, [], (place) => session.chooseRecipe(Number(place)));
  const origin = h('p', { className: 'note' });
  const formula = h('p', { className: 'note numbers' });
  const runnerUp = h('button', { type: 'button', className: 'small', onclick: () => session.chooseRecipe(1) });
  const change = h(
    'button',
    { type: 'button', className: 'small', onclick: () => session.openSheet() },
    text.recipe.change,
  );
  root.append(
    h('h2', { id: 'recipe-heading' }, text.recipe.heading),
    h(
      'div',
      { className: 'recipe' },
      h('figure', {}, picture, h('figcaption', { className: 'note' }, common.photo.seen)),
      h('div', {}, choice.field, formula, origin, h('p', { className: 'buttons' }, change, runnerUp)),
    ),
    unfold(common.whatAmISeeing, h('p', {}, text.recipe.explain)),
  );
  const draw = whenChanged((/** @type {import('../../page/state.js').LookView | null} */ look) => {
    if (look) paint(picture, look.seen());
  });

  return {
    /** @param {import('../../page/state.js').State} state */
    update({ model, look, article }) {
      draw(look);
      const recipes = model?.recipes ?? [];
      const place = recipes.findIndex(({ recipe }) => JSON.stringify(recipe) === JSON.stringify(model?.recipe));
      /** @type {[string, string][]} */
      const options = recipes.map(({ name, score }, i) => [String(i), text.recipe.name(name, score)]);
      const isByHand = model !== null && place < 0;
      setOptions(choice.element, isByHand ? [...options, ['-1', text.recipe.byHand]] : options);
      choice.element.value = String(place);
      choice.field.hidden = recipes.length < (isByHand ? 1 : 2);
      choice.element.disabled = article;
      const scored = !model?.recipeIsKnown && recipes.some(({ score }) => score);
      setText(formula, model ? text.recipe.formula(article ? model.article.recipe : model.recipe) : '');
      change.hidden = !model;
      const known = isByHand
        ? text.recipe.said
        : model?.recipeIsKnown
          ? place === 0
            ? model.told.recipeFrom
              ? text.recipe.found(model.told.recipeFrom)
              : text.recipe.given
            : text.recipe.notGiven
          : model?.ownRecipe && place === 0
            ? text.recipe.own
            : text.recipe.guessed[scored ? 'tried' : 'usual'];
      setText(origin, article ? text.recipe.article : model ? known : '');
      runnerUp.hidden = article || !scored || place !== 0;
      setText(runnerUp, scored && recipes[1] ? text.recipe.runnerUp(recipes[1].name) : '');
    },
  };
}
