import { catalogue } from '../api/language.js';

/** What each question asks, in a sentence. */
const english = {
  look: 'One photo, all feature maps of a layer: where each of them fires',
  own: 'Photos sorted into classes: the feature maps that come up most in one class, without those that do in another',
  draw: 'A picture that is changed step by step until one feature map fires as much as it can',
  everywhere: 'One feature map over all photos of a class, and what the network takes them for',
  unique: 'The sum of a class’s feature maps as an alarm, on photos that it was not found on',
};

export const text = catalogue('hints', english);
