// Products of two stacks of matrices, in tiles as conv_tiled.wgsl computes them. A thread computes four columns in BLOCKS times
// four rows.

struct Sizes {
    rows: u32,
    columns: u32,
    inner: u32,
    // From one matrix of a stack to the next; 0 where there is one for all.
    left_step: u32,
    right_step: u32,
}

@group(0) @binding(0) var<storage, read> lefts: array<f32>;
@group(0) @binding(1) var<storage, read> rights: array<f32>;
@group(0) @binding(2) var<storage, read> sizes: Sizes;
@group(0) @binding(3) var<storage, read_write> output: array<f32>;

var<workgroup> left: array<vec4<f32>, DEPTH * CHANNEL_BLOCKS>;
var<workgroup> right: array<vec4<f32>, DEPTH * PIXEL_BLOCKS>;

@compute @workgroup_size(THREADS)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_index) thread: u32) {
    let column = thread % PIXEL_BLOCKS;
    let row = thread / PIXEL_BLOCKS;
    let first_row = group.y * CHANNEL_BLOCKS * 4u;
    let out_column = (group.x * PIXEL_BLOCKS + column) * 4u;
#repeat B BLOCKS
#repeat C 4
    var sum$B$C = vec4<f32>();
#end
#end
    for (var first = 0u; first < sizes.inner; first += DEPTH) {
        // Neighbouring threads read neighbouring values of a row.
        for (var at = thread; at < DEPTH * CHANNEL_BLOCKS; at += THREADS) {
            let step = first + at % DEPTH;
            var values = vec4<f32>();
            if (step < sizes.inner) {
                let source = first_row + at / DEPTH * 4u;
                let begin = group.z * sizes.left_step + step;
#repeat C 4
                if (source + $Cu < sizes.rows) {
                    values[$C] = lefts[begin + (source + $Cu) * sizes.inner];
                }
#end
            }
            left[at % DEPTH * CHANNEL_BLOCKS + at / DEPTH] = values;
        }
        for (var at = row; at < DEPTH; at += THREADS / PIXEL_BLOCKS) {
            let step = first + at;
            var value = vec4<f32>();
            if (step < sizes.inner) {
                let source = group.z * sizes.right_step + step * sizes.columns + out_column;
#repeat C 4
                if (out_column + $Cu < sizes.columns) {
                    value[$C] = rights[source + $Cu];
                }
#end
            }
            right[at * PIXEL_BLOCKS + column] = value;
        }
#products
    }
#repeat B BLOCKS
#repeat C 4
    store(group.z, first_row + (row * BLOCKS + $Bu) * 4u + $Cu, out_column, sum$B$C);
#end
#end
}

fn store(matrix: u32, row: u32, column: u32, values: vec4<f32>) {
    if (row < sizes.rows) {
        let at = (matrix * sizes.rows + row) * sizes.columns + column;
        for (var place = 0u; place < 4u && column + place < sizes.columns; place++) {
            output[at + place] = values[place];
        }
    }
}
