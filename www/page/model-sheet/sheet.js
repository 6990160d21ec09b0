import { createByHand } from './by-hand.js';
import { createAsker, readSheet, saveCard, seenKey, takeGuess, use } from './changes.js';
import { createNames } from './names.js';
import { createSeen } from './seen.js';
import { takesOf } from './takes.js';
import { createWays } from './ways.js';
import { text } from './text.js';
import { closeSheet } from '../changes.js';
import { text as common } from '../text.js';
import { h, setText } from '../../ui/dom.js';
import { loadStyle } from '../../ui/load-style.js';

/**
 * The sheet on which a visitor sees how a model of their own is read, and says how it should be.
 * @param {import('../session/session.js').Session} session
 */
export async function createSheet(session) {
  await Promise.all(['../../ui/dialog.css', 'sheet.css'].map((sheet) => loadStyle(sheet, import.meta.url)));
  const asker = createAsker(session);
  const heading = h('h2', { id: 'sheet-heading' });
  const lines = h('div', { className: 'sheet-guess' });
  const [seen, ways, names, hand] = [createSeen(), createWays(session), createNames(session), createByHand(session)];
  const buttons = createButtons(session, asker);
  const close = h(
    'button',
    { type: 'button', className: 'close', 'aria-label': common.close, onclick: () => closeSheet(session) },
    '×',
  );
  const form = h(
    'form',
    {
      noValidate: true,
      onsubmit: async (/** @type {Event} */ event) => {
        event.preventDefault();
        if (await use(session, asker)) return;
        const wrong = dialog.querySelector('[aria-invalid="true"]');
        // What is wrong may be folded away.
        const fold = wrong?.closest('details');
        if (fold) fold.open = true;
        if (wrong instanceof HTMLElement) wrong.focus();
      },
    },
    h('div', { className: 'sheet-columns' }, seen.element, ways.element),
    names.element,
    hand.output,
    hand.element,
    buttons.element,
  );
  const dialog = h(
    'dialog',
    { className: 'bring model-sheet', 'aria-labelledby': 'sheet-heading', onclose: () => closeSheet(session) },
    h('div', { className: 'card-head' }, heading, close),
    lines,
    form,
  );
  document.body.append(dialog);

  return {
    /** @param {import('../state.js').State} state */
    update(state) {
      const { sheet, model } = state;
      if (!sheet || !model) {
        asker.stop();
        if (dialog.open) dialog.close();
        return;
      }
      setText(heading, text.heading(model.title || common.model.yours));
      const sentences = sentencesOf(model, state.look);
      if (lines.textContent !== sentences.join(''))
        lines.replaceChildren(...sentences.map((sentence) => h('p', {}, sentence)));
      for (const part of [seen, ways, names, hand, buttons]) part.update(state);
      if (!dialog.open) {
        dialog.showModal();
        // What was dropped and does not fit is put right there.
        if (sheet.typed.names !== undefined) names.focus();
      }
      if (seenKey(state) !== sheet.seen?.key) asker.ask(sheet.seen ? undefined : 0);
    },
  };
}

/**
 * What is known and what was guessed, a sentence each.
 * @param {import('../state.js').OpenModel} model
 * @param {import('../state.js').LookView | null} look
 */
function sentencesOf(model, look) {
  const { recipes, recipe, statedOutput, told } = model;
  const same = recipes.find((one) => JSON.stringify(one.recipe) === JSON.stringify(recipe));
  const name = same ? (text.wayNames[same.name] ?? same.name) : '';
  const scored = recipes.some(({ score }) => score);
  // Where a graph ends in probabilities nobody has to say so.
  const isClear = look !== null && look.doubt === false && (look.silence ?? null) === null;
  const output = statedOutput ?? (isClear ? (look.output ?? null) : null);
  return [
    guessOf(model, name, scored),
    namesOf(model),
    output ? text.outputIs.known(output) : text.outputIs.unknown,
    ...takesOf(model.takes),
    ...(told.unfit ? [text.namesAre.unfit(...told.unfit, model.classes)] : []),
    ...told.unread.map((file) => text.unread(file)),
  ];
}

/** @param {import('../state.js').OpenModel} model */
function namesOf({ labels, labelsAreGuessed, told }) {
  if (labels.length === 0) return text.namesAre.none;
  if (labelsAreGuessed) return text.namesAre.guessed;
  return told.labelsFrom ? text.namesAre.from(told.labelsFrom) : text.namesAre.given;
}

/**
 * @param {import('../state.js').OpenModel} model
 * @param {string} name of the recipe in use, where it has one
 * @param {boolean} scored the recipes were tried on photos
 */
function guessOf({ isSaid, recipeIsKnown, ownRecipe, told }, name, scored) {
  if (isSaid) return name ? text.guess.chosen(name) : text.guess.said;
  if (told.recipeFrom) return told.notTwice ? text.guess.notTwice(told.recipeFrom) : text.guess.from(told.recipeFrom);
  if (recipeIsKnown) return text.guess.card;
  if (ownRecipe) return text.guess.own;
  return scored ? text.guess.tried(name) : text.guess.usual(name);
}

/**
 * @param {import('../session/session.js').Session} session
 * @param {ReturnType<typeof createAsker>} asker
 */
function createButtons(session, asker) {
  const save = h('button', { type: 'button', onclick: () => saveCard(session) }, text.save);
  const back = h(
    'button',
    { type: 'button', className: 'link', onclick: () => void takeGuess(session).finally(() => asker.ask(0)) },
    text.back,
  );
  const note = h('p', { className: 'note', role: 'status' });
  return {
    element: h(
      'div',
      { className: 'sheet-end' },
      h('div', { className: 'buttons' }, h('button', { type: 'submit', className: 'primary' }, text.use), save, back),
      note,
    ),
    /** @param {import('../state.js').State} state */
    update(state) {
      const said = readSheet(state);
      save.disabled = !said?.recipe || said.names === null || said.bands === null;
      setText(note, state.sheet?.note ?? '');
    },
  };
}
