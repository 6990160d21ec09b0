/** What a file is, by its name and by where it lay. Nothing here knows the DOM. */
/**
 * The type of a picture by its name, if it is one of a picture.
 * @param {string} name
 */
export declare function pictureType(name: string): string | undefined;
/** @param {File} file */
export declare function isImage({ name, type }: File): boolean;
/** Where a file lay in a dropped folder. The browser fills `webkitRelativePath` for chosen folders only.
 * @type {WeakMap<File, string>} */
export declare const droppedPaths: WeakMap<File, string>;
/**
 * Where a file lay, without a leading slash: its name alone where it lay in no folder that is known.
 * @param {File} file
 */
export declare function pathOf(file: File): string;
/** Files nobody means: hidden ones, and what macOS puts into archives.
 * @param {string} path */
export declare const isHidden: (path: string) => boolean;
/**
 * Whether files are a model with its parts, and not photos.
 * @param {File[]} files
 */
export declare function isModel(files: File[]): boolean;
/** Whether a file that lies beside no model may tell about the open one: a card, or the names of its classes. @param {File} file */
export declare function mayTellOfModel({ name }: File): boolean;
/** @param {File} file */
export declare function isArchive({ name }: File): boolean;
