/**
 * Featurescope's public interface: open a CNN, look at an image, see which feature maps fire and where.
 *
 *     import { Featurescope } from './featurescope.js';
 *     const scope = await Featurescope.create();
 *     const model = await scope.open('squeezenet1.1');
 *     const look = await model.look(document.querySelector('img'));
 *     look.top(5);                                     // [{ map, mean, rank }]
 *     await look.overlay(look.top(1)[0].map);          // ImageData
 *
 * All computing happens in a worker that this module starts. Everything that is opened is closed with
 * `close()`, which frees its memory; closing a model closes its looks.
 */

import { FeaturescopeError } from './api/errors.js';
import { ImageSet } from './api/image-set.js';
import { Look } from './api/look.js';
import { Model } from './api/model.js';
import { Featurescope } from './api/scope.js';

export { Featurescope, FeaturescopeError, ImageSet, Look, Model };

/**
 * @typedef {import('./api/types.js').CallOptions} CallOptions
 * @typedef {import('./api/types.js').Card} Card
 * @typedef {import('./api/picture-sources.js').ImageSource} ImageSource
 * @typedef {import('./api/scope.js').ModelSource} ModelSource
 */
