/**
 * The page's one state, and what can be read out of it. Nothing here knows the DOM or the worker.
 */

import { cardChoices, nothingFound } from '../card/choices.js';
import { classesChoices } from '../questions/classes/choices.js';
import { drawingChoices, nothingDrawn } from '../questions/draw/choices.js';
import { everywhereChoices } from '../questions/everywhere/choices.js';
import { uniqueChoices } from '../questions/unique/choices.js';

/**
 * @typedef {import('../api/types.js').Layer} Layer
 * @typedef {import('../api/types.js').OverlayOptions} OverlayOptions
 * @typedef {import('../api/types.js').RankedMap} RankedMap
 * @typedef {import('../api/types.js').Stroke} Stroke
 */

/**
 * A look as the page uses it: one of the public API, or the recorded one.
 * @typedef {object} LookView
 * @property {string} layer
 * @property {import('../api/types.js').AttendingPatch | null} [patch] of attention, the patch whose it is, or null of a class token's; undefined of any other layer
 * @property {Uint32Array} [slices] of a volume, which of its pictures each slice of the network is, numbered from 0
 * @property {number} milliseconds
 * @property {number} channels
 * @property {number} width
 * @property {number} height
 * @property {Float32Array} means
 * @property {Float32Array} maxima
 * @property {Float32Array} minima
 * @property {Uint32Array} peaks where each map is largest, as an index into its values
 * @property {Uint8Array} dead 1 for each map that says nothing
 * @property {boolean} signed
 * @property {number} layerScale
 * @property {import('../api/types.js').Prediction[]} predictions
 * @property {'logits' | 'softmax' | 'sigmoid'} [output] as what the scores were taken; not of recorded looks, like the next three
 * @property {boolean} [doubt] they may be something else
 * @property {'no-scores' | 'not-finite' | 'unclear' | 'missing' | null} [silence] why there are no predictions
 * @property {{ message: string, node?: string } | null} [missing] why the engine cannot run what follows the layer
 * @property {import('../api/types.js').FoundBox[] | null} [boxes] what a network gives instead of predictions, like the next four
 * @property {import('../api/types.js').FoundMask | null} [mask]
 * @property {Float32Array | null} [embedding]
 * @property {ImageData | null} [picture]
 * @property {import('../api/types.js').Frame | null} [frame] where on the photo lies what the network saw
 * @property {boolean} [finite] every value of the maps is a number
 * @property {number} live
 * @property {(count: number) => RankedMap[]} top
 * @property {(map: number) => import('../api/types.js').MapValues} map
 * @property {(maps: number | number[], options?: OverlayOptions & { signal?: AbortSignal }) =>
 *   Promise<{ image: ImageData | ImageBitmap, dead: boolean, scaleValue: number | null } | null>} draw null: not to be had yet
 * @property {() => ImageData | ImageBitmap} seen
 * @property {() => void} close
 */

/**
 * @typedef {object} Photo
 * @property {number} id
 * @property {string} name
 * @property {Blob | string} source a file, or the address of a bundled photo; of a volume a copy of the slice in its middle
 * @property {File[]} [slices] of a volume, from the first to the last
 * @property {string} [alt] what is on it, where somebody has written that down
 * @property {string} [credit] author and licence, for bundled photos
 * @property {ImageBitmap} [thumbnail]
 * @property {number} [width] of the photo itself
 * @property {number} [height]
 * @property {Stroke[]} strokes erased
 */

/**
 * What a model's files and the page's guess said before a visitor said anything.
 * @typedef {Pick<import('../api/types.js').ModelDescription, 'recipe' | 'recipes' | 'recipeIsKnown' | 'labels' | 'labelsAreGuessed'>} Guess
 */

/**
 * @typedef {import('../api/types.js').ModelDescription & { offered: string | null, guess?: Guess | null, isSaid?: boolean }} OpenModel
 *   `guess`: null where it is not known; `isSaid`: somebody said how it is read, or that the guess is right
 */

