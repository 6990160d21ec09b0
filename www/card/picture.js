import { mapFacts } from '../page/state.js';
import { text } from '../page/text.js';
import { h, setText, whenChanged } from '../ui/dom.js';
import { overlayCanvas, paint } from '../ui/overlay-canvas.js';

/** @typedef {import('../page/state.js').LookView} LookView */

/** The map over what the network saw, which stands small in its corner, with a sentence about it. */
export function createPicture() {
  const original = h('canvas', {
    className: 'overlay card-original',
    width: 1,
    height: 1,
    role: 'img',
    title: text.photo.seen,
    'aria-label': text.card.original,
  });
  const overlay = overlayCanvas();
  overlay.element.removeAttribute('aria-hidden');
  overlay.element.setAttribute('role', 'img');
  const second = overlayCanvas();
  second.element.removeAttribute('aria-hidden');
  second.element.setAttribute('role', 'img');
  second.element.setAttribute('aria-label', text.card.compared);
  const caption = h('p', { className: 'card-caption' });
  const drawOriginal = whenChanged((/** @type {LookView} */ look) => paint(original, look.seen()));
  const describe = whenChanged((/** @type {LookView} */ look, /** @type {number} */ map) => {
    const facts = mapFacts(look, map);
    const sentence = sentenceOf(look, facts);
    setText(caption, sentence);
    caption.classList.toggle('dead', facts.dead);
    overlay.element.setAttribute('aria-label', `${text.card.title(map)}. ${sentence}`);
  });
  return {
    element: h('figure', { className: 'card-picture' }, overlay.element, second.element, original),
    caption,
    /**
     * @param {LookView} look
     * @param {number} map that the card is about
     * @param {{ options: import('../api/types.js').OverlayOptions, compared: LookView | null, shown: number }} picture `compared`: the look at
     *   the photo beside it; `shown`: the map in the picture
     */
    update(look, map, { options, compared, shown }) {
      drawOriginal(look);
      describe(look, map);
      overlay.update({ look, maps: [shown], options });
      original.hidden = compared !== null;
      second.element.hidden = !compared;
      second.update(compared ? { look: compared, maps: [shown], options } : null);
    },
  };
}

/** @param {LookView} look @param {ReturnType<typeof mapFacts>} facts */
function sentenceOf(look, facts) {
  if (facts.dead) return text.card.dead(facts.max);
  const where = text.place(facts.y, facts.x);
  const [first, second] = look.top(2);
  const sentence = text.card.caption({
    ...facts,
    rank: facts.rank ?? 0,
    live: look.live,
    where,
    strongest: first,
    times: facts.rank === 1 && second?.mean > 0 ? facts.mean / second.mean : null,
  });
  return facts.max <= 0 ? `${sentence} ${text.card.negative}` : sentence;
}
