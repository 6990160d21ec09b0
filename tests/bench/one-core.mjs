// A device with a single core, as far as pages are told: what they spread over workers stays with one.

/** @param {import('@playwright/test').BrowserContext} context */
export async function oneCore(context) {
  await context.addInitScript(() => Object.defineProperty(Navigator.prototype, 'hardwareConcurrency', { get: () => 1 }));
}
