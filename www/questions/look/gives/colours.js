/** Colours of classes, light enough for black numbers on them and far apart in hue and lightness: neighbours are told apart by people who see few
 * colours as well, and the numbers and names stand beside them. */
const COLOURS = [
  [102, 204, 238],
  [255, 150, 70],
  [105, 190, 95],
  [255, 140, 190],
  [225, 210, 80],
  [140, 165, 255],
  [215, 140, 225],
  [70, 205, 180],
  [240, 120, 100],
  [205, 205, 205],
];

/**
 * Red, green and blue of a class. The same for every network, so that a class keeps its colour from photo to photo.
 * @param {number} index
 */
export function colourOf(index) {
  return COLOURS[index % COLOURS.length];
}

/** The same for a style. @param {number} index */
export function cssColour(index) {
  return `rgb(${colourOf(index).join(' ')})`;
}
