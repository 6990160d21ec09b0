import { formatPercent } from '../../api/numbers.js';
import { text as common } from '../../page/text.js';
import { text } from './text.js';
import { h, setText } from '../../ui/dom.js';

/**
 * @typedef {import('../../api/types.js').Ablation} Ablation
 * @typedef {import('../../page/state.js').State} State
 */

/** Classes in the table: those that the photo is most probably of, before and after. */
const CLASSES = 4;

/**
 * What the predictions become when maps are switched off.
 * @param {import('../../page/engine/session.js').Session} session
 */
export function createAblation(session) {
  const to = h(
    'select',
    { id: 'ablate-to' },
    h('option', { value: 'zero' }, text.zero),
    h('option', { value: 'mean' }, text.mean),
  );
  const buttons = h('p', { className: 'buttons' });
  const line = h('p', { className: 'card-caption', role: 'status', 'data-testid': 'ablation' });
  const result = h('div', { className: 'table-scroll' });
  const element = h(
    'div',
    { className: 'panel' },
    h('p', { className: 'note' }, text.explain),
    buttons,
    h('p', { className: 'field inline' }, h('label', { for: to.id }, text.to), to),
    line,
    result,
  );
  let running = new AbortController();
  let key = '';
  /** What stands there now. @type {{ maps: number[], to: 'zero' | 'mean', ablation: Ablation } | null} */
  let shown = null;

  /** @param {number[]} maps */
  async function ablate(maps) {
    const look = /** @type {import('../../featurescope.js').Look | null} */ (session.state.look);
    if (!look || session.state.recorded) return;
    running.abort();
    const controller = (running = new AbortController());
    setText(line, text.working);
    result.replaceChildren();
    shown = null;
    const way = /** @type {'zero' | 'mean'} */ (to.value);
    try {
      const found = await look.ablate(maps, { to: way, signal: controller.signal });
      session.showEngine();
      if (controller.signal.aborted) return;
      show(maps, found);
      shown = { maps, to: way, ablation: found };
    } catch (error) {
      if (controller.signal.aborted) return;
      setText(line, '');
      session.report(error);
    }
  }

  /**
   * @param {number[]} maps
   * @param {Ablation} found
   */
  function show(maps, { before, after, controls }) {
    const of = (/** @type {import('../../api/types.js').Prediction[]} */ list, /** @type {number} */ index) =>
      list.find((one) => one.index === index)?.probability ?? 0;
    const shown = [
      ...new Map([...before.slice(0, CLASSES), ...after.slice(0, 2)].map((one) => [one.index, one.label])).entries(),
    ];
    const [first] = before;
    // A network that gives nothing for this photo has no answer that could change.
    if (!first) return setText(line, common.predictions.nothing);
    // Where too few other maps fire, a control switches off fewer than were chosen, or none, and is no comparison.
    const draws = controls.filter((control) => control.maps.length === maps.length);
    const random = (/** @type {number} */ index) => draws.map((control) => of(control.after, index));
    const mean = (/** @type {number[]} */ values) =>
      values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
    setText(
      line,
      text.sentence({
        maps,
        label: first.label,
        before: first.probability,
        after: of(after, first.index),
        random: mean(random(first.index)),
        controls: draws.length,
      }),
    );
    result.replaceChildren(
      h(
        'table',
        { className: 'numbers' },
        h('thead', {}, h('tr', {}, ...text.columns.map((column) => h('th', { scope: 'col' }, column)))),
        h(
          'tbody',
          {},
          ...shown.map(([index, label]) =>
            h(
              'tr',
              { 'data-testid': 'ablated', 'data-index': index, 'data-after': of(after, index) },
              h('th', { scope: 'row' }, label),
              h('td', {}, formatPercent(of(before, index))),
              h('td', {}, formatPercent(of(after, index))),
              h('td', {}, text.range(random(index))),
            ),
          ),
        ),
      ),
    );
  }

  return {
    element,
    /** What was switched off and what came of it; null where nothing stands there. */
    get found() {
      return shown && { ...shown, sentence: line.textContent ?? '' };
    },
    /** What a map that is switched off becomes. */
    get choices() {
      return { to: /** @type {'zero' | 'mean'} */ (to.value) };
    },
    /** @param {{ to: 'zero' | 'mean' }} choices */
    choose(choices) {
      to.value = choices.to;
    },
    /** @param {State} state */
    update({ look, openMap, chosen, framed, recorded }) {
      const next = JSON.stringify([look?.layer, openMap, chosen, framed, recorded, look?.milliseconds]);
      if (next === key) return;
      key = next;
      // What was found is of another photo, map or layer.
      running.abort();
      shown = null;
      setText(line, '');
      result.replaceChildren();
      if (look && (look.finite === false || look.predictions.length === 0)) {
        setText(line, look.finite === false ? common.look.notFinite : common.predictions.nothing);
        return buttons.replaceChildren();
      }
      /** @param {string} label @param {number[]} maps */
      const button = (label, maps) =>
        h('button', { type: 'button', className: 'small', disabled: recorded, onclick: () => ablate(maps) }, label);
      buttons.replaceChildren(
        ...(openMap === null ? [] : [button(text.map(openMap), [openMap])]),
        ...(chosen.length > 1 ? [button(text.chosen(chosen.length), chosen)] : []),
        ...(framed.layer === look?.layer && framed.maps.length > 0
          ? [button(text.framed(framed.maps.length, framed.label), framed.maps)]
          : []),
      );
    },
  };
}
