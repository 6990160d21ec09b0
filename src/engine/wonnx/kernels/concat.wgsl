// Tensors one behind the other, one value to a thread. The bindings are written by kernels.rs.

struct Sizes {
    values: u32,
    groups_in_row: u32,
    // Where each input ends.
    ends: array<u32>,
}

@compute @workgroup_size(64, 1, 1)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_id) local: vec3<u32>) {
    let index = (group.y * sizes.groups_in_row + group.x) * 64u + local.x;
    if (index >= sizes.values) {
        return;
    }
    var start = 0u;
#repeat I INPUTS
    let end$I = sizes.ends[$I];
    if (index >= start && index < end$I) {
        output[index] = input$I[index - start];
    }
    start = end$I;
#end
}
