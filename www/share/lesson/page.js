/* The live part of a lesson: starts the worker from what the file itself holds, and shows what it finds. A classic script. */
(() => {
  const block = (name) => document.getElementById(`live-${name}`).textContent;
  const settings = JSON.parse(new TextDecoder().decode(bytesOf(block('settings'))));
  const { text } = settings;
  const root = document.getElementById('live');
  let worker = null;
  let nextId = 1;
  const pending = new Map();

  const line = element('p', { role: 'status' });
  const start = element('button', { type: 'button', className: 'primary', onclick: begin }, text.start);
  const input = element('input', { type: 'file', accept: 'image/*', id: 'live-picture' });
  input.addEventListener('change', async () => {
    // The eraser's strokes belong to the recorded picture.
    if (input.files[0]) show(await input.files[0].arrayBuffer(), []);
  });
  const pick = element('label', { className: 'pick', htmlFor: input.id, hidden: true }, text.pick, input);
  const result = element('div', {});
  root.append(element('h2', {}, text.heading), element('p', {}, text.explain), start, pick, line, result);

  function element(tag, properties, ...children) {
    const made = Object.assign(document.createElement(tag), properties);
    if (properties.role) made.setAttribute('role', properties.role);
    made.append(...children);
    return made;
  }

  function bytesOf(base64) {
    return Uint8Array.from(atob(base64.trim()), (character) => character.charCodeAt(0));
  }

  async function unpacked(base64) {
    const stream = new Blob([bytesOf(base64)]).stream().pipeThrough(new DecompressionStream('gzip'));
    return new Response(stream).arrayBuffer();
  }

  function ask(action, content, transfer = []) {
    const id = nextId++;
    return new Promise((resolve, reject) => {
      pending.set(id, { resolve, reject });
      worker.postMessage({ id, action, ...content }, transfer);
    });
  }

  async function begin() {
    start.hidden = true;
    line.textContent = text.starting;
    try {
      const code = new TextDecoder().decode(await unpacked(block('engine')));
      worker = new Worker(URL.createObjectURL(new Blob([code], { type: 'text/javascript' })));
      worker.onmessage = ({ data: { id, result: answer, error } }) => {
        const { resolve, reject } = pending.get(id);
        pending.delete(id);
        if (error === undefined) resolve(answer);
        else reject(new Error(error));
      };
      worker.onerror = ({ message }) => failed(message);
      const [wasm, later, graph] = await Promise.all(['wasm', 'later', 'model'].map((name) => unpacked(block(name))));
      await ask('open', { wasm, later, graph, card: settings.card }, [wasm, later, graph]);
      pick.hidden = false;
      root.dataset.state = 'ready';
      await show(bytesOf(settings.picture).buffer, settings.erased);
    } catch (error) {
      failed(error.message);
    }
  }

  function failed(message) {
    line.textContent = `${text.failed} ${message}`;
    root.dataset.state = 'error';
  }

  async function show(picture, erased) {
    line.textContent = text.running;
    root.dataset.state = 'busy';
    try {
      const { layer, recipe, article, labels } = settings;
      const found = await ask('look', { picture, erased, layer, recipe, article, labels, count: 12, size: 160 }, [
        picture,
      ]);
      const large = element('div', { className: 'large' });
      const tiles = found.maps.map(({ map, mean, overlay }) => {
        const button = element(
          'button',
          { type: 'button', onclick: () => choose(map) },
          canvasOf(overlay),
          element('span', {}, `#${map} · ${mean.toPrecision(3)}`),
        );
        button.dataset.map = map;
        button.dataset.mean = mean;
        return button;
      });
      const choose = async (map) => {
        tiles.forEach((tile) => tile.setAttribute('aria-pressed', String(Number(tile.dataset.map) === map)));
        large.replaceChildren(canvasOf((await ask('large', { map, size: 460 })).overlay), element('p', {}, `#${map}`));
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
      failed(error.message);
    }
  }

  /** As the page writes it: only nothing is 0%, and only all is 100%. */
  function percent(share) {
    const rounded = Number((share * 100).toFixed(1));
    if (share > 0 && rounded === 0) return '< 0.1%';
    return share < 1 && rounded === 100 ? '> 99.9%' : `${rounded}%`;
  }

  function canvasOf(image) {
    const canvas = element('canvas', { width: image.width, height: image.height });
    canvas.getContext('2d').putImageData(image, 0, 0);
    return canvas;
  }
})();
