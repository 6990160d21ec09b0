//! Several pictures that are the slices of one volume.

use std::rc::Rc;

use crate::domain::picture::Picture;
use crate::domain::recipe::{Recipe, apply};
use crate::domain::tensor::Tensor;

use super::control::{Control, pause};
use super::error::AnalysisError;
use super::open::Opened;

/// The pictures that are the slices of a volume, as a network was given them.
#[derive(Debug, Clone)]
pub struct Stacked {
    /// For each slice of the network which of the pictures it is, numbered from 0.
    pub pictures: Vec<usize>,
    /// The input that holds them: its name and its value.
    pub input: Rc<(String, Tensor)>,
    /// Those of the pictures that are a slice, as the network saw them, with their numbers.
    seen: Vec<(usize, Picture)>,
}

/// Which of so many pictures each slice of a network is: the one at the slice's middle, where both lie along the same depth. So they are picked evenly
/// where there are more of them, and repeated where there are fewer; none is mixed of two.
pub fn spread(pictures: usize, slices: usize) -> Vec<usize> {
    (0..slices).map(|slice| ((2 * slice + 1) * pictures / (2 * slices)).min(pictures.saturating_sub(1))).collect()
}

impl Stacked {
    /// Makes a stack ready, picture after picture, from the first slice to the last.
    ///
    /// # Errors
    /// [`AnalysisError::NoVolume`], and what [`apply`] reports of a picture.
    pub async fn new(
        opened: &Opened,
        slices: &[&Picture],
        recipe: &Recipe,
        control: &dyn Control,
    ) -> Result<Self, AnalysisError> {
        let volume = opened.volume().ok_or(AnalysisError::NoVolume)?;
        let pictures = spread(slices.len(), volume.slices());
        let (mut seen, mut made): (Vec<(usize, Picture)>, Vec<Tensor>) = Default::default();
        for &picture in &pictures {
            if seen.last().is_none_or(|(last, _)| *last != picture) {
                let prepared = apply(slices[picture], recipe)?;
                seen.push((picture, prepared.seen));
                made.push(prepared.input);
                pause(control).await?;
            }
        }
        let made_of = |picture| seen.binary_search_by_key(picture, |(other, _)| *other).ok();
        let slices: Vec<&Tensor> = pictures.iter().filter_map(made_of).map(|place| &made[place]).collect();
        let input = Rc::new(volume.value(&slices, &opened.intake().bands)?);
        Ok(Self { pictures, input, seen })
    }

    /// The picture that these maps of a layer lie on, of which each channel has so many slices: the one in the middle of the depth that they are about.
    /// `None` where that is not the same of all of them.
    pub fn under(&self, maps: &[usize], slices: usize) -> Option<&Picture> {
        let places = spread(self.pictures.len(), slices.max(1));
        let picture = |map: &usize| self.pictures[places[map % places.len()]];
        let (first, others) = maps.split_first()?;
        let number = others.iter().all(|map| picture(map) == picture(first)).then(|| picture(first))?;
        self.seen.iter().find(|(other, _)| *other == number).map(|(_, seen)| seen)
    }
}
