/**
 * A long call into the engine: progress out, cancelling in.
 */

/** The engine's names of its stages, in ours. */
const STAGES = /** @type {const} */ ({ prepare: 'setup', run: 'run', guess: 'guess' });

const channel = new MessageChannel();
/** @type {(() => void)[]} */
const waiting = [];
channel.port1.onmessage = () => waiting.shift()?.();

/** Resolves after a task, so that a message that has arrived (a cancel, say) has its turn.
 * @returns {Promise<void>} */
export function pause() {
  return new Promise((resolve) => {
    waiting.push(resolve);
    channel.port2.postMessage(null);
  });
}

/**
 * Runs `call` with a task of the engine that follows the signal.
 * @template T
 * @param {import('../api/engine-types.js').EngineModule} module
 * @param {{ signal: AbortSignal, progress: (progress: import('../api/types.js').Progress) => void }} options
 * @param {(task: import('../api/engine-types.js').EngineTask) => Promise<T>} call
 * @returns {Promise<{ value: T, runMilliseconds: number }>} with the time that the network itself ran
 */
export async function withTask({ Task }, { signal, progress }, call) {
  let runStart = 0;
  let runMilliseconds = 0;
  let current = '';
  let stageStart = 0;
  const task = new Task((stage, done, total) => {
    const now = performance.now();
    if (stage === 'run' && done === 0) runStart = now;
    if (stage === 'run' && done === total) runMilliseconds = now - runStart;
    if (stage !== current || done === 0) [current, stageStart] = [stage, now];
    const secondsLeft = done > 0 ? ((now - stageStart) / 1000) * (total / done - 1) : undefined;
    progress({ stage: STAGES[stage], done, total, secondsLeft });
  }, pause);
  const cancel = () => task.cancel();
  signal.addEventListener('abort', cancel);
  try {
    return { value: await call(task), runMilliseconds };
  } finally {
    signal.removeEventListener('abort', cancel);
    task.free();
  }
}
