import { catalogue } from '../api/language.js';

const english = {
  newVersion: 'There is a new version.',
  reload: 'Reload',
  later: 'Later',
};

export const text = catalogue('offline', english);
