//! Which places of its box a thing has, where a detector tells that: each box has some coefficients, by which maps that all boxes share are
//! mixed (YOLACT, and the segmenting networks of Ultralytics).

use std::ops::Range;

use super::boxes::{BoxForm, FoundBox};
use super::recipe::Frame;

/// The maps of which masks are mixed: `[1, maps, height, width]` over all of the network's input. A box's coefficients, one for each map, are its
/// last numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MixedMasks {
    pub maps: usize,
    pub height: usize,
    pub width: usize,
}

/// Which of the places that lie in its box a thing has. All of the network's input is a grid of places, as the maps have it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Instance {
    /// Rows and columns of the grid.
    pub grid: [usize; 2],
    /// The first row and column of the places in the box.
    pub first: [usize; 2],
    /// How many rows and columns of places lie in the box; none in a box that is smaller than a place.
    pub size: [usize; 2],
    /// Of each of them, row by row, 1 where the thing is and 0 elsewhere.
    pub places: Vec<u8>,
}

/// The masks of boxes, in their order. `values` are those of the box's form and then the maps; `size` is height and width of the input, in whose
/// pixels the boxes are. A place is the thing's where the sum of the maps, each times the box's coefficient, is above 0, so that its sigmoid is above
/// a half, and where its middle lies in the box. Values of another length have no masks.
pub fn instances(
    masks: &MixedMasks,
    form: &BoxForm,
    values: &[&[f32]],
    found: &[FoundBox],
    size: [usize; 2],
) -> Vec<Instance> {
    let MixedMasks { maps, height, width } = *masks;
    let (Some(numbers), Some(maps_of_all)) = (values.first(), values.last()) else { return Vec::new() };
    let area = height * width;
    if area == 0 || maps.checked_mul(area) != Some(maps_of_all.len()) {
        return Vec::new();
    }
    let mixed = |one: &FoundBox| {
        let rows = middles([one.top, one.bottom], height, size[0]);
        let columns = middles([one.left, one.right], width, size[1]);
        let mut sums = vec![0.0_f32; rows.len() * columns.len()];
        for (coefficient, map) in form.last_numbers(numbers, one.place, maps).zip(maps_of_all.chunks_exact(area)) {
            let lines = map.chunks_exact(width).skip(rows.start);
            for (sums, line) in sums.chunks_exact_mut(columns.len().max(1)).zip(lines) {
                let line = &line[columns.clone()];
                sums.iter_mut().zip(line).for_each(|(sum, value)| *sum += coefficient * value);
            }
        }
        Instance {
            grid: [height, width],
            first: [rows.start, columns.start],
            size: [rows.len(), columns.len()],
            places: sums.into_iter().map(|sum| u8::from(sum > 0.0)).collect(),
        }
    };
    found.iter().map(mixed).collect()
}

/// Which of so many places along a side have their middle between two pixels of it.
fn middles([from, to]: [f32; 2], places: usize, pixels: usize) -> Range<usize> {
    let step = pixels.max(1) as f32 / places as f32;
    // A cast of a number below zero is zero.
    let place = |pixel: f32| ((pixel / step - 0.5).ceil() as usize).min(places);
    place(from)..place(to).max(place(from))
}

impl Instance {
    /// Of all that the network saw, from 0 to 1.
    pub fn share(&self) -> f64 {
        let own = self.places.iter().filter(|&&place| place > 0).count();
        own as f64 / (self.grid[0] * self.grid[1]).max(1) as f64
    }

