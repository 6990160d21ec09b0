import { text } from '../text.js';
import { h } from '../ui/dom.js';

/**
 * Makes the page usable without a network from the next visit on, and offers a new version when there is one.
 * @param {import('../session.js').Session} session
 */
export async function workOffline(session) {
  const container = navigator.serviceWorker;
  /** @type {ServiceWorkerRegistration} */
  let registration;
  try {
    registration = await container.register(new URL('../service-worker.js', import.meta.url), { updateViaCache: 'none' });
  } catch {
    // A private window, or a host that has no such file: the page works, with a network.
    return;
  }
  const offer = () => {
    // The very first version has nobody to take over from.
    if (registration.waiting && container.controller) offerVersion(registration.waiting);
  };
  registration.addEventListener('updatefound', () => registration.installing?.addEventListener('statechange', offer));
  registration.installing?.addEventListener('statechange', offer);
  offer();
  const { active } = await container.ready;
  const keep = await loaded(session);
  active?.postMessage({ keep });
}

/** What page and worker have loaded from this site so far, the engine and the model among it.
 * @param {import('../session.js').Session} session */
async function loaded(session) {
  const own = performance.getEntriesByType('resource').map(({ name }) => name);
  return [...own, ...((await session.scope?.loaded().catch(() => [])) ?? [])];
}

/** @param {ServiceWorker} waiting */
function offerVersion(waiting) {
  if (document.querySelector('.new-version')) return;
  const bar = h('div', { className: 'new-version', role: 'status' },
    h('span', {}, text.offline.newVersion), ' ',
    h('button', {
      type: 'button', className: 'primary',
      onclick: () => {
        navigator.serviceWorker.addEventListener('controllerchange', () => location.reload(), { once: true });
        waiting.postMessage('activate');
      },
    }, text.offline.reload), ' ',
    h('button', { type: 'button', onclick: () => bar.remove() }, text.offline.later));
  document.body.append(bar);
}
