// Keeps values between two bounds, of which the largest number there is bounds nothing: infinity and what is no number stay what they
// are, so that a look can tell of them. `clamp` would make ordinary values of both.
fn bounded(values: vec4<f32>, low: vec4<f32>, high: vec4<f32>) -> vec4<f32> {
    let largest = vec4<f32>(3.4028234663852886e38);
    let raised = select(values, low, (values < low) & (low > -largest));
    return select(raised, high, (raised > high) & (high < largest));
}
