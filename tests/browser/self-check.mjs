// Where a run keeps what its one check of the GPU found: the page's own storage, as Playwright saves it.

import { fileURLToPath } from 'node:url';

export const SELF_CHECK = fileURLToPath(new URL('../../target/self-check.json', import.meta.url));
