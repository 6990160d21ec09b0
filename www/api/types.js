/**
 * The shapes of the data that crosses the public API and the worker's messages.
 * This file holds types only; nothing loads it at run time.
 */

/**
 * Which engine was asked for. `auto` takes WebGPU on a real adapter and the CPU otherwise.
 * @typedef {'auto' | 'webgpu' | 'cpu'} EngineRequest
 */

/**
 * @typedef {object} EngineInfo
 * @property {'wonnx' | 'rten'} name
 * @property {'webgpu' | 'cpu'} device
 * @property {string} [adapter] what the browser tells about the graphics adapter
 * @property {boolean} [fallback] whether the adapter is a software one
 * @property {boolean} [relaxed] on the CPU, whether it runs with relaxed SIMD, where products and sums may be rounded once: results differ from
 *   those of other browsers in the sixth digit
 * @property {string} reason why this engine, in a sentence
 */

/**
 * One value of the network that can be looked at.
 * @typedef {object} Layer
 * @property {string} id the ONNX value name in the file
 * @property {string} name the node's name
 * @property {string} op the ONNX operator
 * @property {'before' | 'after' | 'none'} relu relative to the activation
 * @property {number} channels how many feature maps
 * @property {number} height rows of one map
 * @property {number} width columns of one map
 * @property {number} slices how many slices of a volume each channel has, which are maps one after another; 1 of pictures
 * @property {number[]} stride input pixels per cell, [vertical, horizontal]
 * @property {number[]} receptiveField input pixels that one cell sees, [vertical, horizontal]
 */

/**
 * How pixels become the network's input: value = (pixel · scale − mean) / std.
 * @typedef {object} Recipe
 * @property {number | number[]} size one number or [height, width]
 * @property {'squash' | 'crop' | 'letterbox'} [resize] all of the picture out of shape, its middle, or all of it in shape with grey beside it
 * @property {'rgb' | 'bgr' | 'grey'} [channels]
 * @property {number} [scale]
 * @property {number[]} [mean] in the order of `channels`
 * @property {number[]} [std] in the order of `channels`
 * @property {'nchw' | 'nhwc'} [layout]
 * @property {number} [cropShare] of a cropped picture the part of its shorter side that is seen, as timm's `crop_pct`; 224 of 256 when left out
 * @property {'bilinear' | 'bicubic' | 'lanczos'} [filter] how pixels are weighed where the size changes, by Pillow's names; bilinear when left out
 */

/**
 * @typedef {object} NamedRecipe
 * @property {string} name
 * @property {Recipe} recipe
 * @property {number} [score] summed probability of the known labels, for a guessed recipe
 */

/**
 * A model card: what the ONNX file itself does not say.
 * @typedef {object} Card
 * @property {string} [file]
 * @property {string} [sha256]
 * @property {string} [title]
 * @property {Recipe} [recipe]
 * @property {string[] | string} [labels] the class names, or the address of a JSON list of them
 * @property {string} [defaultLayer] id of the layer to look at first
 * @property {'logits' | 'softmax' | 'sigmoid'} [output]
 * @property {string} [scores] name of the value that holds the class scores, where the file has several that could
 * @property {Band[]} [bands] of a network of other than one or three channels: the colour that each of them gets
 * @property {{ name: string, text: string }[]} [beside] text files beside the model, such as Hugging Face's, which count where nobody knows better
 * @property {string} [from] where the card's recipe and names were found
 * @property {boolean} [labelsAreSaid] but for the names, which somebody said
 * @property {string} [licence]
 * @property {string} [source]
 */

/**
 * What the switch "as the article" sets; its overlays multiply, with the values as they are.
 * @typedef {object} Article
 * @property {string} layer
 * @property {Recipe} recipe
 * @property {number} gain
 * @property {number} mapsPerImage
 * @property {number} mapsPerClass
 */

/**
 * @typedef {object} BlockedNode
 * @property {string} node its name in the file
 * @property {string} op the operator
 */

