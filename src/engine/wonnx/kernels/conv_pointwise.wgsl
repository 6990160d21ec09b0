// A convolution of 1×1 over all input channels where the number of pixels is a multiple of four. A thread computes four
// neighbouring pixels, read and written together, in eight output channels.
//
// weights: [in_channel][out_channel], four output channels to a vector (see pack.rs).

@group(0) @binding(0) var<storage, read> input: array<vec4<f32>>;
@group(0) @binding(1) var<storage, read> weights: array<vec4<f32>>;
@group(0) @binding(2) var<storage, read> sizes: Sizes;
@group(0) @binding(3) var<storage, read_write> output: array<vec4<f32>>;

@compute @workgroup_size(8, 8, 1)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
    let in_channels = sizes.in_channels;
    let out_channels = sizes.out_channels;
    let out_width = sizes.out_width;
    let out_blocks = (out_channels + 3u) / 4u;
    let vectors = out_width / 4u;
    let vector = tile_of(id);
    let block = id.y * 2u;
    if (vector >= vectors || block >= out_blocks) {
        return;
    }
    // Where the number of blocks is odd, the last thread computes its one block twice and stores it once.
    let next_block = min(block + 1u, out_blocks - 1u) - block;
    let bias_a = sizes.bias[block];
    let bias_b = sizes.bias[block + next_block];
#repeat C 4
    var a$C = vec4<f32>(bias_a[$C]);
    var b$C = vec4<f32>(bias_b[$C]);
#end
    var at = vector;
    var weight_at = block;
    for (var channel = 0u; channel < in_channels; channel++) {
        let values = input[at];
        let weight_a = weights[weight_at];
        let weight_b = weights[weight_at + next_block];
#repeat C 4
        a$C += weight_a[$C] * values;
        b$C += weight_b[$C] * values;
#end
        at += vectors;
        weight_at += out_blocks;
    }
    // In a loop, since a store for each value would make up much of the shader, which takes long to compile.
    var results = array<vec4<f32>, 8>(a0, a1, a2, a3, b0, b1, b2, b3);
    let first = block * 4u * vectors + vector;
    let count = min(out_channels - block * 4u, 8u);
    for (var channel = 0u; channel < count; channel++) {
        output[first + channel * vectors] = activate(results[channel]);
    }
}
