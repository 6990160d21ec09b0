// Where the browser is, and how it is started.

import { accessSync, constants, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
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

/**
 * What is switched off of Chromium. Only the last such list counts, so that ours has to begin with Playwright's, which it does not export.
 *
 * With every context opens a window, even if none is seen, and Chromium loads the list that drops from its address bar as a page of more
 * than a hundred modules: a third of what opening a context, the page and its first look took of the processor.
 */
function disabledFeatures() {
  const [, own] = /\bdisabledFeatures = \[([^\]]+)\]/.exec(readFileSync(createRequire(import.meta.url).resolve('playwright-core/lib/coreBundle'), 'utf8')) ?? [];
  const names = [...(own?.matchAll(/^\s*"(\w+)",?$/gm) ?? [])].map(([, name]) => name);
  if (!names.length) throw new Error('Playwright keeps its list of disabled features elsewhere.');
  return [...names, 'WebUIOmniboxPopup', 'WebUIOmniboxAimPopup', 'WebUIOmniboxFullPopup'];
}

export const chromiumArguments = [
  `--disable-features=${disabledFeatures().join(',')}`,
  // Root has no sandbox.
  '--no-sandbox',
  // WebGPU on the processor, so that the tests need no graphics card.
  '--enable-unsafe-webgpu',
  '--use-webgpu-adapter=swiftshader',
  // The page itself is drawn without a graphics card's help, which would be computed here as well, at more cost: Debian's Chromium asks for it.
  '--disable-gpu-rasterization',
  '--disable-gpu-compositing',
  // A test machine has no network; each of these would try for one.
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--disable-quic',
  '--no-first-run',
];
