/* The live part of a lesson: starts the worker from what the file itself holds, and shows what it finds. A classic script. */
{
  /**
   * @typedef {{ map: number, mean: number, overlay: ImageData }} Tile
   * @typedef {{ predictions: { label: string, probability: number }[], maps: Tile[] }} Found
   */

  const settings = /** @type {import('../lesson-live.js').LiveSettings} */ (
    JSON.parse(new TextDecoder().decode(bytesOf(block('settings'))))
  );
  const { text } = settings;
  const root = /** @type {HTMLElement} */ (document.getElementById('live'));
  /** @type {Worker | null} */
  let worker = null;
  let nextId = 1;
  /** What each action answers with is known where it is asked for.
   * @type {Map<number, { resolve: (result: any) => void, reject: (error: Error) => void }>} */
  const pending = new Map();

  const line = element('p', { role: 'status' });
  const start = element('button', { type: 'button', className: 'primary', onclick: begin }, text.start);
  const input = element('input', { type: 'file', accept: 'image/*', id: 'live-picture' });
  input.addEventListener('change', async () => {
    const picture = input.files?.[0];
    // The eraser's strokes belong to the recorded picture.
    if (picture) show(await picture.arrayBuffer(), []);
  });
  const pick = element('label', { className: 'pick', htmlFor: input.id, hidden: true }, text.pick, input);
  const result = element('div', {});
  root.append(element('h2', {}, text.heading), element('p', {}, text.explain), start, pick, line, result);

  /**
   * @template {keyof HTMLElementTagNameMap} T
   * @param {T} tag
   * @param {{ role?: string } & Record<string, unknown>} properties
   * @param {...(Node | string)} children
   * @returns {HTMLElementTagNameMap[T]}
   */
  function element(tag, properties, ...children) {
    const made = Object.assign(document.createElement(tag), properties);
    if (properties.role) made.setAttribute('role', properties.role);
    made.append(...children);
    return made;
  }

  /** What the file holds under a name. @param {string} name */
  function block(name) {
    return document.getElementById(`live-${name}`)?.textContent ?? '';
  }

  /** @param {string} base64 */
  function bytesOf(base64) {
    return Uint8Array.from(atob(base64.trim()), (character) => character.charCodeAt(0));
  }

  /** @param {string} base64 */
  async function unpacked(base64) {
    const stream = new Blob([bytesOf(base64)]).stream().pipeThrough(new DecompressionStream('gzip'));
    return new Response(stream).arrayBuffer();
  }

  /**
   * @param {'open' | 'look' | 'large'} action of the worker
   * @param {object} content
   * @param {Transferable[]} [transfer]
   */
  function ask(action, content, transfer = []) {
    const id = nextId++;
    return new Promise((resolve, reject) => {
      pending.set(id, { resolve, reject });
      worker?.postMessage({ id, action, ...content }, transfer);
    });
  }

  async function begin() {
    start.hidden = true;
    line.textContent = text.starting;
    try {
      const code = new TextDecoder().decode(await unpacked(block('engine')));
      worker = new Worker(URL.createObjectURL(new Blob([code], { type: 'text/javascript' })));
      worker.onmessage = ({ data: { id, result: answer, error } }) => {
        const asked = pending.get(id);
        pending.delete(id);
        if (error === undefined) asked?.resolve(answer);
        else asked?.reject(new Error(error));
      };
      worker.onerror = ({ message }) => failed(message);
      const [wasm, later, graph] = await Promise.all(['wasm', 'later', 'model'].map((name) => unpacked(block(name))));
      await ask('open', { wasm, later, graph, card: settings.card }, [wasm, later, graph]);
      pick.hidden = false;
      root.dataset.state = 'ready';
      await show(bytesOf(settings.picture).buffer, settings.erased);
    } catch (error) {
      failed(/** @type {Error} */ (error).message);
    }
  }

  /** @param {string} message */
  function failed(message) {
    line.textContent = `${text.failed} ${message}`;
    root.dataset.state = 'error';
  }

  /**
   * @param {ArrayBuffer} picture the file's bytes
   * @param {typeof settings['erased']} erased
   */
  async function show(picture, erased) {
    line.textContent = text.running;
    root.dataset.state = 'busy';
    try {
      const { layer, recipe, article, patch, labels } = settings;
      const wish = { picture, erased, layer, recipe, article, patch, labels, count: 12, size: 160 };
      const found = /** @type {Found} */ (await ask('look', wish, [picture]));
      const large = element('div', { className: 'large' });
      const tiles = found.maps.map((tile) => tileOf(tile, () => choose(tile.map)));
      const choose = async (/** @type {number} */ map) => {
        tiles.forEach((tile) => tile.setAttribute('aria-pressed', String(Number(tile.dataset.map) === map)));
        const { overlay } = /** @type {{ overlay: ImageData }} */ (await ask('large', { map, size: 460 }));
        large.replaceChildren(canvasOf(overlay), element('p', {}, `#${map}`));
      };
      result.replaceChildren(
        element('p', {}, text.prediction),
        element(
          'ol',
          { className: 'recorded-list' },
          ...found.predictions.map(({ label, probability }) => element('li', {}, `${label}: ${percent(probability)}`)),
        ),
        large,
        element('p', {}, text.maps),
        element('ul', { className: 'tiles' }, ...tiles.map((tile) => element('li', {}, tile))),
      );
      if (found.maps[0]) await choose(found.maps[0].map);
      line.textContent = '';
      root.dataset.state = 'ready';
    } catch (error) {
      failed(/** @type {Error} */ (error).message);
    }
  }

  /**
   * @param {Tile} tile
   * @param {() => void} onclick
   */
  function tileOf({ map, mean, overlay }, onclick) {
    const caption = element('span', {}, `#${map} · ${mean.toPrecision(3)}`);
    const button = element('button', { type: 'button', onclick }, canvasOf(overlay), caption);
    Object.assign(button.dataset, { map, mean });
    return button;
  }

  /** As the page writes it: only nothing is 0%, and only all is 100%. @param {number} share */
  function percent(share) {
    const rounded = Number((share * 100).toFixed(1));
    if (share > 0 && rounded === 0) return '< 0.1%';
    return share < 1 && rounded === 100 ? '> 99.9%' : `${rounded}%`;
  }

  /** @param {ImageData} image */
  function canvasOf(image) {
    const canvas = element('canvas', { width: image.width, height: image.height });
    canvas.getContext('2d')?.putImageData(image, 0, 0);
    return canvas;
  }
}
