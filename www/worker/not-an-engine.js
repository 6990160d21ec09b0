import { FeaturescopeError } from '../api/errors.js';
import { text } from '../api/text.js';

/**
 * What is wrong with a file of an engine that cannot be made a module: a policy of the browser or of the site, or a file that is cut, is a
 * page in its place, or is of another version than the other part.
 * @param {unknown} error
 * @param {string} file
 */
export function notAnEngine(error, file) {
  return /disallowed|blocked/i.test(String(error))
    ? new FeaturescopeError('no-webassembly', text.errors.noWebAssembly)
    : new FeaturescopeError('network', text.errors.engineDamaged(file));
}
