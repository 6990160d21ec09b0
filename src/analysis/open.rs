//! A model that is open: its graph with every shape known, its layers, and what it takes and gives.

use std::collections::BTreeMap;

use crate::domain::input_form::{InputForm, input_form};
use crate::domain::predictions::{Evidence, Output, Reading};
use crate::domain::recipe::common::CommonRecipe;
use crate::domain::recipe::{Layout, Recipe};
use crate::onnx::batch::for_one_picture;
use crate::onnx::graph::{Dimension, Graph, Input};
use crate::onnx::head::{self, Gives, Hints, Kind, LinearHead, NoLinearHead, OutputKind, linear_head};
use crate::onnx::layers::{self, Detour, Layer, Relu};
use crate::onnx::reach::{Blocked, Reached, reach};
use crate::onnx::read::Model;
use crate::onnx::shapes::{self, Shapes};
use crate::onnx::tables::IntoTable;

use super::card::Card;
use super::error::AnalysisError;
use super::{metadata, ultralytics, untold};

/// A model, settled on one input size.
pub struct Opened {
    model: Model,
    graph: Graph,
    shapes: Shapes,
    form: InputForm,
    size: [usize; 2],
    layers: Vec<Layer>,
    /// What of the file is not in the graph, since nobody computes it.
    blocked: Vec<Blocked>,
    default_layer: String,
    article_layer: String,
    residual: bool,
    /// Of a layer of attention, by its id: the way from its maps to what the network reads.
    detours: BTreeMap<String, Detour>,
    head: Result<LinearHead, NoLinearHead>,
    gives: Gives,
    scores: Option<head::Output>,
    recipe: Recipe,
    reading: Reading,
    /// What the card says of them.
    stated: Stated,
    /// The recipe that the graph itself asks for, by the name of who made it common.
    own: Option<(CommonRecipe, Recipe)>,
    labels: Vec<String>,
    /// The classes' names that the file itself has.
    names: Vec<String>,
    title: Option<String>,
}

/// What a card says of the scores, which a model with another recipe keeps.
#[derive(Debug, Clone, Default)]
struct Stated {
    output: Option<Output>,
    scores: Option<String>,
}

