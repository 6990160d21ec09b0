import { mapCount, shownMaps } from '../../page/state.js';
import { h } from '../../ui/dom.js';
import { text } from '../../classes/text.js';

/**
 * At which ranks the framed maps of a class stand in the grid: "knife: maps at ranks 4 and 9 of 60", each rank a way to its tile.
 */
export function createFramedRanks() {
  const element = h('p', { className: 'framed-ranks note', hidden: true, 'data-testid': 'framed-ranks' });
  let drawn = '';
  return {
    element,
    /** @param {import('../../page/state.js').State} state */
    update(state) {
      const {
        framed: { label, layer, maps },
        look,
      } = state;
      const framed =
        layer === look?.layer
          ? shownMaps(state)
              .filter(({ map }) => maps.includes(map))
              .sort((one, other) => one.rank - other.rank)
          : [];
      const count = mapCount(state);
      const key = JSON.stringify([label, count, framed.map(({ map, rank }) => [map, rank])]);
      if (key === drawn) return;
      drawn = key;
      element.hidden = framed.length === 0;
      const [before, after] = text.own.inGrid(label, count);
      element.replaceChildren(
        before,
        ...framed.map(({ map, rank }) =>
          h(
            'button',
            {
              type: 'button',
              className: 'small numbers',
              'aria-label': text.own.goToRank(rank, map),
              onclick: () => goTo(map),
            },
            String(rank),
          ),
        ),
        after,
      );
    },
  };
}

/** @param {number} map */
function goTo(map) {
  /** @type {HTMLElement | null} */ (
    document.querySelector(`.grid [data-testid=map-tile][data-map="${map}"]`)
  )?.focus();
}
