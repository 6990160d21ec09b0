import { h } from './dom.js';

/**
 * Panels of which one shows, chosen by tabs: arrow keys, Home and End move between them, as is usual for tabs.
 * @param {string} label
 * @param {{ id: string, title: string, element: HTMLElement }[]} panels
 * @param {(id: string) => void} onChoose
 */
export function createTabs(label, panels, onChoose) {
  let current = 0;
  const tabs = panels.map(({ id, title }) =>
    h(
      'button',
      {
        type: 'button',
        id: `tab-${id}`,
        role: 'tab',
        'aria-controls': `panel-${id}`,
        onclick: () => onChoose(id),
      },
      title,
    ),
  );
  const element = h('div', { className: 'tabs', role: 'tablist', 'aria-label': label }, ...tabs);
  element.addEventListener('keydown', (event) => {
    const moves = /** @type {Record<string, number>} */ ({
      ArrowRight: current + 1,
      ArrowLeft: current - 1,
      Home: 0,
      End: panels.length - 1,
    });
    const next = moves[event.key];
    if (next === undefined) return;
    event.preventDefault();
    const place = (next + panels.length) % panels.length;
    onChoose(panels[place].id);
    tabs[place].focus();
  });
  for (const { id, element: panel } of panels) {
    panel.id = `panel-${id}`;
    panel.setAttribute('role', 'tabpanel');
    panel.setAttribute('aria-labelledby', `tab-${id}`);
  }
  return {
    element,
    /** Shows a panel. @param {string} id */
    show(id) {
      current = Math.max(
        0,
        panels.findIndex((panel) => panel.id === id),
      );
      tabs.forEach((tab, place) => {
        tab.setAttribute('aria-selected', String(place === current));
        tab.tabIndex = place === current ? 0 : -1;
        panels[place].element.hidden = place !== current;
      });
    },
    focus: () => tabs[current].focus({ preventScroll: true }),
  };
}
