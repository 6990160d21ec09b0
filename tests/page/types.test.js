/** Every script that is served is checked for its types. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { relative, sep } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const root = fileURLToPath(new URL('../../', import.meta.url));
const TSC = fileURLToPath(new URL('../../node_modules/typescript/bin/tsc', import.meta.url));

/** What a project of TypeScript's compiler consists of, as paths in www/. */
async function filesOf(project) {
  const { stdout } = await promisify(execFile)(process.execPath, [TSC, '--project', project, '--listFilesOnly'], { cwd: root });
  return stdout.split('\n').map((file) => relative(root, file).split(sep).join('/')).filter((path) => path.startsWith('www/'));
}

test('every script of www/ is in one of the two projects', async () => {
  const checked = new Set((await Promise.all(['tsconfig.page.json', 'tsconfig.worker.json'].map(filesOf))).flat());
  const scripts = readdirSync(new URL('../../www/', import.meta.url), { recursive: true })
    .map((path) => `www/${path.split(sep).join('/')}`).filter((path) => path.endsWith('.js'));
  assert.ok(scripts.length > 200);
  assert.deepEqual(scripts.filter((path) => !checked.has(path)), []);
});
