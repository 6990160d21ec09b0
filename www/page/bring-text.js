import { catalogue } from '../api/language.js';

/** The sentences of the dialog for one's own model, which load with it. */
export const text = catalogue('bring', {
  heading: 'Bring your model',
  intro:
    'Any image classifier as an ONNX file works: drop it on this page, or choose it here. It stays on your machine.',
  choose: 'Choose an .onnx file (with its data file and card)',
  url: 'or give an address',
  open: 'Open',
  pytorch: 'From PyTorch',
  keras: 'From Keras',
  copy: 'Copy',
  copied: 'Copied',
  card:
    'The script also writes a card: a JSON file with the class names and how pixels become numbers. Drop it together with the model; ' +
    'without it the page guesses the recipe, shows what it guessed, and lets you put it right and name the classes.',
  missing: 'The snippet could not be loaded.',
});
