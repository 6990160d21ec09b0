/**
 * What a visitor may do next and a first look has no use for: it loads behind that look, so that it is here even where the network goes.
 */

import './intake.js';
import '../api/look-asks.js';
import '../api/many.js';
import './session/make-thumbnail.js';
import './session/questions.js';
import './ways.js';
import { loadStyle } from '../ui/load-style.js';

loadStyle('print.css', import.meta.url);
