import assert from 'node:assert/strict';
import { readFileSync, statSync } from 'node:fs';
import { test } from 'node:test';

const www = new URL('../../www/', import.meta.url);
const read = (path) => readFileSync(new URL(path, www), 'utf8');

/** Of a page: its title, and what its meta tags say, by property or name; several of one name as a list. */
function metaOf(path) {
  const page = read(path);
  const said = { title: /<title>(.*)<\/title>/.exec(page)[1] };
  for (const [, name, content, media] of page.matchAll(/<meta (?:property|name)="([^"]*)" content="([^"]*)"(?: media="([^"]*)")?>/g)) {
    if (media) (said[name] ??= []).push([media, content]);
    else said[name] = content;
  }
  return said;
}

/** Width and height of a baseline JPEG: of its frame header (ISO/IEC 10918-1, B.2.2). */
function sizeOfJpeg(bytes) {
  let place = 2;
  while (bytes.readUInt16BE(place) !== 0xffc0) place += 2 + bytes.readUInt16BE(place + 2);
  return [bytes.readUInt16BE(place + 7), bytes.readUInt16BE(place + 5)];
}

for (const page of ['index.html', 'embed.html']) {
  test(`${page} says to other sites what it is, and shows them a picture`, () => {
    const said = metaOf(page);
    assert.ok(said.description.length > 50 && said.description.length <= 160, said.description);
    assert.equal(said['og:type'], 'website');
    assert.equal(said['og:site_name'], 'Featurescope');
    assert.equal(said['twitter:card'], 'summary_large_image');
    for (const kind of ['og', 'twitter']) {
      assert.equal(said[`${kind}:description`], said.description);
      assert.ok(said[`${kind}:title`]?.includes('Featurescope'));
      assert.ok(said[`${kind}:image:alt`]);
      // The build puts the page's address in front of it, where it is told one.
      assert.equal(said[`${kind}:image`], 'icons/preview.jpg');
    }
    const picture = new URL(said['og:image'], www);
    assert.deepEqual(sizeOfJpeg(readFileSync(picture)), [1200, 630]);
    assert.deepEqual([said['og:image:width'], said['og:image:height']], ['1200', '630']);
    assert.ok(statSync(picture).size <= 120_000);
  });

  test(`${page} has the colours of its ground for the browser's own bars`, () => {
    const grounds = ['page/style.css', 'page/dark.css'].map((sheet) => /--ground: (#[0-9a-f]{6})/.exec(read(sheet))?.[1]);
    const expected = ['light', 'dark'].map((scheme, place) => [`(prefers-color-scheme: ${scheme})`, grounds[place]]);
    assert.deepEqual(metaOf(page)['theme-color'], expected);
  });
}

test('only the page has one address; a figure is another with every snapshot', () => {
  assert.equal(metaOf('index.html')['og:url'], './');
  assert.equal(metaOf('embed.html')['og:url'], undefined);
});
