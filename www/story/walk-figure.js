import { h } from '../ui/dom.js';
import { text } from './text.js';

/**
 * A step's own figure, in the place of the page: until the visitor goes to another view or opens a tile, which the page shows. It can be brought
 * back.
 */
export function createWalkFigure() {
  const element = h('div', { className: 'walk-figure', hidden: true });
  const again = h(
    'button',
    { type: 'button', className: 'small', hidden: true, onclick: () => show(true) },
    text.again,
  );

  /** @param {boolean} shown */
  function show(shown) {
    element.hidden = !shown;
    again.hidden = shown || element.children.length === 0;
    over = document.body.dataset.question;
    if (shown) scrollTo(0, 0);
  }

  element.addEventListener('click', ({ target }) => {
    if (target instanceof Element && target.closest('button.tile')) show(false);
  });
  /** The view that the figure lies over. @type {string | undefined} */
  let over;
  // Where another view comes to the front by the visitor's wish, it is to be seen.
  const views = new MutationObserver(() => {
    if (!element.hidden && document.body.dataset.question !== over) show(false);
  });

  return {
    element,
    again,
    /** @param {HTMLElement | undefined} figure of a step; none where it has none */
    set(figure) {
      views.disconnect();
      element.replaceChildren(...(figure ? [figure] : []));
      show(Boolean(figure));
    },
    /** The page has been brought where the step wants it. */
    settled() {
      over = document.body.dataset.question;
      views.observe(document.body, { attributeFilter: ['data-question'] });
    },
    dispose: () => views.disconnect(),
  };
}
