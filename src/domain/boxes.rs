//! What a detector finds: boxes around things, each with a class and a score, read from the numbers that the usual families of detectors
//! give.

use super::order::order;

/// Boxes below this score are left out: `conf_thres` of YOLOv5's `detect.py` and `conf` of Ultralytics' predictions.
pub const LEAST_SCORE: f32 = 0.25;

/// Two boxes of one class that share more than this (intersection over union) are one: `iou_thres` of YOLOv5's `detect.py`, and what
/// torchvision's SSD (`nms_thresh`) and the SSD of most ports take.
pub const OVERLAP_OF_ROWS: f32 = 0.45;

/// The same for the families with columns, `iou` of Ultralytics' `cfg/default.yaml`.
pub const OVERLAP_OF_COLUMNS: f32 = 0.7;

/// At most so many boxes are kept, `max_det` of Ultralytics' `cfg/default.yaml`.
pub const MOST_BOXES: usize = 300;

/// At most so many boxes are held against each other, `max_nms` of both.
const MOST_CANDIDATES: usize = 30_000;

/// Coordinates none of which is above this are parts of the picture and not pixels. Boxes may reach a little beyond the picture, and no
/// network gives only boxes within two pixels of its corner.
const MOST_OF_A_PART: f32 = 2.0;

/// How the numbers of a detector lie.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BoxForm {
    /// One value with `length` numbers for each of `count` places: centre and size, in YOLOv5's form the probability that there is anything,
    /// then one probability for each class, and then what else is told of a box (a mask's coefficients, points).
    Places {
        count: usize,
        length: usize,
        classes: usize,
        /// The numbers of a place do not follow each other: `[1, length, count]`, as YOLOv8 and 11 have them.
        columns: bool,
        /// YOLOv5 and 7: a fifth number says whether there is anything.
        anything: bool,
    },
    /// One value `[1, count, length]` with the corners, the score and the number of the class of each box, the overlaps being removed
    /// already: YOLOv10 and 26.
    Finished { count: usize, length: usize },
    /// Two values: `[1, count, 4]` with the corners, and `[1, count, classes]` with scores: SSD.
    Corners { count: usize, classes: usize, scores: ClassScores },
    /// Two values: `[1, count, 4]` with centre and size as parts of the picture, and `[1, count, classes]` with scores: DETR, RT-DETR.
    Queries { count: usize, classes: usize, scores: ClassScores },
    /// Three values: `[count, 4]` with the corners, and the score and the number of the class of each, the overlaps being removed already:
    /// torchvision's detectors.
    Lists { count: usize },
}

/// What the scores of [`BoxForm::Corners`] and [`BoxForm::Queries`] are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ClassScores {
    /// Probabilities of classes that exclude each other. One of them is that there is nothing.
    Softmax,
    /// The probability of each class on its own.
    Sigmoid,
    /// Scores of any size. Whether a softmax or a sigmoid makes probabilities of them, the values tell: most places see nothing, so
    /// where there is a class for that, it is the best of most of them.
    Logits,
}

/// A box in the network's input.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct FoundBox {
    /// In pixels from the input's left edge.
    pub left: f32,
    pub top: f32,
    pub right: f32,
    pub bottom: f32,
    /// Numbered from 0, without the class of what is nothing.
    pub class: usize,
    /// From 0 to 1.
    pub score: f32,
    /// Which place, row or query gave it.
    pub place: usize,
    /// The element of the value with the scores that its class's score is.
    pub element: usize,
    /// How sure the network is that there is anything, by which that score was multiplied; 1 where it does not say.
    pub anything: f32,
}

impl FoundBox {
    /// The part of both boxes' area that is in both.
    pub fn overlap(&self, other: &Self) -> f32 {
        let width = self.right.min(other.right) - self.left.max(other.left);
        let height = self.bottom.min(other.bottom) - self.top.max(other.top);
        if width <= 0.0 || height <= 0.0 {
            return 0.0;
        }
        let shared = width * height;
        shared / (self.area() + other.area() - shared)
    }

    fn area(&self) -> f32 {
        (self.right - self.left) * (self.bottom - self.top)
    }
}

