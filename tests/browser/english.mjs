// What of a page in Chinese is still English.

/** Words of names that stay as they are: of formats, programs, ways of computing, people and keys. */
const NAMES = new RegExp(`\\b(${[
  'ONNX', 'ReLU', 'CPU', 'GPU', 'WebGPU', 'WebAssembly', 'PNG', 'JPEG', 'WebP', 'GIF', 'BMP', 'AVIF', 'HEIC', 'PDF', 'SVG', 'CSV', 'JSON', 'zip', 'Enter', 'Esc', 'Tab', 'ImageNet', 'Featurescope',
  'Keras', 'PyTorch', 'TensorFlow', 'torchvision', 'CORS', 'English', 'McNemar', 'onnx', 'caffe', 'tf', 'viridis', 'inferno', 'cividis', 'turbo', 'jet', 'grey', 'Grad-CAM', 'CAM', 'CNN', 'ROC', 'AUC',
  'Softmax', 'softmax', 'SqueezeNet', 'EfficientNet', 'Lite0', 'Mini-Xception', 'Xception', 'MB', 'Adam', 'NASA Great Images', 'Stefan van der Walt', 'Rachel Michetti', 'Pikolo Espresso Bar', 'Lav Varshney',
  'SpaceX', 'DSCOVR', 'CC0', 'Featurescope', 'Falcon', 'Chelsea', 'HTML', 'ZIP', 'opset', 'Python', 'pickle', 'git lfs pull', 'Git LFS', 'Decoding the Black Box of CNNs using Feature Map Visualizations', 'rten', 'wonnx',
].sort((one, other) => other.length - one.length).join('|')})\\b`, 'g');

/** What stands on the page as data: names of layers, classes and files, and code. */
const DATA = '#layer-select, [lang=en], pre, code, noscript, script';

/** Every text and label in sight that has two English words in a row, or is nothing but an English word. */
export async function english(page) {
  const { texts, names } = await page.evaluate((data) => {
    const found = [];
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_ELEMENT | NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      const element = node instanceof Element ? node : node.parentElement;
      // Options are drawn by the browser, which does not say whether they are seen.
      if (!(element.closest('select') ?? element).checkVisibility() || element.closest(data)) continue;
      if (node instanceof Text) found.push(node.data);
      else found.push(...['title', 'aria-label', 'alt', 'placeholder', 'aria-description', 'aria-valuetext'].flatMap((name) => element.getAttribute(name) ?? []));
    }
    // What a model calls its classes, layers and results is data as well; so are the names of files, but for those of the story, and the
    // graphics card's.
    const { model, engine, photos, workbench } = { ...globalThis.featurescope, ...globalThis.featurescope?.state };
    const names = [...model?.labels ?? [], ...(model?.layers ?? []).flatMap(({ id, name, op }) => [id, name, op]), ...(model?.results ?? []).map(({ name }) => name), model?.offered ? '' : model?.title ?? '',
      engine?.adapter ?? '', ...(photos ?? []).filter(({ credit }) => !credit).map(({ name }) => name),
      ...(workbench?.collection.columns ?? []).flatMap(({ name, images }) => [name, ...images.map((image) => image.name).filter((name) => !/ \(\d+\.webp\)$/.test(name))])]
      .filter((name) => /[A-Za-z]{2}/.test(name)).sort((one, other) => other.length - one.length);
    return { texts: found, names };
  }, DATA);
  // A command, an address and a file's name are the same in every language, and so is a name that is quoted.
  const same = [/https?:\/\/[^\s，。）]+|\?engine=cpu|\bexample\.org/g, /python -m tf2onnx[\w .-]+|tf2onnx[\w.]*|torch\.onnx\.export(\([^)]*\))?/g,
    /[\w.-]*\.(featurescope\.zip|onnx|json|txt|js|wasm|jpg|png|webp|heic|tif|xyz|zip|data)\b/g, /“[^”。]{1,40}”/g];
  const rest = (text) => names.reduce((left, name) => left.replaceAll(name, '·'), same.reduce((left, pattern) => left.replace(pattern, '·'), text)).replace(NAMES, '·');
  return texts.filter((text) => /[A-Za-z]{2,}[ ,.:;]+[A-Za-z]{2,}|^\s*[A-Za-z]{4,}\W*$/.test(rest(text)));
}

/** Unfolds all that can be unfolded, so that it is in sight. */
export function unfoldAll(page) {
  return page.locator('details:not([open]):visible').evaluateAll((all) => all.forEach((details) => (details.open = true)));
}
