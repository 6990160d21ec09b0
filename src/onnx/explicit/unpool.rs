//! Values that are put back where a MaxPool beside them found its maxima, which is the operator that does the same as its gradient. Where
//! windows see the same pixel, they are put back in classes of which no two windows do, and at each pixel the last window's value counts, as
//! onnxruntime has it.

use super::Writer;
use crate::onnx::graph::{Attribute, Constant, Node, to_i64};
use crate::onnx::operator::{MAX_POOL_GRADIENT, OWN_SET};

/// The most classes of windows; more would be windows that are many times as large as their stride.
const MOST_CLASSES: usize = 16;

/// The windows of one class along an axis.
#[derive(Clone, Copy)]
struct Along {
    /// The first of them, and how many there are.
    first: usize,
    count: usize,
    /// How many windows of all classes there are from one of them to the next.
    classes: usize,
    /// Pixels before the first window's first one, and padding before and behind the pixels that are left.
    cut: usize,
    pads: [usize; 2],
    stride: usize,
}

/// The nodes that a MaxUnpool is made of. `None` where its indices are not those of a MaxPool of a value of the result's size.
pub(super) fn parts(writer: &mut Writer<'_>, node: &Node) -> Option<Vec<Node>> {
    let made = |pool: &&Node| {
        pool.op == "MaxPool" && pool.domain.is_empty() && pool.outputs.get(1).map(String::as_str) == node.input(1)
    };
    let pool = writer.nodes.iter().find(made)?.clone();
    let (picture, maxima, values) = (pool.input(0)?, pool.outputs.first()?, node.input(0)?);
    let (full, windows) = (writer.shape(Some(picture))?.clone(), writer.shape(Some(maxima))?.clone());
    let fits = writer.shape(Some(node.output())) == Some(&full) && writer.shape(Some(values)) == Some(&windows);
    if !fits || full.len() != 4 || pool.int("storage_order").unwrap_or(0) != 0 {
        return None;
    }
    let pair = |name: &str, default: usize| match pool.ints(name) {
        None => Some([default; 2]),
        Some([down, across, ..]) => Some([usize::try_from(*down).ok()?, usize::try_from(*across).ok()?]),
        Some(_) => None,
    };
    let (kernel, strides, dilations) = (pair("kernel_shape", 1)?, pair("strides", 1)?, pair("dilations", 1)?);
    let pads = pair("pads", 0)?;
    let extent = [0, 1].map(|axis| (kernel[axis].max(1) - 1) * dilations[axis] + 1);
    let classes = [0, 1].map(|axis| extent[axis].div_ceil(strides[axis].max(1)).min(windows[2 + axis]));
    if classes[0] * classes[1] > MOST_CLASSES || classes != [1, 1] && writer.graph.opset() < 11 {
        return None;
    }
    let mut steps = Steps { writer, node, pool: &pool, kernel, dilations, nodes: Vec::new() };
    let mut placed = Vec::new();
    for place in 0..classes[0] * classes[1] {
        let first = [place / classes[1], place % classes[1]];
        let along = [0, 1].map(|axis| {
            let (first, stride) = (first[axis], strides[axis].max(1));
            let count = (windows[2 + axis] - first).div_ceil(classes[axis]);
            let [cut, before] =
                [(first * stride).saturating_sub(pads[axis]), pads[axis].saturating_sub(first * stride)];
            let stride = stride * classes[axis];
            let reach = (count - 1) * stride + extent[axis];
            let behind = reach.saturating_sub(before + full[2 + axis].saturating_sub(cut));
            Along { first, count, classes: classes[axis], cut, pads: [before, behind], stride }
        });
        placed.push(steps.class(along, picture, values, &full, windows[3], classes != [1, 1])?);
    }
    steps.last_of(placed, &full)?;
    Some(steps.nodes)
}

struct Steps<'s, 'w> {
    writer: &'s mut Writer<'w>,
    node: &'s Node,
    pool: &'s Node,
    kernel: [usize; 2],
    dilations: [usize; 2],
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

