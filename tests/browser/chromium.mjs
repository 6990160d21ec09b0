// Where the browser is, and how it is started.

import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];

/** The browser that CHROMIUM names, or the first one on PATH. */
export function chromiumPath() {
  if (process.env.CHROMIUM) return process.env.CHROMIUM;
  for (const name of names) {
    for (const folder of (process.env.PATH ?? '').split(delimiter)) {
      const file = join(folder, name);
      try {
        accessSync(file, constants.X_OK);
        return file;
      } catch {
        // Not in this folder.
      }
    }
  }
  throw new Error('No Chromium on PATH: run `cargo xtask setup`, or name it in CHROMIUM.');
}

export const chromiumArguments = [
  // Root has no sandbox.
  '--no-sandbox',
  // WebGPU on the processor, so that the tests need no graphics card.
  '--enable-unsafe-webgpu',
  '--use-webgpu-adapter=swiftshader',
  // A test machine has no network; each of these would try for one.
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--disable-quic',
  '--no-first-run',
];
