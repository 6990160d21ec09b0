/** Until a drawing has steps at two sizes, a step is taken to cost as much as its picture's pixels and these together: what it costs to
 * start a network at all does not grow with the picture. On the CPU engine the last layer of the story's networks was seen to cost 19×19 to
 * 40×40 besides its pixels, and the first of SqueezeNet's 66×66; on a graphics card every size may cost the same. This lies between. */
const PIXELS_AT_LEAST = 48 * 48;

/** What a drawing has still to do, from what its steps have taken. What comes before the first step at a size (making the network
 * ready, compiling) is told apart from the steps. */
export class TimeLeft {
  #sizes;
  #each;
  /** What the steps at each size took, and what came before them. @type {Map<number, { setUp: number, ran: number[] }>} */
  #taken = new Map();

  /**
   * @param {ArrayLike<number>} sizes sides of the pictures in order
   * @param {number} each steps at each
   */
  constructor(sizes, each) {
    this.#sizes = Array.from(sizes);
    this.#each = each;
  }

  /**
   * A step was made.
   * @param {number} size
   * @param {number} setUp milliseconds before the network ran
   * @param {number} ran milliseconds that it ran
   */
  add(size, setUp, ran) {
    const taken = this.#taken.get(size) ?? { setUp: 0, ran: [] };
    taken.setUp += setUp;
    taken.ran.push(ran);
    this.#taken.set(size, taken);
  }

  /** Seconds; undefined after the first step of all, which nothing can be told from.
   * @returns {number | undefined} */
  get seconds() {
    const known = [...this.#taken]
      .filter(([, { ran }]) => ran.length > 1)
      .map(([size, { ran }]) => ({ size, cost: median(ran.slice(1)) }));
    if (known.length === 0) return undefined;
    const cost = costs(known);
    // The first run at a size may compile what later ones find compiled.
    const extra = [...this.#taken]
      .filter(([, { ran }]) => ran.length > 1)
      .map(([, { setUp, ran }]) => setUp + Math.max(0, ran[0] - median(ran.slice(1))));
    const before = extra.reduce((sum, one) => sum + one, 0) / extra.length;
    let milliseconds = 0;
    for (const size of this.#sizes) {
      const made = this.#taken.get(size)?.ran.length ?? 0;
      const own = known.find((one) => one.size === size)?.cost ?? cost(size);
      milliseconds += (this.#each - made) * own + (made === 0 ? before : 0);
    }
    return milliseconds / 1000;
  }
}

/**
 * What a step costs at a size: a part that grows with its pixels, and one that does not.
 * @param {{ size: number, cost: number }[]} known
 */
function costs(known) {
  const [first, last] = [known[0], known[known.length - 1]];
  const pixels = (/** @type {number} */ size) => size * size;
  if (first === last)
    return (/** @type {number} */ size) =>
      (last.cost * (pixels(size) + PIXELS_AT_LEAST)) / (pixels(last.size) + PIXELS_AT_LEAST);
  const slope = Math.min(
    last.cost / pixels(last.size),
    Math.max(0, (last.cost - first.cost) / (pixels(last.size) - pixels(first.size))),
  );
  return (/** @type {number} */ size) => last.cost + slope * (pixels(size) - pixels(last.size));
}

/** @param {number[]} values */
function median(values) {
  const sorted = [...values].sort((one, other) => one - other);
  return sorted[Math.floor(sorted.length / 2)];
}
