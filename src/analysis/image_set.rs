//! What one layer of a network, and the network itself, made of many images. The images are looked at one by one; of each
//! only a few numbers stay, so that the questions about classes can be asked again without running the network: with other
//! options, and with the images in other classes.

use crate::domain::class_maps::{ClassMapOptions, ClassMaps, class_maps};
use crate::domain::confusion::{confusion, said};
use crate::domain::statistics::MapStatistics;

use super::error::AnalysisError;
use super::look::Look;

/// What stays of an image. It is plain data, so that an engine in another worker can look at the image and a set take this in.
#[derive(Debug, Clone, PartialEq)]
pub struct Seen {
    /// Id of the layer that was looked at.
    pub layer: String,
    /// One entry per map.
    pub maps: Vec<Map>,
    /// The maps that are not dead, the strongest first.
    pub ranked: Vec<usize>,
    /// The output that stands for the image.
    pub said: Option<usize>,
}

/// What stays of one map of an image: a thousand images of a thousand maps are twelve megabytes.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Map {
    /// The activation.
    pub mean: f32,
    /// The largest value.
    pub max: f32,
    /// Where the largest value is, as an index into the map in reading order.
    pub peak: u32,
}

impl Seen {
    /// What stays of a look.
    pub fn of(look: &Look) -> Self {
        let width = look.layer.width;
        let map =
            |map: &MapStatistics| Map { mean: map.mean, max: map.max, peak: (map.row * width + map.column) as u32 };
        Self {
            layer: look.layer.id.clone(),
            maps: look.statistics.iter().map(map).collect(),
            ranked: look.top(usize::MAX).into_iter().map(|ranked| ranked.map).collect(),
            said: said(&look.probabilities, look.output),
        }
    }
}

/// One map over all images of a set, in the order in which they were added.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct MapOverSet {
    /// The activation.
    pub means: Vec<f32>,
    /// The largest value.
    pub maxima: Vec<f32>,
    /// Where it is, as an index into the map in reading order.
    pub peaks: Vec<u32>,
}

/// Images in the order in which they were added. A class is a list of their places in that order.
#[derive(Debug, Clone, Default)]
pub struct ImageSet {
    images: Vec<Seen>,
    /// The layer that all images were looked at in, from the first one on.
    layer: Option<String>,
}

impl ImageSet {
    /// Adds an image and gives its place.
    ///
    /// # Errors
    /// [`AnalysisError::OtherLayer`] for a look at another layer than the first one's.
    pub fn add(&mut self, look: &Look) -> Result<usize, AnalysisError> {
        self.take(Seen::of(look))
    }

    /// Adds what was seen of an image elsewhere, and gives its place.
    ///
    /// # Errors
    /// As [`add`](Self::add).
    pub fn take(&mut self, seen: Seen) -> Result<usize, AnalysisError> {
        let layer = self.layer.get_or_insert_with(|| seen.layer.clone());
        if *layer != seen.layer {
            return Err(AnalysisError::OtherLayer { first: layer.clone(), other: seen.layer });
        }
        self.images.push(seen);
        Ok(self.images.len() - 1)
    }

    /// Question 1: the maps of each class, which is a list of images.
    ///
    /// # Errors
    /// [`AnalysisError::NoSuchImage`].
    pub fn class_maps(
        &self,
        classes: &[Vec<usize>],
        options: ClassMapOptions,
    ) -> Result<Vec<ClassMaps>, AnalysisError> {
        let ranked = self.of_classes(classes, |image| &image.ranked[..])?;
        Ok(class_maps(&ranked, options))
    }

    /// Question 5: for each image the sum of the activations of these maps. Maps that the layer has not add nothing.
    pub fn sums(&self, maps: &[usize]) -> Vec<f32> {
        // In double precision, so that the order of the maps does not matter.
        let sum = |image: &Seen| {
            maps.iter().filter_map(|&map| image.maps.get(map)).map(|map| f64::from(map.mean)).sum::<f64>() as f32
        };
        self.images.iter().map(sum).collect()
    }

    /// Question 4: one map over all images. `None` for a map that the layer has not.
    pub fn map(&self, map: usize) -> Option<MapOverSet> {
        let mut over = MapOverSet::default();
        for image in &self.images {
            let map = image.maps.get(map)?;
            over.means.push(map.mean);
            over.maxima.push(map.max);
            over.peaks.push(map.peak);
        }
        Some(over)
    }

    /// For each image the output that stands for it; `None` where the network says nothing.
    pub fn said(&self) -> Vec<Option<usize>> {
        self.images.iter().map(|image| image.said).collect()
    }

    /// Question 4: for each class, how many of its images the network takes for each class, and for none of them.
    ///
    /// # Errors
    /// [`AnalysisError::NoSuchImage`].
    pub fn confusion(&self, classes: &[Vec<usize>], ties: &[Vec<usize>]) -> Result<Vec<Vec<usize>>, AnalysisError> {
        Ok(confusion(&self.of_classes(classes, |image| image.said)?, ties))
    }

    /// What the images of each class have.
    fn of_classes<'a, T>(
        &'a self,
        classes: &[Vec<usize>],
        what: impl Fn(&'a Seen) -> T,
    ) -> Result<Vec<Vec<T>>, AnalysisError> {
        let images = self.images.len();
        let image = |&index: &usize| match self.images.get(index) {
            Some(image) => Ok(what(image)),
            None => Err(AnalysisError::NoSuchImage { index, images }),
        };
        classes.iter().map(|class| class.iter().map(image).collect()).collect()
    }
}
