// The largest value of a window, where it is, or the mean of the window; one output to a thread.

struct Sizes {
    values: u32,
    groups_in_row: u32,
    in_height: u32,
    in_width: u32,
    out_height: u32,
    out_width: u32,
    kernel_height: u32,
    kernel_width: u32,
    stride_y: u32,
    stride_x: u32,
    pad_top: u32,
    pad_left: u32,
    // 0: the largest value; 1: the mean of the values inside; 2: the mean with the padding counted as zeros; 3: the index in
    // the input of the first of the largest values in reading order.
    operation: u32,
    dilation_y: u32,
    dilation_x: u32,
}

@group(0) @binding(0) var<storage, read> input: array<f32>;
@group(0) @binding(1) var<storage, read> sizes: Sizes;
// Bits, since an index is not safe in a float: those of small indices would be a number too small for some devices.
@group(0) @binding(2) var<storage, read_write> output: array<u32>;

@compute @workgroup_size(64, 1, 1)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_id) local: vec3<u32>) {
    let index = (group.y * sizes.groups_in_row + group.x) * 64u + local.x;
    if (index >= sizes.values) {
        return;
    }
    let in_height = sizes.in_height;
    let in_width = sizes.in_width;
    let kernel_height = sizes.kernel_height;
    let kernel_width = sizes.kernel_width;
    let x = index % sizes.out_width;
    let y = index / sizes.out_width % sizes.out_height;
    let plane = index / (sizes.out_width * sizes.out_height) * in_height * in_width;
    // A position before the first row or column wraps around to a very large one, so one comparison finds both ends.
    let first_y = y * sizes.stride_y - sizes.pad_top;
    let first_x = x * sizes.stride_x - sizes.pad_left;
    // The lowest number there is.
    var largest = -3.4028234663852886e38;
    // No index is that large.
    var place = 4294967295u;
    var sum = 0.0;
    var count = 0u;
    for (var tap_y = 0u; tap_y < kernel_height; tap_y++) {
        let in_y = first_y + tap_y * sizes.dilation_y;
        if (in_y >= in_height) {
            continue;
        }
        for (var tap_x = 0u; tap_x < kernel_width; tap_x++) {
            let in_x = first_x + tap_x * sizes.dilation_x;
            if (in_x < in_width) {
                let at = plane + in_y * in_width + in_x;
                let value = input[at];
                place = select(place, at, value > largest || count == 0u);
                largest = select(max(largest, value), value, count == 0u);
                sum += value;
                count++;
            }
        }
    }
    switch (sizes.operation) {
        case 0u: { output[index] = bitcast<u32>(largest); }
        case 1u: { output[index] = bitcast<u32>(sum / f32(count)); }
        case 2u: { output[index] = bitcast<u32>(sum / f32(kernel_height * kernel_width)); }
        default: { output[index] = place; }
    }
}
