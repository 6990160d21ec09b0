import { h } from '../../ui/dom.js';
import { text } from '../../classes/text.js';

/**
 * Why nothing is counted of the network's answers, and the way to what is missing.
 * @param {string[]} names of the classes that are tied to no output
 * @returns {(string | HTMLElement)[]} nothing where all are tied
 */
export function untiedNote(names) {
  if (names.length === 0) return [];
  return [
    ' ',
    h('strong', {}, text.confusion.untied(names)),
    ' ',
    h('button', { type: 'button', className: 'link', onclick: () => goTo(names[0]) }, text.confusion.tie(names[0])),
  ];
}

/** The field of a class in which its outputs are told. @param {string} name */
function goTo(name) {
  const column = [...document.querySelectorAll('[data-testid=column]')].find(
    (one) => one instanceof HTMLElement && one.dataset.name === name,
  );
  const field = column?.querySelector('.ties input');
  if (!(field instanceof HTMLElement)) return;
  const fold = column?.closest('details');
  if (fold) fold.open = true;
  field.scrollIntoView({ block: 'center' });
  field.focus({ preventScroll: true });
}