/**
 * @typedef {object} ModelDescription
 * @property {string} title
 * @property {number} classes
 * @property {string[]} labels
 * @property {boolean} [labelsAreGuessed] ImageNet's names, since its photos were recognised
 * @property {'logits' | 'softmax' | 'sigmoid'} output as what the scores are taken
 * @property {'logits' | 'softmax' | 'sigmoid' | null} statedOutput what the card says that they are; null where it says nothing
 * @property {string | null} statedScores name of the value that the card says holds the class scores; null where it says nothing
 * @property {string | null} scores name of the value that holds the class scores; null of a network that gives none
 * @property {ModelResult[]} results what the file gives, in its order
 * @property {Gives} gives what the network gives for a picture
 * @property {BlockedNode[]} blocked the nodes that nobody computes; they and what is made of them have no layers
 * @property {boolean} ownRecipe the network normalises the pixels itself
 * @property {Takes} takes how the inputs of its file are made of one picture
 * @property {Told} told what files beside the model say
 * @property {Recipe} recipe the one in use
 * @property {boolean} recipeIsKnown it comes from the model's card and is not a guess
 * @property {NamedRecipe[]} recipes that can be chosen: the card's or the best guess first
 * @property {Layer[]} layers
 * @property {string} defaultLayer
 * @property {Article} article
 * @property {boolean} residual
 * @property {number[]} inputShape
 * @property {{ layer: string } | null} linearHead set where pooling and one linear layer make the scores
 * @property {string | null} noLinearHead why there is none, in a sentence
 * @property {number} bytes size of the file
 */

/**
 * How the inputs of a file are made of one picture.
 * @typedef {object} Takes
 * @property {{ name: string, standsFor: 'picture' | 'size' | 'number', value: number | null }[]} beside what the inputs beside the picture get: the
 *   same picture, its height and width, or a number everywhere
 * @property {Band[]} bands which colour each channel gets of a network that takes neither one nor three; otherwise none
 * @property {number} slices how many slices the network takes, of one picture each of them that picture; 1 of networks that take no stack
 */

/**
 * What files beside a model say about it.
 * @typedef {object} Told
 * @property {string | null} recipeFrom name of the one that says how a picture becomes the input
 * @property {string | null} labelsFrom name of the one that names the classes
 * @property {boolean} notTwice the network does itself what that file says of pixels, so that it is not done before it
 * @property {string[]} unread names of those that say nothing about it that can be read
 * @property {[file: string, names: number] | null} unfit one that names another number of classes
 */

/** A colour of the picture, or null for zero everywhere. @typedef {'red' | 'green' | 'blue' | null} Band */

/**
 * A result of a model's file.
 * @typedef {object} ModelResult
 * @property {string} name
 * @property {number[]} shape
 * @property {boolean} scores whether it could be the class scores: one number for each class
 */

/**
 * What a network gives for a picture.
 * @typedef {object} Gives
 * @property {'scores' | 'boxes' | 'mask' | 'embedding' | 'picture' | 'unknown'} kind `scores`: one number for each class; `boxes`: things, each with
 *   its place, class and score; `mask`: a class for each place; `embedding`: a vector by which pictures are compared; `picture`: another
 *   picture; `unknown`: nothing tells
 * @property {string[]} values names of the values that hold it, the last of them the maps of which the masks of boxes are made, where it has some; none
 *   where it is unknown
 * @property {'card' | 'metadata' | 'names' | 'ending' | 'shapes'} reason what tells it: the model's card, what the file says about itself, the names
 *   of the results, the nodes at the end of the network, or how many results there are and of which shapes
 * @property {string[]} names of the classes of boxes and masks; empty where they are unknown
 */

/**
 * A thing that a detector found, in pixels of the picture. Its sides may lie beyond the picture's.
 * @typedef {object} FoundBox
 * @property {number} x of its left side
 * @property {number} y of its upper side
 * @property {number} width
 * @property {number} height
 * @property {number} classIndex
 * @property {string} label
 * @property {number} score from 0 to 1
 * @property {BoxMask | null} mask which places of the box the thing has; null of a network that does not tell
 */

