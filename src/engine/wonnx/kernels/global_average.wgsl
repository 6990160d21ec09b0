// The mean of each plane, one workgroup to a plane.

struct Sizes {
    planes: u32,
    groups_in_row: u32,
    area: u32,
}

@group(0) @binding(0) var<storage, read> input: array<f32>;
@group(0) @binding(1) var<storage, read> sizes: Sizes;
@group(0) @binding(2) var<storage, read_write> output: array<f32>;

var<workgroup> sums: array<f32, 32>;

@compute @workgroup_size(32, 1, 1)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_id) local: vec3<u32>) {
    let plane = group.y * sizes.groups_in_row + group.x;
    var sum = 0.0;
    if (plane < sizes.planes) {
        for (var index = local.x; index < sizes.area; index += 32u) {
            sum += input[plane * sizes.area + index];
        }
    }
    sums[local.x] = sum;
    workgroupBarrier();
    if (local.x == 0u && plane < sizes.planes) {
        for (var share = 1u; share < 32u; share++) {
            sum += sums[share];
        }
        output[plane] = sum / f32(sizes.area);
    }
}
