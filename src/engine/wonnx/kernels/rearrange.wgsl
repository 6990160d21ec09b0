// The values of a tensor at other places, one value to a thread: transposed, or each repeated. Both tensors are described by as few
// dimensions of the output as will do.

struct Dimension {
    // How many values of the output follow each other for one step in this dimension.
    chunk: u32,
    // How many steps take the same value of the input, and how far it is from that to the next.
    repeats: u32,
    stride: u32,
}

struct Sizes {
    values: u32,
    groups_in_row: u32,
    dimensions: array<Dimension>,
}

@group(0) @binding(0) var<storage, read> input: array<f32>;
@group(0) @binding(1) var<storage, read> sizes: Sizes;
@group(0) @binding(2) var<storage, read_write> output: array<f32>;

@compute @workgroup_size(64, 1, 1)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_id) local: vec3<u32>) {
    let index = (group.y * sizes.groups_in_row + group.x) * 64u + local.x;
    if (index >= sizes.values) {
        return;
    }
    var rest = index;
    var source = 0u;
    // The innermost dimension has a chunk of 1, after which nothing is left.
    for (var at = 0u; rest > 0u; at++) {
        let dimension = sizes.dimensions[at];
        let position = rest / dimension.chunk;
        source += position / dimension.repeats * dimension.stride;
        rest -= position * dimension.chunk;
    }
    output[index] = input[source];
}
