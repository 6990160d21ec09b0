//! How the network sees deeper and deeper: of every layer the map that fires most on a picture, made small. All of them come of one run,
//! which ends at the last layer.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::rc::Rc;

use crate::domain::cells::Cells;
use crate::domain::picture::Picture;
use crate::domain::ranking::{RankOptions, rank};
use crate::domain::recipe::{Recipe, apply};
use crate::domain::tensor::Tensor;
use crate::engine::{Engine, EngineError};
use crate::onnx::cut::cut;
use crate::onnx::layers::Layer;
use crate::onnx::lower::LowerError;
use crate::onnx::pooled::{Wanted, pooled};

use super::control::{Control, Stage, pause};
use super::error::AnalysisError;
use super::open::Opened;
use super::prepared::{Given, Prepared, prepare, whole};
use super::stack::Stacked;

/// The most cells along each axis of a map, the finest first. A thumbnail has some fifty pixels.
const MOST_CELLS: [usize; 3] = [16, 8, 4];

/// The most floats that a run is to give; 32 MB. Of SqueezeNet's layers it gives 1.4 million with the finest cells, of ResNet-50's 5.
const MOST_FLOATS: usize = 1 << 23;

/// What to look at.
#[derive(Debug, Clone, PartialEq)]
pub struct DepthOptions<'a> {
    /// Ids of layers of the model; all of them where there are none.
    pub layers: &'a [String],
    /// How the picture becomes the input.
    pub recipe: &'a Recipe,
    /// Several pictures that are the slices of a volume, as in a look.
    pub slices: &'a [&'a Picture],
}

/// The map of a layer that fires most on a picture.
#[derive(Debug, Clone, PartialEq)]
pub struct Strongest {
    /// The id of the layer.
    pub layer: String,
    /// The number of the map, from 0.
    pub map: usize,
    /// Its activation, as a look at the layer has it but for rounding.
    pub mean: f32,
    /// Rows of `data`.
    pub height: usize,
    /// Columns of `data`.
    pub width: usize,
    /// The means of the map in windows side by side, in row-major order; its values where it has no more than 16 rows and columns.
    pub data: Vec<f32>,
}

/// The graph that is ready for such questions: the last one that was asked for.
#[derive(Default)]
pub struct Depths {
    kept: RefCell<Option<(Key, Rc<Network>)>>,
}

/// Which layers, for which input size, and whether it is given a stack of pictures.
#[derive(PartialEq)]
struct Key {
    layers: Vec<String>,
    size: [usize; 2],
    is_stack: bool,
}

/// A graph that is ready, and what each of its outputs is.
struct Network {
    prepared: Prepared,
    wanted: Vec<Wanted>,
}

impl Depths {
    /// Frees everything.
    pub fn clear(&self) {
        self.kept.borrow_mut().take();
    }

    async fn get(
        &self,
        opened: &Opened,
        engine: &dyn Engine,
        layers: &[String],
        is_stack: bool,
        control: &dyn Control,
    ) -> Result<Rc<Network>, AnalysisError> {
        let key = Key { layers: layers.to_vec(), size: opened.size(), is_stack };
        let found = self.kept.borrow().as_ref().filter(|(other, _)| *other == key).map(|(_, network)| network.clone());
        if let Some(network) = found {
            return Ok(network);
        }
        control.progress(Stage::Prepare, 0, 1);
        pause(control).await?;
        // Its memory is free for the new one.
        self.clear();
        let network = Rc::new(network(opened, engine, layers, is_stack).await?);
        *self.kept.borrow_mut() = Some((key, network.clone()));
        control.progress(Stage::Prepare, 1, 1);
        pause(control).await?;
        Ok(network)
    }
}