/**
 * Which places of a box its thing has. They are a part of the places into which the network divides all that it saw, those with their middle in the
 * box: none where the box is smaller than one.
 * @typedef {object} BoxMask
 * @property {Frame} frame where these places lie on the picture, which is not quite where the box does
 * @property {number} width in places
 * @property {number} height
 * @property {Uint8Array<ArrayBuffer>} data row by row 1 where the thing is and 0 elsewhere
 * @property {number} share of all that the network saw, from 0 to 1
 */

/**
 * Of each place of what the network saw its class.
 * @typedef {object} FoundMask
 * @property {number} width
 * @property {number} height
 * @property {Uint8Array<ArrayBuffer>} data row by row; of a mask of one class 1 is what it is about
 * @property {boolean} isBinary it is a mask of one class
 * @property {{ index: number, label: string, share: number }[]} areas the classes that there are, the largest first; `share` of all places
 */

/**
 * A rectangle in pixels of the picture. What the network saw may be a part of it, or (with grey beside it) more.
 * @typedef {{ x: number, y: number, width: number, height: number }} Frame
 */

/**
 * What a network found instead of classes; null is what it does not give.
 * @typedef {object} LookFinds
 * @property {Frame} frame where on the picture lies what the network saw
 * @property {FoundBox[] | null} boxes the best first
 * @property {FoundMask | null} mask
 * @property {Float32Array<ArrayBuffer> | null} embedding
 * @property {Pixels | null} picture
 * @property {boolean} notFinite the network computed infinity, or what is no number
 */

/**
 * @typedef {object} RankedMap
 * @property {number} map from 0
 * @property {number} mean
 * @property {number} rank from 1
 */

/**
 * @typedef {object} Prediction
 * @property {number} index
 * @property {string} label
 * @property {number} probability
 */

/**
 * @typedef {{ width: number, height: number, data: Uint8ClampedArray<ArrayBuffer> }} Pixels
 */

/**
 * A step of a drawing.
 * @typedef {object} DrawStep
 * @property {number} size side of the picture in pixels
 * @property {number} activation of what is drawn
 * @property {Pixels} [image] at a few steps of each size
 */

/**
 * @typedef {object} EngineDrawing
 * @property {Pixels} image
 * @property {Float32Array} activations of what is drawn, before each step: a map's mean, the value at a position, several maps' sum, or a
 *   class's score; of a modern drawing as if the map's activation had no upper limit, as ReLU6 has 6
 * @property {Uint32Array} sizes that were used
 * @property {'asked' | 'nearest' | 'larger' | 'own'} sizing why these: as asked for; the nearest that the network takes; the first
 *   at which the layer is two cells high, which is above the size asked for; or the network takes pictures of its own size only
 * @property {number} cured the number of steps in which the map did not fire and had no gradient, so that the value before its
 *   activation was ascended instead; steps in which that has no gradient either do not count
 * @property {number} saturated the number of steps in which the same was done since all of the map was at the upper limit of its
 *   activation, 6 of ReLU6; a modern drawing knows no such limit
 * @property {number} lost the number of steps that were not taken, since the network gave no number (NaN or infinity) for the
 *   activation or its gradient; after 20 of them in a row the drawing ends as it is, with fewer activations
 * @property {boolean} grey the finished picture has no pattern: each channel's standard deviation is below 4 of 255 levels
 */

/**
 * What is drawn: one of `map`, `maps` and `classIndex`.
 * @typedef {object} DrawTarget
 * @property {string} [layer] id of a layer, the model's default layer when left out; of no matter where a class is drawn
 * @property {number} [map] the mean of this map
 * @property {number[]} [position] `[row, column]` of one value of that map instead of its mean, in the map that the network makes of a picture of its own
 *   size; while a drawing grows it is the value at the same place of the picture
 * @property {{ map: number, weight?: number }[]} [maps] the means of several maps, each times its weight (1 when left out), added up; a
 *   negative weight drives a map out
 * @property {number} [classIndex] the score of this class before it becomes a probability
 */

