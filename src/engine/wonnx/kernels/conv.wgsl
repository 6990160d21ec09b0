// A convolution over all input channels. A thread computes four neighbouring outputs of a row in eight output channels,
// so that each value it reads is used eight times, and each weight four times: reading is what takes the time.
//
// weights: [in_channel][tap][out_channel], four output channels to a vector (see pack.rs). A convolution of 1×1 without
// stride or padding is given as one row of height × width.

@group(0) @binding(0) var<storage, read> input: array<f32>;
@group(0) @binding(1) var<storage, read> weights: array<vec4<f32>>;
@group(0) @binding(2) var<storage, read> sizes: Sizes;
@group(0) @binding(3) var<storage, read_write> output: array<f32>;

@compute @workgroup_size(8, 8, 1)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
    let tile = tile_of(id);
    let in_channels = sizes.in_channels;
    let in_height = sizes.in_height;
    let in_width = sizes.in_width;
    let out_channels = sizes.out_channels;
    let out_height = sizes.out_height;
    let out_width = sizes.out_width;
    let kernel_height = sizes.kernel_height;
    let kernel_width = sizes.kernel_width;
    let stride_y = sizes.stride_y;
    let stride_x = sizes.stride_x;
    let dilation_y = sizes.dilation_y;
    let dilation_x = sizes.dilation_x;
    let pad_top = sizes.pad_top;
    let pad_left = sizes.pad_left;
    let plane = in_height * in_width;
    let tiles_in_row = (out_width + 3u) / 4u;
    let out_blocks = (out_channels + 3u) / 4u;
    let taps = kernel_height * kernel_width;
    let block = id.y * 2u;
    if (tile >= tiles_in_row * out_height || block >= out_blocks) {
        return;
    }
    // Where the number of blocks is odd, the last thread computes its one block twice and stores it once.
    let second = min(block + 1u, out_blocks - 1u) - block;
    let y = tile / tiles_in_row;
    let x = tile % tiles_in_row * 4u;
    let bias_a = sizes.bias[block];
    let bias_b = sizes.bias[block + second];
#repeat P 4
    var a$P = bias_a;
    var b$P = bias_b;
#end
    for (var tap_y = 0u; tap_y < kernel_height; tap_y++) {
        // A position before the first row or column wraps around to a very large one, so one comparison finds both ends.
        let in_y = y * stride_y + tap_y * dilation_y - pad_top;
        if (in_y >= in_height) {
            continue;
        }
        for (var tap_x = 0u; tap_x < kernel_width; tap_x++) {
            let in_x = x * stride_x + tap_x * dilation_x - pad_left;
#repeat P 4
            let inside$P = in_x + $Pu * stride_x < in_width;
#end
            var at = in_y * in_width + in_x;
            var weight_at = (tap_y * kernel_width + tap_x) * out_blocks + block;
            for (var channel = 0u; channel < in_channels; channel++) {
                let weight_a = weights[weight_at];
                let weight_b = weights[weight_at + second];
#repeat P 4
                let value$P = select(0.0, input[at + $Pu * stride_x], inside$P);
                a$P += value$P * weight_a;
                b$P += value$P * weight_b;
#end
                at += plane;
                weight_at += taps * out_blocks;
            }
        }
    }
#repeat P 4
    a$P = activate(a$P);
    b$P = activate(b$P);
#end
    // In a loop over the channels, since a store for each value would make up most of the shader, and compiling it takes
    // longer than running it.
    let pixels = out_width - x;
    let channels = min(out_channels - block * 4u, 8u);
    for (var channel = 0u; channel < channels; channel++) {
        let out_at = ((block * 4u + channel) * out_height + y) * out_width + x;
        let lane = channel % 4u;
#repeat P 4
        if ($Pu < pixels) {
            output[out_at + $Pu] = select(b$P[lane], a$P[lane], channel < 4u);
        }
#end
    }
}
