import { text } from './offline-text.js';
import { h } from '../ui/dom.js';
import { loadStyle } from '../ui/load-style.js';

/**
 * Makes the page usable without a network from the next visit on, and offers a new version when there is one.
 * @param {import('./session/session.js').Session} session
 */
export async function workOffline(session) {
  const container = navigator.serviceWorker;
  /** @type {ServiceWorkerRegistration} */
  let registration;
  try {
    registration = await container.register(new URL('../service-worker.js', import.meta.url), {
      updateViaCache: 'none',
    });
  } catch {
    // A private window, or a host that has no such file: the page works, with a network.
    return;
  }
  // The version that this page is of. The tab may have no controller although there is one: a hard reload goes past it.
  let own = registration.active;
  container.addEventListener('controllerchange', () => {
    own ??= container.controller;
    // Another tab has gone over to a new version, whose files this page would get from now on.
    if (container.controller !== own) offerReload(() => location.reload());
  });
  let isTold = false;
  container.addEventListener('message', ({ data }) => {
    if (data !== 'changed') return;
    isTold = true;
    offerReload(() => reloadAnew(registration));
  });
  const offer = () => {
    // The very first version has nobody to take over from.
    const { waiting, active } = registration;
    if (!waiting || !active) return;
    // A version whose files were met before it was ready is no second piece of news, least of all for who has put it off.
    if (!isTold) offerReload(() => goOver(waiting));
    isTold = false;
  };
  registration.addEventListener('updatefound', () => registration.installing?.addEventListener('statechange', offer));
  registration.installing?.addEventListener('statechange', offer);
  offer();
  const { active } = await container.ready;
  own ??= active;
  const keep = await loaded(session);
  active?.postMessage({ keep });
}

/** What page and worker have loaded from this site so far, the engine and the model among it.
 * @param {import('./session/session.js').Session} session */
async function loaded(session) {
  const own = performance.getEntriesByType('resource').map(({ name }) => name);
  return [...own, ...((await session.scope?.loaded().catch(() => [])) ?? [])];
}

/** Has the new version take over, and shows its page. @param {ServiceWorker} waiting */
function goOver(waiting) {
  navigator.serviceWorker.addEventListener('controllerchange', () => location.reload(), { once: true });
  waiting.postMessage('activate');
}

/**
 * Goes over to the new version as soon as it is there; without one the files may have come back, so the page is loaded again.
 * @param {ServiceWorkerRegistration} registration
 */
async function reloadAnew(registration) {
  await registration.update().catch(() => {});
  const { installing, waiting } = registration;
  if (waiting) return goOver(waiting);
  if (!installing) return location.reload();
  installing.addEventListener('statechange', () => {
    if (installing.state === 'installed') goOver(installing);
    else if (installing.state === 'redundant') location.reload();
  });
}

/** @param {() => unknown} reload */
async function offerReload(reload) {
  await loadStyle('offline.css', import.meta.url);
  document.querySelector('.new-version')?.remove();
  const bar = h(
    'div',
    { className: 'new-version', role: 'status' },
    h('span', {}, text.newVersion),
    ' ',
    h('button', { type: 'button', className: 'primary', onclick: reload }, text.reload),
    ' ',
    h('button', { type: 'button', onclick: () => bar.remove() }, text.later),
  );
  document.body.append(bar);
}
