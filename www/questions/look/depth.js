import { text } from '../../page/text.js';
import { h } from '../../ui/dom.js';

/**
 * The network as a strip, from edges to objects. It keeps its place from the start; what stands there is loaded and asked for behind the first
 * look.
 * @param {HTMLElement} root
 * @param {import('../../page/session/session.js').Session} session
 */
export function createDepth(root, session) {
  const heading = h('h3', { id: 'depth-heading' }, text.depth.heading);
  const place = h('div', { className: 'depth-blank' });
  root.setAttribute('aria-labelledby', heading.id);
  root.append(heading, place);
  /** @type {ReturnType<typeof import('./depth-wait.js').createWait> | null} */
  let wait = null;
  /** The look that it was last loaded for. @type {import('../../page/state.js').LookView | null} */
  let tried = null;

  /** A file that does not come is tried again with the next look; the layers are in the bar as well. */
  async function load() {
    tried = session.state.look;
    const loaded = await import('./depth-wait.js').catch(() => null);
    if (loaded) wait ??= loaded.createWait(root, place, session);
    session.set({});
  }

  return {
    /** @param {import('../../page/state.js').State} state */
    *update(state) {
      root.hidden = !state.model;
      if (wait) yield* wait.update(state);
      else if (state.look && !state.recorded && state.look !== tried) load();
    },
  };
}
