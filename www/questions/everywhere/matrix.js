import { text as more } from '../../api/more-text.js';
import { confusionOf } from '../../classes/head.js';
import { text } from '../../classes/text.js';
import { h } from '../../ui/dom.js';
import { confusionTable } from './confusion-table.js';
import { untiedNote } from './untied-note.js';

/** @typedef {import('./choices.js').Cell} Cell */

/**
 * What the network takes the images of each class for; a cell's images can be asked for.
 * @param {import('../../classes/workbench.js').Workbench} workbench
 * @param {(cell: Cell | null) => void} onChoose
 */
export function createMatrix(workbench, onChoose) {
  const table = h('div');
  const note = h('p', { className: 'note' });

  /**
   * @param {ReturnType<typeof confusionOf>} found
   * @param {import('../../classes/study.js').Study} study
   * @param {Cell | null} cell
   */
  function draw({ names, counts }, study, cell) {
    const untied = workbench.untied(study, names);
    const tied = workbench.outputs(study, names).map((outputs) => outputs.length > 0);
    /** @type {[number, number] | null} */
    const chosen = cell && [names.indexOf(cell.truth), cell.said === null ? names.length : names.indexOf(cell.said)];
    const focused = table.contains(document.activeElement)
      ? /** @type {HTMLElement} */ (document.activeElement).dataset
      : null;
    table.replaceChildren(
      confusionTable({
        counts,
        labels: [...names, text.confusion.other],
        tied,
        rated: untied.length === 0,
        chosen,
        onChoose: (row, place) => {
          const isChosen = chosen?.[0] === row && chosen[1] === place;
          onChoose(isChosen ? null : { truth: names[row], said: names[place] ?? null });
        },
      }),
    );
    // The table is new; the keyboard stays where it was.
    if (focused?.row)
      /** @type {HTMLElement | null} */ (
        table.querySelector(`[data-row="${focused.row}"][data-column="${focused.column}"]`)
      )?.focus();
    const unknown = names.filter((name, place) => !tied[place] && !untied.includes(name));
    note.replaceChildren(
      text.confusion.explain,
      ...(unknown.length > 0 ? [' ', text.confusion.unknown(unknown)] : []),
      ...untiedNote(untied),
    );
  }

  return {
    elements: [table, note],
    /**
     * @param {import('../../classes/workbench.js').StudyResult} result
     * @param {Cell | null} wanted
     * @returns {{ cell: Cell, images: File[] } | null} the cell's images, where it is one of this matrix
     */
    update({ study, control }, wanted) {
      // The head of a study is the same with every control but that of the network.
      table.hidden = note.hidden = control !== null && control !== 'network';
      if (table.hidden) return null;
      if (study.model.scores === null) {
        table.replaceChildren();
        note.textContent = more.noScores(study.model.results);
        return null;
      }
      const found = confusionOf(workbench, study);
      const { names, classes, answer } = found;
      const isThere = wanted && names.includes(wanted.truth) && (wanted.said === null || names.includes(wanted.said));
      const cell = isThere ? wanted : null;
      draw(found, study, cell);
      if (!cell) return null;
      const { images } = classes[names.indexOf(cell.truth)];
      return { cell, images: images.filter((file) => answer(file) === cell.said) };
    },
  };
}
