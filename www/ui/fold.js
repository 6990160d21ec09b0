import { h } from './dom.js';

/**
 * A disclosure whose content loads when it is first unfolded, and is drawn while it is.
 * @template S
 * @param {string} className
 * @param {string} title
 * @param {() => Promise<{ element: HTMLElement, update: (state: S) => void }>} load
 * @param {(error: unknown) => void} report of what could not be loaded; it is asked for again when it is unfolded anew
 */
export function createFold(className, title, load, report) {
  /** @type {Awaited<ReturnType<typeof load>> | null} */
  let content = null;
  let isLoading = false;
  /** @type {S | null} */
  let latest = null;
  const draw = () => {
    if (element.open && latest !== null) content?.update(latest);
  };
  const element = h('details', { className, ontoggle: take }, h('summary', {}, title));

  async function take() {
    if (!element.open || isLoading) return;
    if (content) return draw();
    isLoading = true;
    try {
      content = await load();
      element.append(content.element);
      draw();
    } catch (error) {
      element.open = false;
      report(error);
    } finally {
      isLoading = false;
    }
  }

  return {
    element,
    /** @param {S} state */
    update(state) {
      latest = state;
      draw();
    },
  };
}
