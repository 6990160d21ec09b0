// A convolution whose output is one pixel and whose kernel covers the whole input: a fully connected layer. Sixteen
// threads share the inputs of four output channels, and neighbouring threads read neighbouring weights.
//
// weights: [input][out_channel], four output channels to a vector (see pack.rs).

@group(0) @binding(0) var<storage, read> input: array<f32>;
@group(0) @binding(1) var<storage, read> weights: array<vec4<f32>>;
@group(0) @binding(2) var<storage, read> sizes: Sizes;
@group(0) @binding(3) var<storage, read_write> output: array<f32>;

var<workgroup> sums: array<vec4<f32>, 128>;

@compute @workgroup_size(8, 16, 1)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_id) local: vec3<u32>) {
    let in_channels = sizes.in_channels;
    let in_height = sizes.in_height;
    let in_width = sizes.in_width;
    let out_channels = sizes.out_channels;
    let out_blocks = (out_channels + 3u) / 4u;
    let inputs = in_channels * in_height * in_width;
    let block = group.x * 8u + local.x;
    var sum = vec4<f32>();
    if (block < out_blocks) {
        for (var index = local.y; index < inputs; index += 16u) {
            sum += input[index] * weights[index * out_blocks + block];
        }
    }
    sums[local.y * 8u + local.x] = sum;
    workgroupBarrier();
    if (local.y == 0u && block < out_blocks) {
        for (var share = 1u; share < 16u; share++) {
            sum += sums[share * 8u + local.x];
        }
        let values = activate(sum + sizes.bias[block]);
#repeat C 4
        if (block * 4u + $Cu < out_channels) {
            output[block * 4u + $Cu] = values[$C];
        }
#end
    }
}
