//! The input that takes the picture, and how what the file states for it is made of one.

use super::{Front, Stack, choose};
use crate::onnx::graph::{Dimension, Graph, Node, to_i64};

/// The most bands that a picture network is believed to take; with more, the channels are not told from the sides.
pub const MOST_BANDS: usize = 16;

/// The most slices of a volume, each of which is the picture.
const MOST_SLICES: usize = 4096;
/// So many slices an open depth gets: enough for four halvings.
const USUAL_SLICES: usize = 16;

/// How a picture becomes what the file takes.
#[derive(Debug, Clone, PartialEq)]
pub struct Arrangement {
    /// Height and width.
    sides: [Dimension; 2],
    /// Of the picture: one or three.
    channels: usize,
    /// The picture's channels are its last dimension.
    channels_last: bool,
    /// How many channels the network takes where that is neither one nor three, otherwise 0.
    pub bands: usize,
    form: Form,
}

#[derive(Debug, Clone, PartialEq)]
enum Form {
    /// A picture with a batch.
    Picture,
    /// Without these dimensions of a picture.
    Without(Vec<i64>),
    /// All pixels in a row.
    Flat(Vec<i64>),
    /// A stack of so many slices along this dimension.
    Volume { axis: usize, slices: usize },
}

/// How the input at this position is made of a picture; `None` where that is not known.
#[inline(never)]
pub(super) fn arrangement(graph: &Graph, place: usize) -> Option<Arrangement> {
    let input = &graph.inputs[place];
    let weighed = first_channels(graph).filter(|count| (1..=MOST_BANDS).contains(count));
    let open = || Dimension::Symbolic(String::new());
    let of = |channels: Option<usize>, channels_last: bool, sides: [&Dimension; 2], form: Form| {
        let count = channels.or(weighed).unwrap_or(3);
        let is_picture = count == 1 || count == 3;
        Arrangement {
            sides: sides.map(Clone::clone),
            channels: if is_picture { count } else { 3 },
            channels_last,
            bands: if is_picture { 0 } else { count },
            form,
        }
    };
    let turned = turns_channels(graph, &input.name);
    Some(match &input.shape[..] {
        [] => of(None, turned, [&open(), &open()], Form::Picture),
        [_, second, third, fourth] => match (colours(second), colours(fourth)) {
            (Some(1 | 3), _) => of(colours(second), false, [third, fourth], Form::Picture),
            (_, Some(1 | 3)) => of(colours(fourth), true, [second, third], Form::Picture),
            (Some(bands), Some(last)) if turned || (weighed == Some(last) && weighed != Some(bands)) => {
                of(Some(last), true, [second, third], Form::Picture)
            }
            (Some(bands), _) => of(Some(bands), false, [third, fourth], Form::Picture),
            // Where both are possible, the weights tell.
            (None, Some(bands)) if matches!(second, Dimension::Fixed(_)) || [None, Some(bands)].contains(&weighed) => {
                of(Some(bands), true, [second, third], Form::Picture)
            }
            (None, _) => match (second, fourth) {
                (_, Dimension::Symbolic(_)) if turned => of(None, true, [second, third], Form::Picture),
                (Dimension::Symbolic(_), _) => of(None, false, [third, fourth], Form::Picture),
                _ => return None,
            },
        },
        [first, second, third] => match (colours(first), colours(third)) {
            (Some(1 | 3), _) => of(colours(first), false, [second, third], Form::Without(vec![0])),
            (_, Some(1 | 3)) => of(colours(third), true, [first, second], Form::Without(vec![0])),
            (Some(bands), _) => of(Some(bands), false, [second, third], Form::Without(vec![0])),
            (None, Some(bands)) if matches!(first, Dimension::Fixed(_)) || weighed == Some(bands) => {
                of(Some(bands), true, [first, second], Form::Without(vec![0]))
            }
            // Grey pictures without a dimension of their one channel.
            (None, _) if matches!(first, Dimension::Symbolic(_)) => {
                of(Some(1), false, [second, third], Form::Without(vec![1]))
            }
            _ => return None,
        },
        [Dimension::Fixed(1) | Dimension::Symbolic(_), Dimension::Fixed(count)] => flat(graph, *count, true, &of)?,
        [first, second] => of(Some(1), false, [first, second], Form::Without(vec![0, 1])),
        [Dimension::Fixed(count)] => flat(graph, *count, false, &of)?,
        [_, first, second, third, fourth] => {
            let slices = |dimension: &Dimension| match dimension {
                Dimension::Fixed(slices) => *slices,
                Dimension::Symbolic(_) => USUAL_SLICES,
            };
            if [first, second].iter().any(|dimension| slices(dimension) > MOST_SLICES) {
                return None;
            }
            let volume = |axis, dimension| Form::Volume { axis, slices: slices(dimension) };
            match (colours(first), colours(second), colours(fourth)) {
                (Some(1 | 3), ..) => of(colours(first), false, [third, fourth], volume(2, second)),
                (_, Some(1 | 3), _) => of(colours(second), false, [third, fourth], volume(1, first)),
                (_, _, Some(1 | 3)) => of(colours(fourth), true, [second, third], volume(1, first)),
                (Some(bands), ..) => of(Some(bands), false, [third, fourth], volume(2, second)),
                (None, ..) if matches!(first, Dimension::Symbolic(_)) => {
                    of(None, false, [third, fourth], volume(2, second))
                }
                _ => return None,
            }
        }
        _ => return None,
    })
}

/// How many channels a dimension could stand for.
fn colours(dimension: &Dimension) -> Option<usize> {
    match dimension {
        Dimension::Fixed(count) if (1..=MOST_BANDS).contains(count) => Some(*count),
        _ => None,
    }
}