/// The strongest map of each layer, in the network's order. Left out are layers of a single cell, layers without a live map, and layers
/// behind an operator that the engine lacks.
///
/// # Errors
/// [`AnalysisError::NoSuchLayer`], [`AnalysisError::NoVolume`], and what [`look`](super::look::look) reports.
pub async fn depth(
    opened: &Opened,
    engine: &dyn Engine,
    depths: &Depths,
    picture: &Picture,
    options: DepthOptions<'_>,
    control: &dyn Control,
) -> Result<Vec<Strongest>, AnalysisError> {
    for layer in options.layers {
        opened.layer(layer)?;
    }
    let stacked = match options.slices {
        [] => None,
        slices => Some(Stacked::new(opened, slices, options.recipe, control).await?),
    };
    let network = depths.get(opened, engine, options.layers, stacked.is_some(), control).await?;
    let input = apply(picture, options.recipe)?;
    control.progress(Stage::Run, 0, 1);
    let slices = stacked.as_ref().map(|stacked| (&stacked.input.0[..], &stacked.input.1));
    let inputs = [Some((&opened.input().name[..], &input.input)), slices].into_iter().flatten();
    let inputs: Vec<_> = inputs.filter(|(name, _)| network.prepared.takes(name)).collect();
    let tensors = network.prepared.run(&inputs, control).await?;
    pause(control).await?;
    control.progress(Stage::Run, 1, 1);
    let found = network.wanted.iter().zip(&tensors).map(|(wanted, tensor)| strongest(wanted, tensor));
    Ok(found.collect::<Result<Vec<_>, AnalysisError>>()?.into_iter().flatten().collect())
}

/// The map with the largest mean; of equal ones the first. Nothing where all are dead.
fn strongest(Wanted { layer, cells, .. }: &Wanted, tensor: &Tensor) -> Result<Option<Strongest>, AnalysisError> {
    let maps = tensor.maps()?;
    let statistics: Vec<_> = maps.planes().map(|plane| cells.statistics(plane)).collect();
    let means: Vec<f32> = statistics.iter().map(|map| map.mean).collect();
    let dead: Vec<bool> = statistics.iter().map(|map| map.dead).collect();
    let first = rank(&means, &dead, RankOptions { top: 1 }).into_iter().next();
    Ok(first.and_then(|first| {
        let data = maps.plane(first.map)?.to_vec();
        let (height, width) = (maps.height(), maps.width());
        Some(Strongest { layer: layer.clone(), map: first.map, mean: first.mean, height, width, data })
    }))
}

/// Makes the graph ready that gives these layers. Where the engine lacks an operator, the layers behind it are left out.
async fn network(
    opened: &Opened,
    engine: &dyn Engine,
    layers: &[String],
    is_stack: bool,
) -> Result<Network, AnalysisError> {
    let whole = whole(opened, None, Given { slices: is_stack, row: false });
    let chosen: BTreeSet<&String> = layers.iter().collect();
    let mut shown: Vec<&Layer> = opened
        .layers()
        .iter()
        .filter(|layer| layer.height * layer.width > 1 && (chosen.is_empty() || chosen.contains(&layer.id)))
        .collect();
    loop {
        let wanted = wanted(&shown);
        let (graph, shapes) = pooled(&whole, opened.shapes(), &wanted)?;
        let refused = match prepare(engine, &graph, &shapes).await {
            Ok(prepared) => return Ok(Network { prepared, wanted }),
            Err(error) => error,
        };
        let (AnalysisError::Lower(LowerError::Unsupported { node, .. })
        | AnalysisError::Engine(EngineError::Unsupported { node, .. })) = &refused
        else {
            return Err(refused);
        };
        let before = shown.len();
        shown.retain(|layer| !is_behind(opened, &layer.id, node));
        if shown.is_empty() || shown.len() == before {
            return Err(refused);
        }
    }
}

/// Whether a layer needs the node of this name.
fn is_behind(opened: &Opened, layer: &str, node: &str) -> bool {
    cut(opened.graph(), &[layer.to_owned()]).is_ok_and(|part| part.nodes.iter().any(|other| other.name == node))
}

/// The layers with the finest cells with which a run does not give too much.
fn wanted(layers: &[&Layer]) -> Vec<Wanted> {
    let with = |most: usize| -> Vec<Wanted> {
        let wanted = layers.iter().map(|layer| Wanted {
            layer: layer.id.clone(),
            channels: layer.channels,
            cells: Cells::within([layer.height, layer.width], most),
        });
        wanted.collect()
    };
    let floats = |wanted: &[Wanted]| -> usize {
        wanted.iter().map(|wanted| wanted.cells.count().iter().product::<usize>() * wanted.channels).sum()
    };
    let [finest, others @ ..] = MOST_CELLS;
    let mut found = with(finest);
    for most in others {
        if floats(&found) <= MOST_FLOATS {
            break;
        }
        found = with(most);
    }
    found
}
