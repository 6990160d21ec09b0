// Writes links of the current version and what they stand for into tests/share/links/, once for each version: what lies
// there was written by the page of its time and must keep opening. `node --import ./tests/vendor.mjs tests/share/make-links.mjs`
// never overwrites.

import { existsSync, writeFileSync } from 'node:fs';

import { VERSION } from '../../www/share/finding.js';
import { toFragment } from '../../www/share/link.js';
import { samples } from './samples.js';

for (const [name, finding] of Object.entries(samples)) {
  const path = (ending) => new URL(`links/version-${VERSION}-${name}.${ending}`, import.meta.url);
  if (existsSync(path('txt'))) continue;
  writeFileSync(path('txt'), `${toFragment(finding)}\n`);
  writeFileSync(path('json'), `${JSON.stringify(finding, null, 1)}\n`);
}