/// A result of the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ModelResult {
    /// The name of the value.
    pub name: String,
    pub shape: Vec<usize>,
    /// Whether it could be class scores: one number for each class.
    pub is_list: bool,
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
    // Where the file leaves the size open, it may tell for which one it was made.
    if let (Some(size), [_, _, height, width]) = (ultralytics::image_size(&model.metadata), &mut shape[..]) {
        *height = height.or(Some(size[0]));
        *width = width.or(Some(size[1]));
    }
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
        let size = stated.as_ref().map_or(form.size, |recipe| recipe.size);
        if let Some(recipe) = &stated {
            recipe.check()?;
            check_size(&model.graph.inputs[0], &form, recipe)?;
        }
        let Reached { folded, blocked, has_results } = settle(&model.graph, &form, size)?;
        let (mut graph, mut shapes) = (folded.graph, folded.shapes);
        let mut own = untold::own_recipe(&model, &graph, &form);
        if let Some((_, recipe)) = &mut own {
            recipe.size = size;
        }
        let told = || own.as_ref().map(|(_, recipe)| recipe.clone());
        let recipe = stated.or_else(told).unwrap_or_else(|| untold::default_recipe(&form));
        if let Some(name) = &card.scores {
            // Whatever asks for the scores finds these alone.
            graph.outputs = vec![head::named(&graph, &shapes, name).ok_or_else(|| {
                AnalysisError::BadCard(format!("the model has no value \"{name}\" of one number for each class"))
            })?];
        }
        let tokens = layers::lay_out_tokens(&mut graph, &mut shapes);
        let layers::Layers { all: layers, default, article, residual_blocks } =
            layers::survey(&graph, &shapes, &tokens);
        if layers.is_empty() && !blocked.is_empty() {
            return Err(AnalysisError::Blocked(blocked));
        }
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
        let names = ultralytics::names(&model.metadata);
        let hints = Hints {
            task: ultralytics::task(&model.metadata),
            names: if card.labels.is_empty() { names.len() } else { card.labels.len() },
            scores_are_stated: card.scores.is_some(),
            size,
            layout: form.layout,
        };
        // What is read by a node that cannot be computed is no result.
        let outputs = if has_results || card.scores.is_some() { graph.outputs.clone() } else { Vec::new() };
        let ended = Graph { outputs, ..graph.clone() };
        let gives = head::gives(&ended, &shapes, &hints);
        let usual = || {
            let usual = default.filter(has);
            if gives.kind == Kind::Scores { usual } else { of_picture(&layers, usual, size) }
        };
        let default_layer = card.default_layer.or_else(usual).filter(has).unwrap_or_else(first);
        let article_layer = article.filter(has).unwrap_or_else(|| default_layer.clone());
        let residual = !residual_blocks.is_empty();
        let detours = tokens.into_iter().filter_map(|(layer, maps)| Some((layer, maps.detour?))).into_map();
        let is_scored = gives.kind == Kind::Scores;
        let head = if is_scored { linear_head(&ended, &shapes) } else { Err(NoLinearHead::NotScores) };
        let scores = if is_scored { head::output(&ended, &shapes) } else { None };
        let reading = reading(scores.as_ref(), card.output);
        let classes = scores.as_ref().map_or(0, |scores| scores.classes);
        let labels = if card.labels.is_empty() { labels_in(&model, &names, classes) } else { card.labels };
        Ok(Self {
            model,
            graph,
            shapes,
            form,
            size,
            layers,
            blocked,
            default_layer,
            article_layer,
            residual,
            detours,
            head,
            gives,
            scores,
            recipe,
            reading,
            stated: Stated { output: card.output, scores: card.scores },
            own,
            labels,
            names,
            title: card.title,
        })
    }

    /// The same model with another recipe.
    ///
    /// # Errors
    /// As [`Self::new`].
    pub fn with_recipe(&self, recipe: Recipe) -> Result<Self, AnalysisError> {
        let Stated { output, scores } = self.stated.clone();
        let card = Card {
            title: self.title.clone(),
            recipe: Some(recipe),
            labels: self.labels.clone(),
            default_layer: Some(self.default_layer.clone()),
            output,
            scores,
        };
        Self::new(self.model.clone(), card)
    }

    /// The same model whose scores are of this kind, as whoever knows it says.
    ///
    /// # Errors
    /// As [`Self::new`].
    pub fn with_output(&self, output: Output) -> Result<Self, AnalysisError> {
        let mut stated = self.with_recipe(self.recipe.clone())?;
        stated.stated.output = Some(output);
        stated.reading = reading(stated.scores.as_ref(), Some(output));
        Ok(stated)
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

    /// What the network gives for a picture.
    pub fn gives(&self) -> &Gives {
        &self.gives
    }

    /// The names of the classes of what it finds or marks, which need not be one score each; empty where they are unknown.
    pub fn names(&self) -> &[String] {
        if self.labels.is_empty() { &self.names } else { &self.labels }
    }

    /// The class scores, or `None` of a network that gives none.
    pub fn scores(&self) -> Option<&head::Output> {
        self.scores.as_ref()
    }

    /// The class scores, for what needs them.
    ///
    /// # Errors
    /// [`AnalysisError::NoScores`], and [`AnalysisError::Blocked`] where what would give them cannot be computed.
    pub fn scored(&self) -> Result<&head::Output, AnalysisError> {
        self.scores.as_ref().ok_or_else(|| {
            if !self.blocked.is_empty() {
                return AnalysisError::Blocked(self.blocked.clone());
            }
            let result = self.graph.outputs.first().cloned().unwrap_or_default();
            let shape = self.shapes.get(&result).cloned().unwrap_or_default();
            AnalysisError::NoScores { result, shape }
        })
    }

    /// How many classes the model tells apart; none without class scores.
    pub fn classes(&self) -> usize {
        self.scores.as_ref().map_or(0, |scores| scores.classes)
    }

    /// What the file gives, in its order.
    pub fn results(&self) -> Vec<ModelResult> {
        let result = |name: &String| {
            let is_list = head::named(&self.graph, &self.shapes, name).is_some();
            ModelResult { name: name.clone(), shape: self.shapes.get(name).cloned().unwrap_or_default(), is_list }
        };
        self.model.graph.outputs.iter().map(result).collect()
    }

    /// The recipe of a network that itself makes the numbers that it was trained with of a picture's pixels.
    pub fn own_recipe(&self) -> Option<(CommonRecipe, &Recipe)> {
        self.own.as_ref().map(|(name, recipe)| (*name, recipe))
    }

    /// The nodes of the file that nobody computes. They, and what is made of them, are not in [`Self::graph`], and have no layers.
    pub fn blocked(&self) -> &[Blocked] {
        &self.blocked
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

    /// The way from a layer's maps to what the network reads, where that is not the maps themselves.
    pub fn detour(&self, layer: &str) -> Option<&Detour> {
        self.detours.get(layer)
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

    /// What the scores are taken for; what the network gives for a picture may tell better.
    pub fn output(&self) -> Output {
        self.reading.output
    }

    /// What is known of the scores. Where preparing has left out a Softmax at the end, they are logits.
    pub fn reading(&self, softmax_left_out: bool) -> Reading {
        if softmax_left_out { Reading::known(Output::Logits) } else { self.reading }
    }

    /// The class names; empty where they are unknown.
    pub fn labels(&self) -> &[String] {
        &self.labels
    }

    pub fn title(&self) -> Option<&str> {
        self.title.as_deref()
    }
}

/// The layer to look at first of a network that finds things in the picture. Some of its layers are no maps of the picture, but numbers of all
/// places in a row; where the usual layer is one of these, it is the last one that is.
fn of_picture(layers: &[Layer], usual: Option<String>, [height, width]: [usize; 2]) -> Option<String> {
    let is_map = |layer: &&Layer| {
        // As high and wide as the picture is, but for rounding.
        let (rows, columns) = (layer.height.saturating_mul(width), layer.width.saturating_mul(height));
        layer.height > 1 && layer.width > 1 && rows <= columns.saturating_mul(2) && columns <= rows.saturating_mul(2)
    };
    let is_usual = |layer: &&Layer| usual.as_ref() == Some(&layer.id);
    if layers.iter().any(|layer| is_usual(&layer) && is_map(&layer)) {
        return usual;
    }
    let maps = || layers.iter().rev().filter(is_map);
    let last = maps().find(|layer| layer.relu == Relu::After).or_else(|| maps().next());
    last.map(|layer| layer.id.clone()).or(usual)
}

/// What the scores are. A card can know that they are probabilities where the graph does not show it, but where it shows it, a
/// card that speaks of logits is wrong.
fn reading(scores: Option<&head::Output>, stated: Option<Output>) -> Reading {
    let kind = scores.map_or(OutputKind::Logits, |scores| scores.kind);
    let (output, evidence) = match (stated, kind) {
        (Some(Output::Logits), OutputKind::Softmax) => (Output::Softmax, Evidence::Known),
        (Some(Output::Logits), OutputKind::Sigmoid) => (Output::Sigmoid, Evidence::Known),
        (Some(stated), _) => (stated, Evidence::Known),
        (None, OutputKind::Logits) => (Output::Logits, Evidence::Known),
        (None, OutputKind::Softmax) => (Output::Softmax, Evidence::Known),
        (None, OutputKind::Sigmoid) => (Output::Sigmoid, Evidence::Known),
        (None, OutputKind::Unknown) => (Output::Logits, Evidence::Values),
        (None, OutputKind::Weighted) => (Output::Softmax, Evidence::Weighted),
        (None, OutputKind::Bounded) => (Output::Logits, Evidence::Bounded),
    };
    Reading { output, evidence, whole: scores.map_or(1.0, |scores| scores.whole) }
}

/// The names that Ultralytics' metadata have, or the one list of texts in the file that has a name for each class; none where there are
/// several.
fn labels_in(model: &Model, names: &[String], classes: usize) -> Vec<String> {
    if classes > 1 && names.len() == classes {
        return names.to_vec();
    }
    let mut fitting = model.texts.iter().filter(|list| classes > 1 && list.len() == classes);
    match (fitting.next(), fitting.next()) {
        (Some(only), other) if other.is_none_or(|other| other == only) => only.clone(),
        _ => Vec::new(),
    }
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

/// Folds a graph and finds every shape for one picture of this form and size, as far as it can be computed.
fn settle(graph: &Graph, form: &InputForm, size: [usize; 2]) -> Result<Reached, AnalysisError> {
    let graph = for_form(graph, form);
    let inputs = shapes::settle_inputs(&graph, Some(size))?;
    Ok(reach(&graph, &inputs)?)
}