/**
 * The sheet on which a visitor says how a model of one's own is read. `typed`: what was changed in its fields, as it was typed; `seen`: what the
 * network makes of the photo by the recipe in the fields, or why it cannot; `note`: what a button has done
 * @typedef {{ typed: Partial<import('./model-sheet/fields.js').Fields>, seen: Seen | null, note?: string }} Sheet
 * @typedef {{ key: string, image: ImageData | ImageBitmap | null, predictions: import('../api/types.js').Prediction[], silence: LookView['silence'], refused: string | null }} Seen
 *   `key`: of the recipe and the photo
 */

/**
 * What the network says of the photo as the article has it read, and as it was trained. `look`: the one that it is about.
 * @typedef {{ look: LookView, before: import('../api/types.js').Prediction[] }} Beside
 */

/**
 * The strongest map of each layer on a photo, and what it was found for. No maps where the network could not be asked.
 * @typedef {object} Depth
 * @property {OpenModel} model
 * @property {number} photo id
 * @property {Photo['source']} source
 * @property {Stroke[]} strokes
 * @property {boolean} article
 * @property {import('../api/types.js').StrongestMap[]} maps
 */

/**
 * What is chosen of what a network gives besides classes. `pointed`: the box or the class of a mask that is pointed at, by its place in the list or its number, and
 * the look that it is of; `inside`: the box that was pressed, and of each map how much of what it shows lies in it, from 0 to 1; `isOff`: the mask is not
 * over the photo, nor are those of boxes; `all`: every box shows; `vectors`: embeddings of photos at hand, and what they were computed for.
 * @typedef {{ pointed: { look: LookView, index: number } | null, inside: Inside | null, isOff: boolean, all: boolean, vectors: Vector[] }} Finds
 * @typedef {{ look: LookView, index: number, shares: Float32Array }} Inside
 * @typedef {{ model: OpenModel, source: Photo['source'], strokes: Stroke[], article: boolean, values: Float32Array }} Vector
 */

/**
 * @typedef {object} State
 * @property {'loading' | 'ready' | 'busy' | 'error'} status
 * @property {import('../api/types.js').EngineRequest} engineRequest
 * @property {import('../api/types.js').EngineInfo | null} engine
 * @property {{ name: string, title: string }[]} offeredModels
 * @property {OpenModel | null} model
 * @property {Photo[]} photos
 * @property {number | null} photo id of the one looked at
 * @property {number | null} comparison id of the one beside it
 * @property {string | null} layer
 * @property {LookView | null} look
 * @property {LookView | null} secondLook
 * @property {boolean} warm the engine has run this before, so that its time is that of a run alone
 * @property {boolean} asked the visitor has asked for a look or a model, so that its progress is shown even over the recorded look
 * @property {boolean} recorded the look is the recorded one, the engine has not answered yet
 * @property {number} topCount
 * @property {'mean' | 'contribution'} order
 * @property {number | null} classIndex
 * @property {Float32Array | null} contributions of every map to that class
 * @property {{ style: 'alpha' | 'multiply' | 'raw' | 'glow' | 'spotlight', colormap: string, scale: 'map' | 'layer' | 'set', enlargement: 'bilinear' | 'nearest' }} overlay
 * @property {Uint8Array | null} palette 256 RGB triples: what the colours of the overlays in use mean
 * @property {Record<string, number>} setMaxima largest value per layer over the photos looked at so far
 * @property {boolean} article
 * @property {number[]} chosen maps in the sum
 * @property {{ name: string, label: string, layer: string, maps: number[] }} framed a class's maps, which have red frames in the grid of
 *   that layer; `label`: what they are called there, since a control's maps are not the class's own
 * @property {{ layer: string, classes: { name: string, maps: number[] }[] }} classMaps the maps that were found for the visitor's classes, strongest first
 * @property {import('./address.js').View} view the question that was asked last
 * @property {boolean} alone a link's finding stands by itself, since its picture is not here and the page's would be taken for it
 * @property {'classes' | 'everywhere' | 'unique'} question the one about classes that shows
 * @property {import('../questions/classes/choices.js').ClassesChoices} classes what is chosen in it, as in the next two
 * @property {import('../questions/everywhere/choices.js').EverywhereChoices} everywhere
 * @property {import('../questions/unique/choices.js').UniqueChoices} unique
 * @property {number | null} openMap the map on the card
 * @property {number | null} pointedMap the map whose tile is pointed at, which the large picture shows meanwhile
 * @property {boolean} cardAsked the visitor opened the card, it is not just there by default
 * @property {number | null} tileToFocus the map whose tile is to have the keyboard
 * @property {import('../card/choices.js').CardChoices} card what is chosen on the card
 * @property {import('../card/evidence/recorded.js').RecordedMaps | null} recordedMaps what was recorded of the model's maps
 * @property {import('../card/choices.js').Found} found what was found on the card
 * @property {import('../questions/draw/choices.js').Drawings} drawings on the card and on walls
 * @property {{ found: Depth[], isOff: boolean }} depth layers of the photos looked at last; `isOff`: an engine was lost by asking
 * @property {Finds} finds
 * @property {Sheet | null} sheet null while it is closed
 * @property {Beside | null} besideArticle
 * @property {boolean} erasing
 * @property {number} eraserRadius as a part of the photo's shorter side
 * @property {boolean} allPredictions
 * @property {import('../api/types.js').Progress | null} progress
 * @property {boolean} arriving files were brought, and what takes them has not begun yet
 * @property {string | null} notice
 * @property {(() => void) | null} stopNotice stops what the notice tells of, where that can be stopped
 * @property {{ id: number, message: string, name?: string }[]} errors `name`: the file that the message begins with
 */

