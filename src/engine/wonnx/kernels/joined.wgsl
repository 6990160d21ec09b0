// Several operations on every value one after another, four values to a thread. What they are is written by elementwise.rs, and
// so are the bindings of the tensors.

struct Sizes {
    vectors: u32,
    groups_in_row: u32,
    // The constants of the operations, and the bounds of activations.
    numbers: array<f32>,
}

const zero = vec4<f32>(0.0);

@compute @workgroup_size(64, 1, 1)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_id) local: vec3<u32>) {
    let index = (group.y * sizes.groups_in_row + group.x) * 64u + local.x;
    if (index >= sizes.vectors) {
        return;
    }
#operations
}
