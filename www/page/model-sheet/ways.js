import { takeRecipe } from './changes.js';
import { fieldsOf, isSameRecipe, read } from './fields.js';
import { text } from './text.js';
import { h, setText } from '../../ui/dom.js';

/** So many photos were the usual recipes tried on. */
const TRIED = 4;

/**
 * The usual ways to read a photo, each one click.
 * @param {import('../session/session.js').Session} session
 */
export function createWays(session) {
  const list = h('div', { className: 'sheet-ways', role: 'group', 'aria-labelledby': 'sheet-ways' });
  /** @type {import('../../api/types.js').NamedRecipe[]} */
  let shown = [];
  return {
    element: h('div', {}, h('h3', { id: 'sheet-ways' }, text.ways), list),
    /** @param {import('../state.js').State} state */
    update({ sheet, model }) {
      if (!sheet || !model) return;
      if (shown !== model.recipes) {
        shown = model.recipes;
        const tried = shown.some(({ score }) => score);
        list.replaceChildren(...shown.map((one) => createWay(one, tried, () => takeRecipe(session, one.recipe))));
      }
      const { recipe } = read(fieldsOf(model, sheet.typed), model);
      shown.forEach((one, place) => {
        const isIt = recipe !== null && isSameRecipe(one.recipe, recipe);
        list.children[place].setAttribute('aria-pressed', String(isIt));
      });
    },
  };
}

/**
 * @param {import('../../api/types.js').NamedRecipe} named
 * @param {boolean} tried on photos
 * @param {() => void} onclick
 */
function createWay({ name, score = 0 }, tried, onclick) {
  const about = h('span', { className: 'note' });
  setText(about, tried && name !== 'card' ? text.tried(score / TRIED) : (text.about[name] ?? ''));
  return h(
    'button',
    { type: 'button', className: 'sheet-way', onclick },
    h('span', {}, text.wayNames[name] ?? name),
    about,
  );
}
