//! Values that are put back where a MaxPool beside them found its maxima, which is the operator that does the same as its gradient. Where
//! windows see the same pixel, they are put back in classes of which no two windows do, and at each pixel the last window's value counts, as
//! onnxruntime has it.

use super::Writer;
use crate::domain::tensor::element_count;
use crate::onnx::graph::{Attribute, Constant, Node, to_i64};
use crate::onnx::operator::{MAX_POOL_GRADIENT, OWN_SET};
use crate::onnx::slice_sums::{SliceSums, Sums};

/// The most classes of windows; more would be windows that are many times as large as their stride.
const MOST_CLASSES: usize = 16;

/// The windows of one class along an axis.
#[derive(Clone, Copy)]
struct Along {
    /// The first of them, and how many there are.
    first: usize,
    count: usize,
    /// How many there are in all classes.
    windows: usize,
    /// How many windows of all classes there are from one of them to the next.
    classes: usize,
    /// Pixels before the first window's first one, and padding before and behind the pixels that are left.
    cut: usize,
    pads: [usize; 2],
    stride: usize,
}

/// The window of a MaxPool along two axes.
#[derive(Clone, Copy)]
struct Window {
    kernel: [usize; 2],
    strides: [usize; 2],
    dilations: [usize; 2],
    pads: [usize; 2],
}

impl Window {
    /// How many pixels it spans.
    fn extent(&self) -> [usize; 2] {
        [0, 1].map(|axis| (self.kernel[axis].max(1) - 1) * self.dilations[axis] + 1)
    }

    /// How many classes there are along each axis of which no two windows see the same pixel, of so many windows.
    fn classes(&self, windows: [usize; 2]) -> [usize; 2] {
        let extent = self.extent();
        [0, 1].map(|axis| extent[axis].div_ceil(self.strides[axis].max(1)).min(windows[axis]))
    }

    /// The windows of a class of the `classes`, of all the `windows` over `size` pixels.
    fn along(&self, first: [usize; 2], classes: [usize; 2], windows: [usize; 2], size: [usize; 2]) -> [Along; 2] {
        let extent = self.extent();
        [0, 1].map(|axis| {
            let (first, stride) = (first[axis], self.strides[axis].max(1));
            let count = (windows[axis] - first).div_ceil(classes[axis]);
            let [cut, before] =
                [(first * stride).saturating_sub(self.pads[axis]), self.pads[axis].saturating_sub(first * stride)];
            let stride = stride * classes[axis];
            let reach = (count - 1) * stride + extent[axis];
            let behind = reach.saturating_sub(before + size[axis].saturating_sub(cut));
            Along { first, count, windows: windows[axis], classes: classes[axis], cut, pads: [before, behind], stride }
        })
    }
}

