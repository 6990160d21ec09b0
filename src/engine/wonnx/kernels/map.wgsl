// One operation on every value, four values to a thread. All operations are in one shader: choosing among them costs
// nothing beside reading the values, while a shader for each would take time to compile.

struct Sizes {
    vectors: u32,
    groups_in_row: u32,
    // The place of the operation in `MAPS` of kernels.rs.
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
    var result: vec4<f32>;
    switch (sizes.operation) {
        case 0u: { result = clamp(v, vec4<f32>(sizes.low), vec4<f32>(sizes.high)); }
        case 1u: { result = 1.0 / (1.0 + exp(-v)); }
        // Beyond ±10 the result is ±1 in 32 bits, while some drivers compute it as ∞/∞.
        case 2u: { result = tanh(clamp(v, vec4<f32>(-10.0), vec4<f32>(10.0))); }
        case 3u: { result = exp(v); }
        case 4u: { result = log(v); }
        case 5u: { result = sqrt(v); }
        case 6u: { result = abs(v); }
        case 7u: { result = sign(v); }
        case 8u: { result = -v; }
        default: { result = 1.0 / v; }
    }
    output[index] = result;
}
