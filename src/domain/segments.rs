//! What a segmenter says: of each place of the picture which class it belongs to.

/// How the scores of a mask lie.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MaskForm {
    pub classes: usize,
    pub height: usize,
    pub width: usize,
    /// `[1, height, width, classes]` instead of `[1, classes, height, width]`.
    pub channels_last: bool,
    /// What the values are where there is one class, which tells of each place whether it belongs to the thing.
    pub single: Single,
}

/// The values of a mask of one class.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Single {
    /// From 0 to 1.
    Probability,
    /// Scores, of which those above 0 are a yes.
    Logit,
}

/// The most classes that a mask has, so that a byte holds them.
pub const MOST_MASK_CLASSES: usize = 256;

/// Of each place its class.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mask {
    pub width: usize,
    pub height: usize,
    /// Row by row. Of a mask of one class 1 is the thing and 0 what is not.
    pub classes: Vec<u8>,
}

/// A class in a mask.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Area {
    pub class: usize,
    /// Of all places, from 0 to 1.
    pub share: f64,
}

impl MaskForm {
    /// The elements of the scores at the places that a class has in a mask. Of a mask of one class what it is not about counts the other way.
    pub fn slopes(&self, mask: &Mask, class: usize) -> Vec<(usize, f32)> {
        let has = |place: &usize| mask.classes.get(*place).is_some_and(|&other| usize::from(other) == class);
        (0..self.height * self.width).filter(has).map(|place| self.slope(class, place)).collect()
    }

    /// The same of one place, by row and column from 0; of the nearest one that there is.
    pub fn slope_at(&self, class: usize, [row, column]: [usize; 2]) -> (usize, f32) {
        let row = row.min(self.height.saturating_sub(1));
        self.slope(class, row * self.width + column.min(self.width.saturating_sub(1)))
    }

    fn slope(&self, class: usize, place: usize) -> (usize, f32) {
        let (score, slope) = if self.classes > 1 { (class, 1.0) } else { (0, if class == 0 { -1.0 } else { 1.0 }) };
        let places = self.height * self.width;
        (if self.channels_last { place * self.classes + score } else { score * places + place }, slope)
    }
}

/// The class of each place: the one of the highest score, the first of equals. `None` for values of another length, or where a place
/// has no score that is a number.
#[inline(never)]
pub fn mask(form: &MaskForm, values: &[f32]) -> Option<Mask> {
    let MaskForm { classes, height, width, channels_last, single } = *form;
    let places = height.checked_mul(width)?;
    if !(1..=MOST_MASK_CLASSES).contains(&classes) || places.checked_mul(classes) != Some(values.len()) {
        return None;
    }
    let value = |class: usize, place: usize| {
        if channels_last { values[place * classes + class] } else { values[class * places + place] }
    };
    let of_place = |place: usize| {
        if classes == 1 {
            let threshold = match single {
                Single::Probability => 0.5,
                Single::Logit => 0.0,
            };
            let value = value(0, place);
            return (!value.is_nan()).then_some(u8::from(value > threshold));
        }
        let scores = (0..classes).map(|class| (class, value(class, place))).filter(|(_, score)| !score.is_nan());
        let (class, _) = scores.reduce(|best, other| if other.1 > best.1 { other } else { best })?;
        u8::try_from(class).ok()
    };
    let classes = (0..places).map(of_place).collect::<Option<_>>()?;
    Some(Mask { width, height, classes })
}

impl Mask {
    /// The classes that there are, the largest first; of equals the first class.
    pub fn areas(&self) -> Vec<Area> {
        let mut counts = [0_usize; MOST_MASK_CLASSES];
        self.classes.iter().for_each(|&class| counts[usize::from(class)] += 1);
        let places = self.classes.len().max(1) as f64;
        super::order::order(counts.len(), &|one, other| counts[other].cmp(&counts[one]))
            .into_iter()
            .take_while(|&class| counts[class] > 0)
            .map(|class| Area { class, share: counts[class] as f64 / places })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const FORM: MaskForm =
        MaskForm { classes: 3, height: 1, width: 4, channels_last: false, single: Single::Probability };

    #[test]
    fn the_highest_score_decides_and_the_first_of_equals() {
        let planes = [[0.1, 0.9, 0.3, f32::NAN], [0.5, 0.0, 0.3, 0.1], [0.4, 0.1, 0.3, 0.2]];
        let found = mask(&FORM, planes.as_flattened()).unwrap();
        assert_eq!(found.classes, [1, 0, 0, 2]);
        assert_eq!(found.areas(), [(0, 0.5), (1, 0.25), (2, 0.25)].map(|(class, share)| Area { class, share }));
        let last: Vec<f32> = (0..4).flat_map(|place| planes.map(|plane| plane[place])).collect();
        assert_eq!(mask(&MaskForm { channels_last: true, ..FORM }, &last), Some(found));
    }

    #[test]
    fn the_slopes_of_a_class_are_its_scores_where_it_is() {
        let found = Mask { width: 4, height: 1, classes: vec![1, 0, 0, 2] };
        assert_eq!(FORM.slopes(&found, 0), [(1, 1.0), (2, 1.0)]);
        assert_eq!(FORM.slopes(&found, 2), [(11, 1.0)]);
        assert_eq!(MaskForm { channels_last: true, ..FORM }.slopes(&found, 2), [(11, 1.0)]);
        assert_eq!(MaskForm { channels_last: true, ..FORM }.slopes(&found, 0), [(3, 1.0), (6, 1.0)]);
        let single = MaskForm { classes: 1, ..FORM };
        assert_eq!(single.slopes(&Mask { classes: vec![0, 1, 1, 0], ..found }, 0), [(0, -1.0), (3, -1.0)]);
    }

    #[test]
    fn one_class_is_there_or_not() {
        let of =
            |single, values: &[f32]| mask(&MaskForm { classes: 1, single, ..FORM }, values).map(|mask| mask.classes);
        assert_eq!(of(Single::Probability, &[0.4, 0.5, 0.6, 1.0]), Some(vec![0, 0, 1, 1]));
        assert_eq!(of(Single::Logit, &[-0.1, 0.0, 0.1, f32::INFINITY]), Some(vec![0, 0, 1, 1]));
        assert_eq!(of(Single::Logit, &[0.0, 1.0, f32::NAN, 0.0]), None);
    }

    #[test]
    fn other_lengths_and_places_without_a_number_are_no_mask() {
        assert_eq!(mask(&FORM, &[0.0; 11]), None);
        assert_eq!(mask(&MaskForm { classes: 0, ..FORM }, &[]), None);
        assert_eq!(mask(&MaskForm { classes: 257, ..FORM }, &[0.0; 257 * 4]), None);
        assert_eq!(mask(&FORM, &[f32::NAN; 12]), None);
    }

    proptest! {
        #[test]
        fn areas_are_parts_of_a_whole(values in prop::collection::vec(-5.0_f32..5.0, 5 * 12)) {
            let found = mask(&MaskForm { classes: 5, height: 3, width: 4, ..FORM }, &values).unwrap();
            let areas = found.areas();
            prop_assert!((areas.iter().map(|area| area.share).sum::<f64>() - 1.0).abs() < 1e-9);
            prop_assert!(areas.windows(2).all(|pair| pair[0].share >= pair[1].share));
            for (place, &class) in found.classes.iter().enumerate() {
                prop_assert!((0..5).all(|other| values[other * 12 + place] <= values[usize::from(class) * 12 + place]));
            }
        }
    }
}
