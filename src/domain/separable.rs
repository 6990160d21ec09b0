//! Linear maps from planes to planes that work on rows and columns apart: enlargements and blurs.

/// What makes one value of a new row or column: places in the old one, and the weight of each.
pub type Tap = Vec<(usize, f64)>;

/// A map from planes of one height and width to planes of another: first along the rows, then along the columns.
#[derive(Debug, Clone, PartialEq)]
pub struct Separable {
    /// Height and width of what it takes.
    from: [usize; 2],
    rows: Vec<Tap>,
    columns: Vec<Tap>,
}

impl Separable {
    /// From planes of `from` = height and width. `rows` and `columns` have a tap for each row and column of the result, whose
    /// places lie within `from`.
    pub fn new(from: [usize; 2], rows: Vec<Tap>, columns: Vec<Tap>) -> Self {
        Self { from, rows, columns }
    }

    /// The map of all planes. What is left of a last plane that is not whole is left out.
    pub fn apply(&self, planes: &[f32]) -> Vec<f32> {
        let [height, width] = self.from;
        let (to_height, to_width) = (self.rows.len(), self.columns.len());
        let count = planes.len() / (height * width).max(1);
        let mut result = Vec::with_capacity(count * to_height * to_width);
        let mut lines = Vec::with_capacity(height * to_width);
        for plane in planes.chunks_exact((height * width).max(1)) {
            lines.clear();
            for line in plane.chunks_exact(width.max(1)) {
                let along = |tap: &Tap| tap.iter().map(|&(place, weight)| f64::from(line[place]) * weight).sum::<f64>();
                lines.extend(self.columns.iter().map(along));
            }
            for tap in &self.rows {
                for column in 0..to_width {
                    let down = |&(place, weight): &(usize, f64)| lines[place * to_width + column] * weight;
                    result.push(tap.iter().map(down).sum::<f64>() as f32);
                }
            }
        }
        result
    }

    /// The transposed map, which carries gradients back: ⟨apply(x), y⟩ = ⟨x, adjoint(y)⟩.
    pub fn adjoint(&self, planes: &[f32]) -> Vec<f32> {
        let [height, width] = self.from;
        let (to_height, to_width) = (self.rows.len(), self.columns.len());
        let mut result = Vec::new();
        for plane in planes.chunks_exact((to_height * to_width).max(1)) {
            let mut lines = vec![0.0; height * to_width];
            for (tap, line) in self.rows.iter().zip(plane.chunks_exact(to_width)) {
                for &(place, weight) in tap {
                    let sums = &mut lines[place * to_width..][..to_width];
                    sums.iter_mut().zip(line).for_each(|(sum, &value)| *sum += f64::from(value) * weight);
                }
            }
            let mut back = vec![0.0; height * width];
            for (line, sums) in lines.chunks_exact(to_width).zip(back.chunks_exact_mut(width)) {
                for (tap, value) in self.columns.iter().zip(line) {
                    tap.iter().for_each(|&(place, weight)| sums[place] += value * weight);
                }
            }
            result.extend(back.iter().map(|&value| value as f32));
        }
        result
    }
}
