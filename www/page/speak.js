import { REMEMBERED } from '../api/language.js';
import { text } from './session/text.js';

/** Whether files would be lost by a reload. @param {import('./state.js').State} state */
function hasOwnFiles({ photos, model }) {
  return photos.some(({ source }) => typeof source !== 'string') || Boolean(model && !model.offered);
}

/**
 * Starts the page anew in another language; whoever has brought files is asked first.
 * @param {import('../api/language.js').Language} next
 * @param {import('./state.js').State} state
 */
export function speak(next, state) {
  if (hasOwnFiles(state) && !confirm(text.speaking)) return;
  const address = new URL(location.href);
  address.searchParams.delete('lang');
  try {
    localStorage.setItem(REMEMBERED, next);
  } catch {
    // A browser that remembers nothing is told in the address.
    address.searchParams.set('lang', next);
  }
  // An address that differs in its fragment alone would not load again.
  if (address.href === location.href) location.reload();
  else location.replace(address);
}
