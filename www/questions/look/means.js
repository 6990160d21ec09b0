import { halfCount } from '../../page/facts.js';
import { mapCount } from '../../page/state.js';
import { text as common } from '../../page/text.js';
import { text } from './text.js';
import { h, setText, unfold, whenChanged } from '../../ui/dom.js';

/**
 * The line of all means, from the strongest map to the weakest. The chart library is loaded when the
 * figure comes into sight.
 * @param {import('../../page/session/session.js').Session} session
 */
export function createMeans(session) {
  const plot = h('div', { className: 'plot' });
  const caption = h('figcaption');
  const element = h(
    'section',
    { className: 'figure' },
    h('h3', {}, text.means.heading),
    h('figure', {}, plot, caption),
    unfold(common.whatAmISeeing, h('p', {}, text.means.explain)),
  );
  /** @type {import('../../page/state.js').State | null} */
  let state = null;
  let visible = false;
  new IntersectionObserver(
    (entries) => {
      visible = entries.some((entry) => entry.isIntersecting);
      redraw();
    },
    { rootMargin: '100px' },
  ).observe(plot);

  const draw = whenChanged(
    async (
      /** @type {import('../../page/state.js').LookView} */ look,
      /** @type {number | null} */ openMap,
      /** @type {number} */ shown,
      /** @type {number} */ width,
    ) => {
      if (!plot.hasChildNodes()) plot.append(h('p', { className: 'note' }, text.means.loading));
      // Ranks are those of the tiles: dead maps have none and come last.
      const ranking = Array.from(look.means, (mean, map) => ({ map, mean }))
        .sort((a, b) => look.dead[a.map] - look.dead[b.map] || b.mean - a.mean || a.map - b.map)
        .map((entry, i) => ({ ...entry, rank: look.dead[entry.map] ? null : i + 1 }));
      try {
        const { drawMeans } = await import('../../ui/charts.js');
        const chart = await drawMeans({
          ranking,
          openMap,
          shown,
          width,
          label: caption.textContent ?? '',
          onChoose: (map) => session.openMap(map),
        });
        if (state?.look === look && state.openMap === openMap) plot.replaceChildren(chart);
      } catch {
        plot.replaceChildren(h('p', { className: 'note' }, text.means.failed));
      }
    },
  );

  function redraw() {
    if (!visible || !state?.look) return;
    draw(state.look, state.openMap, Math.min(mapCount(state), state.look.live), Math.round(plot.clientWidth));
  }

  return {
    element,
    /** @param {import('../../page/state.js').State} next */
    update(next) {
      state = next;
      element.hidden = !next.look;
      if (!next.look) return;
      const first = next.look.top(1)[0];
      setText(caption, text.means.caption(next.look.channels, first?.mean ?? 0, halfCount(next.look)));
      redraw();
    },
  };
}
