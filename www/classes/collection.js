import { fitting } from '../files/names.js';
import { pathOf } from '../files/file-kinds.js';
import { natural } from '../files/natural.js';

/**
 * Images that a visitor has sorted into classes. Nothing here knows the DOM, a model or the worker.
 */

/**
 * What the images of a column are for: the maps of the class are found on a source; a target is what the maps and the model
 * are tested on.
 * @typedef {'both' | 'source' | 'target'} Role
 */

/**
 * Images of one class with one role. A class that is in two columns, one as source and one as target, has the same name in
 * both.
 * @typedef {object} Column
 * @property {number} id
 * @property {string} name of the class
 * @property {Role} role
 * @property {File[]} images in natural order of their names
 */

/** @typedef {{ name: string, images: File[] }} ImageClass */

/** The classes a visitor works with. Every change gives back whether anything changed. */
export class Collection {
  /** @type {readonly Column[]} */
  columns = [];
  /** The model's outputs that belong to a class, where the visitor has said so. An empty list: none does. A class may
   * have any name, so there is nothing in it beforehand. @type {Record<string, number[]>} */
  ties = Object.create(null);
  #nextId = 1;

  /**
   * Adds a column; images of a class that is there with this role go to it. A name that is too long for a link is shortened here, so that it
   * is the same everywhere.
   * @param {string} given
   * @param {File[]} [images]
   * @param {Role} [role]
   * @returns {Column}
   */
  add(given, images = [], role = 'both') {
    const name = fitting(given);
    const there = this.columns.find((column) => column.name === name && column.role === role);
    const column = there ?? { id: this.#nextId++, name, role, images: [] };
    if (!there) this.columns = [...this.columns, column];
    this.addImages(column.id, images);
    return column;
  }

  /**
   * @param {number} id
   * @param {File[]} images those that are in the column already are not added again
   */
  addImages(id, images) {
    const column = this.#column(id);
    if (!column) return false;
    const added = images.filter(unlike(column.images));
    column.images = [...column.images, ...added].sort((one, other) => natural.compare(one.name, other.name));
    return added.length > 0;
  }

  /**
   * @param {number} id
   * @param {File} image
   */
  removeImage(id, image) {
    const column = this.#column(id);
    if (!column?.images.includes(image)) return false;
    column.images = column.images.filter((other) => other !== image);
    return true;
  }

  /**
   * @param {number} from
   * @param {number} to refused where the image is there already
   * @param {File} image
   */
  moveImage(from, to, image) {
    return this.addImages(to, [image]) && this.removeImage(from, image);
  }

  /** @param {number} id */
  remove(id) {
    const before = this.columns.length;
    this.columns = this.columns.filter((column) => column.id !== id);
    return this.columns.length < before;
  }

  /**
   * Puts a removed column back where it was; one that took its name in the meantime gets its images.
   * @param {Column} removed
   * @param {number} place
   */
  restore(removed, place) {
    const { name, role, images } = removed;
    if (this.#taken(name, role)) this.add(name, images, role);
    else this.columns = [...this.columns.slice(0, place), removed, ...this.columns.slice(place)];
  }

  /**
   * Another name for a column's class. A name that another column with this role has is refused, and so is none.
   * @param {number} id
   * @param {string} wanted
   */
  rename(id, wanted) {
    const name = fitting(wanted.trim());
    const column = this.#column(id);
    if (!column || name === '' || name === column.name || this.#taken(name, column.role)) return false;
    const { name: before } = column;
    column.name = name;
    // What the visitor said of the class goes with its name, unless the other half of the class keeps that.
    const tied = this.ties[before];
    if (tied && !this.columns.some((other) => other.name === before)) {
      delete this.ties[before];
      this.ties[name] ??= tied;
    }
    return true;
  }

  /**
   * @param {number} id
   * @param {Role} role
   */
  setRole(id, role) {
    const column = this.#column(id);
    if (!column || column.role === role || this.#taken(column.name, role)) return false;
    column.role = role;
    return true;
  }

  /**
   * @param {string} name of a class
   * @param {number[] | null} outputs an empty list: no output belongs to it; null: those whose label is the class's name
   */
  tie(name, outputs) {
    if (outputs) this.ties[name] = outputs;
    else delete this.ties[name];
  }

  /** Forgets everything that the visitor has said of outputs. */
  untie() {
    this.ties = Object.create(null);
  }

  /** A name that no column has yet.
   * @param {string} stem */
  freeName(stem) {
    for (let number = 1; ; number++) {
      const name = `${stem} ${number}`;
      if (!this.columns.some((column) => column.name === name)) return name;
    }
  }

  /** The classes that maps are found on. */
  sources() {
    return this.#classes('source');
  }

  /** The classes that are plotted and tested. */
  targets() {
    return this.#classes('target');
  }

  /** Whether some images are tested that no maps were found on. */
  get separate() {
    return this.columns.some(({ role, images }) => role === 'target' && images.length > 0);
  }

  /** Every image once, in the order of the columns. */
  images() {
    return [...new Set(this.columns.flatMap(({ images }) => images))];
  }

  /** The names of all classes, each once. */
  names() {
    return [...new Set(this.columns.map(({ name }) => name))];
  }

  /**
   * @param {Exclude<Role, 'both'>} role
   * @returns {ImageClass[]}
   */
  #classes(role) {
    const columns = this.columns.filter(
      (column) => (column.role === role || column.role === 'both') && column.images.length > 0,
    );
    const names = [...new Set(columns.map(({ name }) => name))];
    return names.map((name) => ({
      name,
      images: [...new Set(columns.filter((column) => column.name === name).flatMap(({ images }) => images))],
    }));
  }

  /** @param {number} id */
  #column(id) {
    return this.columns.find((column) => column.id === id);
  }

  /**
   * @param {string} name
   * @param {Role} role
   */
  #taken(name, role) {
    return this.columns.some((column) => column.name === name && column.role === role);
  }
}

/**
 * Tells which files are none of some others. The same file brought twice is two objects: name, size and time are the same, and so
 * is its path, unless it came without its folder once.
 * @param {File[]} images
 */
function unlike(images) {
  /** @type {Map<string, string[]>} */
  const paths = new Map();
  const stamp = (/** @type {File} */ { name, size, lastModified }) => `${name}|${size}|${lastModified}`;
  for (const image of images) paths.set(stamp(image), [...(paths.get(stamp(image)) ?? []), pathOf(image)]);
  const isLoose = (/** @type {string} */ path) => !path.includes('/');
  return (/** @type {File} */ image) => {
    const path = pathOf(image);
    return !paths.get(stamp(image))?.some((other) => other === path || isLoose(other) || isLoose(path));
  };
}
