// What every convolution is told; `Conv::numbers` in kernels/convolution.rs writes it.
struct Sizes {
    in_channels: u32,
    in_height: u32,
    in_width: u32,
    out_channels: u32,
    out_height: u32,
    out_width: u32,
    kernel_height: u32,
    kernel_width: u32,
    stride_y: u32,
    stride_x: u32,
    dilation_y: u32,
    dilation_x: u32,
    pad_top: u32,
    pad_left: u32,
    groups: u32,
    low: f32,
    high: f32,
    // Tiles that a row of workgroups computes, where one row cannot have them all.
    tiles_in_dispatch_row: u32,
    bias: array<vec4<f32>>,
}

// Which tile of outputs a thread, or in conv_tiled.wgsl a workgroup, computes; its output channels are told by `id.y`.
fn tile_of(id: vec3<u32>) -> u32 {
    return id.z * sizes.tiles_in_dispatch_row + id.x;
}

fn activate(values: vec4<f32>) -> vec4<f32> {
    return bounded(values, vec4<f32>(sizes.low), vec4<f32>(sizes.high));
}
