/**
 * Keeps the page usable without a network. The build writes what this site holds in front of this file:
 * `globalThis.build = { version, files: { path: content hash }, page: [path…] }`.
 *
 * All files lie in one cache under their address and content hash. So a new version takes over what has not changed, an
 * old page never gets a new version's file, and nothing is kept that is not exactly what the build wrote. The page itself
 * is kept at once; engines, models, and the pictures of the story and of the bundled classes are kept when they are used.
 */

/** What the build knows. @typedef {{ version: string, files: Record<string, string>, page: string[] }} Build */

const worker = /** @type {ServiceWorkerGlobalScope} */ (/** @type {unknown} */ (globalThis));
const build = /** @type {{ build: Build }} */ (/** @type {unknown} */ (globalThis)).build;
const scope = worker.registration.scope;
/** Other sites on the same host have caches of their own. */
const CACHE = `featurescope-${new URL(scope).pathname}`;
/** So many files are asked for at once. */
const AT_ONCE = 6;

worker.addEventListener('install', (event) => event.waitUntil(keepAll(build.page)));

worker.addEventListener('activate', (event) => event.waitUntil(forget().then(() => worker.clients.claim())));

worker.addEventListener('fetch', (event) => {
  const path = pathOf(event.request.url);
  if (event.request.method === 'GET' && path !== null) event.respondWith(answer(path, event));
});

worker.addEventListener('message', (event) => {
  // A page that was there before this worker says what it has loaded already.
  if (Array.isArray(event.data?.keep))
    event.waitUntil(keepAll(event.data.keep.map(pathOf).filter((/** @type {unknown} */ path) => path !== null)));
  if (event.data === 'activate') worker.skipWaiting();
});

/**
 * @param {string} path
 * @param {FetchEvent} event
 */
async function answer(path, event) {
  const cache = await caches.open(CACHE);
  const kept = await cache.match(keyOf(path));
  if (kept) return isolated(kept, event.request);
  const response = await fetch(event.request);
  // A part of a file cannot be held against its hash. A model can be large, so it is passed on as it comes, and is the same in every version.
  if (response.status !== 200) return response;
  if (path.endsWith('.onnx')) {
    event.waitUntil(keep(cache, path, response.clone()).catch(() => {}));
    return response;
  }
  if (await keep(cache, path, response.clone())) return isolated(response, event.request);
  // The server has another version by now, whose files do not fit to the page that asks.
  event.waitUntil(tellOfChange());
  return Response.error();
}

/** What a file is asked for as where its own headers isolate it from other origins. Everything else is handed on as it is, with the code that
 * a browser keeps beside it. */
const APART = new Set(['document', 'iframe', 'frame', 'worker', 'sharedworker']);

/**
 * A file of this site as it isolates the page from other origins, without which a browser gives no memory that threads share. Hosts of static
 * files send no such headers; so a first visit is as it is there, and the next is isolated.
 * @param {Response} response
 * @param {Request} request
 */
function isolated(response, { destination }) {
  if (!APART.has(destination)) return response;
  const headers = new Headers(response.headers);
  headers.set('Cross-Origin-Opener-Policy', 'same-origin');
  headers.set('Cross-Origin-Embedder-Policy', 'credentialless');
  return new Response(response.body, { headers });
}

/** Has the pages say that they have to be loaded anew, those too that were loaded past this worker. */
async function tellOfChange() {
  for (const client of await worker.clients.matchAll({ includeUncontrolled: true })) client.postMessage('changed');
  await worker.registration.update().catch(() => {});
}

/** Keeps files, a few at a time; fails where one is not what the build wrote.
 * @param {string[]} paths */
async function keepAll(paths) {
  const cache = await caches.open(CACHE);
  const left = [...new Set(paths)];
  const next = async () => {
    for (let path = left.pop(); path !== undefined; path = left.pop()) {
      if (await cache.match(keyOf(path))) continue;
      const response = await fetch(addressOf(path), { cache: 'no-cache', credentials: 'same-origin' });
      if (!response.ok || !(await keep(cache, path, response)))
        throw new Error(`${path} is not what this version holds`);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, next));
}

/**
 * Keeps one file if it is what the build wrote: between two versions the server may have a newer one already.
 * @param {Cache} cache
 * @param {string} path
 * @param {Response} response
 */
async function keep(cache, path, response) {
  const bytes = await response.arrayBuffer();
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
  const hash = Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('');
  if (!hash.startsWith(build.files[path])) return false;
  // A fresh response: one that was redirected may not answer a navigation.
  const headers = {
    'Content-Type': response.headers.get('Content-Type') ?? 'application/octet-stream',
    'Content-Length': String(bytes.byteLength),
  };
  await cache.put(keyOf(path), new Response(bytes, { headers }));
  return true;
}

/** Removes what only older versions hold. */
async function forget() {
  const cache = await caches.open(CACHE);
  const current = new Set(Object.keys(build.files).map(keyOf));
  const keys = await cache.keys();
  await Promise.all(keys.filter(({ url }) => !current.has(url)).map((key) => cache.delete(key)));
}

/** The path of a file of this build; null for everything else. @param {string} url */
function pathOf(url) {
  const { origin, pathname } = new URL(url);
  const address = origin + pathname;
  if (!address.startsWith(scope)) return null;
  const path = decodeURIComponent(address.slice(scope.length)) || 'index.html';
  return Object.hasOwn(build.files, path) ? path : null;
}

/** Hosts redirect from index.html to the folder rather than the other way round. @param {string} path */
function addressOf(path) {
  return new URL(path === 'index.html' ? '.' : path.split('/').map(encodeURIComponent).join('/'), scope).href;
}

/** @param {string} path */
function keyOf(path) {
  return `${addressOf(path)}?content=${build.files[path]}`;
}
