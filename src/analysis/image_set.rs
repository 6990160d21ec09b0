//! What one layer of a network, and the network itself, made of many images that are sorted into classes. The images are
//! looked at one by one; of each only a few numbers stay, so that the questions about classes can be asked again with other
//! options without running the network.

use crate::domain::class_maps::{ClassMapOptions, ClassMaps, class_maps};
use crate::domain::confusion::{confusion, said};
use crate::domain::predictions::Output;

use super::error::AnalysisError;
use super::look::Look;

/// What stays of an image.
#[derive(Debug, Clone)]
struct Seen {
    /// The activation of each map.
    means: Vec<f32>,
    /// The maps that are not dead, the strongest first.
    ranked: Vec<usize>,
    /// The output that stands for the image.
    said: Option<usize>,
}

/// Images by class, in the order in which they were added.
#[derive(Debug, Clone, Default)]
pub struct ImageSet {
    classes: Vec<Vec<Seen>>,
    /// The layer that all images were looked at in, from the first one on.
    layer: Option<String>,
}

impl ImageSet {
    /// A set of so many classes, all empty.
    pub fn new(classes: usize) -> Self {
        Self { classes: vec![Vec::new(); classes], layer: None }
    }

    /// Adds an image to a class. `output` is what the model gives.
    ///
    /// # Errors
    /// [`AnalysisError::NoSuchClass`], and [`AnalysisError::OtherLayer`] for a look at another layer than the first one's.
    pub fn add(&mut self, class: usize, look: &Look, output: Output) -> Result<(), AnalysisError> {
        let classes = self.classes.len();
        let images = self.classes.get_mut(class).ok_or(AnalysisError::NoSuchClass { index: class, classes })?;
        let layer = self.layer.get_or_insert_with(|| look.layer.id.clone());
        if *layer != look.layer.id {
            return Err(AnalysisError::OtherLayer { first: layer.clone(), other: look.layer.id.clone() });
        }
        images.push(Seen {
            means: look.means(),
            ranked: look.top(usize::MAX).into_iter().map(|ranked| ranked.map).collect(),
            said: said(&look.probabilities, output),
        });
        Ok(())
    }

    /// Question 1: the maps of each class.
    pub fn class_maps(&self, options: ClassMapOptions) -> Vec<ClassMaps> {
        let mut ranked: Vec<Vec<&[usize]>> = Vec::with_capacity(self.classes.len());
        for images in &self.classes {
            ranked.push(images.iter().map(|image| &image.ranked[..]).collect());
        }
        class_maps(&ranked, options)
    }

    /// Question 5: for each image of each class, the sum of the activations of these maps. Maps that the layer has not add
    /// nothing.
    pub fn sums(&self, maps: &[usize]) -> Vec<Vec<f32>> {
        // In double precision, so that the order of the maps does not matter.
        let sum = |image: &Seen| {
            maps.iter().filter_map(|&map| image.means.get(map)).map(|&mean| f64::from(mean)).sum::<f64>() as f32
        };
        self.classes.iter().map(|images| images.iter().map(sum).collect()).collect()
    }

    /// Question 4: for each class, how many of its images the network takes for each class, and for none of them.
    pub fn confusion(&self, ties: &[Vec<usize>]) -> Vec<Vec<usize>> {
        let said: Vec<Vec<Option<usize>>> =
            self.classes.iter().map(|images| images.iter().map(|image| image.said).collect()).collect();
        confusion(&said, ties)
    }
}
