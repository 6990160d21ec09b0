/**
 * Which outputs of a model belong to a class. It loads with the first question about that.
 */
import { superclassesOf } from './superclasses.js';
export { loadSuperclasses } from './superclasses.js';
/**
 * The classes that neither a caller nor their names tie to an output, so that no answer of the model can be theirs. An empty list of the
 * caller's says that the model has no such class.
 * @param {string[]} names of the classes
 * @param {Record<string, number | number[]>} ties
 * @param {string[]} labels of the model
 */
export declare function untiedNames(names: string[], ties: Record<string, number | number[]>, labels: string[]): string[];
/**
 * The outputs that belong to each class. Where the caller says nothing of a class, they are those that have its name among
 * their labels' synonyms, upper and lower case alike, and where the labels are ImageNet's those that are kinds of it: of classes
 * that one of these is a kind of, the narrowest has it, as “dog” and not “animal”.
 * @param {string[]} names of the classes
 * @param {Record<string, number | number[]>} ties
 * @param {string[]} labels of the model
 * @param {ReturnType<typeof superclassesOf>} [kinds] finds the outputs that are kinds of a thing
 */
export declare function tiedOutputs(names: string[], ties: Record<string, number | number[]>, labels: string[], kinds?: ReturnType<typeof superclassesOf>): number[][];
