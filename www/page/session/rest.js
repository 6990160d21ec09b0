/** What is done in a session beyond its first look. */

import * as photos from './photos.js';
import * as recover from './recover.js';
import * as said from './said.js';

export const functions = { ...photos, ...recover, ...said };