/// The nodes that a MaxUnpool is made of. `None` where its indices are not those of a MaxPool, or of one of a larger value than the result.
///
/// The indices count all elements of what the MaxPool reads. A result with more of them has its values where these are counted in it, as
/// onnxruntime has it.
pub(super) fn parts(writer: &mut Writer<'_>, node: &Node) -> Option<Vec<Node>> {
    let made = |pool: &&Node| {
        pool.op == "MaxPool" && pool.domain.is_empty() && pool.outputs.get(1).map(String::as_str) == node.input(1)
    };
    let pool = writer.nodes.iter().find(made)?.clone();
    let (picture, maxima, values) = (pool.input(0)?, pool.outputs.first()?, node.input(0)?);
    let (full, windows) = (writer.shape(Some(picture))?.clone(), writer.shape(Some(maxima))?.clone());
    let made = writer.shape(Some(node.output()))?.clone();
    let [elements, result] = [&full, &made].map(|shape| element_count(shape));
    if writer.shape(Some(values)) != Some(&windows)
        || result? < elements?
        || windows.len() != full.len()
        || windows.contains(&0)
        || pool.int("storage_order").unwrap_or(0) != 0
    {
        return None;
    }
    let numbers = |name: &str, default: usize| -> Option<Vec<usize>> {
        let Some(given) = pool.ints(name) else { return Some(vec![default; full.len() - 2]) };
        given.iter().take(full.len() - 2).map(|&number| usize::try_from(number).ok()).collect()
    };
    let [kernel, strides, dilations, pads] = [("kernel_shape", 1), ("strides", 1), ("dilations", 1), ("pads", 0)]
        .map(|(name, default)| numbers(name, default));
    let (kernel, strides, dilations, pads) = (kernel?, strides?, dilations?, pads?);
    // The window along two axes; where there is none for the first of them it is one pixel.
    let window = |first: Option<usize>, second: Option<usize>| {
        let pair = |numbers: &[usize], default: usize| -> Option<[usize; 2]> {
            let of = |axis: Option<usize>| axis.map_or(Some(default), |axis| numbers.get(axis).copied());
            Some([of(first)?, of(second)?])
        };
        let [kernel, strides, dilations] = [&kernel, &strides, &dilations].map(|numbers| pair(numbers, 1));
        Some(Window { kernel: kernel?, strides: strides?, dilations: dilations?, pads: pair(&pads, 0)? })
    };
    let mut steps = Steps { writer, node, nodes: Vec::new() };
    let whole = match full[..] {
        [batch, channels, width] => {
            let (full, windows) = ([batch, channels, 1, width], [batch, channels, 1, windows[2]]);
            let picture = steps.reshaped("rows", picture, &full);
            let values = steps.reshaped("values-of-rows", values, &windows);
            steps.unpooled(&window(None, Some(0))?, &picture, &values, full, windows)?
        }
        [batch, channels, height, width] => {
            let windows = windows[..].try_into().ok()?;
            steps.unpooled(&window(Some(0), Some(1))?, picture, values, [batch, channels, height, width], windows)?
        }
        [_, _, _, _, _] => {
            let (across, along) = (window(Some(1), Some(2))?, window(Some(0), None)?);
            steps.unpooled_volume(
                [&across, &along],
                picture,
                values,
                full[..].try_into().ok()?,
                windows[..].try_into().ok()?,
            )?
        }
        _ => return None,
    };
    steps.finish(&whole, &made)?;
    Some(steps.nodes)
}

struct Steps<'s, 'w> {
    writer: &'s mut Writer<'w>,
    node: &'s Node,
    nodes: Vec<Node>,
}

impl Steps<'_, '_> {
    fn step(&mut self, part: &str, op: &str, inputs: &[&str], shape: &[usize]) -> String {
        let output = self.writer.fresh(&format!("{}/{part}", self.node.output()));
        self.writer.shapes.insert(output.clone(), shape.to_vec());
        self.nodes.push(Node::new(op, inputs, &output));
        output
    }

    fn integers(&mut self, part: &str, numbers: &[usize]) -> String {
        let numbers: Vec<i64> = numbers.iter().map(|&number| to_i64(number)).collect();
        self.constant(part, Constant::integers(vec![numbers.len()], numbers))
    }

    fn constant(&mut self, part: &str, constant: Constant) -> String {
        let name = self.writer.fresh(&format!("{}/{part}", self.node.output()));
        self.writer.graph.constants.insert(name.clone(), constant);
        name
    }

    fn reshaped(&mut self, part: &str, value: &str, shape: &[usize]) -> String {
        let target = self.integers(&format!("{part}-shape"), shape);
        self.step(part, "Reshape", &[value, &target], shape)
    }

    /// Only these rows and columns. A Slice would be a Conv on an engine that has lowered graphs, whose zeros make no number of an infinite value
    /// beside those that are taken.
    fn taken(&mut self, part: &str, value: &str, shape: &[usize], kept: [Vec<usize>; 2]) -> String {
        let (mut value, mut shape) = (value.to_owned(), shape.to_vec());
        for (axis, kept) in [2, 3].into_iter().zip(kept) {
            if kept.len() == shape[axis] {
                continue;
            }
            shape[axis] = kept.len();
            let sums = SliceSums { axis, sums: Sums::taking(kept.into_iter().map(Some)) };
            let output = self.writer.fresh(&format!("{}/{part}", self.node.output()));
            self.writer.shapes.insert(output.clone(), shape.clone());
            self.nodes.push(Node { outputs: vec![output.clone()], ..sums.node(&value) });
            value = output;
        }
        value
    }

