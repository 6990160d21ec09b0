// A convolution over all input channels, as conv.wgsl computes it, for kernels of a few columns. The columns that the
// four outputs of a thread depend on overlap; here each is read once for a row of the kernel.
//
// weights: [in_channel][tap][out_channel], four output channels to a vector (see pack.rs).

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
    let stride_y = sizes.stride_y;
    let dilation_y = sizes.dilation_y;
    let pad_top = sizes.pad_top;
    let pad_left = sizes.pad_left;
    let plane = in_height * in_width;
    let tiles_in_row = (out_width + 3u) / 4u;
    let out_blocks = (out_channels + 3u) / 4u;
    let taps = kernel_height * KERNEL_WIDTH;
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
    let in_x = x * STRIDE_X - pad_left;
#repeat W WINDOW
    let inside$W = in_x + $Wu < in_width;
#end
    for (var tap_y = 0u; tap_y < kernel_height; tap_y++) {
        // A position before the first row or column wraps around to a very large one, so one comparison finds both ends.
        let in_y = y * stride_y + tap_y * dilation_y - pad_top;
        if (in_y >= in_height) {
            continue;
        }
        var at = in_y * in_width + in_x;
        var weight_at = tap_y * KERNEL_WIDTH * out_blocks + block;
        for (var channel = 0u; channel < in_channels; channel++) {
#repeat W WINDOW
            let value$W = select(0.0, input[at + $Wu], inside$W);
#end
#repeat K KERNEL_WIDTH
            let weight_a$K = weights[weight_at + $Ku * out_blocks];
            let weight_b$K = weights[weight_at + $Ku * out_blocks + second];
#repeat P 4
            a$P += value@($P*STRIDE_X+$K*DILATION_X) * weight_a$K;
            b$P += value@($P*STRIDE_X+$K*DILATION_X) * weight_b$K;
#end
#end
            at += plane;
            weight_at += taps * out_blocks;
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
