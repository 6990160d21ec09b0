// Products of two stacks of matrices, one value to a thread.

struct Sizes {
    values: u32,
    groups_in_row: u32,
    rows: u32,
    columns: u32,
    inner: u32,
    // From one matrix of a stack to the next; 0 where there is one for all.
    left_step: u32,
    right_step: u32,
}

@group(0) @binding(0) var<storage, read> left: array<f32>;
@group(0) @binding(1) var<storage, read> right: array<f32>;
@group(0) @binding(2) var<storage, read> sizes: Sizes;
@group(0) @binding(3) var<storage, read_write> output: array<f32>;

@compute @workgroup_size(64, 1, 1)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_id) local: vec3<u32>) {
    let index = (group.y * sizes.groups_in_row + group.x) * 64u + local.x;
    if (index >= sizes.values) {
        return;
    }
    let row = index / sizes.columns;
    let column = index - row * sizes.columns;
    let matrix = row / sizes.rows;
    var left_at = matrix * sizes.left_step + (row - matrix * sizes.rows) * sizes.inner;
    var right_at = matrix * sizes.right_step + column;
    var sum = 0.0;
    for (var at = 0u; at < sizes.inner; at++) {
        sum += left[left_at] * right[right_at];
        left_at++;
        right_at += sizes.columns;
    }
    output[index] = sum;
}
