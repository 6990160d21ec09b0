// One operation on every value, four values to a thread. All operations are in one shader: choosing among them costs
// nothing beside reading the values, while a shader for each would take time to compile.

struct Sizes {
    vectors: u32,
    groups_in_row: u32,
    // The place of the operation in `MAPS` of elementwise.rs, from which the cases are written.
    operation: u32,
    low: f32,
    high: f32,
}

@group(0) @binding(0) var<storage, read> input: array<vec4<f32>>;
@group(0) @binding(1) var<storage, read> sizes: Sizes;
@group(0) @binding(2) var<storage, read_write> output: array<vec4<f32>>;

@compute @workgroup_size(64, 1, 1)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_id) local: vec3<u32>) {
    let index = (group.y * sizes.groups_in_row + group.x) * 64u + local.x;
    if (index >= sizes.vectors) {
        return;
    }
    let v = input[index];
    let low = vec4<f32>(sizes.low);
    let high = vec4<f32>(sizes.high);
    var result: vec4<f32>;
    switch (sizes.operation) {
#cases
    }
    output[index] = result;
}
