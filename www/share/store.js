/**
 * Files of the visitor that a link of theirs names, kept in this browser alone, so that the link works here when they come
 * back: in the private files of this site (OPFS), or in IndexedDB where the browser cannot write those.
 */

/** Beyond this nothing more is kept, in bytes. */
const MOST = 2 ** 29;
const FOLDER = 'shared-files';

/**
 * @typedef {object} Place
 * @property {(key: string, file: Blob) => Promise<void>} put
 * @property {(key: string) => Promise<Blob | null>} get
 * @property {() => Promise<Blob[]>} all
 * @property {() => Promise<void>} clear
 */

/** @type {Promise<Place> | undefined} */
let place;

function open() {
  place ??= privateFiles().catch(() => database());
  place.catch(() => (place = undefined));
  return place;
}

/** @returns {Promise<Place>} */
async function privateFiles() {
  if (!('createWritable' in FileSystemFileHandle.prototype)) throw new Error('no writing');
  const root = await navigator.storage.getDirectory();
  const folder = () => root.getDirectoryHandle(FOLDER, { create: true });
  await folder();
  return {
    async put(key, file) {
      const writable = await (await (await folder()).getFileHandle(key, { create: true })).createWritable();
      // Closes the writable; what is broken off is not there.
      await file.stream().pipeTo(writable);
    },
    async get(key) {
      try {
        return await (await (await folder()).getFileHandle(key)).getFile();
      } catch {
        return null;
      }
    },
    async all() {
      /** @type {Blob[]} */
      const files = [];
      for await (const handle of (await folder()).values())
        if (handle.kind === 'file') files.push(await handle.getFile());
      return files;
    },
    async clear() {
      await root.removeEntry(FOLDER, { recursive: true });
    },
  };
}

/**
 * @template T
 * @param {IDBRequest<T>} request
 * @returns {Promise<T>}
 */
function answer(request) {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

/** @returns {Promise<Place>} */
async function database() {
  const opening = indexedDB.open(`featurescope-${FOLDER}`, 1);
  opening.onupgradeneeded = () => opening.result.createObjectStore(FOLDER);
  const opened = await answer(opening);
  const store = (/** @type {IDBTransactionMode} */ mode) => opened.transaction(FOLDER, mode).objectStore(FOLDER);
  return {
    put: async (key, file) => void (await answer(store('readwrite').put(file, key))),
    get: async (key) => (await answer(store('readonly').get(key))) ?? null,
    all: () => answer(store('readonly').getAll()),
    clear: async () => void (await answer(store('readwrite').clear())),
  };
}

/** How much is kept. @returns {Promise<{ files: number, bytes: number }>} */
export async function kept() {
  try {
    const files = await (await open()).all();
    return { files: files.length, bytes: files.reduce((sum, { size }) => sum + size, 0) };
  } catch {
    return { files: 0, bytes: 0 };
  }
}

/** Counts how often everything was forgotten, and what is being kept meanwhile. */
let forgotten = 0;
/** @type {Promise<unknown>} */
let keeping = Promise.resolve();

/**
 * @param {{ sha256: string, file: Blob }[]} files
 * @returns {Promise<boolean>} whether all of them are kept: the browser may be full, or in a private window
 */
export function keep(files) {
  const kept = keepAll(files, forgotten);
  keeping = Promise.all([keeping, kept]);
  return kept;
}

/**
 * @param {{ sha256: string, file: Blob }[]} files
 * @param {number} turn of `forgotten` that it belongs to
 */
async function keepAll(files, turn) {
  try {
    const there = await open();
    let { bytes } = await kept();
    for (const { sha256, file } of files) {
      if (turn !== forgotten) return true;
      if ((await there.get(sha256))?.size === file.size) continue;
      bytes += file.size;
      if (bytes > MOST) return false;
      await there.put(sha256, file);
    }
    return true;
  } catch {
    return false;
  }
}

/**
 * @param {string} sha256
 * @returns {Promise<Blob | null>} the caller still has to compute its hash
 */
export async function recall(sha256) {
  try {
    return await (await open()).get(sha256);
  } catch {
    return null;
  }
}

/**
 * Removes everything, what is just being kept as well.
 * @throws where the browser does not let go of it
 */
export async function forget() {
  forgotten += 1;
  await keeping;
  await (await open()).clear();
}
