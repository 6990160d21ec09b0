// The build copies the library here (xtask/src/build/vendor.json); it comes without types. These are those of what the page uses.

export type Palette = number[][];

export function quantize(rgba: Uint8Array | Uint8ClampedArray, maxColors: number): Palette;

export function applyPalette(rgba: Uint8Array | Uint8ClampedArray, palette: Palette): Uint8Array;

export function GIFEncoder(): {
  /** `delay` in milliseconds. A frame without a palette has the first one's. */
  writeFrame(index: Uint8Array, width: number, height: number, options: { palette?: Palette, delay: number }): void,
  finish(): void,
  bytes(): Uint8Array<ArrayBuffer>,
};
