import { pageState } from '../state.js';

/**
 * @typedef {import('../../api/errors.js').FeaturescopeError} FeaturescopeError
 * @typedef {import('../../api/types.js').Recipe} Recipe
 * @typedef {import('../../featurescope.js').Model} Model
 * @typedef {import('../../featurescope.js').ModelSource} ModelSource
 * @typedef {import('../changes.js').Alerts} Alerts
 * @typedef {import('../state.js').State} State
 */

/**
 * What a visitor says about a model. `recipe`: another one than its own; `output`: what its scores are; `labels`: the names of its classes, or a list of
 * this page by its name; `card`: what else a card told.
 * @typedef {object} Said
 * @property {Recipe | null} [recipe]
 * @property {'logits' | 'softmax' | 'sigmoid'} [output]
 * @property {string[] | string} [labels]
 * @property {Pick<import('../../api/types.js').Card, 'title' | 'scores' | 'defaultLayer' | 'bands' | 'beside'>} [card]
 */

/**
 * Where a model comes from, to open it again in a new worker.
 * @typedef {{ source: ModelSource, offered: string | null } & Said} Opened `offered`: its name in the list of offered models
 */

/**
 * What is to be opened. `choices`: with all choices in place, as somebody left them; a new worker takes them as well.
 * @typedef {Opened & { choices?: Partial<State> }} Wanted
 */

/**
 * An opened model that has not looked yet.
 * @typedef {{ model: Model, opened: Opened, change: Partial<State> }} Candidate `change`: of the page, once it has looked
 */

/** The model that the page opens with. */
const FIRST_MODEL = 'squeezenet1.1';

/** @typedef {ReturnType<typeof createCore>} Core */

/**
 * What the functions of this folder share: the page's state, and what is open and under way in the engine.
 * @param {import('../state.js').Store} store
 * @param {typeof import('../../featurescope.js').Featurescope.create} createScope starts an engine
 */
export function createCore(store, createScope) {
  const { state } = store;
  let lastId = 0;
  return {
    state,
    /** @param {Partial<State>} change */
    set(change) {
      Object.assign(state, change);
      store.set({ status: pageState(state) });
    },
    newId: () => ++lastId,

    createScope,
    /** The open scope, for the console and for tests too.
     * @type {import('../../featurescope.js').Featurescope | null} */
    scope: null,
    /** The open model, which has looked at a photo.
     * @type {Model | null} */
    model: null,
    /** What the open model was opened from; before there is one, what the page begins with.
     * @type {Opened} */
    opened: { source: FIRST_MODEL, offered: FIRST_MODEL },
    /** The model that the visitor wants next and that has not looked yet.
     * @type {Wanted | null} */
    wanted: null,
    /** That model once it is open. The model before it stays open, and on the page, until this one has looked.
     * @type {Candidate | null} */
    candidate: null,
    /** The opening under way, which ends with a look: what is chosen meanwhile is looked at then.
     * @type {Promise<void> | null} */
    opening: null,
    /** Something was chosen during the opening, so that the open model has to look again where the opening fails. */
    askedMeanwhile: false,
    /** The newest request. */
    running: new AbortController(),
    /** Losses of the engine since the last look that worked. */
    losses: 0,
    /** The start after a loss of the engine, from when it is known that it is lost.
     * @type {Promise<void> | null} */
    recovery: null,
    /** The photo after which the engine's memory was too large.
     * @type {number | null} */
    swollenBy: null,
    /** Why the engine is not the one that was asked for, where that is the page's decision.
     * @type {string | undefined} */
    reason: undefined,
    /** The choices of the last look that worked, to go back to when the next one fails.
     * @type {Pick<State, 'photo' | 'layer' | 'article'>} */
    settled: { photo: null, layer: null, article: false },
    /** The camera's picture that is in the tray, while it runs.
     * @type {File | null} */
    frame: null,

    /** Takes what something else on the page waits for, such as a link whose files are missing, and gives back the rest.
     * @type {((files: File[]) => Promise<File[]>) | null} */
    receive: null,
    /** Whether the page shows the state as it is by now. */
    isDrawn: false,
    /** Settles when the first start has ended, well or not. @type {Promise<void>} */
    started: Promise.resolve(),
    /** The images in classes, where there are any: what else is asked about them is asked there.
     * @type {import('../../classes/workbench.js').Workbench | null} */
    workbench: null,

    // A look may need a start, and a start ends with a look; so these are put in by the session, which knows all functions.

    /** Opens the model that is wanted, or the one before it, and starts the engine where there is none.
     * @type {(standing?: Alerts) => Promise<void>} `standing`: alerts that stay after a success */
    start: async () => {},
    /** Loads what a session can do beyond its first look.
     * @type {() => Promise<unknown>} */
    loadRest: async () => {},
    /** Starts anew after the engine was lost.
     * @type {(error: FeaturescopeError) => Promise<void>} */
    recover: async () => {},
  };
}
