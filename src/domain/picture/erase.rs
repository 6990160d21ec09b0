//! The eraser: paints over the object or the background, so that maps and predictions can follow.

use super::Picture;

/// What the eraser paints with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fill {
    /// The mean colour of the picture as it is before this call.
    Mean,
    /// Red, green, blue.
    Colour([u8; 3]),
}

/// One pull of the eraser. A single point is a disc; between two points it leaves no gap.
#[derive(Debug, Clone, PartialEq)]
pub struct Stroke {
    /// In pixels of the picture.
    pub radius: f32,
    /// Each `[x, y]` in pixels of the picture, `[0, 0]` being its upper left corner. Points may lie outside.
    pub points: Vec<[f32; 2]>,
}

impl Picture {
    /// Paints every pixel whose centre lies within a stroke's radius of its line. A radius that is negative, or
    /// a radius or point that is not finite, paints nothing.
    pub fn erase(&mut self, strokes: &[Stroke], fill: Fill) {
        let colour = match fill {
            Fill::Mean => self.mean_colour(),
            Fill::Colour(colour) => colour,
        };
        for stroke in strokes {
            match stroke.points[..] {
                [point] => self.paint(point, point, stroke.radius, colour),
                _ => {
                    for line in stroke.points.windows(2) {
                        self.paint(line[0], line[1], stroke.radius, colour);
                    }
                }
            }
        }
    }

    fn paint(&mut self, from: [f32; 2], to: [f32; 2], radius: f32, colour: [u8; 3]) {
        if radius < 0.0 || ![from[0], from[1], to[0], to[1], radius].iter().all(|value| value.is_finite()) {
            return;
        }
        let range = |axis: usize, length: usize| {
            // A float that is too large or negative becomes the nearest end of the picture.
            let first = (from[axis].min(to[axis]) - radius).floor() as usize;
            let last = (from[axis].max(to[axis]) + radius).ceil() as usize;
            first.min(length)..last.min(length)
        };
        for y in range(1, self.height) {
            for x in range(0, self.width) {
                if distance_squared([x as f32 + 0.5, y as f32 + 0.5], from, to) <= radius * radius {
                    let start = (y * self.width + x) * 3;
                    self.rgb[start..start + 3].copy_from_slice(&colour);
                }
            }
        }
    }
}

/// The squared distance of a point from the line between two points.
fn distance_squared(point: [f32; 2], from: [f32; 2], to: [f32; 2]) -> f32 {
    let line = [to[0] - from[0], to[1] - from[1]];
    let offset = [point[0] - from[0], point[1] - from[1]];
    let length_squared = line[0] * line[0] + line[1] * line[1];
    let along = if length_squared > 0.0 {
        ((offset[0] * line[0] + offset[1] * line[1]) / length_squared).clamp(0.0, 1.0)
    } else {
        0.0
    };
    let rest = [offset[0] - along * line[0], offset[1] - along * line[1]];
    rest[0] * rest[0] + rest[1] * rest[1]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn erased(strokes: &[Stroke]) -> Vec<String> {
        let mut picture = Picture::new(8, 4, vec![0; 96]).unwrap();
        picture.erase(strokes, Fill::Colour([9, 8, 7]));
        let mark = |pixel: &[u8]| match pixel {
            [9, 8, 7] => '#',
            _ => '.',
        };
        picture.rgb().chunks(24).map(|row| row.chunks(3).map(mark).collect()).collect()
    }

    #[test]
    fn a_point_is_a_disc_and_a_line_has_no_gap() {
        let disc = Stroke { radius: 1.2, points: vec![[2.0, 2.0]] };
        assert_eq!(erased(&[disc]), ["........", ".##.....", ".##.....", "........"]);
        let line = Stroke { radius: 0.6, points: vec![[-3.0, 1.5], [99.0, 1.5]] };
        assert_eq!(erased(&[line]), ["........", "########", "........", "........"]);
    }

    #[test]
    fn nonsense_paints_nothing() {
        let outside = Stroke { radius: 2.0, points: vec![[-50.0, -50.0]] };
        let endless = Stroke { radius: f32::INFINITY, points: vec![[1.0, 1.0]] };
        let lost = Stroke { radius: 1.0, points: vec![[f32::NAN, 1.0], [2.0, 2.0]] };
        let none = Stroke { radius: 5.0, points: vec![] };
        assert!(erased(&[outside, endless, lost, none]).iter().all(|row| row == "........"));
    }

    #[test]
    fn the_mean_is_taken_before_painting() {
        let mut picture = Picture::new(2, 1, vec![0, 0, 0, 100, 100, 100]).unwrap();
        picture.erase(&[Stroke { radius: 9.0, points: vec![[1.0, 0.5]] }], Fill::Mean);
        assert_eq!(picture.rgb(), [50; 6]);
    }

    /// Every pixel that is painted is near one of many points of the line, and no other is.
    #[test]
    fn a_line_in_any_direction_is_as_wide_as_its_radius() {
        for (from, to, radius) in
            [([1.0, 0.6], [6.4, 3.3], 1.1_f32), ([7.1, 0.4], [2.2, 3.7], 0.8), ([3.3, 2.9], [3.3, 0.2], 0.9)]
        {
            let rows = erased(&[Stroke { radius, points: vec![from, to] }]);
            for (y, row) in rows.iter().enumerate() {
                for (x, mark) in row.chars().enumerate() {
                    let away = |share: f32| {
                        let at = [0, 1].map(|axis| from[axis] + share * (to[axis] - from[axis]));
                        (x as f32 + 0.5 - at[0]).hypot(y as f32 + 0.5 - at[1])
                    };
                    let nearest =
                        (0_u16..=2000).map(|step| away(f32::from(step) / 2000.0)).fold(f32::INFINITY, f32::min);
                    assert!((nearest - radius).abs() > 1e-3, "the test is at the edge of a pixel");
                    assert_eq!(mark == '#', nearest < radius, "{from:?} to {to:?}, {x} {y}: {nearest}");
                }
            }
        }
    }

    #[test]
    fn a_stroke_has_no_end_at_its_points() {
        // From one corner to the next, and back to the first row.
        let angle = Stroke { radius: 0.6, points: vec![[0.5, 0.5], [5.5, 0.5], [5.5, 3.5]] };
        assert_eq!(erased(&[angle]), ["######..", ".....#..", ".....#..", ".....#.."]);
        let negative = Stroke { radius: -3.0, points: vec![[4.0, 2.0]] };
        let nothing = Stroke { radius: 0.0, points: vec![[4.5, 1.5]] };
        assert_eq!(erased(&[negative, nothing]), ["........", "....#...", "........", "........"]);
    }
}
