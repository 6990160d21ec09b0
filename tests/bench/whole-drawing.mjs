// How long a visitor waits for a drawing as the article makes it.

const MODEL = 'squeezenet1.1';
const MAP = 281;
const SIZE = 230;

/** Draws through the public interface. @param {import('@playwright/test').Browser} browser @param {string} address of the checkout's server */
export async function wholeDrawing(browser, address) {
  const page = await browser.newPage();
  page.setDefaultTimeout(0);
  try {
    await page.goto(`${address}tests/bench/page.html`);
    return await page.evaluate(async ({ address, model: name, map, size }) => {
      const { Featurescope } = await import(`${address}dist/featurescope.js`);
      const scope = await Featurescope.create({ engine: 'cpu' });
      const model = await scope.open(name);
      const begun = performance.now();
      const { activations, sizes, cured } = await model.draw({ map }, { size });
      const seconds = (performance.now() - begun) / 1000;
      scope.close();
      return { model: name, map, layer: model.defaultLayer, size, seconds, steps: activations.length, sizes: sizes.length, cured };
    }, { address, model: MODEL, map: MAP, size: SIZE });
  } finally {
    await page.close();
  }
}
