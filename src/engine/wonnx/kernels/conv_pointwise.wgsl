// A convolution of 1×1 over all input channels where the number of pixels is a multiple of four. A thread computes eight
// neighbouring pixels, read and written four at a time, in eight output channels.
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
    let vector = tile_of(id) * 2u;
    let block = id.y * 2u;
    if (vector >= vectors || block >= out_blocks) {
        return;
    }
    // Where the number of vectors or blocks is odd, the last thread computes its one twice and stores it once.
    let next_vector = min(vector + 1u, vectors - 1u) - vector;
    let next_block = min(block + 1u, out_blocks - 1u) - block;
    let bias_a = sizes.bias[block];
    let bias_b = sizes.bias[block + next_block];
#repeat C 4
    var a_low$C = vec4<f32>(bias_a[$C]);
    var a_high$C = a_low$C;
    var b_low$C = vec4<f32>(bias_b[$C]);
    var b_high$C = b_low$C;
#end
    var at = vector;
    var weight_at = block;
    for (var channel = 0u; channel < in_channels; channel++) {
        let low = input[at];
        let high = input[at + next_vector];
        let weight_a = weights[weight_at];
        let weight_b = weights[weight_at + next_block];
#repeat C 4
        a_low$C += weight_a[$C] * low;
        a_high$C += weight_a[$C] * high;
        b_low$C += weight_b[$C] * low;
        b_high$C += weight_b[$C] * high;
#end
        at += vectors;
        weight_at += out_blocks;
    }
    // In a loop, since a store for each value would make up much of the shader, which takes long to compile.
    var results = array<vec4<f32>, 16>(
#repeat C 4
        a_low$C, a_high$C,
#end
#repeat C 4
        b_low$C, b_high$C,
#end
    );
    let first = block * 4u * vectors + vector;
    let count = min(out_channels - block * 4u, 8u) * 2u;
    for (var index = 0u; index < count; index++) {
        if (index % 2u <= next_vector) {
            output[first + index / 2u * vectors + index % 2u] = activate(results[index]);
        }
    }
}
