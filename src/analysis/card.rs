//! A model card: what a model file does not say about itself.

use super::beside::TextFile;
use crate::domain::predictions::Output;
use crate::domain::recipe::Recipe;

/// What is known about a model beside its file. Everything may be left out.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Card {
    pub title: Option<String>,
    /// How a picture becomes the input.
    pub recipe: Option<Recipe>,
    /// The names of the classes in order; empty where they are unknown.
    pub labels: Vec<String>,
    /// The id of the layer to look at first.
    pub default_layer: Option<String>,
    /// What the model's scores are.
    pub output: Option<Output>,
    /// The name of the value that holds them, where the file has several that could.
    pub scores: Option<String>,
    /// Of a network that takes other than one or three channels: which colour of the picture each of them gets, `None` for nothing.
    pub bands: Option<Vec<Option<usize>>>,
    /// The text files that lie beside the model, which count where neither the card nor the model's file knows better.
    pub beside: Vec<TextFile>,
    /// Where the recipe was found, where whoever opens the model knows it by what it is.
    pub recipe_from: Option<String>,
    /// Where the names were, likewise.
    pub labels_from: Option<String>,
}
