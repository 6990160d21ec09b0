//! Feature maps at the size of a picture.

/// How a map is enlarged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Enlargement {
    /// Half-pixel bilinear, as PyTorch's `interpolate(align_corners=False)` and OpenCV do.
    #[default]
    Bilinear,
    /// Each cell as a block, since a 7 × 7 map is 49 numbers and no more.
    Nearest,
}

/// Two neighbours of a new cell and the share of the second one.
struct Tap {
    first: usize,
    second: usize,
    share: f32,
}

/// Brings maps of one size to another one. The positions are computed once for all maps of a layer.
pub struct Enlarger {
    from_height: usize,
    from_width: usize,
    rows: Vec<Tap>,
    columns: Vec<Tap>,
}

impl Enlarger {
    /// From `[height, width]` to `[height, width]`.
    pub fn new([from_height, from_width]: [usize; 2], [height, width]: [usize; 2], enlargement: Enlargement) -> Self {
        let rows = taps(from_height, height, enlargement);
        let columns = taps(from_width, width, enlargement);
        Self { from_height, from_width, rows, columns }
    }

    /// Adds `factor` times the enlarged `plane` to `sum`, which has the new size. Values beyond a plane or a sum that is
    /// shorter than it should be are left out.
    pub fn add(&self, plane: &[f32], factor: f32, sum: &mut [f32]) {
        let width = self.columns.len();
        if width == 0 || self.from_width == 0 || plane.is_empty() || plane.len() < self.from_height * self.from_width {
            return;
        }
        let mut wide = Vec::with_capacity(self.from_height * width);
        for row in plane.chunks_exact(self.from_width) {
            let between = |tap: &Tap| factor * (row[tap.first] + (row[tap.second] - row[tap.first]) * tap.share);
            wide.extend(self.columns.iter().map(between));
        }
        for (tap, line) in self.rows.iter().zip(sum.chunks_exact_mut(width)) {
            let (upper, lower) = (&wide[tap.first * width..][..width], &wide[tap.second * width..][..width]);
            for ((sum, &upper), &lower) in line.iter_mut().zip(upper).zip(lower) {
                *sum += upper + (lower - upper) * tap.share;
            }
        }
    }
}

fn taps(from: usize, to: usize, enlargement: Enlargement) -> Vec<Tap> {
    let scale = from as f64 / to as f64;
    let last = from.saturating_sub(1);
    let tap = |position: usize| {
        let centre = (position as f64 + 0.5) * scale;
        match enlargement {
            Enlargement::Nearest => {
                let first = (centre as usize).min(last);
                Tap { first, second: first, share: 0.0 }
            }
            Enlargement::Bilinear => {
                // Outside the outermost centres the map goes on as it ends.
                let centre = (centre - 0.5).max(0.0);
                let first = (centre as usize).min(last);
                Tap { first, second: (first + 1).min(last), share: (centre - first as f64) as f32 }
            }
        }
    };
    (0..to).map(tap).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn enlarged(plane: &[f32], from: [usize; 2], to: [usize; 2], enlargement: Enlargement) -> Vec<f32> {
        let mut sum = vec![0.0; to[0] * to[1]];
        Enlarger::new(from, to, enlargement).add(plane, 1.0, &mut sum);
        sum
    }

    #[test]
    fn half_pixel_centres() {
        let bilinear = enlarged(&[0.0, 4.0], [1, 2], [1, 4], Enlargement::Bilinear);
        assert_eq!(bilinear, [0.0, 1.0, 3.0, 4.0]);
        let nearest = enlarged(&[0.0, 4.0], [2, 1], [4, 1], Enlargement::Nearest);
        assert_eq!(nearest, [0.0, 0.0, 4.0, 4.0]);
    }

    /// What onnxruntime 1.32 gives for Resize with mode "linear" and coordinate_transformation_mode "half_pixel".
    #[test]
    fn as_onnxruntime() {
        let grown = enlarged(&[1.0, 2.0, 3.0, 5.0], [2, 2], [3, 3], Enlargement::Bilinear);
        let expected = [1.0, 1.5, 2.0, 2.0, 2.75, 3.5, 3.0, 4.0, 5.0];
        assert!(grown.iter().zip(expected).all(|(&value, expected)| (value - expected).abs() < 1e-6), "{grown:?}");
    }

    #[test]
    fn the_same_size_changes_nothing_and_sums_add_up() {
        let plane = [1.0, -2.0, 3.0, 4.0, 5.0, 6.5];
        assert_eq!(enlarged(&plane, [2, 3], [2, 3], Enlargement::Bilinear), plane);
        let mut sum = vec![1.0; 6];
        Enlarger::new([2, 3], [2, 3], Enlargement::Nearest).add(&plane, 2.0, &mut sum);
        assert_eq!(sum, [3.0, -3.0, 7.0, 9.0, 11.0, 14.0]);
    }

    #[test]
    fn a_plane_of_the_wrong_size_adds_nothing() {
        assert_eq!(enlarged(&[1.0], [2, 2], [2, 2], Enlargement::Nearest), [0.0; 4]);
        assert_eq!(enlarged(&[1.0], [0, 0], [1, 1], Enlargement::Bilinear), [0.0]);
        assert_eq!(enlarged(&[], [0, 0], [1, 1], Enlargement::Nearest), [0.0]);
    }
}
