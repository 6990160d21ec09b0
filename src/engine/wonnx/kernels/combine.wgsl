// One operation on pairs of values of two tensors of which each may have a size of 1 where the other has more. The
// tensors are described by as few dimensions as will do; a stride of 0 repeats a value. All operations are in one shader
// (see map.wgsl).

struct Dimension {
    chunk: u32,
    first_stride: u32,
    second_stride: u32,
}

struct Sizes {
    values: u32,
    groups_in_row: u32,
    // The place of the operation in `COMBINATIONS` of elementwise.rs, from which the cases are written.
    operation: u32,
    dimensions: array<Dimension>,
}

@group(0) @binding(0) var<storage, read> first: array<f32>;
@group(0) @binding(1) var<storage, read> second: array<f32>;
@group(0) @binding(2) var<storage, read> sizes: Sizes;
@group(0) @binding(3) var<storage, read_write> output: array<f32>;

// So that the operations are written alike for single values and for vectors (see joined.wgsl).
const zero = 0.0;

@compute @workgroup_size(64, 1, 1)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_id) local: vec3<u32>) {
    let index = (group.y * sizes.groups_in_row + group.x) * 64u + local.x;
    if (index >= sizes.values) {
        return;
    }
    var rest = index;
    var first_at = 0u;
    var second_at = 0u;
    // The innermost dimension has a chunk of 1, after which nothing is left; dividing by it is as slow as by any other.
    for (var at = 0u; rest > 0u; at++) {
        let dimension = sizes.dimensions[at];
        var position = rest;
        if (dimension.chunk > 1u) {
            position = rest / dimension.chunk;
        }
        first_at += position * dimension.first_stride;
        second_at += position * dimension.second_stride;
        rest -= position * dimension.chunk;
    }
    let a = first[first_at];
    let b = second[second_at];
    var result: f32;
    switch (sizes.operation) {
#cases
    }
    output[index] = result;
}
