import { text } from './text.js';
import { createAlerts } from './ui/alerts.js';
import { createBring } from './ui/bring.js';
import { createCard } from './ui/card.js';
import { connectInput, listenForFiles } from './ui/drop.js';
import { createLook } from './ui/look.js';
import { createPhoto } from './ui/photo.js';
import { createPredictions } from './ui/predictions.js';
import { createProgress } from './ui/progress.js';
import { createRecipe } from './ui/recipe.js';
import { createTopbar } from './ui/topbar.js';

/** @param {string} id */
function byId(id) {
  return /** @type {HTMLElement} */ (document.getElementById(id));
}

/**
 * Builds the page once and returns the function that draws a state into it.
 * @param {import('./session.js').Session} session
 * @returns {(state: import('./state.js').State) => void}
 */
export function createPage(session) {
  const pickImages = connectInput('image-input', (files) => session.addPhotos(files));
  const pickFolder = connectInput('folder-input', (files) => session.takeFiles(files));
  const pickModel = connectInput('model-input', (files) => session.openModel(files, null));
  listenForFiles(session);
  const skip = document.querySelector('.skip');
  if (skip) skip.textContent = text.skip;

  const bring = createBring(session, pickModel);
  const components = [
    createTopbar(byId('topbar'), session, { bring: () => bring.open() }),
    createProgress(byId('progress'), session),
    createAlerts(byId('alerts'), session),
    createPhoto(byId('photo'), session, { images: pickImages, folder: pickFolder }),
    createPredictions(byId('predictions'), session),
    createRecipe(byId('recipe'), session),
    createLook(byId('look'), session),
    createCard(byId('card'), session),
  ];
  return (state) => {
    document.body.dataset.state = state.status;
    for (const component of components) component.update(state);
  };
}
