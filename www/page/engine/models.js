import { FeaturescopeError } from '../../api/errors.js';
import { text as apiText } from '../../api/text.js';
import { text } from '../text.js';
import { Looks } from './looks.js';

/**
 * @typedef {import('../../featurescope.js').ModelSource} ModelSource
 * @typedef {import('../state.js').State} State
 * @typedef {import('./looks.js').Alerts} Alerts
 * @typedef {import('./looks.js').Candidate} Candidate
 * @typedef {import('./looks.js').Opened} Opened
 */

/** What was chosen in a model says nothing in another one.
 * @type {Partial<State>} */
const NOTHING_CHOSEN = { chosen: [], classIndex: null, order: 'mean', setMaxima: {} };

/** Which model looks, and with which recipe. */
export class Models extends Looks {
  /** Starts the engine.
   * @param {AbortController} _controller
   * @returns {Promise<void>} */
  async startScope(_controller) {}

  /** @param {Alerts} [standing] */
  start(standing) {
    return this.#open((controller) => this.#candidate(this.wanted ?? this.opened, controller), standing);
  }

  /**
   * @param {ModelSource} source
   * @param {string | null} offered its name in the list of offered models
   */
  async openModel(source, offered) {
    if (typeof source === 'string' && !offered && !URL.canParse(source)) {
      return this.set({ errors: [this.error(apiText.errors.noAddress)] });
    }
    this.wanted = { source, offered };
    this.set({ asked: true });
    // A start of the engine that is under way will take it.
    await (!this.scope && this.opening ? this.opening : this.start());
    const { model } = this;
    // Who it was that the host passed the request on to.
    if (model?.cameFrom && this.opened.source === source)
      this.set({ notice: text.errors.cameFrom(new URL(String(source)).host, model.cameFrom) });
  }

  /**
   * Goes to what was found before: the model is opened unless it is open, and looks once, with all choices in place.
   * @param {{ source: ModelSource, offered: string | null, recipe: import('../../api/types.js').Recipe | null, output?: Opened['output'] }} model
   *   `recipe`: null for the model's own; `output`: what a visitor said that the scores are, if anybody did
   * @param {Partial<State>} choices
   */
  async restore({ source, offered, recipe, output }, { photo, comparison, ...choices }) {
    this.set({
      asked: true,
      ...(photo === undefined ? {} : { photo }),
      ...(comparison === undefined ? {} : { comparison }),
    });
    // A model that was told what its scores are forgets it by being opened anew.
    const isOpen =
      this.model !== null &&
      output === this.opened.output &&
      (offered ? offered === this.opened.offered : isSame(source, this.opened.source));
    if (isOpen) await this.#restoreOpen(recipe, choices);
    else {
      this.wanted = { source, offered, recipe, ...(output ? { output } : {}), choices };
      await this.start();
    }
    // What comes next reads the look, which an engine that was lost meanwhile has still to make.
    await this.recovered();
  }

  /**
   * @param {import('../../api/types.js').Recipe | null} recipe
   * @param {Partial<State>} choices
   */
  async #restoreOpen(recipe, choices) {
    const {
      state: { model: shown },
      model,
    } = this;
    if (!shown || !model) return;
    this.dropCandidate();
    this.wanted = this.opening = null;
    const controller = this.begin();
    const chosen = recipe ?? shown.recipes[0]?.recipe ?? shown.recipe;
    try {
      await model.setRecipe(chosen);
    } catch (error) {
      return this.end(controller, error);
    }
    if (controller.signal.aborted) return;
    const { opened } = this;
    this.opened = { ...opened, recipe: chosen };
    this.set({ ...NOTHING_CHOSEN, ...choices, model: { ...shown, recipe: chosen } });
    await this.look(controller);
  }

  /** @param {number} place in the model's list */
  async chooseRecipe(place) {
    const { model } = this.state;
    const named = model?.recipes[place];
    if (!model || !named || !this.model) return;
    try {
      await this.model.setRecipe(named.recipe);
    } catch (error) {
      return this.report(error);
    }
    this.opened = { ...this.opened, recipe: named.recipe };
    this.set({ model: { ...model, recipe: named.recipe }, setMaxima: {} });
    await this.lookAgain();
  }

  /** @param {'logits' | 'softmax' | 'sigmoid'} output what the scores of the model are, as the visitor says */
  async chooseOutput(output) {
    const { model } = this.state;
    if (!model || !this.model) return;
    try {
      await this.model.setOutput(output);
    } catch (error) {
      return this.report(error);
    }
    this.opened = { ...this.opened, output };
    this.set({ model: { ...model, output, statedOutput: output } });
    await this.lookAgain();
  }

  /**
   * @param {(controller: AbortController) => Promise<Candidate>} open
   * @param {Alerts} [standing]
   */
  #open(open, standing) {
    return this.bringIn(
      this.scope ? 'download' : 'setup',
      async (controller) => {
        if (!this.scope) await this.startScope(controller);
        return open(controller);
      },
      standing,
    );
  }

  /**
   * @param {import('./looks.js').Wanted} wanted
   * @param {AbortController} controller
   * @returns {Promise<Candidate>}
   */
  async #candidate({ choices, ...wanted }, controller) {
    if (!this.scope) throw new FeaturescopeError('closed', apiText.errors.closed);
    const { source, offered, output } = wanted;
    const model = await this.scope.open(
      source,
      this.callOptions(controller),
      typeof source === 'string' && !offered ? () => mayFollow(source) : undefined,
    );
    const recipe = wanted.recipe ?? (choices ? (model.recipes[0]?.recipe ?? model.recipe) : null);
    if (recipe) await model.setRecipe(recipe);
    if (output) await model.setOutput(output);
    const shown = this.state.model;
    const isSameModel = shown && shown.offered === offered && shown.title === model.title;
    const unchosen = isSameModel ? {} : { ...NOTHING_CHOSEN, layer: null, openMap: null };
    const chosen = choices ? { ...NOTHING_CHOSEN, ...choices } : {};
    return {
      model,
      opened: { ...wanted, ...(recipe ? { recipe } : {}) },
      change: { ...unchosen, ...chosen, model: { ...model, offered } },
    };
  }
}

/**
 * Asks whether the host of a typed address may pass the request on.
 * @param {string} address
 */
async function mayFollow(address) {
  return (await import('../../share/remote.js')).askToFollow(address);
}

/**
 * @param {ModelSource} one
 * @param {ModelSource} other
 */
function isSame(one, other) {
  const files = Array.isArray(one) ? one : [one];
  const others = Array.isArray(other) ? other : [other];
  return files.length === others.length && files.every((file) => others.includes(file));
}
