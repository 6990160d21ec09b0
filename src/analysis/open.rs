//! A model that is open: its graph with every shape known, its layers, and what it takes and gives.

use crate::domain::input_form::{InputForm, input_form};
use crate::domain::predictions::Output;
use crate::domain::recipe::common::CommonRecipe;
use crate::domain::recipe::{Layout, Recipe};
use crate::onnx::batch::for_one_picture;
use crate::onnx::fold::{Folded, fold};
use crate::onnx::graph::{Dimension, Graph, Input};
use crate::onnx::head::{self, LinearHead, NoLinearHead, OutputKind, linear_head};
use crate::onnx::layers::{self, Layer};
use crate::onnx::read::Model;
use crate::onnx::shapes::{self, Shapes};

use super::card::Card;
use super::error::AnalysisError;
use super::metadata;

/// A model, settled on one input size.
pub struct Opened {
    model: Model,
    graph: Graph,
    shapes: Shapes,
    form: InputForm,
    size: [usize; 2],
    layers: Vec<Layer>,
    default_layer: String,
    article_layer: String,
    residual: bool,
    head: Result<LinearHead, NoLinearHead>,
    scores: head::Output,
    recipe: Recipe,
    output: Output,
    labels: Vec<String>,
    title: Option<String>,
}

/// What pictures a model takes, from the one input that its file states.
///
/// # Errors
/// [`AnalysisError::NotAPictureModel`] and [`AnalysisError::InputForm`] for anything but one picture of one or three
/// channels.
pub fn takes(model: &Model) -> Result<InputForm, AnalysisError> {
    let [input] = &model.graph.inputs[..] else {
        return Err(AnalysisError::NotAPictureModel(format!(
            "the model takes {} inputs, but only models that take one picture can be opened",
            model.graph.inputs.len()
        )));
    };
    if model.graph.outputs.is_empty() {
        return Err(AnalysisError::NotAPictureModel("the model promises no output".to_owned()));
    }
    let mut shape: Vec<Option<usize>> = input.shape.iter().map(fixed).collect();
    // Where the file leaves the channels open, the weights that read them do not.
    if let [_, channels @ None, _, None] = &mut shape[..] {
        *channels = first_channels(&model.graph);
    }
    Ok(input_form(&shape)?)
}

/// How many channels the first Conv reads.
fn first_channels(graph: &Graph) -> Option<usize> {
    let conv = graph.nodes.iter().find(|node| node.op == "Conv")?;
    let seen = *graph.constants.get(conv.input(1)?)?.shape.get(1)?;
    seen.checked_mul(usize::try_from(conv.int("group").unwrap_or(1)).ok()?)
}

fn fixed(dimension: &Dimension) -> Option<usize> {
    match dimension {
        Dimension::Fixed(size) => Some(*size),
        Dimension::Symbolic(_) => None,
    }
}

impl Opened {
    /// Settles a model on the input size that the file or its card says.
    ///
    /// # Errors
    /// [`AnalysisError`] where shapes stay unknown, the model takes no picture, or the card does not fit.
    pub fn new(model: Model, card: Card) -> Result<Self, AnalysisError> {
        let form = takes(&model)?;
        let stated = card.recipe.or_else(|| metadata::recipe(&model.metadata, &form));
        let recipe = stated.unwrap_or_else(|| default_recipe(&form));
        recipe.check()?;
        check_size(&model.graph.inputs[0], &form, &recipe)?;
        let size = recipe.size;
        let (graph, shapes) = settle(&model.graph, &form, size)?;
        let layers = layers::list(&graph, &shapes);
        if layers.is_empty() {
            return Err(AnalysisError::NotAPictureModel(
                "the model has no feature maps: no convolution, activation or pooling with height and width".to_owned(),
            ));
        }
        let has = |id: &String| layers.iter().any(|layer| layer.id == *id);
        if let Some(id) = card.default_layer.as_ref().filter(|id| !has(id)) {
            return Err(AnalysisError::BadCard(format!("the model has no layer \"{id}\"")));
        }
        let first = || layers.last().map(|layer| layer.id.clone()).unwrap_or_default();
        let default_layer =
            card.default_layer.or_else(|| layers::default_layer(&graph, &shapes)).filter(has).unwrap_or_else(first);
        let article_layer = layers::article_layer(&graph, &shapes).filter(has).unwrap_or_else(|| default_layer.clone());
        let residual = !layers::residual_blocks(&graph, &shapes).is_empty();
        let head = linear_head(&graph, &shapes);
        let scores = head::output(&graph, &shapes).ok_or_else(|| {
            AnalysisError::NotAPictureModel(
                "the model does not end in one score for each class, so it is no classifier".to_owned(),
            )
        })?;
        // A card can know that scores are probabilities where the graph does not show it, but where it shows it, a card that
        // speaks of logits is wrong.
        let output = match (card.output, scores.kind) {
            (Some(output), OutputKind::Logits) | (Some(output @ (Output::Softmax | Output::Sigmoid)), _) => output,
            (None, OutputKind::Logits) => Output::Logits,
            (_, OutputKind::Softmax) => Output::Softmax,
            (_, OutputKind::Sigmoid) => Output::Sigmoid,
        };
        Ok(Self {
            model,
            graph,
            shapes,
            form,
            size,
            layers,
            default_layer,
            article_layer,
            residual,
            head,
            scores,
            recipe,
            output,
            labels: card.labels,
            title: card.title,
        })
    }

