import { h, setText } from '../ui/dom.js';
import { text } from './text.js';

/** The page's figures in the order in which they are shown; those that are not there are left out. */
const FIGURES = [
  '#photo',
  '#predictions',
  '#look',
  '#card',
  '#recipe',
  '#look .figure',
  '#classes figure',
  '#classes .figure',
];

/** What the presenter hides on the way to a figure. */
const HIDDEN = 'presenter-hidden';

/**
 * Large type, one figure at a time, turned with the arrow keys or a clicker (which sends PageUp and PageDown).
 * @param {{ onEnd: () => void }} options
 */
export function createPresenter({ onEnd }) {
  const line = h('span', { className: 'numbers', role: 'status' });
  const bar = h(
    'div',
    { className: 'presenter-bar' },
    h('button', { type: 'button', 'aria-label': text.present.previous, onclick: () => move(-1) }, '←'),
    line,
    h('button', { type: 'button', 'aria-label': text.present.next, onclick: () => move(1) }, '→'),
    h('button', { type: 'button', onclick: () => end() }, text.present.end),
  );
  /** @type {Element | null} */
  let shown = null;
  const screen = createScreen(() => end());

  /** Everything is shown again as it is without the presenter. */
  function restore() {
    document.querySelectorAll(`.${HIDDEN}`).forEach((element) => element.classList.remove(HIDDEN));
    shown?.classList.remove('presented');
  }

  /** What the current view shows, which the style sheet decides. @returns {Element[]} */
  function figures() {
    restore();
    const all = FIGURES.flatMap((selector) => Array.from(document.querySelectorAll(`main ${selector}`)));
    return [...new Set(all)].filter((figure) => !figure.closest('[hidden]') && isShown(figure) && figure.textContent);
  }

  /** @param {-1 | 0 | 1} step */
  function move(step) {
    const all = figures();
    const place = shown ? all.indexOf(shown) : 0;
    const next = Math.max(0, Math.min(all.length - 1, place + step));
    show(all[next], all);
    setText(line, text.present.place(next + 1, all.length));
  }

  /**
   * Hides everything beside the way from the page to the figure.
   * @param {Element | undefined} figure
   * @param {Element[]} all
   */
  function show(figure, all) {
    restore();
    if (!figure) return;
    shown = figure;
    figure.classList.add('presented');
    // A figure within this one has a turn of its own.
    all.filter((other) => other !== figure && figure.contains(other)).forEach((other) => other.classList.add(HIDDEN));
    for (let element = figure; element.parentElement && element.tagName !== 'MAIN'; element = element.parentElement) {
      for (const sibling of element.parentElement.children) if (sibling !== element) sibling.classList.add(HIDDEN);
    }
    scrollTo(0, 0);
  }

  /** @param {KeyboardEvent} event */
  function onKey(event) {
    const step = { ArrowRight: 1, PageDown: 1, ArrowLeft: -1, PageUp: -1 }[event.key];
    const inField = event.target instanceof Element && event.target.closest('input, select, textarea, [role=slider]');
    if (inField || !(step || event.key === 'Escape')) return;
    // Before the grid, whose tiles the same keys move through.
    event.stopPropagation();
    event.preventDefault();
    if (step) move(/** @type {-1 | 1} */ (step));
    else end();
  }

  function end() {
    screen.leave();
    removeEventListener('keydown', onKey, true);
    document.documentElement.classList.remove('presenting');
    show(undefined, []);
    shown = null;
    bar.remove();
    onEnd();
  }

  return {
    start() {
      document.documentElement.classList.add('presenting');
      document.body.append(bar);
      screen.fill();
      addEventListener('keydown', onKey, true);
      if (document.activeElement instanceof HTMLElement) document.activeElement.blur();
      move(0);
    },
  };
}

/** An element without a box of its own may have parts that are shown. @param {Element} figure */
function isShown(figure) {
  return figure.checkVisibility() || [...figure.children].some((child) => child.checkVisibility());
}

/**
 * The whole screen, where the browser gives it; elsewhere the figures fill the window.
 * @param {() => void} onLeft the visitor has taken the browser's own way out
 */
function createScreen(onLeft) {
  let wanted = false;
  const watch = () => {
    if (!document.fullscreenElement) onLeft();
  };
  return {
    async fill() {
      wanted = true;
      try {
        await document.documentElement.requestFullscreen();
        if (wanted) document.addEventListener('fullscreenchange', watch);
        else await document.exitFullscreen();
      } catch {
        // On a phone, say, only films may have it.
      }
    },
    leave() {
      wanted = false;
      document.removeEventListener('fullscreenchange', watch);
      if (document.fullscreenElement) document.exitFullscreen().catch(() => {});
    },
  };
}
