// What each value of the input of a max pooling gets when every window gives its value to its first maximum in reading
// order, one value of the input to a thread: it asks each window that it lies in whether it is that one.

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
    dilation_y: u32,
    dilation_x: u32,
}

@group(0) @binding(0) var<storage, read> input: array<f32>;
@group(0) @binding(1) var<storage, read> given: array<f32>;
@group(0) @binding(2) var<storage, read> sizes: Sizes;
@group(0) @binding(3) var<storage, read_write> output: array<f32>;

// The first window that reaches a padded position.
fn first_window(position: u32, span: u32, stride: u32) -> u32 {
    return select(0u, (position - span) / stride + 1u, position >= span);
}

// Whether the value at an index of the input is the first maximum of the window that begins at a padded position.
fn is_first(index: u32, plane: u32, begin_y: u32, begin_x: u32) -> bool {
    let own = input[index];
    for (var tap_y = 0u; tap_y < sizes.kernel_height; tap_y++) {
        // A position before the first row or column wraps around to a very large one, so one comparison finds both ends.
        let in_y = begin_y + tap_y * sizes.dilation_y - sizes.pad_top;
        if (in_y >= sizes.in_height) {
            continue;
        }
        for (var tap_x = 0u; tap_x < sizes.kernel_width; tap_x++) {
            let in_x = begin_x + tap_x * sizes.dilation_x - sizes.pad_left;
            if (in_x >= sizes.in_width) {
                continue;
            }
            let at = plane + in_y * sizes.in_width + in_x;
            let other = input[at];
            if (other > own || (other == own && at < index)) {
                return false;
            }
        }
    }
    return true;
}

@compute @workgroup_size(64, 1, 1)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_id) local: vec3<u32>) {
    let index = (group.y * sizes.groups_in_row + group.x) * 64u + local.x;
    if (index >= sizes.values) {
        return;
    }
    let in_area = sizes.in_height * sizes.in_width;
    let channel = index / in_area;
    let plane = channel * in_area;
    let y = (index - plane) / sizes.in_width + sizes.pad_top;
    let x = (index - plane) % sizes.in_width + sizes.pad_left;
    let windows = channel * sizes.out_height * sizes.out_width;
    let last_y = min(y / sizes.stride_y + 1u, sizes.out_height);
    let last_x = min(x / sizes.stride_x + 1u, sizes.out_width);
    let span_y = (sizes.kernel_height - 1u) * sizes.dilation_y + 1u;
    let span_x = (sizes.kernel_width - 1u) * sizes.dilation_x + 1u;
    var sum = 0.0;
    for (var out_y = first_window(y, span_y, sizes.stride_y); out_y < last_y; out_y++) {
        let begin_y = out_y * sizes.stride_y;
        // A position in a gap is not seen.
        if ((y - begin_y) % sizes.dilation_y != 0u) {
            continue;
        }
        for (var out_x = first_window(x, span_x, sizes.stride_x); out_x < last_x; out_x++) {
            let begin_x = out_x * sizes.stride_x;
            let value = given[windows + out_y * sizes.out_width + out_x];
            // Behind an activation most windows have nothing to give.
            if (value != 0.0 && (x - begin_x) % sizes.dilation_x == 0u && is_first(index, plane, begin_y, begin_x)) {
                sum += value;
            }
        }
    }
    output[index] = sum;
}