/// How many channels the first Conv reads.
pub fn first_channels(graph: &Graph) -> Option<usize> {
    let conv = graph.nodes.iter().find(|node| node.op == "Conv")?;
    let seen = *graph.constants.get(conv.input(1)?)?.shape.get(1)?;
    seen.checked_mul(usize::try_from(conv.int("group").unwrap_or(1)).ok()?)
}

/// Whether the first that is done to an input brings its channels from the end to the front.
fn turns_channels(graph: &Graph, input: &str) -> bool {
    let mut value = input;
    for node in &graph.nodes {
        if node.input(0) != Some(value) {
            continue;
        }
        match node.op.as_str() {
            "Cast" | "Identity" | "Sub" | "Add" | "Mul" | "Div" => value = node.output(),
            "Transpose" => return node.ints("perm") == Some(&[0, 3, 1, 2]),
            _ => return false,
        }
    }
    false
}

type Of<'a> = dyn Fn(Option<usize>, bool, [&Dimension; 2], Form) -> Arrangement + 'a;

/// A row of so many pixels: the picture that a Reshape makes of it, or else a square one.
fn flat(graph: &Graph, count: usize, with_batch: bool, of: &Of<'_>) -> Option<Arrangement> {
    let row = if with_batch { vec![1, to_i64(count)] } else { vec![to_i64(count)] };
    let shapes = graph.nodes.iter().filter(|node| node.op == "Reshape").filter_map(|node| {
        let target = graph.constants.get(node.input(1)?)?.as_integers()?;
        let &[_, first, second, third] = target else { return None };
        let sizes = [first, second, third].map(|size| usize::try_from(size).unwrap_or(0));
        (sizes.iter().try_fold(1_usize, |product, &size| product.checked_mul(size)) == Some(count)).then_some(sizes)
    });
    for [first, second, third] in shapes {
        let side = |side| Dimension::Fixed(side);
        if (1..=MOST_BANDS).contains(&first) {
            return Some(of(Some(first), false, [&side(second), &side(third)], Form::Flat(row)));
        }
        if (1..=MOST_BANDS).contains(&third) {
            return Some(of(Some(third), true, [&side(first), &side(second)], Form::Flat(row)));
        }
    }
    let square = [1, 3].into_iter().find_map(|channels| {
        let side = (count / channels).isqrt();
        (side * side * channels == count).then_some((channels, Dimension::Fixed(side)))
    });
    square.map(|(channels, side)| of(Some(channels), false, [&side, &side], Form::Flat(row)))
}

impl Arrangement {
    /// How many times the picture stands in what the file takes.
    pub fn slices(&self) -> usize {
        match self.form {
            Form::Volume { slices, .. } => slices,
            _ => 1,
        }
    }

    /// The stack of slices that is made as this value, where there are several.
    pub(super) fn stack(&self, value: &str) -> Option<Stack> {
        let Form::Volume { axis, slices: 2.. } = self.form else { return None };
        let channels = match (self.channels_last, axis) {
            (true, _) => 4,
            (false, 1) => 2,
            (false, _) => 1,
        };
        Some(Stack { value: value.to_owned(), axis, channels })
    }

    /// The shape of the picture.
    pub fn declared(&self) -> Vec<Dimension> {
        let [height, width] = self.sides.clone();
        let channels = Dimension::Fixed(self.channels);
        if self.channels_last {
            vec![Dimension::Fixed(1), height, width, channels]
        } else {
            vec![Dimension::Fixed(1), channels, height, width]
        }
    }

    /// The dimensions of the picture that are its height and width.
    pub fn axes(&self) -> [i64; 2] {
        if self.channels_last { [1, 2] } else { [2, 3] }
    }

    /// The names that the file gives to an open height and width.
    pub fn side_named(&self, name: &str) -> Option<usize> {
        self.sides.iter().position(|side| !name.is_empty() && *side == Dimension::Symbolic(name.to_owned()))
    }
}

/// Makes what the file takes of the picture, has its readers read that, and gives its name.
#[inline(never)]
pub(super) fn make(front: &mut Front<'_>, picture: &str, arrangement: &Arrangement, bands: &[Option<usize>]) -> String {
    let mut value = picture.to_owned();
    let mut steps: Vec<Node> = Vec::new();
    let step = |front: &Front<'_>, steps: &[Node], what: &str| {
        debug_assert!(steps.iter().all(|step| !step.output().ends_with(what)));
        front.free(&format!("{picture}/{what}"))
    };
    if arrangement.bands > 0 {
        let chosen = step(front, &steps, "bands");
        let axis = if arrangement.channels_last { 3 } else { 1 };
        steps.push(choose(&value, &chosen, axis, bands));
        value = chosen;
    }
    match &arrangement.form {
        Form::Picture => {}
        Form::Without(axes) => {
            let single = step(front, &steps, "single");
            steps.push(front.with_axes("Squeeze", &value, &single, axes.clone()));
            value = single;
        }
        Form::Flat(row) => {
            let flat = step(front, &steps, "flat");
            let target = front.integers(&format!("{flat}/shape"), row.clone());
            steps.push(Node::new("Reshape", &[&value, &target], &flat));
            value = flat;
        }
        &Form::Volume { axis, slices } => {
            let slice = step(front, &steps, "slice");
            steps.push(front.with_axes("Unsqueeze", &value, &slice, vec![to_i64(axis)]));
            value = slice;
            if slices > 1 {
                let stack = step(front, &steps, "stack");
                steps.push(choose(&value, &stack, axis, &vec![Some(0); slices]));
                value = stack;
            }
        }
    }
    front.replace(picture, &value);
    front.nodes.extend(steps);
    value
}