    /// The values where the window found its maxima in the picture.
    fn unpooled(
        &mut self,
        window: &Window,
        picture: &str,
        values: &str,
        full: [usize; 4],
        windows: [usize; 4],
    ) -> Option<String> {
        let [windows, size] = [windows, full].map(|shape| [shape[2], shape[3]]);
        let classes = window.classes(windows);
        if classes[0] * classes[1] > MOST_CLASSES || classes != [1, 1] && self.writer.graph.opset() < 11 {
            return None;
        }
        let mut placed = Vec::new();
        for place in 0..classes[0] * classes[1] {
            let along = window.along([place / classes[1], place % classes[1]], classes, windows, size);
            placed.push(self.class(window, along, picture, values, &full, classes != [1, 1])?);
        }
        self.last_of(placed, &full)
    }

    /// The same of a volume, whose windows may not overlap: its slices are pooled first, then what is left is along its depth. So each
    /// value is put into the slice with the maximum, and there where that is.
    fn unpooled_volume(
        &mut self,
        [across, along]: [&Window; 2],
        picture: &str,
        values: &str,
        full: [usize; 5],
        windows: [usize; 5],
    ) -> Option<String> {
        let ([batch, channels, depth, height, width], [_, _, slices, rows, columns]) = (full, windows);
        if across.classes([rows, columns]) != [1, 1] || along.classes([slices, 1]) != [1, 1] {
            return None;
        }
        let (planes, maxima) = ([batch, channels * depth, height, width], [batch, channels * depth, rows, columns]);
        let seen = self.reshaped("slices", picture, &planes);
        let pooled = self.step("slice-maxima", "MaxPool", &[&seen], &maxima);
        let sides = across.along([0, 0], [1, 1], [rows, columns], [height, width]);
        if let Some(node) = self.nodes.last_mut() {
            node.attributes.extend(attributes(across, &sides));
        }
        let stack = [batch, channels, depth, rows * columns];
        let pooled = self.reshaped("stack", &pooled, &stack);
        let given = [batch, channels, slices, rows * columns];
        let values = self.reshaped("values-of-stack", values, &given);
        let chosen = self.unpooled(along, &pooled, &values, stack, given)?;
        let chosen = self.reshaped("values-of-slices", &chosen, &maxima);
        let placed = self.unpooled(across, &seen, &chosen, planes, maxima)?;
        Some(self.reshaped("volume", &placed, &full))
    }

    /// The values of a class where they belong, and, if asked for, the numbers of their windows from 1 on.
    fn class(
        &mut self,
        window: &Window,
        along: [Along; 2],
        picture: &str,
        values: &str,
        full: &[usize],
        numbered: bool,
    ) -> Option<(String, Option<String>)> {
        let left = [full[0], full[1], full[2].checked_sub(along[0].cut)?, full[3].checked_sub(along[1].cut)?];
        let made = [full[0], full[1], along[0].count, along[1].count];
        let seen = self.taken("seen", picture, full, [0, 1].map(|axis| (along[axis].cut..full[axis + 2]).collect()));
        let windows = [full[0], full[1], along[0].windows, along[1].windows];
        let kept = along.map(|Along { first, count, classes, .. }| (0..count).map(|it| first + it * classes).collect());
        let own = self.taken("values", values, &windows, kept);
        let placed = self.placed(window, &seen, &own, along, &left, full);
        if !numbered {
            return Some((placed, None));
        }
        // A product with zero would make no number of an infinite value, and none of the windows would be the last at its pixel.
        let zero = self.constant("zero", Constant::floats(Vec::new(), vec![0.0]));
        let zeros = self.step("zeros", "Clip", &[&own, &zero, &zero], &made);
        let number = |place: usize| {
            let [row, column] = [(0, place / along[1].count), (1, place % along[1].count)]
                .map(|(axis, at)| along[axis].first + at * along[axis].classes);
            row * along[1].windows + column + 1
        };
        #[expect(clippy::cast_precision_loss, reason = "places in a picture")]
        let numbers = (0..along[0].count * along[1].count).map(|place| number(place) as f32).collect();
        let numbers = Constant::floats(vec![1, 1, along[0].count, along[1].count], numbers);
        let numbers = self.constant("numbers", numbers);
        let numbers = self.step("numbered", "Add", &[&zeros, &numbers], &made);
        let windows = self.placed(window, &seen, &numbers, along, &left, full);
        Some((placed, Some(windows)))
    }

