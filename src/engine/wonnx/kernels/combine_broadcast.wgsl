// One operation on pairs of values of two tensors of which each may have a size of 1 where the other has more. The
// tensors are described by as few dimensions as will do; a stride of 0 repeats a value.

struct Dimension {
    chunk: u32,
    first_stride: u32,
    second_stride: u32,
}

struct Sizes {
    values: u32,
    groups_in_row: u32,
    dimensions: array<Dimension>,
}

@group(0) @binding(0) var<storage, read> first: array<f32>;
@group(0) @binding(1) var<storage, read> second: array<f32>;
@group(0) @binding(2) var<storage, read> sizes: Sizes;
@group(0) @binding(3) var<storage, read_write> output: array<f32>;

@compute @workgroup_size(64, 1, 1)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_id) local: vec3<u32>) {
    let index = (group.y * sizes.groups_in_row + group.x) * 64u + local.x;
    if (index >= sizes.values) {
        return;
    }
    var rest = index;
    var first_at = 0u;
    var second_at = 0u;
    // The innermost dimension has a chunk of 1, after which nothing is left.
    for (var at = 0u; rest > 0u; at++) {
        let dimension = sizes.dimensions[at];
        first_at += rest / dimension.chunk * dimension.first_stride;
        second_at += rest / dimension.chunk * dimension.second_stride;
        rest %= dimension.chunk;
    }
    output[index] = combine(vec4<f32>(first[first_at]), vec4<f32>(second[second_at])).x;
}
