// A static host in the test's own process, whose files can be replaced by others while it runs: another version of the page.

import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { createHash } from 'node:crypto';
import { extname } from 'node:path';

const dist = new URL('../../dist/', import.meta.url);
const TYPES = { '.html': 'text/html', '.js': 'text/javascript', '.css': 'text/css', '.json': 'application/json', '.wasm': 'application/wasm', '.svg': 'image/svg+xml',
  '.png': 'image/png', '.jpg': 'image/jpeg', '.webp': 'image/webp', '.webmanifest': 'application/manifest+json' };

/** Serves dist/ under a folder, by an address that the page does not take for a developer's own. */
export async function startSite(folder = '/a/b/', headers = {}) {
  const site = { replaced: new Map(), requests: [], address: '', close: () => {} };
  const server = createServer(async (request, response) => {
    const { pathname } = new URL(request.url, 'http://127.0.0.1');
    const path = decodeURIComponent(pathname.slice(folder.length)) || 'index.html';
    site.requests.push(path);
    try {
      if (!pathname.startsWith(folder) || path.includes('..')) throw new Error('outside');
      const body = site.replaced.get(path) ?? await readFile(new URL(path, dist));
      response.writeHead(200, { 'Content-Type': TYPES[extname(path)] ?? 'application/octet-stream', 'Cache-Control': 'no-cache', ...headers }).end(body);
    } catch {
      response.writeHead(404).end();
    }
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  site.address = `http://127.0.0.1:${server.address().port}${folder}`;
  site.close = () => {
    server.closeAllConnections();
    return new Promise((resolve) => server.close(resolve));
  };
  return site;
}

/** Another version of the page: some files changed, and the service worker's list with them, as a build would write it. */
export async function otherVersion(changes) {
  const files = new Map();
  const [list, ...script] = (await readFile(new URL('service-worker.js', dist), 'utf8')).split('\n');
  const build = JSON.parse(list.slice(list.indexOf('{'), list.lastIndexOf('}') + 1));
  for (const [path, change] of Object.entries(changes)) {
    const body = change(await readFile(new URL(path, dist), 'utf8'));
    files.set(path, body);
    build.files[path] = createHash('sha256').update(body).digest('hex').slice(0, build.files[path].length);
  }
  build.version = 'another';
  files.set('service-worker.js', [`globalThis.build = ${JSON.stringify(build)};`, ...script].join('\n'));
  return files;
}