    /// Where the places in the box lie on the picture, on which all of the network's input lies as `of` says.
    pub fn frame(&self, of: &Frame) -> Frame {
        let [down, across] = [of.height / self.grid[0].max(1) as f64, of.width / self.grid[1].max(1) as f64];
        Frame {
            left: of.left + self.first[1] as f64 * across,
            top: of.top + self.first[0] as f64 * down,
            width: self.size[1] as f64 * across,
            height: self.size[0] as f64 * down,
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const MASKS: MixedMasks = MixedMasks { maps: 2, height: 3, width: 4 };
    const ROWS: BoxForm = BoxForm::Places { count: 2, length: 7, classes: 1, columns: false, anything: false };
    const COLUMNS: BoxForm = BoxForm::Places { count: 2, length: 7, classes: 1, columns: true, anything: false };

    fn found(place: usize, [left, top, right, bottom]: [f32; 4]) -> FoundBox {
        FoundBox { left, top, right, bottom, class: 0, score: 1.0, place, element: 0, anything: 1.0 }
    }

    /// Rows of the two places, of which the last two numbers are coefficients, and the same as columns.
    fn numbers(coefficients: [[f32; 2]; 2]) -> [Vec<f32>; 2] {
        let rows: Vec<f32> =
            coefficients.iter().flat_map(|&[one, other]| [9.0, 9.0, 9.0, 9.0, 9.0, one, other]).collect();
        let columns = (0..7).flat_map(|at| [rows[at], rows[7 + at]]).collect();
        [rows, columns]
    }

    #[test]
    fn the_maps_of_a_box_are_mixed_by_its_coefficients_and_cut_to_it() {
        let left: Vec<f32> = (0..12).map(|place| if place % 4 < 2 { 1.0 } else { -1.0 }).collect();
        let top: Vec<f32> = (0..12).map(|place| if place < 4 { 1.0 } else { 0.0 }).collect();
        let maps = [left, top].concat();
        // The grid's places are 10 pixels wide and high.
        let boxes =
            [found(1, [6.0, 0.0, 34.0, 30.0]), found(0, [0.0, 15.0, 15.0, 24.9]), found(0, [16.0, 16.0, 19.0, 19.0])];
        let [rows, columns] = numbers([[0.5, 0.0], [-1.0, 3.0]]);
        for (form, values) in [(ROWS, rows), (COLUMNS, columns)] {
            let masks = instances(&MASKS, &form, &[&values, &maps], &boxes, [30, 40]);
            let said: Vec<_> = masks.iter().map(|mask| (mask.first, mask.size, &mask.places[..])).collect();
            // The middles at 15 and 25 of the columns, all rows; above 0 where the second map is, and where the first is below.
            assert_eq!(said[0], ([0, 1], [3, 2], &[1, 1, 0, 1, 0, 1][..]));
            // The middle at 15 is in, the one at 15 of the columns is not.
            assert_eq!(said[1], ([1, 0], [1, 1], &[1][..]));
            assert_eq!((said[2].1, masks[2].share()), ([0, 0], 0.0));
            assert_eq!(masks[0].share(), 4.0 / 12.0);
            let frame = masks[0].frame(&Frame { left: -8.0, top: 0.0, width: 80.0, height: 60.0 });
            assert_eq!(frame, Frame { left: 12.0, top: 0.0, width: 40.0, height: 60.0 });
        }
    }

    #[test]
    fn what_makes_no_sense_has_no_masks() {
        let [rows, _] = numbers([[1.0, f32::NAN], [f32::INFINITY, 0.0]]);
        let boxes = [found(0, [0.0, 0.0, 40.0, 30.0]), found(1, [-1e9, -1e9, 1e9, 1e9])];
        let masks = instances(&MASKS, &ROWS, &[&rows, &[1.0; 24]], &boxes, [30, 40]);
        assert_eq!(masks[0].places, [0; 12]);
        assert_eq!((masks[1].size, &masks[1].places[..]), ([3, 4], &[1; 12][..]));
        assert!(instances(&MASKS, &ROWS, &[&rows, &[1.0; 23]], &boxes, [30, 40]).is_empty());
        assert!(instances(&MASKS, &ROWS, &[], &boxes, [30, 40]).is_empty());
        assert!(instances(&MixedMasks { height: 0, ..MASKS }, &ROWS, &[&rows, &[]], &boxes, [30, 40]).is_empty());
    }

    proptest! {
        /// Whatever the box: a place is in its mask where its middle is in the box and the maps say so, and nowhere else.
        #[test]
        fn a_mask_has_the_places_of_its_box_that_the_maps_give_it(
            maps in prop::collection::vec(-2.0_f32..2.0, 2 * 5 * 7),
            coefficients in (-1.0_f32..1.0, -1.0_f32..1.0),
            (left, top, width, height) in (-20.0_f32..60.0, -20.0_f32..60.0, 0.1_f32..80.0, 0.1_f32..80.0),
        ) {
            let masks = MixedMasks { maps: 2, height: 5, width: 7 };
            let one = found(0, [left, top, left + width, top + height]);
            let [rows, _] = numbers([[coefficients.0, coefficients.1], [0.0, 0.0]]);
            let made = instances(&masks, &ROWS, &[&rows, &maps], &[one], [53, 61]).remove(0);
            for row in 0..5 {
                for column in 0..7 {
                    let [x, y] = [(column as f32 + 0.5) * 61.0 / 7.0, (row as f32 + 0.5) * 53.0 / 5.0];
                    let is_near = [x - one.left, x - one.right, y - one.top, y - one.bottom].iter().any(|it| it.abs() < 1e-3);
                    let sum = coefficients.0 * maps[row * 7 + column] + coefficients.1 * maps[35 + row * 7 + column];
                    if is_near || sum.abs() < 1e-5 {
                        continue;
                    }
                    let is_in = x > one.left && x < one.right && y > one.top && y < one.bottom && sum > 0.0;
                    let at = row.checked_sub(made.first[0]).zip(column.checked_sub(made.first[1]));
                    let at = at.filter(|&(row, column)| row < made.size[0] && column < made.size[1]);
                    let has = at.is_some_and(|(row, column)| made.places[row * made.size[1] + column] == 1);
                    prop_assert_eq!(has, is_in);
                }
            }
        }
    }
}
