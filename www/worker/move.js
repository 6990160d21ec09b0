import { closeModel, openOn } from './models.js';

/**
 * Moves a model to the CPU engine, unless another call has moved it meanwhile.
 * @param {import('./engines.js').Engines} engines
 * @param {import('./models.js').OpenModel} open
 * @param {import('./engines.js').Call} call
 * @param {{ asked: import('./engines.js').Engine, error: import('../api/errors.js').FeaturescopeError }} why the engine that was asked, and its refusal
 */
export async function move(engines, open, call, { asked, error }) {
  if (open.engine !== asked) return;
  const cpu = await engines.insteadOfWebGpu(call, error);
  const model = await openOn(cpu, open.parts, call);
  closeModel(open);
  Object.assign(open, { model, engine: cpu });
}
