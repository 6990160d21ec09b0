import { h, setText } from '../ui/dom.js';
import { smallCopies } from './inline.js';
import { stillPictures } from './stills.js';
import { text } from './text.js';

/**
 * @typedef {import('./finding.js').Finding} Finding
 * @typedef {import('./gather.js').Sources} Sources
 */

/** Pixels of the longer side of the pictures beside the answers. */
const SIDE = 160;
/** Pictures of which small copies are made to say how much they weigh; of more the weight is reckoned from these. */
const WEIGHED = 12;

/**
 * Asks whether the visitor's own pictures go along, before there is a link: each answer with what whoever opens the link gets to see.
 * @param {() => void} onChange
 */
export function createPictureChoice(onChange) {
  const without = answer('without', onChange);
  const along = answer('with', onChange);
  const question = h('legend');
  const element = h('fieldset', { className: 'share-choice', hidden: true }, question, without.element, along.element);
  let turn = 0;

  return {
    element,
    /** Whether the pictures go along. */
    get chosen() {
      return along.input.checked && !element.hidden;
    },
    reset() {
      without.input.checked = true;
    },
    /**
     * @param {Finding} finding with its stills, if any
     * @param {Sources} sources
     * @param {import('../page/session/session.js').Session} session
     */
    async update(finding, sources, session) {
      const mine = ++turn;
      const own = finding.images.flatMap(({ kind }, place) => (kind === 'file' ? [place] : []));
      element.hidden = own.length === 0;
      if (element.hidden) return;
      setText(question, text.choice.question(own.length));
      without.say(text.choice.without(own.length), text.choice.withoutMeans(own.length));
      along.say(text.choice.with(own.length), text.choice.withMeans(own.length, null));
      const [first] = finding.stills ? await stillPictures(firstOf(finding.stills), null, SIDE) : [];
      const copies = await smallCopies(finding, sources, session, own.slice(0, WEIGHED));
      if (mine !== turn) return;
      const bytes = copies.reduce((sum, { size }) => sum + size, 0) * (own.length / Math.max(1, copies.length));
      without.show(first?.file ?? null);
      along.show(copies[0] ?? null);
      along.say(text.choice.with(own.length), text.choice.withMeans(own.length, bytes));
    },
  };
}

/** @param {NonNullable<Finding['stills']>} stills */
function firstOf(stills) {
  return { ...stills, maps: stills.maps.slice(0, 1) };
}

/** @param {string} value @param {() => void} onChange */
function answer(value, onChange) {
  const input = h('input', { type: 'radio', name: 'share-picture', value, onchange: onChange });
  const picture = h('img', { alt: '', hidden: true });
  const name = h('b');
  const means = h('span', { className: 'note' });
  const element = h('label', { className: 'share-answer' }, input, picture, h('span', {}, name, means));
  return {
    element,
    input,
    /** @param {string} answer @param {string} meaning */
    say(answer, meaning) {
      setText(name, answer);
      setText(means, meaning);
    },
    /** @param {Blob | null} file */
    show(file) {
      if (picture.src) URL.revokeObjectURL(picture.src);
      picture.hidden = file === null;
      if (file) picture.src = URL.createObjectURL(file);
    },
  };
}