    /// The same model with another recipe.
    ///
    /// # Errors
    /// As [`Self::new`].
    pub fn with_recipe(&self, recipe: Recipe) -> Result<Self, AnalysisError> {
        let card = Card {
            title: self.title.clone(),
            recipe: Some(recipe),
            labels: self.labels.clone(),
            default_layer: Some(self.default_layer.clone()),
            output: Some(self.output),
        };
        Self::new(self.model.clone(), card)
    }

    /// The model as its file has it.
    pub fn model(&self) -> &Model {
        &self.model
    }

    /// The graph before anything was computed for the size that the model is settled on, for one picture.
    pub fn unsettled(&self) -> Graph {
        for_form(&self.model.graph, &self.form)
    }

    /// The graph without what does nothing, and with constants computed.
    pub fn graph(&self) -> &Graph {
        &self.graph
    }

    /// The shape of every value of [`Self::graph`].
    pub fn shapes(&self) -> &Shapes {
        &self.shapes
    }

    /// What pictures the model takes.
    pub fn form(&self) -> &InputForm {
        &self.form
    }

    /// Height and width of the input.
    pub fn size(&self) -> [usize; 2] {
        self.size
    }

    /// The model's input.
    pub fn input(&self) -> &Input {
        &self.graph.inputs[0]
    }

    /// The value name of the class scores.
    pub fn scores(&self) -> &str {
        &self.scores.value
    }

    /// How many classes the model tells apart.
    pub fn classes(&self) -> usize {
        self.scores.classes
    }

    pub fn layers(&self) -> &[Layer] {
        &self.layers
    }

    /// # Errors
    /// [`AnalysisError::NoSuchLayer`].
    pub fn layer(&self, id: &str) -> Result<&Layer, AnalysisError> {
        self.layers.iter().find(|layer| layer.id == id).ok_or_else(|| AnalysisError::NoSuchLayer(id.to_owned()))
    }

    /// The id of the layer to look at first.
    pub fn default_layer(&self) -> &str {
        &self.default_layer
    }

    /// The id of the layer that the article would look at.
    pub fn article_layer(&self) -> &str {
        &self.article_layer
    }

    /// Whether the model has residual blocks.
    pub fn residual(&self) -> bool {
        self.residual
    }

    /// The linear layer at the end, where the model is pooling followed by one, or why it is none.
    pub fn head(&self) -> &Result<LinearHead, NoLinearHead> {
        &self.head
    }

    pub fn recipe(&self) -> &Recipe {
        &self.recipe
    }

    /// What the scores are.
    pub fn output(&self) -> Output {
        self.output
    }

    /// The class names; empty where they are unknown.
    pub fn labels(&self) -> &[String] {
        &self.labels
    }

    pub fn title(&self) -> Option<&str> {
        self.title.as_deref()
    }
}

/// The recipe for a model about which nothing is known.
fn default_recipe(form: &InputForm) -> Recipe {
    CommonRecipe::Torchvision.recipe(form)
}

/// A recipe has to make what the file states; only what the file leaves open is free.
fn check_size(input: &Input, form: &InputForm, recipe: &Recipe) -> Result<(), AnalysisError> {
    let bad = |what: &str, makes: usize, takes: usize| {
        Err(AnalysisError::BadCard(format!("the recipe's {what} is {makes}, but the model takes {takes}")))
    };
    if recipe.channels.count() != form.channels.count() {
        return bad("number of channels", recipe.channels.count(), form.channels.count());
    }
    if recipe.layout != form.layout {
        return Err(AnalysisError::BadCard("its layout is not the model's".to_owned()));
    }
    let first = match form.layout {
        Layout::Nchw => 2,
        Layout::Nhwc => 1,
    };
    for (what, (stated, wanted)) in ["height", "width"].iter().zip(input.shape[first..].iter().zip(recipe.size)) {
        if let Some(stated) = fixed(stated).filter(|stated| *stated != wanted) {
            return bad(what, wanted, stated);
        }
    }
    Ok(())
}

/// The graph for one picture of this form, as the file has it otherwise.
fn for_form(graph: &Graph, form: &InputForm) -> Graph {
    let mut graph = for_one_picture(graph);
    let axis = match form.layout {
        Layout::Nchw => 1,
        Layout::Nhwc => 3,
    };
    let channels = graph.inputs.first_mut().and_then(|input| input.shape.get_mut(axis));
    if let Some(channels @ Dimension::Symbolic(_)) = channels {
        *channels = Dimension::Fixed(form.channels.count());
    }
    graph
}

/// Folds a graph and finds every shape for one picture of this form and size.
fn settle(graph: &Graph, form: &InputForm, size: [usize; 2]) -> Result<(Graph, Shapes), AnalysisError> {
    let graph = for_form(graph, form);
    let inputs = shapes::settle_inputs(&graph, Some(size))?;
    let Folded { graph, shapes } = fold(&graph, &inputs)?;
    Ok((graph, shapes))
}
