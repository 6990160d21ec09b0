import { FeaturescopeError, toError } from '../api/errors.js';
import { text } from '../api/text.js';
import { download } from './download.js';
import { notAnEngine } from './not-an-engine.js';

/**
 * Loads the second part of an engine and puts it beside the first.
 * @param {import('./second-part.js').Engine} engine
 * @param {import('./engines.js').Call['progress']} progress
 */
export async function take({ module, folder }, progress) {
  const { signal } = new AbortController();
  const name = module.files[1];
  const file = await download(new URL(name, folder).href, { stage: 'engine', signal, progress }).catch((error) => {
    throw toError(error).code === 'network' ? new FeaturescopeError('network', text.errors.engineMissing) : error;
  });
  try {
    module.takeSecondPart(await WebAssembly.compile(module.prepared(await file.arrayBuffer())));
  } catch (error) {
    throw notAnEngine(error, name);
  }
}
