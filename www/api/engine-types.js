/**
 * The shapes of the engine's module, which wasm-bindgen makes of src/web/, as far as the worker uses it.
 * This file holds types only; nothing loads it at run time.
 */

/**
 * @typedef {import('./types.js').Article} Article
 * @typedef {import('./types.js').Card} Card
 * @typedef {import('./types.js').DrawOptions} DrawOptions
 * @typedef {import('./types.js').DrawStep} DrawStep
 * @typedef {import('./types.js').EngineCam} EngineCam
 * @typedef {import('./types.js').EngineDrawing} EngineDrawing
 * @typedef {import('./types.js').Layer} Layer
 * @typedef {import('./types.js').MapOverSet} MapOverSet
 * @typedef {import('./types.js').MapValues} MapValues
 * @typedef {import('./types.js').Memory} Memory
 * @typedef {import('./types.js').NamedRecipe} NamedRecipe
 * @typedef {import('./types.js').OverlayOptions} OverlayOptions
 * @typedef {import('./types.js').Prediction} Prediction
 * @typedef {import('./types.js').RankedMap} RankedMap
 * @typedef {import('./types.js').Recipe} Recipe
 * @typedef {import('./types.js').Stroke} Stroke
 */

/**
 * The wasm-bindgen module, as far as the worker uses it; see src/web/.
 * @typedef {object} EngineModule
 * @property {(options?: { module_or_path: Response | URL | string | WebAssembly.Module }) => Promise<EngineExports>} default
 * @property {{ create(): Promise<EngineScope> }} Scope
 * @property {{ new (byteLength: number): EngineModelFile }} ModelFile
 * @property {{ new (onProgress: (stage: 'prepare' | 'run' | 'guess', done: number, total: number) => void, pause: () => Promise<void>): EngineTask }} Task
 * @property {{ decode(bytes: Uint8Array): EnginePicture, fromRgba(width: number, height: number, data: Uint8Array): EnginePicture,
 *   fromRgb(width: number, height: number, data: Uint8Array): EnginePicture }} Picture
 * @property {{ new (): EngineProbes }} Probes
 * @property {{ new (): EngineImageSet, seen(look: EngineLook): import('./types.js').SeenImage }} ImageSet
 * @property {(name: string) => Uint8Array} colormap
 * @property {(module: WebAssembly.Module | BufferSource) => void} takeSecondPart what a first look has no use for
 * @property {[first: string, second: string, thread?: string]} files the engine's two parts in the form that this browser can run, and what
 *   threads run of them
 * @property {(part: ArrayBuffer) => BufferSource} prepared a part as it goes with the memory in use
 * @property {(part: ArrayBuffer) => BufferSource} [sharing] a part with its memory shared
 * @property {(threads: number, spread?: (address: number, parts: number) => void) => void} shareWork has its loops done by several threads
 * @property {boolean} hasRelaxed whether that is the one with relaxed SIMD
 */

/**
 * @typedef {object} EngineExports
 * @property {WebAssembly.Memory} memory
 * @property {(address: number, part: number, thread: number) => void} featurescope_work does a part of some work of its loops
 * @property {(bytes: number, alignment: number) => number} __wbindgen_malloc
 */

/**
 * @typedef {object} EngineTask
 * @property {() => void} cancel
 * @property {() => void} free
 */

/**
 * @typedef {object} EngineScope
 * @property {() => { name: 'wonnx' | 'rten', device: 'webgpu' | 'cpu', adapter: string, fallback: boolean }} info
 * @property {(file: EngineModelFile, card: Card | undefined, task: EngineTask) => Promise<EngineModel>} open
 * @property {() => Memory} memory
 * @property {() => void} destroyDevice
 * @property {() => Promise<{ ok: boolean, op?: string | null }>} selfCheck
 */

/**
 * @typedef {object} EngineModelFile
 * @property {(offset: number, chunk: Uint8Array) => void} write
 * @property {(seed: number) => void} randomise
 * @property {(name: string, byteLength: number) => void} addExternal
 * @property {(name: string, offset: number, chunk: Uint8Array) => void} writeExternal
 * @property {() => void} free
 */

/**
 * @typedef {object} EnginePicture
 * @property {number} width
 * @property {number} height
 * @property {() => { width: number, height: number, data: Uint8ClampedArray<ArrayBuffer> }} pixels
 * @property {() => Uint8Array<ArrayBuffer>} rgb three bytes for each pixel, row by row
 * @property {(strokes: Stroke[]) => EnginePicture} erase
 * @property {(number: number) => EnginePicture} alone a stack of this one, which has this number for whoever stacks them
 * @property {(next: EnginePicture, number: number) => EnginePicture} stacked a stack with another slice behind it
 * @property {() => void} free
 */

/**
 * @typedef {object} EngineModelDescription
 * @property {string | null} title
 * @property {number} classes
 * @property {string[]} labels
 * @property {'logits' | 'softmax' | 'sigmoid'} output
 * @property {string | null} scores
 * @property {import('./types.js').ModelResult[]} results
 * @property {import('./types.js').Gives} gives
 * @property {import('./types.js').BlockedNode[]} blocked
 * @property {boolean} ownRecipe
 * @property {import('./types.js').Takes} takes
 * @property {import('./types.js').Told} told
 * @property {Recipe} recipe
 * @property {boolean} recipeIsKnown
 * @property {Layer[]} layers
 * @property {string} defaultLayer
 * @property {Article} article
 * @property {NamedRecipe[]} recipes the common ones
 * @property {boolean} residual
 * @property {{ name: string, shape: number[] }} input
 * @property {string | null} headLayer
 * @property {string | null} noHead
 * @property {number} bytes
 */

