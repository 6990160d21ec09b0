//! Pictures whose pixels are each made of four pixels of another one.

/// Places in a plane, and how much each of them counts.
pub type Corners = [(u32, f32); 4];

/// From planes of `cells` values, one after another, those that the corners make of each. A corner beyond the plane counts nothing.
#[inline(never)]
pub fn gathered(planes: &[f32], cells: usize, corners: &[Corners]) -> Vec<f32> {
    let mut made = vec![0.0; planes.len() / cells.max(1) * corners.len()];
    let planes = planes.chunks_exact(cells.max(1));
    for (plane, made) in planes.zip(made.chunks_exact_mut(corners.len().max(1))) {
        for (made, corners) in made.iter_mut().zip(corners) {
            let value = |&(place, weight): &(u32, f32)| plane.get(place as usize).map_or(0.0, |value| value * weight);
            *made = corners.iter().map(value).sum();
        }
    }
    made
}

/// The adjoint of [`gathered`]: what reaches each value of the planes.
#[inline(never)]
pub fn scattered(made: &[f32], cells: usize, corners: &[Corners]) -> Vec<f32> {
    // Divided first: of 192 pixels a side the product is beyond what WebAssembly counts to.
    let mut planes = vec![0.0; made.len() / corners.len().max(1) * cells];
    let made = made.chunks_exact(corners.len().max(1));
    for (plane, made) in planes.chunks_exact_mut(cells.max(1)).zip(made) {
        for (made, corners) in made.iter().zip(corners) {
            for &(place, weight) in corners {
                if let Some(value) = plane.get_mut(place as usize) {
                    *value += made * weight;
                }
            }
        }
    }
    planes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn corners_take_and_give_back_by_their_weights() {
        let corners: [Corners; 2] =
            [[(0, 0.5), (1, 0.25), (2, 0.25), (0, 0.0)], [(2, 2.0), (9, 1.0), (1, -1.0), (0, 0.0)]];
        let planes = [1.0, 2.0, 4.0, 8.0, 16.0, 32.0];
        assert_eq!(gathered(&planes, 3, &corners), [2.0, 6.0, 16.0, 48.0]);
        assert_eq!(scattered(&[4.0, 1.0], 3, &corners), [2.0, 0.0, 3.0]);
        assert!(
            gathered(&[], 3, &corners).is_empty()
                && gathered(&planes, 3, &[]).is_empty()
                && scattered(&[], 3, &[]).is_empty()
        );
    }
}
