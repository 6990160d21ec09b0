// Writes the scripts and style sheets of a folder to another one without comments and needless space; names stay, so that a
// visitor's report of an error can be read, and each file stays a file of its own.
//
// node minify.mjs FROM TO FILE...

import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';

import { transform } from 'esbuild';

const [from, to, ...files] = process.argv.slice(2);

await Promise.all(files.map(async (file) => {
  const { code } = await transform(await readFile(file, 'utf8'), {
    loader: file.endsWith('.css') ? 'css' : 'js',
    minifyWhitespace: true,
    minifySyntax: true,
    // Texts in Chinese stay letters, which are half as long as their escapes.
    charset: 'utf8',
    // Syntax is not made older: every browser with WebAssembly SIMD knows what the page uses.
    target: 'esnext',
    legalComments: 'none',
  });
  const written = join(to, relative(from, file));
  await mkdir(dirname(written), { recursive: true });
  await writeFile(written, code);
}));