    /// The values of a class where they belong, and, if asked for, the numbers of their windows from 1 on.
    fn class(
        &mut self,
        along: [Along; 2],
        picture: &str,
        values: &str,
        full: &[usize],
        columns: usize,
        numbered: bool,
    ) -> Option<(String, Option<String>)> {
        let left = [full[0], full[1], full[2].checked_sub(along[0].cut)?, full[3].checked_sub(along[1].cut)?];
        let made = [full[0], full[1], along[0].count, along[1].count];
        let seen = if along.iter().any(|along| along.cut > 0) {
            let [starts, ends] = [&along.map(|along| along.cut), &full[2..]].map(|it| self.integers("bounds", it));
            let axes = self.integers("axes", &[2, 3]);
            self.step("seen", "Slice", &[picture, &starts, &ends, &axes], &left)
        } else {
            picture.to_owned()
        };
        let own = if along.iter().any(|along| along.classes > 1) {
            let starts = self.integers("first", &along.map(|along| along.first));
            let ends = along.map(|along| along.first + (along.count - 1) * along.classes + 1);
            let (ends, axes) = (self.integers("end", &ends), self.integers("axes", &[2, 3]));
            let steps = self.integers("classes", &along.map(|along| along.classes));
            self.step("values", "Slice", &[values, &starts, &ends, &axes, &steps], &made)
        } else {
            values.to_owned()
        };
        let placed = self.placed(&seen, &own, along, &left, full);
        if !numbered {
            return Some((placed, None));
        }
        let zero = self.constant("zero", Constant::floats(Vec::new(), vec![0.0]));
        let zeros = self.step("zeros", "Mul", &[&own, &zero], &made);
        let number = |place: usize| {
            let [row, column] = [(0, place / along[1].count), (1, place % along[1].count)]
                .map(|(axis, at)| along[axis].first + at * along[axis].classes);
            row * columns + column + 1
        };
        #[expect(clippy::cast_precision_loss, reason = "places in a picture")]
        let numbers = (0..along[0].count * along[1].count).map(|place| number(place) as f32).collect();
        let numbers = Constant::floats(vec![1, 1, along[0].count, along[1].count], numbers);
        let numbers = self.constant("numbers", numbers);
        let numbers = self.step("numbered", "Add", &[&zeros, &numbers], &made);
        let windows = self.placed(&seen, &numbers, along, &left, full);
        Some((placed, Some(windows)))
    }

    /// What each window of a class gives to its maximum, in the whole picture.
    fn placed(&mut self, seen: &str, given: &str, along: [Along; 2], left: &[usize], full: &[usize]) -> String {
        let list = |numbers: &[usize]| Attribute::Ints(numbers.iter().map(|&number| to_i64(number)).collect());
        let [rows, columns] = along;
        let mut attributes = self.pool.attributes.clone();
        attributes.retain(|name, _| !matches!(name.as_str(), "ceil_mode" | "auto_pad" | "storage_order"));
        for (name, numbers) in [
            ("kernel_shape", &self.kernel[..]),
            ("strides", &[rows.stride, columns.stride]),
            ("dilations", &self.dilations),
            ("pads", &[rows.pads[0], columns.pads[0], rows.pads[1], columns.pads[1]]),
        ] {
            attributes.insert(name.to_owned(), list(numbers));
        }
        let placed = self.step("placed", MAX_POOL_GRADIENT, &[seen, given], left);
        if let Some(node) = self.nodes.last_mut() {
            OWN_SET.clone_into(&mut node.domain);
            node.attributes = attributes;
        }
        if left == full {
            return placed;
        }
        let pads = self.integers("around", &[0, 0, rows.cut, columns.cut, 0, 0, 0, 0]);
        self.step("whole", "Pad", &[&placed, &pads], full)
    }

    /// At each pixel the value of the last window that has one for it, under the names of the node.
    fn last_of(&mut self, placed: Vec<(String, Option<String>)>, full: &[usize]) -> Option<()> {
        let windows: Vec<&str> = placed.iter().filter_map(|(_, windows)| windows.as_deref()).collect();
        if !windows.is_empty() {
            let last = self.step("last", "Max", &windows, full);
            let zero = self.constant("none", Constant::floats(Vec::new(), vec![0.0]));
            let mut chosen = Vec::with_capacity(placed.len());
            for (values, windows) in &placed {
                let counts = self.step("counts", "Equal", &[windows.as_deref()?, &last], full);
                chosen.push(self.step("chosen", "Where", &[&counts, values, &zero], full));
            }
            let chosen: Vec<&str> = chosen.iter().map(String::as_str).collect();
            self.step("sum", "Sum", &chosen, full);
        }
        let result = self.nodes.last_mut()?;
        self.writer.shapes.remove(result.output());
        result.outputs.clone_from(&self.node.outputs);
        result.name.clone_from(&self.node.name);
        Some(())
    }
}