/** @returns {State} */
export function createState() {
  return {
    status: 'loading',
    engineRequest: 'auto',
    engine: null,
    offeredModels: [],
    model: null,
    photos: [],
    photo: null,
    comparison: null,
    layer: null,
    look: null,
    secondLook: null,
    warm: false,
    asked: false,
    recorded: false,
    topCount: 60,
    order: 'mean',
    classIndex: null,
    contributions: null,
    overlay: { style: 'glow', colormap: 'inferno', scale: 'map', enlargement: 'bilinear' },
    palette: null,
    setMaxima: {},
    article: false,
    chosen: [],
    framed: { name: '', label: '', layer: '', maps: [] },
    classMaps: { layer: '', classes: [] },
    view: 'look',
    alone: false,
    question: 'classes',
    classes: classesChoices,
    everywhere: everywhereChoices,
    unique: uniqueChoices,
    openMap: null,
    pointedMap: null,
    cardAsked: false,
    tileToFocus: null,
    card: { ...cardChoices, drawing: drawingChoices },
    recordedMaps: null,
    found: nothingFound,
    drawings: nothingDrawn,
    depth: { found: [], isOff: false },
    finds: { pointed: null, inside: null, isOff: false, all: false, vectors: [] },
    sheet: null,
    besideArticle: null,
    erasing: false,
    eraserRadius: 0.08,
    allPredictions: false,
    progress: null,
    arriving: false,
    notice: null,
    stopNotice: null,
    errors: [],
  };
}

/**
 * Holds the state; every change asks for one drawing.
 * @param {State} state
 * @param {() => void} schedule
 */
export function createStore(state, schedule) {
  return {
    state,
    /** @param {Partial<State>} change */
    set(change) {
      Object.assign(state, change);
      schedule();
    },
  };
}

/** @typedef {ReturnType<typeof createStore>} Store */

/** @param {State} state */
export function currentPhoto(state) {
  return state.photos.find((photo) => photo.id === state.photo) ?? null;
}