impl BoxForm {
    /// How many numbers each of the form's values has.
    pub fn lengths(&self) -> Vec<usize> {
        match *self {
            Self::Places { count, length, .. } | Self::Finished { count, length } => vec![count * length],
            Self::Corners { count, classes, .. } | Self::Queries { count, classes, .. } => {
                vec![count * 4, count * classes]
            }
            Self::Lists { count } => vec![count * 4, count, count],
        }
    }

    /// Which of the form's values holds the scores.
    pub fn scores(&self) -> usize {
        match self {
            Self::Places { .. } | Self::Finished { .. } => 0,
            Self::Corners { .. } | Self::Queries { .. } | Self::Lists { .. } => 1,
        }
    }

    /// The elements of that value whose weighted sum rises and falls as the box's score does, for a little while: of a product each factor times the
    /// other.
    pub fn slopes(&self, found: &FoundBox) -> Vec<(usize, f32)> {
        match *self {
            Self::Places { count, length, columns, anything: true, .. } => {
                let of_anything = if columns { 4 * count + found.place } else { found.place * length + 4 };
                vec![(found.element, found.anything), (of_anything, found.score / found.anything)]
            }
            _ => vec![(found.element, 1.0)],
        }
    }

    /// The last numbers of a place, in their order, of the form's first value: what else is told of its box. None of the forms whose values
    /// tell of nothing but boxes.
    pub fn last_numbers<'a>(&self, value: &'a [f32], place: usize, numbers: usize) -> impl Iterator<Item = f32> + 'a {
        let (first, step, length) = match *self {
            Self::Places { count, length, columns: true, .. } => (place, count, length),
            Self::Places { length, .. } | Self::Finished { length, .. } => (place * length, 1, length),
            Self::Corners { .. } | Self::Queries { .. } | Self::Lists { .. } => (0, 1, 0),
        };
        (length.saturating_sub(numbers)..length).filter_map(move |at| value.get(first + at * step).copied())
    }

    /// What the family takes for one thing, where its networks leave that to whoever runs them.
    pub fn most_overlap(&self) -> Option<f32> {
        match self {
            Self::Places { anything: false, .. } => Some(OVERLAP_OF_COLUMNS),
            Self::Places { anything: true, .. } | Self::Corners { .. } => Some(OVERLAP_OF_ROWS),
            Self::Finished { .. } | Self::Queries { .. } | Self::Lists { .. } => None,
        }
    }
}

/// The boxes that a network's numbers tell of, the best first: those above [`LEAST_SCORE`], each place counting for its best class, and of
/// those that overlap the best. `values` are the form's, in its order, and `size` is height and width of the input. Values of other
/// lengths tell of nothing, as do numbers that are infinite or none.
pub fn boxes(form: &BoxForm, values: &[&[f32]], size: [usize; 2]) -> Vec<FoundBox> {
    if !values.iter().map(|value| value.len()).eq(form.lengths()) {
        return Vec::new();
    }
    let mut found = raw(form, values, size);
    found.retain(|one| {
        let sides = [one.left, one.top, one.right, one.bottom];
        sides.iter().all(|side| side.is_finite()) && one.right > one.left && one.bottom > one.top
    });
    found = sorted(&found);
    found.truncate(MOST_CANDIDATES);
    let mut kept = match form.most_overlap() {
        Some(most) => without_overlaps(&found, most),
        None => found,
    };
    kept.truncate(MOST_BOXES);
    kept
}

/// Of boxes of one class that overlap by more than `most`, the best. They have to come in the order of their scores.
pub fn without_overlaps(sorted: &[FoundBox], most: f32) -> Vec<FoundBox> {
    let mut kept: Vec<FoundBox> = Vec::new();
    for one in sorted {
        if kept.iter().all(|other| other.class != one.class || one.overlap(other) <= most) {
            kept.push(*one);
        }
    }
    kept
}

/// The best first; of equals the first place.
fn sorted(found: &[FoundBox]) -> Vec<FoundBox> {
    order(found.len(), &|one, other| found[other].score.total_cmp(&found[one].score))
        .into_iter()
        .map(|place| found[place])
        .collect()
}

