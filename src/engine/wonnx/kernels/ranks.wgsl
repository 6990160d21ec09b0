// How many values of its row come before each value, one value to a thread.

struct Sizes {
    values: u32,
    groups_in_row: u32,
    size: u32,
    // Whether smaller values come first, and of equal ones the last.
    smallest: u32,
    last: u32,
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
    let start = index - index % sizes.size;
    let sign = select(1.0, -1.0, sizes.smallest != 0u);
    let own = sign * input[index];
    var rank = 0u;
    for (var other = start; other < start + sizes.size; other++) {
        let value = sign * input[other];
        let is_ahead = other != index && (other > index) == (sizes.last != 0u);
        if (value > own || (value == own && is_ahead)) {
            rank += 1u;
        }
    }
    output[index] = f32(rank);
}
