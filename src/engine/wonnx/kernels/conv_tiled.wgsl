// A convolution over all input channels as a product of matrices: the weights, output channels × steps, with the values that each
// pixel depends on, steps × pixels, where a step is a tap of an input channel. A workgroup computes a tile of the output and
// brings what it needs of both into its own memory, DEPTH steps at a time, so that a value read is used for all channels of the
// tile, and a weight for all its pixels. A thread computes four pixels in BLOCKS vectors of four channels.
//
// weights: [in_channel][tap][out_channel], four output channels to a vector (see pack.rs). A convolution of 1×1 whose pixels are
// a multiple of four reads and writes four at once.

@group(0) @binding(1) var<storage, read> weights: array<vec4<f32>>;
@group(0) @binding(2) var<storage, read> sizes: Sizes;
#repeat I POINTWISE
@group(0) @binding(0) var<storage, read> input: array<vec4<f32>>;
@group(0) @binding(3) var<storage, read_write> output: array<vec4<f32>>;
#end
#repeat I GATHERED
@group(0) @binding(0) var<storage, read> input: array<f32>;
@group(0) @binding(3) var<storage, read_write> output: array<f32>;
#end

var<workgroup> left: array<vec4<f32>, DEPTH * CHANNEL_BLOCKS>;
var<workgroup> right: array<vec4<f32>, DEPTH * PIXEL_BLOCKS>;

@compute @workgroup_size(THREADS)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_index) thread: u32) {
    let out_blocks = (sizes.out_channels + 3u) / 4u;
    let pixels = sizes.out_height * sizes.out_width;
    let steps = sizes.in_channels * TAPS;
    let first_block = group.y * CHANNEL_BLOCKS;
    let column = thread % PIXEL_BLOCKS;
    let row = thread / PIXEL_BLOCKS;
    let pixel = (tile_of(group) * PIXEL_BLOCKS + column) * 4u;
    let block = first_block + row * BLOCKS;
#repeat I GATHERED
    // The first row and column that each pixel depends on. What lies before the first or beyond the last wraps around to, or is, a
    // very large one, so one comparison finds both ends.
    let places = vec4<u32>(pixel, pixel + 1u, pixel + 2u, pixel + 3u);
    let y = select(vec4<u32>(0x80000000u), places / sizes.out_width * sizes.stride_y - sizes.pad_top, places < vec4<u32>(pixels));
    let x = places % sizes.out_width * sizes.stride_x - sizes.pad_left;
#end
#repeat B BLOCKS
    let bias$B = sizes.bias[min(block + $Bu, out_blocks - 1u)];
#repeat C 4
    var sum$B$C = vec4<f32>(bias$B[$C]);
#end
#end
    for (var first = 0u; first < steps; first += DEPTH) {
        for (var at = thread; at < DEPTH * CHANNEL_BLOCKS; at += THREADS) {
            let step = first + at / CHANNEL_BLOCKS;
            let block = first_block + at % CHANNEL_BLOCKS;
            var weight = vec4<f32>();
            if (step < steps && block < out_blocks) {
                weight = weights[step * out_blocks + block];
            }
            left[at] = weight;
        }
        for (var at = row; at < DEPTH; at += THREADS / PIXEL_BLOCKS) {
            let step = first + at;
            var value = vec4<f32>();
            if (step < steps && pixel < pixels) {
#repeat I POINTWISE
                value = input[(step * pixels + pixel) / 4u];
#end
#repeat I GATHERED
                let tap = step % TAPS;
                let in_y = y + tap / KERNEL_WIDTH * sizes.dilation_y;
                let in_x = x + tap % KERNEL_WIDTH * sizes.dilation_x;
                let inside = (in_y < vec4<u32>(sizes.in_height)) & (in_x < vec4<u32>(sizes.in_width));
                let source = (step / TAPS * sizes.in_height + in_y) * sizes.in_width + in_x;
                value = select(value, vec4<f32>(input[source.x], input[source.y], input[source.z], input[source.w]), inside);
#end
            }
            right[at * PIXEL_BLOCKS + column] = value;
        }
#products
    }
    if (pixel < pixels) {
#repeat B BLOCKS
#repeat C 4
        store((block + $Bu) * 4u + $Cu, pixel, pixels, sum$B$C);
#end
#end
    }
}

fn store(channel: u32, pixel: u32, pixels: u32, sums: vec4<f32>) {
    if (channel < sizes.out_channels) {
        let values = activate(sums);
        let at = channel * pixels + pixel;
#repeat I POINTWISE
        output[at / 4u] = values;
#end
#repeat I GATHERED
        for (var place = 0u; place < min(pixels - pixel, 4u); place++) {
            output[at + place] = values[place];
        }
#end
    }
}