/// All boxes above the least score, in the order of their places.
fn raw(form: &BoxForm, values: &[&[f32]], size: [usize; 2]) -> Vec<FoundBox> {
    match (*form, values) {
        (BoxForm::Places { count, length, classes, columns, anything }, &[value]) => {
            let number = |place: usize, at: usize| {
                if columns { value[at * count + place] } else { value[place * length + at] }
            };
            let corners = |place| centred([0, 1, 2, 3].map(|at| number(place, at)));
            let scale = scale((0..count).map(corners), size);
            let first = if anything { 5 } else { 4 };
            let score = |place: usize| {
                let is_there = if anything { number(place, 4) } else { 1.0 };
                // YOLOv5 asks for both: that there is something, and that it is this.
                let (class, score) = best((first..first + classes).map(|at| number(place, at)))?;
                let element = if columns { (first + class) * count + place } else { place * length + first + class };
                let said = Said { class, score: score * is_there, element, anything: is_there };
                (is_there > LEAST_SCORE).then_some(said)
            };
            (0..count).filter_map(|place| made(place, corners(place), scale, score(place)?)).collect()
        }
        (BoxForm::Finished { count, length }, &[value]) => {
            let row = |place: usize| &value[place * length..][..length];
            let corners = |place: usize| [row(place)[0], row(place)[1], row(place)[2], row(place)[3]];
            let scale = scale((0..count).map(corners), size);
            let said = |place: usize| {
                let class = class_of(row(place)[5])?;
                Some(Said { class, score: row(place)[4], element: place * length + 4, anything: 1.0 })
            };
            (0..count).filter_map(|place| made(place, corners(place), scale, said(place)?)).collect()
        }
        (BoxForm::Corners { count, classes, scores }, &[sides, numbers]) => {
            pairs(count, classes, sides, numbers, scores, Nothing::First, size, |sides| sides)
        }
        (BoxForm::Queries { count, classes, scores }, &[sides, numbers]) => {
            pairs(count, classes, sides, numbers, scores, Nothing::Last, size, centred)
        }
        (BoxForm::Lists { count }, &[sides, numbers, labels]) => {
            let corners = |place: usize| [0, 1, 2, 3].map(|at| sides[4 * place + at]);
            let scale = scale((0..count).map(corners), size);
            let said = |place: usize| {
                let class = class_of(labels[place])?;
                Some(Said { class, score: numbers[place], element: place, anything: 1.0 })
            };
            (0..count).filter_map(|place| made(place, corners(place), scale, said(place)?)).collect()
        }
        _ => Vec::new(),
    }
}

/// Where the class of what is nothing stands, if there is one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Nothing {
    /// As SSD has it.
    First,
    /// As DETR has it.
    Last,
}

/// What a place says of its box.
struct Said {
    class: usize,
    score: f32,
    element: usize,
    anything: f32,
}

/// Boxes and scores in two values.
#[expect(clippy::too_many_arguments, reason = "two values, what they are, and how the two families differ")]
fn pairs(
    count: usize,
    classes: usize,
    sides: &[f32],
    numbers: &[f32],
    scores: ClassScores,
    nothing: Nothing,
    size: [usize; 2],
    corners_of: impl Fn([f32; 4]) -> [f32; 4],
) -> Vec<FoundBox> {
    let corners = |place: usize| corners_of([0, 1, 2, 3].map(|at| sides[4 * place + at]));
    let scale = scale((0..count).map(corners), size);
    let row = |place: usize| &numbers[place * classes..][..classes];
    let none = match nothing {
        Nothing::First => 0,
        Nothing::Last => classes.saturating_sub(1),
    };
    let sees_nothing = |place: &usize| best(row(*place).iter().copied()).is_some_and(|(class, _)| class == none);
    let has_nothing = match scores {
        ClassScores::Softmax => classes > 1,
        ClassScores::Sigmoid => false,
        ClassScores::Logits => classes > 1 && 2 * (0..count).filter(sees_nothing).count() > count,
    };
    let score = |place: usize| {
        let row = row(place);
        let things = match nothing {
            _ if !has_nothing => 0..classes,
            Nothing::First => 1..classes,
            Nothing::Last => 0..classes - 1,
        };
        let first = things.start;
        let (class, value) = best(row[things].iter().copied())?;
        let score = match scores {
            ClassScores::Softmax | ClassScores::Sigmoid => value,
            ClassScores::Logits if has_nothing => {
                // The sum of exp(other − value) is the reciprocal of the softmax of `value`.
                row.iter().map(|other| (other - value).exp()).sum::<f32>().recip()
            }
            ClassScores::Logits => (1.0 + (-value).exp()).recip(),
        };
        Some(Said { class, score, element: place * classes + first + class, anything: 1.0 })
    };
    (0..count).filter_map(|place| made(place, corners(place), scale, score(place)?)).collect()
}

