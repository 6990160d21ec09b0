// Writes the networks of the bench that have random weights (www/bench/networks/random.js) as ONNX files into a folder, for the native
// bench: `node tests/bench/write-networks.mjs FOLDER`.

import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { onnxFile } from '../../www/bench/networks/onnx.js';
import { RANDOM } from '../../www/bench/networks/random.js';

const [folder] = process.argv.slice(2);
if (!folder) throw new Error('usage: write-networks.mjs FOLDER');
mkdirSync(folder, { recursive: true });
for (const [name, { make }] of Object.entries(RANDOM)) writeFileSync(join(folder, `${name}.onnx`), onnxFile(make()));
