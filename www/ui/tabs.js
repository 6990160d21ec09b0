import { h } from './dom.js';

/**
 * Panels of which one shows, chosen by tabs: arrow keys, Home and End move between them, as is usual for tabs.
 * @param {string} label
 * @param {{ id: string, title: string, element: HTMLElement }[]} panels
 * @param {() => void} onChoose
 */
export function createTabs(label, panels, onChoose) {
  let current = 0;
  const tabs = panels.map(({ id, title }, place) =>
    h(
      'button',
      {
        type: 'button',
        id: `tab-${id}`,
        role: 'tab',
        'aria-controls': `panel-${id}`,
        onclick: () => choose(place),
      },
      title,
    ),
  );
  const list = h('div', { className: 'tabs', role: 'tablist', 'aria-label': label }, ...tabs);
  list.addEventListener('keydown', (event) => {
    const moves = /** @type {Record<string, number>} */ ({
      ArrowRight: current + 1,
      ArrowLeft: current - 1,
      Home: 0,
      End: panels.length - 1,
    });
    const next = moves[event.key];
    if (next === undefined) return;
    event.preventDefault();
    choose((next + panels.length) % panels.length);
    tabs[current].focus();
  });
  for (const { id, element } of panels) {
    element.id = `panel-${id}`;
    element.setAttribute('role', 'tabpanel');
    element.setAttribute('aria-labelledby', `tab-${id}`);
  }

  /** @param {number} place */
  function choose(place) {
    current = place;
    tabs.forEach((tab, other) => {
      tab.setAttribute('aria-selected', String(other === place));
      tab.tabIndex = other === place ? 0 : -1;
      panels[other].element.hidden = other !== place;
    });
    onChoose();
  }

  return {
    element: list,
    choose,
    focus: () => tabs[current].focus({ preventScroll: true }),
    get current() {
      return panels[current].id;
    },
  };
}
