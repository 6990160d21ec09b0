/** The Chinese catalogues, one line each, under the names that `catalogue('…')` asks for. */
export { text as ablation } from './ablation.js';
export { text as api } from './api.js';
export { text as bring } from './bring.js';
export { text as cam } from './cam.js';
export { text as classes } from './classes.js';
export { text as classroom } from './classroom.js';
export { text as compare } from './compare.js';
export { text as depth } from './depth.js';
export { text as draw } from './draw.js';
export { text as files } from './files.js';
export { text as page } from './page.js';
export { text as recomputed } from './recomputed.js';
export { text as record } from './record.js';
export { text as share } from './share.js';
export { text as sheet } from './sheet.js';
export { text as story } from './story.js';
export { text as storyPictures } from './story-pictures.js';
