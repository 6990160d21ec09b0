// Where each window of a max pooling has its first maximum in reading order, as an index of the input; one window to a
// thread. The window's sizes are constants of the shader, since what is only known when it runs takes longer.

struct Sizes {
    windows: u32,
    groups_in_row: u32,
    in_height: u32,
    in_width: u32,
    out_height: u32,
    out_width: u32,
    pad_top: u32,
    pad_left: u32,
}

// No index is that large.
const NOWHERE = 4294967295u;

@group(0) @binding(0) var<storage, read> input: array<f32>;
@group(0) @binding(1) var<storage, read> sizes: Sizes;
@group(0) @binding(2) var<storage, read_write> places: array<u32>;

@compute @workgroup_size(64, 1, 1)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_id) local: vec3<u32>) {
    let index = (group.y * sizes.groups_in_row + group.x) * 64u + local.x;
    if (index >= sizes.windows) {
        return;
    }
    let in_height = sizes.in_height;
    let in_width = sizes.in_width;
    let row = index / sizes.out_width;
    let channel = row / sizes.out_height;
    let plane = channel * in_height * in_width;
    // A position before the first row or column wraps around to a very large one, so one comparison finds both ends.
    let first_y = (row - channel * sizes.out_height) * STRIDE_Y - sizes.pad_top;
    let first_x = (index - row * sizes.out_width) * STRIDE_X - sizes.pad_left;
    var place = NOWHERE;
    var largest = 0.0;
    for (var tap_y = 0u; tap_y < KERNEL_Y; tap_y++) {
        let in_y = first_y + tap_y * DILATION_Y;
        if (in_y >= in_height) {
            continue;
        }
        for (var tap_x = 0u; tap_x < KERNEL_X; tap_x++) {
            let in_x = first_x + tap_x * DILATION_X;
            if (in_x < in_width) {
                let at = plane + in_y * in_width + in_x;
                let value = input[at];
                if (place == NOWHERE || value > largest) {
                    place = at;
                    largest = value;
                }
            }
        }
    }
    places[index] = place;
}