/// A box of these corners, class and score, unless the score is too low.
fn made(place: usize, corners: [f32; 4], scale: [f32; 2], said: Said) -> Option<FoundBox> {
    let Said { class, score, element, anything } = said;
    let [left, top, right, bottom] = corners;
    let [down, across] = scale;
    let (left, top, right, bottom) = (left * across, top * down, right * across, bottom * down);
    // A score that is no number is not above anything.
    (score > LEAST_SCORE).then(|| FoundBox {
        left,
        top,
        right,
        bottom,
        class,
        score: score.min(1.0),
        place,
        element,
        anything,
    })
}

/// What the coordinates are to be multiplied by, vertically and horizontally, so that they are pixels.
fn scale(corners: impl Iterator<Item = [f32; 4]>, [height, width]: [usize; 2]) -> [f32; 2] {
    let most = corners.flatten().filter(|side| side.is_finite()).fold(0.0, f32::max);
    if most <= MOST_OF_A_PART { [height as f32, width as f32] } else { [1.0, 1.0] }
}

/// The corners of a box with this centre, width and height.
fn centred([x, y, width, height]: [f32; 4]) -> [f32; 4] {
    [x - width / 2.0, y - height / 2.0, x + width / 2.0, y + height / 2.0]
}

/// The number of a class that is written as a float.
fn class_of(number: f32) -> Option<usize> {
    (0.0..65_536.0).contains(&number).then_some(number as usize)
}

