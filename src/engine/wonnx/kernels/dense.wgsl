// A convolution whose output is one pixel and whose kernel covers the whole input: a fully connected layer. A thread
// computes four output channels; neighbouring threads read neighbouring weights. (Sharing the inputs of a channel among
// threads would need a barrier, with which software adapters take ten times as long to compile the shader.)
//
// weights: [input][out_channel], four output channels to a vector (see pack.rs).

@group(0) @binding(0) var<storage, read> input: array<f32>;
@group(0) @binding(1) var<storage, read> weights: array<vec4<f32>>;
@group(0) @binding(2) var<storage, read> sizes: Sizes;
@group(0) @binding(3) var<storage, read_write> output: array<f32>;

@compute @workgroup_size(64, 1, 1)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
    let out_channels = sizes.out_channels;
    let out_blocks = (out_channels + 3u) / 4u;
    let inputs = sizes.in_channels * sizes.in_height * sizes.in_width;
    let block = id.x;
    if (block >= out_blocks) {
        return;
    }
    var sum = sizes.bias[block];
    var index = 0u;
    // Four at a time, so that four reads are under way at once.
    for (; index + 3u < inputs; index += 4u) {
        let at = index * out_blocks + block;
#repeat I 4
        let product$I = input[index + $Iu] * weights[at + $Iu * out_blocks];
#end
        sum += (product0 + product1) + (product2 + product3);
    }
    for (; index < inputs; index++) {
        sum += input[index] * weights[index * out_blocks + block];
    }
    let values = activate(sum);
    for (var channel = 0u; channel < min(out_channels - block * 4u, 4u); channel++) {
        output[block * 4u + channel] = values[channel];
    }
}
