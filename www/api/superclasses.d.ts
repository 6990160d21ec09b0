/**
 * What ImageNet's 1000 outputs are kinds of, by WordNet: of a class “dog” they know 118 kinds and no dog. The table is
 * models/imagenet-tree.json, which models/scripts/imagenet_tree.py writes.
 */
export type Tree = {
    words: string[];
    above: number[][];
    senses: Record<string, number[]>;
    plurals: Record<string, string>;
};
/** Which outputs a word stands for. Outputs are numbered as in ImageNet. */
export declare class Superclasses {
    #private;
    /** @param {Tree} tree */
    constructor({ words, above, senses, plurals }: Tree);
    /**
     * The outputs that are what a name says, in the singular or plural: those under the synset that it means. Of several it is the one
     * that the word is used for most.
     * @param {string} name
     * @returns {{ outputs: number[], others: number[] }} in ascending order; `others`: under the other meanings alone
     */
    find(name: string): {
        outputs: number[];
        others: number[];
    };
    /** Whether labels are ImageNet's, in its order. @param {string[]} labels of all outputs */
    fits(labels: string[]): boolean;
}
/**
 * Loads the table where a model may need it. Without it classes go by the labels alone, and the page says which have no output.
 * @param {string[]} labels of the model's outputs
 */
export declare function loadSuperclasses(labels: string[]): Promise<void>;
/**
 * Finds the outputs that a name stands for; null where the labels are not ImageNet's, or the table is not loaded.
 * @param {string[]} labels of the model's outputs
 * @param {Superclasses | null} [superclasses]
 */
export declare function superclassesOf(labels: string[], superclasses?: Superclasses | null): ((name: string) => {
    outputs: number[];
    others: number[];
}) | null;
