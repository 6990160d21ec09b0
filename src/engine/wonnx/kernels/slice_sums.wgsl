// Weighted sums of slices along an axis, one value to a thread.

struct Sizes {
    values: u32,
    groups_in_row: u32,
    // Slices of the input, and values that follow each other within a slice.
    size: u32,
    inner: u32,
    slices: u32,
    terms: u32,
    // Where the terms of each slice end, which slice of the input each term takes, and the bits of its weight.
    numbers: array<u32>,
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
    let row = index / sizes.inner;
    let outer = row / sizes.slices;
    let slice = row - outer * sizes.slices;
    let origin = outer * sizes.size * sizes.inner + index - row * sizes.inner;
    var term = 0u;
    if (slice > 0u) {
        term = sizes.numbers[slice - 1u];
    }
    let end = sizes.numbers[slice];
    var sum = 0.0;
    for (; term < end; term++) {
        let source = sizes.numbers[sizes.slices + term];
        let weight = bitcast<f32>(sizes.numbers[sizes.slices + sizes.terms + term]);
        sum += weight * input[origin + source * sizes.inner];
    }
    output[index] = sum;
}
