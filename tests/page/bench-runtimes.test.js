// What bench.html may load beside this site's files: the packages that its list names, as its policy and the tests have them.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { RUNTIMES } from '../../www/bench/runtimes.js';

const root = new URL('../../', import.meta.url);
const { devDependencies } = JSON.parse(readFileSync(new URL('package.json', root), 'utf8'));
const PACKAGES = { onnxruntime: 'onnxruntime-web', litert: '@litertjs/core' };

test('what is measured beside ours comes in the version of the tests, from the address of that version', () => {
  for (const { name, version, address } of RUNTIMES) {
    assert.equal(version, devDependencies[PACKAGES[name]]);
    assert.equal(address, `https://cdn.jsdelivr.net/npm/${PACKAGES[name]}@${version}/`);
  }
});

test('the policy of bench.html lets in these addresses and no other, and those of index.html and embed.html none', () => {
  const policyOf = (page) => /http-equiv="Content-Security-Policy" content="([^"]+)"/.exec(readFileSync(new URL(`www/${page}`, root), 'utf8'))[1];
  const hostsOf = (page, directive) => (policyOf(page).split(';').find((part) => part.trim().startsWith(directive)) ?? '').split(/\s+/).filter((word) => word.includes('//'));
  // LiteRT.js imports a package of the same authors, in a version that the CDN chooses.
  assert.deepEqual(hostsOf('bench.html', 'script-src'), [RUNTIMES[0].address, 'https://cdn.jsdelivr.net/npm/@litertjs/']);
  assert.deepEqual(hostsOf('bench.html', 'connect-src'), RUNTIMES.map(({ address }) => address));
  for (const page of ['index.html', 'embed.html']) assert.doesNotMatch(policyOf(page), /cdn\./);
});
