// A fully connected layer, as dense.wgsl computes it: sixteen threads read neighbouring weights of one input, and SLICES such rows of
// threads share the inputs, so that many threads read at once where there are few outputs. Each weight is used once, so
// nothing is gained by keeping it.

@group(0) @binding(0) var<storage, read> input: array<f32>;
@group(0) @binding(1) var<storage, read> weights: array<vec4<f32>>;
@group(0) @binding(2) var<storage, read> sizes: Sizes;
@group(0) @binding(3) var<storage, read_write> output: array<f32>;

var<workgroup> sums: array<vec4<f32>, 16 * SLICES>;

@compute @workgroup_size(16 * SLICES)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_index) thread: u32) {
    let out_blocks = (sizes.out_channels + 3u) / 4u;
    let inputs = sizes.in_channels * sizes.in_height * sizes.in_width;
    let block = group.x * 16u + thread % 16u;
    var sum = vec4<f32>();
    if (block < out_blocks) {
        for (var index = thread / 16u; index < inputs; index += SLICES) {
            sum += input[index] * weights[index * out_blocks + block];
        }
    }
    sums[thread] = sum;
    for (var half = SLICES / 2u; half > 0u; half /= 2u) {
        workgroupBarrier();
        if (thread < 16u * half) {
            sums[thread] += sums[thread + 16u * half];
        }
    }
    if (thread < 16u && block < out_blocks) {
        let values = activate(sums[thread] + sizes.bias[block]);
        for (var channel = 0u; channel < min(sizes.out_channels - block * 4u, 4u); channel++) {
            output[block * 4u + channel] = values[channel];
        }
    }
}