    /// What each window of a class gives to its maximum, in the whole picture.
    fn placed(
        &mut self,
        window: &Window,
        seen: &str,
        given: &str,
        along: [Along; 2],
        left: &[usize],
        full: &[usize],
    ) -> String {
        let placed = self.step("placed", MAX_POOL_GRADIENT, &[seen, given], left);
        if let Some(node) = self.nodes.last_mut() {
            OWN_SET.clone_into(&mut node.domain);
            node.attributes.extend(attributes(window, &along));
        }
        if left == full {
            return placed;
        }
        let pads = self.integers("around", &[0, 0, along[0].cut, along[1].cut, 0, 0, 0, 0]);
        self.step("whole", "Pad", &[&placed, &pads], full)
    }

    /// At each pixel the value of the last window that has one for it.
    fn last_of(&mut self, mut placed: Vec<(String, Option<String>)>, full: &[usize]) -> Option<String> {
        let windows: Vec<&str> = placed.iter().filter_map(|(_, windows)| windows.as_deref()).collect();
        if windows.is_empty() {
            return placed.pop().map(|(values, _)| values);
        }
        let last = self.step("last", "Max", &windows, full);
        let zero = self.constant("none", Constant::floats(Vec::new(), vec![0.0]));
        let mut chosen = Vec::with_capacity(placed.len());
        for (values, windows) in &placed {
            let counts = self.step("counts", "Equal", &[windows.as_deref()?, &last], full);
            chosen.push(self.step("chosen", "Where", &[&counts, values, &zero], full));
        }
        let chosen: Vec<&str> = chosen.iter().map(String::as_str).collect();
        Some(self.step("sum", "Sum", &chosen, full))
    }

    /// The result in its shape, with zeros behind where it has more elements, under the names of the node.
    fn finish(&mut self, whole: &str, made: &[usize]) -> Option<()> {
        let full = self.writer.shape(Some(whole))?.clone();
        if full != made {
            let [elements, all] = [element_count(&full)?, element_count(made)?];
            let mut row = self.reshaped("row", whole, &[1, elements]);
            if all > elements {
                let pads = self.integers("behind", &[0, 0, 0, all - elements]);
                row = self.step("longer-row", "Pad", &[&row, &pads], &[1, all]);
            }
            self.reshaped("result", &row, made);
        }
        let result = self.nodes.last_mut()?;
        self.writer.shapes.remove(result.output());
        result.outputs.clone_from(&self.node.outputs);
        result.name.clone_from(&self.node.name);
        Some(())
    }
}

/// What a pooling is told of its window.
fn attributes(window: &Window, [rows, columns]: &[Along; 2]) -> [(String, Attribute); 4] {
    let list = |numbers: &[usize]| Attribute::Ints(numbers.iter().map(|&number| to_i64(number)).collect());
    [
        ("kernel_shape".to_owned(), list(&window.kernel)),
        ("strides".to_owned(), list(&[rows.stride, columns.stride])),
        ("dilations".to_owned(), list(&window.dilations)),
        ("pads".to_owned(), list(&[rows.pads[0], columns.pads[0], rows.pads[1], columns.pads[1]])),
    ]
}
