// A convolution in groups; with one input channel to a group it is depthwise. A thread computes four neighbouring
// outputs of a row in one output channel.

@group(0) @binding(0) var<storage, read> input: array<f32>;
@group(0) @binding(1) var<storage, read> weights: array<f32>;
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
    let groups = sizes.groups;
    let plane = in_height * in_width;
    let tiles_in_row = (out_width + 3u) / 4u;
    let taps = kernel_height * kernel_width;
    let channels_in_group = in_channels / groups;
    let out_channel = id.y;
    if (tile >= tiles_in_row * out_height || out_channel >= out_channels) {
        return;
    }
    let y = tile / tiles_in_row;
    let x = tile % tiles_in_row * 4u;
    let first_channel = out_channel / (out_channels / groups) * channels_in_group;
    var sums = vec4<f32>(sizes.bias[out_channel / 4u][out_channel % 4u]);
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
            var at = (first_channel * in_height + in_y) * in_width + in_x;
            var weight_at = out_channel * channels_in_group * taps + tap_y * kernel_width + tap_x;
            for (var channel = 0u; channel < channels_in_group; channel++) {
                let weight = weights[weight_at];
#repeat P 4
                let value$P = select(0.0, input[at + $Pu * stride_x], inside$P);
#end
                sums += weight * vec4<f32>(value0, value1, value2, value3);
                at += plane;
                weight_at += taps;
            }
        }
    }
    let results = activate(sums);
    let out_at = (out_channel * out_height + y) * out_width + x;
    let pixels = min(out_width - x, 4u);
    for (var pixel = 0u; pixel < pixels; pixel++) {
        output[out_at + pixel] = results[pixel];
    }
}
