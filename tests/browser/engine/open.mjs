// Engines as dist/ has them.

const FOLDERS = { cpu: 'cpu', webgpu: 'gpu' };

/** An engine in the form that the page runs here. @param {'cpu' | 'webgpu'} device */
export async function openEngine(device) {
  const folder = folderOf(device);
  const module = await import(new URL('featurescope.js', folder).href);
  await module.default({ module_or_path: new URL(module.files[0], folder) });
  const scope = await module.Scope.create();
  if (scope.info().device !== device) throw new Error(`${folder} holds the engine for ${scope.info().device}`);
  return { module, scope };
}

/** The CPU engine as browsers without relaxed SIMD have it, beside any other: with another address it is a module of its own. */
export async function openPlain() {
  const folder = folderOf('cpu');
  const module = await import(new URL('featurescope.js?plain', folder).href);
  await module.default({ module_or_path: new URL('featurescope_bg.plain.wasm', folder) });
  module.takeSecondPart(await WebAssembly.compileStreaming(fetch(new URL('featurescope_later.plain.wasm', folder))));
  return { module, scope: await module.Scope.create() };
}

/** @param {'cpu' | 'webgpu'} device */
function folderOf(device) {
  return new URL(`../../../engine/${FOLDERS[device]}/`, location.href);
}
