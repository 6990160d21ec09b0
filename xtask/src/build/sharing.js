
/** A part of the engine with its memory shared, which threads need: where the module has or imports its memory, the limits say so. */
export function sharing(part) {
    const given = new Uint8Array(part);
    let at = 8;
    const number = () => {
        let value = 0;
        for (let shift = 0; ; shift += 7) {
            const byte = given[at++];
            value |= (byte & 127) << shift;
            if (byte < 128)
                return value >>> 0;
        }
    };
    const written = (value) => (value < 128 ? [value] : [(value & 127) | 128, ...written(value >>> 7)]);
    // As many pages as there can be: they are reserved and not used. Both numbers may come after the flags; the second is replaced.
    const limits = () => {
        const hasMost = given[at++] & 1;
        const least = number();
        if (hasMost)
            number();
        return [3, ...written(least), ...written(65536)];
    };
    const name = () => {
        const length = number();
        at += length;
    };
    // What follows the kind of an import that is no memory: a function's type, a table, a global, an exception.
    const others = [number, () => { at++; limits(); }, null, () => { at += 2; }, () => { at++; number(); }];
    const parts = [given.subarray(0, at)];
    while (at < given.length) {
        const begin = at;
        const id = given[at++];
        const length = number();
        const [start, end] = [at, at + length];
        let section = given.subarray(begin, end);
        const replace = () => {
            const before = given.subarray(start, at);
            const shared = limits();
            const content = [...before, ...shared, ...given.subarray(at, end)];
            section = Uint8Array.from([id, ...written(content.length), ...content]);
        };
        const IMPORTS = 2, MEMORIES = 5, MEMORY = 2;
        const count = id === IMPORTS || id === MEMORIES ? number() : 0;
        if (id === MEMORIES && count > 0)
            replace();
        for (let read = 0; id === IMPORTS && read < count; read++) {
            name();
            name();
            const kind = given[at++];
            if (kind === MEMORY) {
                replace();
                break;
            }
            others[kind]();
        }
        parts.push(section);
        at = end;
    }
    const made = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
    parts.reduce((place, section) => (made.set(section, place), place + section.length), 0);
    return made;
}