/**
 * What a network is given of a photo: of a volume all slices, where it takes these.
 * @param {Pick<Photo, 'source' | 'slices'>} photo
 * @param {{ takes: import('../api/types.js').Takes }} model
 */
export const imageOf = ({ source, slices }, { takes }) => (takes.slices > 1 && slices) || source;

/** @param {State} state */
export function comparedPhoto(state) {
  return state.photos.find((photo) => photo.id === state.comparison) ?? null;
}

/**
 * Whether there is something to show that a network gives besides classes.
 * @param {Pick<State, 'model' | 'look' | 'recorded'>} state
 */
export function givesMore({ model, look, recorded }) {
  const kind = model?.gives?.kind ?? 'scores';
  return Boolean(look && !recorded && kind !== 'scores' && kind !== 'unknown');
}

/** Whether the maps of the shown layer have exact contributions.
 * @param {State} state */
export function atLinearHead(state) {
  return Boolean(state.model?.linearHead && state.look?.layer === state.model.linearHead.layer);
}

/** How many maps the grid asks for.
 * @param {State} state */
export function mapCount(state) {
  return (state.article && state.model?.article.mapsPerImage) || state.topCount;
}

/**
 * The maps of the grid, in the order shown. Ranks always are those by mean.
 * @param {State} state
 * @returns {RankedMap[]}
 */
export function shownMaps(state) {
  const { look } = state;
  if (!look) return [];
  const count = mapCount(state);
  const values = orderOf(state);
  if (!values) return look.top(count);
  return look
    .top(look.channels)
    .sort((a, b) => values[b.map] - values[a.map] || a.map - b.map)
    .slice(0, count);
}

/**
 * By what the maps of the grid are sorted, where that is not their mean.
 * @param {State} state
 */
function orderOf({ look, finds, order, contributions }) {
  if (finds.inside?.look === look && look) return finds.inside.shares;
  return order === 'contribution' ? contributions : null;
}

/**
 * @param {Pick<State, 'article' | 'model' | 'overlay' | 'setMaxima' | 'look'>} state
 * @returns {OverlayOptions}
 */
export function overlayOptions(state) {
  const article = state.article ? state.model?.article : undefined;
  if (article) return { style: 'multiply', gain: article.gain, scale: 1, enlargement: 'bilinear' };
  const { scale } = state.overlay;
  const setMaximum = state.setMaxima[state.look?.layer ?? ''];
  return scale === 'set' ? { ...state.overlay, setMaximum } : state.overlay;
}

/**
 * Where a map is largest, as fractions of height and width.
 * @param {Pick<LookView, 'peaks' | 'width' | 'height'>} look
 * @param {number} map
 */
export function peakOf(look, map) {
  const { width, height } = look;
  return { y: (Math.floor(look.peaks[map] / width) + 0.5) / height, x: ((look.peaks[map] % width) + 0.5) / width };
}

/**
 * What can be said of one map on one photo.
 * @param {LookView} look
 * @param {number} map
 */
export function mapFacts(look, map) {
  const { width, data } = look.map(map);
  const max = look.maxima[map];
  const min = look.minima[map];
  const row = Math.floor(look.peaks[map] / width);
  const column = look.peaks[map] % width;
  const above = data.reduce((count, value) => count + (value > max / 2 ? 1 : 0), 0);
  const ranked = look.top(look.channels).find((entry) => entry.map === map);
  return {
    map,
    mean: look.means[map],
    max,
    min,
    dead: look.dead[map] === 1,
    rank: ranked?.rank ?? null,
    row,
    column,
    ...peakOf(look, map),
    share: above / data.length,
  };
}

/**
 * `body[data-state]`, from what is going on.
 * @param {State} state
 * @returns {State['status']}
 */
export function pageState(state) {
  if (state.progress || state.arriving) return state.look && !state.recorded ? 'busy' : 'loading';
  if (state.errors.length > 0) return 'error';
  return (state.look && !state.recorded) || state.notice ? 'ready' : 'loading';
}
