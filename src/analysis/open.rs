//! A model that is open: its graph with every shape known, its layers, and what it takes and gives.

use std::collections::BTreeMap;

use crate::domain::input_form::{InputForm, input_form};
use crate::domain::predictions::{Evidence, Output, Reading};
use crate::domain::recipe::common::CommonRecipe;
use crate::domain::recipe::{Layout, Recipe};
use crate::onnx::batch::for_one_picture;
use crate::onnx::graph::{Dimension, Graph, Input};
use crate::onnx::head::{self, Gives, Hints, Kind, LinearHead, NoLinearHead, OutputKind, linear_head};
use crate::onnx::intake::{Intake, Volume, first_channels, is_one_picture, take_one_picture};
use crate::onnx::layers::{self, AttentionRows, Layer, Relu};
use crate::onnx::reach::{Blocked, Reached, reach};
use crate::onnx::read::Model;
use crate::onnx::shapes::{self, ShapeError, Shapes};
use crate::onnx::tables::IntoTable;

use super::card::Card;
use super::error::AnalysisError;
use super::{beside, metadata, ultralytics, untold};

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
    /// The rows of each layer of attention, by its id.
    attention: BTreeMap<String, AttentionRows>,
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
    /// How what the file takes is made of one picture.
    intake: Intake,
    /// Of a network that takes a stack of slices: how these are given.
    volume: Option<Volume>,
    told: Told,
    title: Option<String>,
}

/// What a card says of the scores, which a model with another recipe keeps.
#[derive(Debug, Clone, Default)]
struct Stated {
    output: Option<Output>,
    scores: Option<String>,
}

/// Who says how pictures are read, and how the classes are called.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Told {
    /// The recipe is stated and no guess.
    pub has_recipe: bool,
    /// The file beside the model that the recipe was found in.
    pub recipe_from: Option<String>,
    /// The file beside the model that the classes' names were found in.
    pub labels_from: Option<String>,
    /// The network does itself what that file asks for, so that it is not done before it.
    pub not_twice: bool,
    /// The files beside the model that say nothing about it that can be read.
    pub unread: Vec<String>,
    /// The file that names so many classes that are not the network's.
    pub unfit: Option<(String, usize)>,
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

/// What pictures a model takes, from the inputs that its file states.
///
/// # Errors
/// [`AnalysisError::NotAPictureModel`] and [`AnalysisError::InputForm`] where none of them could be made of a picture.
pub fn takes(model: &Model) -> Result<InputForm, AnalysisError> {
    if is_one_picture(&model.graph) {
        return taken(model);
    }
    let mut model = model.clone();
    take_one_picture(&mut model.graph, &model.element_types, None);
    taken(&model)
}