/**
 * @typedef {object} DrawOptions
 * @property {'article' | 'smooth' | 'modern'} [preset] the article's loop, which enlarges pixels, as it is (when left out) or with a little
 *   blur and total variation; or lucid's defaults: waves in independent colours at one size, of which the network sees a view that is
 *   moved, scaled and turned at random
 * @property {number} [size] side of the drawing in pixels: of the article's sizes the largest that is not above (230 when left
 *   out, the article goes to 986), of a modern drawing its only one (128); where the network takes no such pictures
 *   another one, and `sizing` says why
 * @property {number} [steps] at each size: 20, or 512 of a modern drawing
 * @property {number} [blur] standard deviation in pixels of a Gaussian that blurs the picture after each enlargement, or after
 *   every 20 steps of a modern drawing; 0 for none
 * @property {number} [totalVariation] weight of the pixels' differences from their neighbours; what is ascended is then
 *   log(activation) − Σ weight · penalty, each penalty a mean over the picture with pixels from 0 to 1; 0 for none
 * @property {number} [l2] weight of the pixels' squared distance from grey, in the same way
 * @property {number} [seed] a whole number from 0: the same seed on the same engine draws the same picture
 * @property {boolean} [article] the network sees pixels from 0 to 1, whatever its recipe is
 * @property {PauseSwitch} [pause] holds the drawing between two steps while its `held` is true: see draw/pause.js
 */

/**
 * The same as the engine takes it: maps as `[map, weight]`.
 * @typedef {Required<Omit<DrawOptions, 'article' | 'pause'>> & { layer: string, maps: number[][], position?: number[], classIndex?: number }} EngineDrawOptions
 */

/** @typedef {EventTarget & { readonly held: boolean }} PauseSwitch tells of every change of `held` by an event `change` */

/**
 * A finished drawing.
 * @typedef {Omit<EngineDrawing, 'image'> & { image: ImageData }} Drawing
 */

/**
 * @typedef {object} AblateOptions
 * @property {'zero' | 'mean'} [to] what a map that is switched off becomes: zero, or its mean everywhere
 * @property {number} [controls] how many times equally many random maps are switched off instead
 * @property {number} [seed] a whole number from 0 that decides which
 */

/**
 * All classes, the most probable first: with all maps, without the chosen ones, and without random ones instead. Of a network that gives no
 * classes there are none of them, and `finds` is what it finds without the maps; what it finds with all of them is the look's.
 * @typedef {object} Ablation
 * @property {Prediction[]} before
 * @property {Prediction[]} after
 * @property {LookFinds | null} finds
 * @property {{ maps: number[], after: Prediction[], finds: LookFinds | null }[]} controls
 */

/**
 * @typedef {object} CamOptions
 * @property {OverlayOptions} [overlay] how the picture of it is drawn
 * @property {[number, number]} [at] of a segmenter: a place in pixels of the picture, from the left and from the top; asked is about the class
 *   there alone
 */

/**
 * @typedef {object} EngineCam
 * @property {number} width of what the network saw
 * @property {number} height
 * @property {Float32Array} data from 0 to 1, row by row: the cells scaled and enlarged, as pytorch-grad-cam returns them
 * @property {MapValues} cells the weighted sum of the maps for each cell of the layer, and 0 where it is negative
 * @property {Float32Array} weights how much the class's score rises with each map
 * @property {Pixels} image the cells laid over the picture
 */

/**
 * Where a class's score comes from (Grad-CAM).
 * @typedef {Omit<EngineCam, 'image'> & { image: ImageData, classIndex: number }} Cam
 */

/**
 * @typedef {object} MapValues
 * @property {number} width
 * @property {number} height
 * @property {Float32Array} data row by row
 */