/** @typedef {Omit<import('./types.js').FoundBox, 'mask'> & { mask?: import('./types.js').BoxMask }} EngineBox */
/** @typedef {Partial<Omit<import('./types.js').LookFinds, 'boxes'>> & Pick<import('./types.js').LookFinds, 'frame'> & { boxes?: EngineBox[] }} EngineFinds */

/**
 * @typedef {object} EngineAblation
 * @property {Float32Array} after the probabilities of all classes; none of a network without
 * @property {EngineFinds} [finds]
 * @property {{ maps: Uint32Array, after: Float32Array, finds?: EngineFinds }[]} controls
 */

/**
 * @typedef {object} EngineModel
 * @property {() => EngineModelDescription} describe
 * @property {(picture: EnginePicture, options: { layer?: string, recipe?: Recipe, patch?: import('./types.js').Patch, mapsAlone?: boolean }, task: EngineTask) => Promise<EngineLook>} look
 * @property {(look: EngineLook, options: { maps: number[], to: 'zero' | 'mean', controls: number, seed: number }, task: EngineTask) => Promise<EngineAblation>} ablate
 * @property {(options: import('./types.js').EngineDrawOptions & { recipe: Recipe }) => EngineDrawingHandle} draw
 * @property {(look: EngineLook, options: { classIndex: number, overlay: OverlayOptions & { width?: number, height?: number } }, task: EngineTask) => Promise<EngineCam>} cam
 * @property {(picture: EnginePicture, options: { layers: string[], recipe?: Recipe }, task: EngineTask) => Promise<import('./types.js').StrongestMap[]>} depth
 * @property {(pictures: number) => Uint32Array | undefined} spread which of so many pictures each slice is; undefined of a network that takes no stack
 * @property {(recipe: Recipe) => void} setRecipe
 * @property {(output: 'logits' | 'softmax' | 'sigmoid') => void} setOutput
 * @property {(probes: EngineProbes, task: EngineTask) => Promise<Required<NamedRecipe>[]>} guess
 * @property {() => void} release
 * @property {() => void} free
 */

/**
 * A drawing that waits for its next step.
 * @typedef {object} EngineDrawingHandle
 * @property {number} total steps
 * @property {(task: EngineTask) => Promise<DrawStep | undefined>} step undefined after the last one
 * @property {() => EngineDrawing} result so far
 * @property {() => Promise<void>} forward runs the network alone on the picture
 * @property {() => void} free
 */

/**
 * @typedef {object} EngineImageSet
 * @property {(look: EngineLook) => number} add
 * @property {(layer: string, means: Float32Array, maxima: Float32Array, peaks: Uint32Array, ranked: Uint32Array, said: number) => number} take
 * @property {(classes: number[][], perImage: number, perClass: number) => EngineClassMaps[]} classMaps
 * @property {(maps: Uint32Array) => Float32Array} sums
 * @property {(map: number) => MapOverSet | undefined} map
 * @property {() => Int32Array} said
 * @property {(classes: number[][], ties: number[][]) => number[][]} confusion
 * @property {() => void} free
 */

/**
 * @typedef {object} EngineClassMaps
 * @property {{ map: number, count: number }[]} maps
 * @property {{ map: number, count: number, alsoIn: number[] }[]} removed
 */

/**
 * @typedef {object} EngineProbes
 * @property {(picture: EnginePicture, labels: Uint32Array) => void} add
 * @property {() => void} free
 */

/**
 * @typedef {object} EngineLook
 * @property {Layer} layer
 * @property {import('./types.js').AttendingPatch | null | undefined} patch
 * @property {Uint32Array | undefined} slices
 * @property {boolean} signed
 * @property {'lowered' | 'original'} form
 * @property {'logits' | 'softmax' | 'sigmoid'} output
 * @property {boolean} doubt
 * @property {'no-scores' | 'not-finite' | 'unclear' | 'missing' | undefined} silence
 * @property {{ message: string, node?: string } | undefined} missing
 * @property {() => EngineFinds | undefined} finds
 * @property {boolean} finite
 * @property {number} layerScale
 * @property {() => Float32Array} means
 * @property {() => { mean: number, max: number, min: number, row: number, column: number, dead: boolean }[]} statistics
 * @property {(count: number) => RankedMap[]} top
 * @property {(count: number) => Prediction[]} predictions
 * @property {(map: number) => MapValues} map
 * @property {() => { width: number, height: number, data: Uint8ClampedArray }} seen
 * @property {(maps: Uint32Array, options: object) => { width: number, height: number, data: Uint8ClampedArray, dead: boolean, scale: number | null }} overlay
 * @property {(classIndex: number) => { contributions: Float32Array, bias: number } | undefined} contributions
 * @property {() => void} free
 */

export {};