/// What pictures a model takes whose inputs are one.
fn taken(model: &Model) -> Result<InputForm, AnalysisError> {
    let [input] = &model.graph.inputs[..] else {
        return Err(AnalysisError::NotAPictureModel(format!(
            "the model takes {} inputs, and none of them could be a picture",
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
    pub fn new(mut model: Model, card: Card) -> Result<Self, AnalysisError> {
        let intake = take_one_picture(&mut model.graph, &model.element_types, card.bands.as_deref());
        Self::of_one_picture(model, card, intake)
    }

    /// The same of a model that takes one picture already.
    fn of_one_picture(model: Model, card: Card, intake: Intake) -> Result<Self, AnalysisError> {
        let form = taken(&model)?;
        let beside = match &card.beside[..] {
            [] => beside::Found::default(),
            files => beside::found(files, &form, stated_sides(&model, &form)),
        };
        let known_from = card.recipe_from.filter(|_| card.recipe.is_some());
        let stated = card.recipe.or_else(|| metadata::recipe(&model.metadata, &form));
        let (recipe_from, stated) = match beside.recipe.filter(|_| stated.is_none()) {
            Some(beside::From { file, value }) => (Some(file), Some(value)),
            None => (None, stated),
        };
        let has_recipe = stated.is_some();
        let size = stated.as_ref().map_or(form.size, |recipe| recipe.size);
        if let Some(recipe) = &stated {
            recipe.check()?;
            check_size(&model.graph.inputs[0], &form, recipe)?;
        }
        let is_open = stated.is_none() && leaves_size_open(&model, &form);
        let (Reached { folded, blocked, has_results }, size) = settle_on(&model.graph, &form, size, is_open)?;
        let form = InputForm { size, ..form };
        let (mut graph, mut shapes) = (folded.graph, folded.shapes);
        let mut own = untold::own_recipe(&model, &graph, &form);
        if let Some((_, recipe)) = &mut own {
            recipe.size = size;
        }
        let not_twice = recipe_from.is_some() && own.is_some();
        let recipe = match (stated, &own) {
            // What its training library says of pixels is done inside of the network; how it fits the picture is not.
            (Some(Recipe { resize, crop_share, filter, .. }), Some((_, own))) if not_twice => {
                Recipe { resize, crop_share, filter, ..own.clone() }
            }
            (Some(stated), _) => stated,
            (None, Some((_, own))) => own.clone(),
            (None, None) => untold::default_recipe(&form),
        };
        if let Some(name) = &card.scores {
            // Whatever asks for the scores finds these alone.
            graph.outputs = vec![head::named(&graph, &shapes, name).ok_or_else(|| {
                AnalysisError::BadCard(format!("the model has no value \"{name}\" of one number for each class"))
            })?];
        }
        let volume = intake.stack.as_ref().and_then(|stack| Volume::new(&mut graph, &mut shapes, stack));
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
            names: [&card.labels, &names]
                .into_iter()
                .chain(beside.labels.as_ref().map(|labels| &labels.value))
                .map(Vec::len)
                .find(|&count| count > 0)
                .unwrap_or(0),
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
        let attention = tokens.into_iter().filter_map(|(layer, maps)| Some((layer, maps.rows?))).into_map();
        let is_scored = gives.kind == Kind::Scores;
        let head = if is_scored { linear_head(&ended, &shapes) } else { Err(NoLinearHead::NotScores) };
        let scores = if is_scored { head::output(&ended, &shapes) } else { None };
        let reading = reading(scores.as_ref(), card.output);
        let classes = scores.as_ref().map_or(0, |scores| scores.classes);
        let unfit = beside.labels.as_ref().filter(|labels| classes > 0 && labels.value.len() != classes);
        let unfit = unfit.map(|labels| (labels.file.clone(), labels.value.len()));
        let (labels_from, labels) = match beside.labels {
            _ if !card.labels.is_empty() => (card.labels_from, card.labels),
            // Of what finds or marks things the number of classes is not known.
            Some(beside::From { file, value }) if value.len() == classes || classes == 0 => (Some(file), value),
            _ => (None, labels_in(&model, &names, classes)),
        };
        let recipe_from = recipe_from.or(known_from);
        let told = Told { has_recipe, recipe_from, labels_from, not_twice, unread: beside.unread, unfit };
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
            attention,
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
            intake,
            volume,
            told,
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
            bands: None,
            beside: Vec::new(),
            recipe_from: None,
            labels_from: None,
        };
        // The files beside the model have been read.
        let told = self.told.clone();
        Ok(Self { told, ..Self::of_one_picture(self.model.clone(), card, self.intake.clone())? })
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

    /// Who says how pictures are read.
    pub fn told(&self) -> &Told {
        &self.told
    }

    /// How what the file takes is made of one picture.
    pub fn intake(&self) -> &Intake {
        &self.intake
    }

    /// Of a network that takes a stack of slices: how these are given.
    pub fn volume(&self) -> Option<&Volume> {
        self.volume.as_ref()
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

    /// The rows of a layer of attention, of which its maps are one; `None` of any other layer.
    pub fn attention(&self, layer: &str) -> Option<&AttentionRows> {
        // Every look asks, and what searches among rows is a part of the engine that a first look has no use for.
        if self.attention.is_empty() { None } else { self.attention.get(layer) }
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

/// The sides that published networks take beside the usual one, in the order in which they are tried.
const SIDES: [usize; 24] = [
    32, 28, 64, 96, 128, 160, 192, 227, 240, 256, 260, 288, 299, 300, 320, 331, 380, 384, 416, 448, 480, 512, 528, 640,
];

/// Height and width as the file's shape fixes them.
fn stated_sides(model: &Model, form: &InputForm) -> [Option<usize>; 2] {
    let first = if form.layout == Layout::Nchw { 2 } else { 1 };
    let side = |place: usize| model.graph.inputs.first().and_then(|input| input.shape.get(place)).and_then(fixed);
    [side(first), side(first + 1)]
}

/// Whether neither the file's shape nor what it says of itself tells a size.
fn leaves_size_open(model: &Model, form: &InputForm) -> bool {
    stated_sides(model, form) == [None, None] && ultralytics::image_size(&model.metadata).is_none()
}

/// [`settle`], where the size is open on the first one that the graph can be settled on: a dense layer may fit a single one.
fn settle_on(
    graph: &Graph,
    form: &InputForm,
    size: [usize; 2],
    is_open: bool,
) -> Result<(Reached, [usize; 2]), AnalysisError> {
    let others = SIDES.iter().filter(|_| is_open).map(|&side| [side, side]);
    first_that_settles(size, others, |size| settle(graph, form, size))
}

/// What the first size that is not refused settles on; else why the first was refused. Other sizes are tried only as long as they could be of
/// use: a node that refuses two sizes with the same words refuses every size, and what is too much for one picture of a smaller size than
/// published networks take is too much for any.
fn first_that_settles<T>(
    size: [usize; 2],
    others: impl Iterator<Item = [usize; 2]>,
    mut settle: impl FnMut([usize; 2]) -> Result<T, AnalysisError>,
) -> Result<(T, [usize; 2]), AnalysisError> {
    let refused = match settle(size) {
        Ok(reached) => return Ok((reached, size)),
        Err(refused) => refused,
    };
    if !is_of_size(&refused) {
        return Err(refused);
    }
    for size in others {
        match settle(size) {
            Ok(reached) => return Ok((reached, size)),
            Err(again) if again == refused || is_too_much(&again) || !is_of_size(&again) => break,
            Err(_) => {}
        }
    }
    Err(refused)
}

/// Whether a refusal could be one of a size alone.
fn is_of_size(refused: &AnalysisError) -> bool {
    is_too_much(refused) || matches!(refused, AnalysisError::Shape(ShapeError::Invalid { .. }))
}

fn is_too_much(refused: &AnalysisError) -> bool {
    use ShapeError::{TooLarge, TooMuchAtATime, TooMuchWork};
    matches!(refused, AnalysisError::Shape(TooLarge { .. } | TooMuchWork { .. } | TooMuchAtATime { .. }))
}

/// Folds a graph and finds every shape for one picture of this form and size, as far as it can be computed.
fn settle(graph: &Graph, form: &InputForm, size: [usize; 2]) -> Result<Reached, AnalysisError> {
    let graph = for_form(graph, form);
    let inputs = shapes::settle_inputs(&graph, Some(size))?;
    Ok(reach(&graph, &inputs)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn invalid(detail: String) -> AnalysisError {
        let (node, op) = ("the node".to_owned(), "Gemm".to_owned());
        AnalysisError::Shape(ShapeError::Invalid { node, op, detail })
    }

    /// Which of the sides 224, 32, 64 and 96 are tried.
    fn tried(settle: impl Fn(usize) -> Result<(), AnalysisError>) -> (Vec<usize>, Result<usize, AnalysisError>) {
        let mut tried = Vec::new();
        let found = first_that_settles([224; 2], [32, 64, 96].map(|side| [side; 2]).into_iter(), |[side, _]| {
            tried.push(side);
            settle(side)
        });
        (tried, found.map(|((), [side, _])| side))
    }

    #[test]
    fn another_size_is_tried_where_it_could_do() {
        let by_size = |side| if side == 64 { Ok(()) } else { Err(invalid(format!("{side} columns"))) };
        assert_eq!(tried(by_size), (vec![224, 32, 64], Ok(64)));
        let never = |side| Err(invalid(format!("{side} columns")));
        assert_eq!(tried(never), (vec![224, 32, 64, 96], Err(invalid("224 columns".to_owned()))));
    }

    #[test]
    fn what_no_size_can_cure_is_not_tried_again() {
        let channels = || invalid("4 channels".to_owned());
        assert_eq!(tried(|_| Err(channels())), (vec![224, 32], Err(channels())));
        let unknown = || AnalysisError::Shape(ShapeError::Unknown { node: "n".to_owned(), op: "Alien".to_owned() });
        assert_eq!(tried(|_| Err(unknown())), (vec![224], Err(unknown())));
        let much = |side: usize| {
            AnalysisError::Shape(ShapeError::TooMuchAtATime { node: "n".to_owned(), megabytes: side as u64 })
        };
        assert_eq!(tried(|side| Err(much(side))), (vec![224, 32], Err(much(224))));
    }
}