/**
 * @typedef {object} OverlayOptions
 * @property {'alpha' | 'multiply' | 'raw' | 'glow' | 'spotlight'} [style] `alpha`: colours over the photo; `multiply`: the photo times the
 *   map, as the article has it; `raw`: the colours alone; `glow`: inferno over the photo in dark grey; `spotlight`: the photo, dim
 *   where the map is weak
 * @property {string} [colormap] 'viridis', 'inferno', 'turbo', 'jet', 'grey', 'cividis' or the diverging one, for `alpha` and `raw`
 * @property {'map' | 'layer' | 'set' | number} [scale] what counts as full strength: the map's or the layer's largest
 *   value, or a number
 * @property {number} [setMaximum] full strength for `scale: 'set'`: the largest value of the images to compare; when left out, the
 *   layer's largest over all looks of the model so far
 * @property {number} [alpha] 0 to 1
 * @property {number} [gain]
 * @property {'bilinear' | 'nearest'} [enlargement]
 * @property {number} [size] pixels of the longer side of the result, the network's own size when left out
 */

/**
 * A stroke of the eraser, in pixels of the picture.
 * @typedef {object} Stroke
 * @property {number} radius
 * @property {number[][]} points [x, y] each
 */

/**
 * @typedef {object} Progress
 * @property {'engine' | 'download' | 'read' | 'setup' | 'guess' | 'decode' | 'run'} stage
 * @property {number} done
 * @property {number} [total] unknown when left out
 * @property {number} [secondsLeft]
 * @property {Waiting} [waiting] the graphics card keeps the work waiting
 * @property {ImageData} [image] of a drawing so far
 * @property {number} [activation] of what is drawn
 * @property {number} [size] of a drawing now
 */

/**
 * What an answer about the graphics card is owed for: the adapter, the device, the check of what it computes, or its first
 * run of a network. `limit`: after so many seconds the CPU engine takes over, or the start fails; left out where the visitor decides.
 * @typedef {{ for: 'adapter' | 'device' | 'check' | 'run', seconds: number, limit?: number }} Waiting
 */

/**
 * The maps of a class, the most frequent first. `count`: in how many of the class's images a map is among the strongest.
 * @typedef {object} ClassMaps
 * @property {string} name
 * @property {{ map: number, count: number }[]} maps
 * @property {{ map: number, count: number, alsoIn: string[] }[]} removed maps that are in the list of another class as well, `alsoIn`, however frequent they are there
 */

/**
 * @typedef {object} Confusion
 * @property {string[]} labels the classes, then "other"
 * @property {number[][]} counts by true class, then by what the network says
 */

/**
 * Every long call takes these.
 * @typedef {object} CallOptions
 * @property {AbortSignal} [signal]
 * @property {(progress: Progress) => void} [onProgress]
 */

/**
 * @typedef {object} LookOptions
 * @property {string} [layer] id of a layer, the model's default layer when left out
 * @property {Recipe} [recipe] instead of the model's own
 * @property {boolean} [article] recipe and layer as the article has them
 * @property {Patch} [patch] of a layer of attention, whose `op` is `Attention`: the patch that attends. Where left out, the class token, and in a network
 *   without one the patch in the middle. Where patches attend within windows, the maps are 0 outside of that patch's window
 * @property {Stroke[]} [erase] painted over with the picture's mean colour before the network sees it
 */

/**
 * A patch of what the network sees: the one at a place, from the left and from the top, from 0 to 1, or the one in a row and column of the layer's maps,
 * numbered from 0.
 * @typedef {{ x: number, y: number } | { row: number, column: number }} Patch
 */

/**
 * The patch whose attention a look shows: its row and column in the maps, and its middle in what the network saw, from 0 to 1.
 * @typedef {{ row: number, column: number, x: number, y: number }} AttendingPatch
 */

