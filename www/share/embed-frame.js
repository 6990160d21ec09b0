/** What an embed and the page around it tell each other: the theme, the height, and whether it may fill the screen. */

import { h, setText } from '../ui/dom.js';
import { text } from './record-text.js';

/**
 * Takes the theme from the address, and later from the page around, which may change its own.
 * @param {URLSearchParams} parameters `theme=light` or `dark`, where it is not to be the device's; `ground=none` where the page around is of that
 *   theme, so that its own ground can show
 */
export function listenForTheme(parameters) {
  dress(parameters.get('theme'), parameters.get('ground'));
  addEventListener('message', ({ source, data }) => {
    if (source === parent && parent !== window && data?.featurescopeTheme) dress(data.featurescopeTheme, data.ground);
  });
}

/** @param {unknown} theme @param {unknown} ground */
function dress(theme, ground) {
  if (theme !== 'light' && theme !== 'dark') return;
  document.documentElement.dataset.theme = theme;
  // Not the device decides any more whether the dark colours hold.
  const dark = /** @type {HTMLLinkElement | null} */ (document.querySelector('link[href$="page/dark.css"]'));
  if (dark) Object.assign(dark, { media: 'all', disabled: theme === 'light' });
  document.documentElement.dataset.ground = ground === 'none' ? 'none' : 'own';
}

/**
 * Tells the page around how high the figure is, whenever that changes: `{ featurescopeHeight: pixels }`.
 * @param {HTMLElement} root
 */
export function tellHeight(root) {
  const tell = () => {
    // The height of a whole screen is no height for an article.
    if (document.fullscreenElement) return;
    parent.postMessage({ featurescopeHeight: root.getBoundingClientRect().height }, '*');
  };
  new ResizeObserver(tell).observe(root);
  document.addEventListener('fullscreenchange', tell);
}

/** Fills the screen with the figure; null where the page around or the browser does not let it. */
export function fullScreenButton() {
  if (!document.fullscreenEnabled) return null;
  const button = h(
    'button',
    {
      type: 'button',
      onclick: () => {
        const change = document.fullscreenElement
          ? document.exitFullscreen()
          : document.documentElement.requestFullscreen();
        // Refused by the browser's own rules; the link to the whole page stands beside it.
        change.catch(() => (button.hidden = true));
      },
    },
    text.embed.fullScreen,
  );
  document.addEventListener('fullscreenchange', () =>
    setText(button, document.fullscreenElement ? text.embed.leaveFullScreen : text.embed.fullScreen),
  );
  return button;
}