/// The largest number and its place; the first of equals.
fn best(numbers: impl Iterator<Item = f32>) -> Option<(usize, f32)> {
    numbers.enumerate().reduce(|best, other| if other.1 > best.1 { other } else { best })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const V8: BoxForm = BoxForm::Places { count: 3, length: 6, classes: 2, columns: true, anything: false };

    fn corners(found: &[FoundBox]) -> Vec<[f32; 4]> {
        found.iter().map(|one| [one.left, one.top, one.right, one.bottom]).collect()
    }

    fn said(found: &[FoundBox]) -> Vec<(usize, f32, usize)> {
        found.iter().map(|one| (one.class, one.score, one.place)).collect()
    }

    #[test]
    fn columns_and_rows_tell_the_same() {
        // Two boxes far from each other, and one that is too weak.
        let rows =
            [[20.0, 30.0, 10.0, 20.0, 0.1, 0.9], [60.0, 60.0, 8.0, 8.0, 0.5, 0.4], [5.0, 5.0, 4.0, 4.0, 0.25, 0.2]];
        let columns: Vec<f32> = (0..6).flat_map(|at| rows.map(|row| row[at])).collect();
        let found = boxes(&V8, &[&columns], [100, 100]);
        assert_eq!(corners(&found), [[15.0, 20.0, 25.0, 40.0], [56.0, 56.0, 64.0, 64.0]]);
        assert_eq!(said(&found), [(1, 0.9, 0), (0, 0.5, 1)]);
        let form = BoxForm::Places { count: 3, length: 6, classes: 2, columns: false, anything: false };
        let in_rows = boxes(&form, &[rows.as_flattened()], [100, 100]);
        assert_eq!((corners(&in_rows), said(&in_rows)), (corners(&found), said(&found)));
        // The scores themselves lie elsewhere: in the sixth column and the fifth, of three places each, and of six numbers a row.
        let elements = |found: &[FoundBox]| found.iter().map(|one| one.element).collect::<Vec<_>>();
        assert_eq!((elements(&found), elements(&in_rows)), (vec![15, 13], vec![5, 10]));
        // As parts of the picture, which is twice as wide as high.
        let parts: Vec<f32> = rows
            .iter()
            .flat_map(|row| [row[0] / 100.0, row[1] / 50.0, row[2] / 100.0, row[3] / 50.0, row[4], row[5]])
            .collect();
        let scaled = boxes(&form, &[&parts], [50, 100]);
        assert!(
            corners(&scaled)
                .as_flattened()
                .iter()
                .zip(corners(&found).as_flattened())
                .all(|(a, b)| (a - b).abs() < 1e-4)
        );
    }

    #[test]
    fn that_there_is_anything_counts_in_yolov5_s_form() {
        let form = BoxForm::Places { count: 3, length: 7, classes: 2, columns: false, anything: true };
        let rows = [
            [20.0, 30.0, 10.0, 20.0, 0.5, 0.8, 0.1],
            [60.0, 60.0, 8.0, 8.0, 0.2, 1.0, 1.0],
            [90.0, 5.0, 4.0, 4.0, 0.5, 0.5, 0.4],
        ];
        assert_eq!(said(&boxes(&form, &[rows.as_flattened()], [100, 100])), [(0, 0.4, 0)]);
    }

    #[test]
    fn overlaps_are_removed_within_a_class_and_by_the_family_s_measure() {
        // Two boxes of 10 × 10, of which the second is one to the right: 90 of 110 in common, .82.
        let rows = |shift: f32, other: bool| {
            let (first, second) = if other { (0.0, 0.8) } else { (0.8, 0.0) };
            [[20.0, 20.0, 10.0, 10.0, 0.9, 0.0], [20.0 + shift, 20.0, 10.0, 10.0, first, second]].concat()
        };
        let form = BoxForm::Places { count: 2, length: 6, classes: 2, columns: false, anything: false };
        let count = |shift, other| boxes(&form, &[&rows(shift, other)], [100, 100]).len();
        assert_eq!([count(1.0, false), count(1.0, true), count(2.0, false)], [1, 2, 2]);
        let corners = [[0.1, 0.1, 0.2, 0.2], [0.12, 0.1, 0.22, 0.2]].concat();
        let scores = [[0.1, 0.9], [0.2, 0.8]].concat();
        let form = BoxForm::Corners { count: 2, classes: 2, scores: ClassScores::Softmax };
        // 80 of 120 in common: more than .45.
        assert_eq!(said(&boxes(&form, &[&corners, &scores], [100, 100])), [(0, 0.9, 0)]);
        assert_eq!(V8.most_overlap(), Some(0.7));
        assert_eq!(form.most_overlap(), Some(0.45));
        assert_eq!((OVERLAP_OF_ROWS, LEAST_SCORE, MOST_BOXES), (0.45, 0.25, 300));
    }

    #[test]
    fn what_has_removed_its_overlaps_is_shown_as_it_is() {
        let form = BoxForm::Finished { count: 3, length: 6 };
        let rows = [[1.0, 2.0, 30.0, 40.0, 0.9, 7.0], [1.0, 2.0, 30.0, 40.0, 0.8, 7.0], [0.0, 0.0, 0.0, 0.0, 0.0, 0.0]]
            .concat();
        assert_eq!(said(&boxes(&form, &[&rows], [64, 64])), [(7, 0.9, 0), (7, 0.8, 1)]);
        let form = BoxForm::Lists { count: 2 };
        let found = boxes(&form, &[&[1.0, 2.0, 30.0, 40.0, 0.0, 0.0, 9.0, 9.0], &[0.9, 0.1], &[17.0, 1.0]], [64, 64]);
        assert_eq!((corners(&found), said(&found)), (vec![[1.0, 2.0, 30.0, 40.0]], vec![(17, 0.9, 0)]));
    }

    #[test]
    fn queries_are_read_by_what_most_of_them_say() {
        let form = |scores| BoxForm::Queries { count: 3, classes: 3, scores };
        let sides = [[0.5, 0.5, 0.2, 0.4]; 3].concat();
        // Two of three are best at the last class: that is nothing, and the others share a softmax with it.
        let numbers = [[3.0, 0.0, 0.0], [0.0, 0.0, 4.0], [0.0, 1.0, 5.0]].concat();
        let found = boxes(&form(ClassScores::Logits), &[&sides, &numbers], [100, 200]);
        let probability = 3.0_f32.exp() / (3.0_f32.exp() + 2.0);
        assert_eq!(found.len(), 1);
        assert!((found[0].score - probability).abs() < 1e-6 && found[0].class == 0);
        let expected = [[80.0, 30.0, 120.0, 70.0]];
        assert!(corners(&found).as_flattened().iter().zip(expected.as_flattened()).all(|(a, b)| (a - b).abs() < 1e-4));
        // Nothing is best at none of them: each class by itself.
        let numbers = [[3.0, 0.0, -9.0], [-4.0, -5.0, -6.0], [-4.0, -3.0, -5.0]].concat();
        let found = boxes(&form(ClassScores::Logits), &[&sides, &numbers], [100, 200]);
        assert!(found.len() == 1 && (found[0].score - 1.0 / (1.0 + (-3.0_f32).exp())).abs() < 1e-6);
        // Probabilities of which the last is that of nothing, and such as stand by themselves.
        let numbers = [[0.3, 0.1, 0.6], [0.1, 0.1, 0.8], [0.0, 0.0, 1.0]].concat();
        assert_eq!(said(&boxes(&form(ClassScores::Softmax), &[&sides, &numbers], [100, 200])), [(0, 0.3, 0)]);
        let found = boxes(&form(ClassScores::Sigmoid), &[&sides, &numbers], [100, 200]);
        assert_eq!(said(&found), [(2, 1.0, 2), (2, 0.8, 1), (2, 0.6, 0)]);
    }

    /// The score is a product, of which each factor rises with the other; what else there is is one element.
    #[test]
    fn the_slopes_of_a_score_are_at_its_elements() {
        let row = [20.0, 30.0, 10.0, 20.0, 0.5, 0.1, 0.8];
        let rows = BoxForm::Places { count: 1, length: 7, classes: 2, columns: false, anything: true };
        assert_eq!(rows.slopes(&boxes(&rows, &[&row], [64, 64])[0]), [(6, 0.5), (4, 0.8)]);
        let values = [[20.0, 50.0], [30.0, 50.0], [4.0, 4.0], [4.0, 4.0], [0.1, 0.9], [0.1, 0.2]].concat();
        let columns = BoxForm::Places { count: 2, length: 6, classes: 2, columns: true, anything: false };
        assert_eq!(columns.slopes(&boxes(&columns, &[&values], [64, 64])[0]), [(9, 1.0)]);
        let corners = BoxForm::Corners { count: 2, classes: 3, scores: ClassScores::Softmax };
        let sides = [[0.1, 0.1, 0.2, 0.2], [0.3, 0.3, 0.4, 0.4]].concat();
        let found = boxes(&corners, &[&sides, &[0.9, 0.05, 0.05, 0.1, 0.2, 0.7]], [64, 64]);
        assert_eq!((found[0].class, corners.slopes(&found[0])), (1, vec![(5, 1.0)]));
        assert_eq!((corners.scores(), columns.scores()), (1, 0));
    }

    #[test]
    fn what_makes_no_sense_tells_of_nothing() {
        assert!(boxes(&V8, &[&[0.0; 17]], [10, 10]).is_empty() && boxes(&V8, &[], [10, 10]).is_empty());
        let mut values = [0.0; 18];
        values[12] = f32::NAN;
        values[15] = f32::INFINITY;
        assert!(boxes(&V8, &[&values], [10, 10]).is_empty());
        values = [5.0; 18];
        values[0] = f32::NAN;
        assert_eq!(boxes(&V8, &[&values], [10, 10]).len(), 1);
        assert_eq!(boxes(&V8, &[&values], [10, 10])[0].score, 1.0);
    }

    proptest! {
        #[test]
        fn of_overlapping_boxes_the_best_is_kept_and_no_other(
            rows in prop::collection::vec((0.0_f32..90.0, 0.0_f32..90.0, 1.0_f32..40.0, 1.0_f32..40.0, 0.0_f32..1.0, 0_usize..3), 1..60),
        ) {
            let length = 7;
            let values: Vec<f32> = rows
                .iter()
                .flat_map(|&(x, y, width, height, score, class)| {
                    let mut row = vec![x, y, width, height, 0.0, 0.0, 0.0];
                    row[4 + class] = score;
                    row
                })
                .collect();
            let form = BoxForm::Places { count: rows.len(), length, classes: 3, columns: false, anything: false };
            let all = sorted(&raw(&form, &[&values], [128, 128]));
            let kept = boxes(&form, &[&values], [128, 128]);
            prop_assert!(kept.windows(2).all(|pair| pair[0].score >= pair[1].score));
            for one in &all {
                let better = kept.iter().filter(|other| other.class == one.class && other.place != one.place && other.score >= one.score);
                let is_covered = better.clone().any(|other| one.overlap(other) > OVERLAP_OF_COLUMNS);
                prop_assert_eq!(kept.contains(one), !is_covered);
            }
            prop_assert!(all.iter().all(|one| one.score > LEAST_SCORE && (one.overlap(one) - 1.0).abs() < 1e-4));
        }
    }
}