/**
 * @typedef {object} DepthOptions
 * @property {string[]} [layers] ids of the layers that are wanted, all where left out
 * @property {Recipe} [recipe] instead of the model's own
 * @property {boolean} [article] the recipe as the article has it
 * @property {Stroke[]} [erase] painted over with the picture's mean colour before the network sees it
 */

/**
 * The map of a layer that fires most on a picture, made small.
 * @typedef {object} StrongestMap
 * @property {string} layer its id
 * @property {number} map from 0
 * @property {number} mean its activation, as a look at the layer has it but for rounding
 * @property {number} width columns of `data`
 * @property {number} height rows of `data`
 * @property {Float32Array<ArrayBuffer>} data the map's values, or where it has more than 16 rows or columns the means of equal windows, row by row
 */

/**
 * @typedef {object} Memory
 * @property {number} wasmBytes
 * @property {number} gpuBytes
 * @property {number} gpuBuffers
 * @property {number} pipelines
 * @property {number} dispatches
 * @property {number} submissions
 * @property {number} readbacks buffers that were mapped to read what came back from the GPU
 * @property {number} errorScopes questions to the browser whether a call failed
 * @property {number} preparedNodes nodes of the graphs that are prepared now
 * @property {number} preparedPipelines pipelines made for them
 * @property {number} threads that the CPU engine's loops are done by, itself among them; 1 where the page is not isolated from other origins
 */

/**
 * What the worker sends back after a look; the big rest stays with it under `handle`.
 * @typedef {object} LookData
 * @property {number} handle
 * @property {EngineInfo} engine the one that ran
 * @property {string} layer
 * @property {AttendingPatch | null | undefined} patch of attention, the patch whose it is, or null of a class token's; undefined of any other layer
 * @property {Uint32Array | undefined} slices of a stack of pictures, which of them each slice of the network was, numbered from 0; undefined of a single picture
 * @property {'lowered' | 'original'} graph whether the graph ran rewritten for the engine or as it is in the file, where
 *   single operators that the engine lacks may still be made of others
 * @property {boolean} signed values below zero carry meaning: overlays have diverging colours
 * @property {number} layerScale the layer's largest value, or largest magnitude where it is signed
 * @property {number} milliseconds
 * @property {number} channels
 * @property {number} width
 * @property {number} height
 * @property {Float32Array} means
 * @property {Float32Array} maxima
 * @property {Float32Array} minima
 * @property {Uint32Array} peaks where each map is largest, as an index into its values
 * @property {Uint8Array} dead 1 for each map that says nothing
 * @property {Float32Array} maps all maps, one after another, row by row
 * @property {RankedMap[]} ranking every live map in rank order
 * @property {Prediction[]} predictions every class, descending; empty where `silence` says why
 * @property {'logits' | 'softmax' | 'sigmoid'} output as what the scores were taken
 * @property {boolean} doubt they may be something else
 * @property {'no-scores' | 'not-finite' | 'unclear' | 'missing' | null} silence why there are no predictions: the network gives no class scores, a
 *   score is infinite or no number, nobody knows what the scores are, or the engine cannot run what makes them
 * @property {LookFinds | null} finds what it found instead of classes
 * @property {{ message: string, node?: string } | null} missing why the engine cannot run what follows the layer
 * @property {boolean} finite every value of the maps is a number, and not infinite
 * @property {{ width: number, height: number, data: Uint8ClampedArray }} seen what the network saw, as RGBA
 */

/**
 * What a set keeps of an image.
 * @typedef {object} SeenImage
 * @property {string} layer
 * @property {Float32Array} means of every map
 * @property {Float32Array} maxima
 * @property {Uint32Array} peaks where the largest value is, as an index into the map
 * @property {Uint32Array} ranked the maps that are not dead, the strongest first
 * @property {number} said the output that stands for the image, −1 where the network says nothing
 */

/**
 * One map over all images of a set, in the order in which they were added.
 * @typedef {object} MapOverSet
 * @property {Float32Array} means
 * @property {Float32Array} maxima
 * @property {Uint32Array} peaks where the largest value is, as an index into the map
 */

export {};
