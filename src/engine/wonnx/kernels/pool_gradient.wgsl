// What each value of the input of a max pooling gets when every window gives its value to its first maximum, one value of the
// input to a thread: it asks each window that it lies in whether that is the place (see pool.wgsl). The window's sizes are
// constants of the shader, since dividing by what is only known when it runs takes longer.

struct Sizes {
    values: u32,
    groups_in_row: u32,
    in_height: u32,
    in_width: u32,
    out_height: u32,
    out_width: u32,
    pad_top: u32,
    pad_left: u32,
}

@group(0) @binding(0) var<storage, read> places: array<u32>;
@group(0) @binding(1) var<storage, read> given: array<f32>;
@group(0) @binding(2) var<storage, read> sizes: Sizes;
@group(0) @binding(3) var<storage, read_write> output: array<f32>;

// The first window that reaches a padded position.
fn first_window(position: u32, span: u32, stride: u32) -> u32 {
    return select(0u, (position - span) / stride + 1u, position >= span);
}

@compute @workgroup_size(64, 1, 1)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_id) local: vec3<u32>) {
    let index = (group.y * sizes.groups_in_row + group.x) * 64u + local.x;
    if (index >= sizes.values) {
        return;
    }
    let row = index / sizes.in_width;
    let channel = row / sizes.in_height;
    let y = row - channel * sizes.in_height + sizes.pad_top;
    let x = index - row * sizes.in_width + sizes.pad_left;
    let windows = channel * sizes.out_height * sizes.out_width;
    let last_y = min(y / STRIDE_Y + 1u, sizes.out_height);
    let last_x = min(x / STRIDE_X + 1u, sizes.out_width);
    var sum = 0.0;
    for (var out_y = first_window(y, (KERNEL_Y - 1u) * DILATION_Y + 1u, STRIDE_Y); out_y < last_y; out_y++) {
        for (var out_x = first_window(x, (KERNEL_X - 1u) * DILATION_X + 1u, STRIDE_X); out_x < last_x; out_x++) {
            let window = windows + out_y * sizes.out_width + out_x;
            if (places[window] == index) {
                sum += given[window];
            }
        }
    }
    output[index] = sum;
}
