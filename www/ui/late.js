import { h } from './dom.js';

/**
 * A place whose content loads when it is first wished for. What could not be loaded is tried again with another wish, or when
 * the wish comes back.
 * @template S
 * @param {string} className of the place, which may have its height beforehand
 * @param {() => Promise<{ element: HTMLElement, update: (state: S) => void }>} load
 * @param {(error: unknown) => void} report
 */
export function createLate(className, load, report) {
  const element = h('div', { className });
  /** @type {Awaited<ReturnType<typeof load>> | null} */
  let content = null;
  /** The wish that it was last loaded for. @type {unknown} */
  let tried = null;
  let isLoading = false;
  /** @type {S | null} */
  let latest = null;

  async function take() {
    isLoading = true;
    try {
      content = await load();
      element.append(content.element);
      if (latest !== null) content.update(latest);
    } catch (error) {
      report(error);
    } finally {
      isLoading = false;
    }
  }

  return {
    element,
    /** @param {S} state @param {unknown} wish null where there is none */
    update(state, wish) {
      latest = state;
      if (content) content.update(state);
      else if (wish !== tried && !isLoading) {
        tried = wish;
        if (wish !== null) take();
      }
    },
  };
}
