//! Attention in the operators that it is made of: products, a Softmax, and what is added before it.

use super::Writer;
use crate::domain::tensor::element_count;
use crate::onnx::graph::{Attribute, Constant, Data, Node, to_i64};
use crate::onnx::proto::data_type;
use crate::onnx::shapes::{Elements, Walk};

/// The most places of a mask that are written out.
const MOST_MASKED: usize = 1 << 24;

/// What is added to the scores of places that may not be attended to. Not an infinity, of which shaders need not know.
const MASKED: f32 = f32::MIN;

/// The sizes of an attention: heads of keys and values, queries for each of them, queries, keys, and channels of a query and a value.
struct Sizes {
    heads: usize,
    group: usize,
    queries: usize,
    keys: usize,
    channels: usize,
    value_channels: usize,
}

/// The nodes that an Attention is made of; `None` where it has a form that only the picture decides on.
pub(super) fn parts(writer: &mut Writer, node: &Node, walk: &mut Walk<'_>) -> Option<Vec<Node>> {
    let mut parts = Parts { writer, walk, node, nodes: Vec::new() };
    let flat = parts.shape(0)?.len() == 3;
    let [q, k, v] = [0, 1, 2].map(|index| parts.heads(index, flat));
    let ((q, q_shape), (k, k_shape), (v, v_shape)) = (q?, k?, v?);
    let (before, k) = parts.behind_past(k, 4, 1)?;
    let (_, v) = parts.behind_past(v, 5, 2)?;
    let group = q_shape[1].checked_div(k_shape[1])?;
    let sizes = Sizes {
        heads: k_shape[1],
        group,
        queries: q_shape[2],
        keys: before + k_shape[2],
        channels: q_shape[3],
        value_channels: v_shape[3],
    };
    if group * sizes.heads != q_shape[1] || v_shape[1] != sizes.heads || k_shape[3] != sizes.channels {
        return None;
    }
    parts.attend(&sizes, before, &[q, k, v], flat)?;
    Some(parts.nodes)
}

struct Parts<'p, 'w, 'g> {
    writer: &'p mut Writer,
    walk: &'w mut Walk<'g>,
    node: &'p Node,
    nodes: Vec<Node>,
}

impl Parts<'_, '_, '_> {
    fn shape(&self, index: usize) -> Option<&Vec<usize>> {
        self.walk.known.shapes.get(self.node.input(index)?)
    }

    /// Adds a node for a step on the way.
    fn step(&mut self, part: &str, op: &str, inputs: &[&str]) -> String {
        self.step_with(part, op, inputs, &[])
    }

    fn step_with(&mut self, part: &str, op: &str, inputs: &[&str], attributes: &[(&str, Attribute)]) -> String {
        let output = self.writer.names.fresh(format!("{}/{part}", self.node.output()));
        let mut node = Node::new(op, inputs, &output).named(&format!("{}/{part}", self.node.name));
        for (name, value) in attributes {
            node = node.with(name, value.clone());
        }
        self.nodes.push(node);
        output
    }

    fn constant(&mut self, part: &str, constant: Constant) -> String {
        let name = format!("{}/{part}", self.node.output());
        self.writer.constant(self.walk, name, constant)
    }

    fn number(&mut self, part: &str, number: f32) -> String {
        self.constant(part, Constant::floats(Vec::new(), vec![number]))
    }

    /// A Reshape; as in ONNX, 0 keeps a dimension and −1 takes what is left.
    fn reshaped(&mut self, part: &str, value: &str, shape: &[i64]) -> String {
        let shape = Constant::integers(vec![shape.len()], shape.to_vec());
        let shape = self.constant(&format!("{part}-shape"), shape);
        self.step(part, "Reshape", &[value, &shape])
    }

    fn transposed(&mut self, part: &str, value: &str, order: &[i64]) -> String {
        self.step_with(part, "Transpose", &[value], &[("perm", Attribute::Ints(order.to_vec()))])
    }

    /// Hands a value on under a name that others read, if anybody does.
    fn handed_on(&mut self, value: &str, output: usize) {
        if let Some(name) = self.node.outputs.get(output).filter(|name| !name.is_empty()) {
            self.nodes.push(Node::new("Identity", &[value], name));
        }
    }

    /// An input as `[batch, heads, places, channels]`, and that shape.
    fn heads(&mut self, index: usize, flat: bool) -> Option<(String, [usize; 4])> {
        let (name, shape) = (self.node.input(index)?.to_owned(), self.shape(index)?.clone());
        if !flat {
            return Some((name, shape.try_into().ok()?));
        }
        let &[batch, places, width] = &shape[..] else { return None };
        let heads = self.node.int(if index == 0 { "q_num_heads" } else { "kv_num_heads" })?;
        let heads = usize::try_from(heads).ok().filter(|&heads| heads > 0 && width % heads == 0)?;
        let part = ["query", "key", "value"][index];
        let apart = self.reshaped(&format!("{part}-apart"), &name, &[0, 0, to_i64(heads), -1]);
        let turned = self.transposed(part, &apart, &[0, 2, 1, 3]);
        Some((turned, [batch, heads, places, width / heads]))
    }

    /// Keys or values behind those of before, and how many these are.
    fn behind_past(&mut self, value: String, past: usize, present: usize) -> Option<(usize, String)> {
        let before = match self.node.input(past) {
            None => 0,
            Some(_) => *self.shape(past)?.get(2)?,
        };
        let past = self.node.input(past).filter(|_| before > 0).map(str::to_owned);
        let all = match past {
            Some(past) => {
                let axis = [("axis", Attribute::Int(2))];
                self.step_with(&format!("present{present}"), "Concat", &[&past, &value], &axis)
            }
            None => value,
        };
        self.handed_on(&all, present);
        Some((before, all))
    }

    fn attend(&mut self, sizes: &Sizes, before: usize, [q, k, v]: &[String; 3], flat: bool) -> Option<()> {
        let &Sizes { heads, group, channels, value_channels, .. } = sizes;
        let [all, heads, members] = [heads * group, heads, group].map(to_i64);
        let [queries, keys, width] = [sizes.queries, sizes.keys, value_channels].map(to_i64);
        let mode = self.node.int("qk_matmul_output_mode").unwrap_or(0);
        let scale = self.node.float("scale").unwrap_or((channels as f32).sqrt().recip());
        let scale = self.number("scale", scale);
        let scaled = self.step("scaled", "Mul", &[q, &scale]);
        let turned = self.transposed("key-turned", k, &[0, 1, 3, 2]);
        let mut scores = if group == 1 {
            self.step("products", "MatMul", &[&scaled, &turned])
        } else {
            let apart = self.reshaped("query-groups", &scaled, &[0, heads, members, -1, to_i64(channels)]);
            let shared = self.reshaped("key-shared", &turned, &[0, heads, 1, to_i64(channels), -1]);
            let products = self.step("products-apart", "MatMul", &[&apart, &shared]);
            self.reshaped("products", &products, &[0, all, queries, keys])
        };
        let mut told = scores.clone();
        let cap = self.node.float("softcap").unwrap_or(0.0);
        if cap > 0.0 {
            let cap = self.number("softcap", cap);
            let part = self.step("part-of-softcap", "Div", &[&scores, &cap]);
            let bent = self.step("bent", "Tanh", &[&part]);
            scores = self.step("capped", "Mul", &[&bent, &cap]);
        }
        if mode == 1 {
            told.clone_from(&scores);
        }
        let mask = self.mask(sizes.keys)?;
        let allowed = self.allowed(sizes, before)?;
        for (part, limit) in [("masked", &mask), ("allowed", &allowed)] {
            scores = match limit.as_ref().map(|limit| &limit.bias) {
                None => scores,
                Some(Bias::Added(bias)) => self.step(part, "Add", &[&scores, bias]),
                Some(Bias::Where(condition)) => {
                    let masked = self.number("masked-score", MASKED);
                    self.step(part, "Where", &[condition, &scores, &masked])
                }
            };
        }
        if mode == 2 {
            told.clone_from(&scores);
        }
        let mut weights = self.step_with("weights", "Softmax", &[&scores], &[("axis", Attribute::Int(-1))]);
        if let Some(attends) = self.attends(mask, allowed) {
            weights = self.step("kept-weights", "Mul", &[&weights, &attends]);
        }
        if mode == 3 {
            told.clone_from(&weights);
        }
        self.handed_on(&told, 3);
        let mut made = if group == 1 {
            self.step("sums", "MatMul", &[&weights, v])
        } else {
            let apart = self.reshaped("weights-apart", &weights, &[0, heads, members, queries, keys]);
            let shared = self.reshaped("value-shared", v, &[0, heads, 1, -1, width]);
            let sums = self.step("sums-apart", "MatMul", &[&apart, &shared]);
            self.reshaped("sums", &sums, &[0, all, -1, width])
        };
        if flat {
            let turned = self.transposed("sums-turned", &made, &[0, 2, 1, 3]);
            made = self.reshaped("joined", &turned, &[0, 0, -1]);
        }
        // The last step is the value itself, under the name of the node.
        let last = self.nodes.iter_mut().rfind(|step| step.output() == made)?;
        self.node.output().clone_into(&mut last.outputs[0]);
        last.name.clone_from(&self.node.name);
        Some(())
    }

    /// The mask that is given, for all keys: those that it does not speak of are masked, also where it has a single one.
    fn mask(&mut self, keys: usize) -> Option<Option<Limit>> {
        let Some(mask) = self.node.input(3).map(str::to_owned) else { return Some(None) };
        let (shape, truth) = (self.shape(3)?.clone(), self.writer.is_truth(self.walk, &mask));
        let missing = keys.checked_sub(*shape.last()?)?;
        // Only where a score of minus infinity is added nothing is attended to, as in ONNX, not where a very small one is.
        let least = self.number("masked-score", MASKED);
        let open = if truth { mask.clone() } else { self.step("mask-holds", "GreaterOrEqual", &[&mask, &least]) };
        let to_float = [("to", Attribute::Int(data_type::FLOAT.into()))];
        let open = self.step_with("mask-open", "Cast", &[&open], &to_float);
        if truth && missing == 0 {
            return Some(Some(Limit { bias: Bias::Where(mask), open: Some(open) }));
        }
        let bias = if truth {
            let allowed = self.number("allowed-score", 0.0);
            self.step("mask-scores", "Where", &[&mask, &allowed, &least])
        } else {
            self.step("mask-scores", "Max", &[&mask, &least])
        };
        if missing == 0 {
            return Some(Some(Limit { bias: Bias::Added(bias), open: Some(open) }));
        }
        let mut rest = shape.clone();
        *rest.last_mut()? = missing;
        let count = element_count(&rest).filter(|&count| count <= MOST_MASKED)?;
        let axis = [("axis", Attribute::Int(-1))];
        let [bias, open] = [("mask", bias, MASKED), ("mask-open-all", open, 0.0)].map(|(part, of_mask, of_rest)| {
            let numbers = Constant::floats(rest.clone(), vec![of_rest; count]);
            let behind = self.constant(&format!("{part}-rest"), numbers);
            self.step_with(part, "Concat", &[&of_mask, &behind], &axis)
        });
        Some(Some(Limit { bias: Bias::Added(bias), open: Some(open) }))
    }

    /// 1 for each query that may attend to any key at all and 0 for the others, which get nothing instead of the mean of all values;
    /// `None` where every query may.
    fn attends(&mut self, mask: Option<Limit>, allowed: Option<Limit>) -> Option<String> {
        let open = match (mask.and_then(|limit| limit.open), allowed) {
            (None, allowed) => allowed?.open?,
            (Some(open), Some(Limit { bias: Bias::Where(condition), .. })) => {
                let to_float = [("to", Attribute::Int(data_type::FLOAT.into()))];
                let allowed = self.step_with("allowed-open", "Cast", &[&condition], &to_float);
                self.step("open", "Mul", &[&open, &allowed])
            }
            (Some(open), _) => open,
        };
        if self.walk.opset() < 18 {
            return Some(self.step_with("attends", "ReduceMax", &[&open], &[("axes", Attribute::Ints(vec![-1]))]));
        }
        let axes = self.constant("keys-axis", Constant::integers(vec![1], vec![-1]));
        Some(self.step("attends", "ReduceMax", &[&open, &axes]))
    }

    /// Which keys a query may attend to by its place: as constants, since they follow from sizes and attributes.
    fn allowed(&mut self, sizes: &Sizes, before: usize) -> Option<Option<Limit>> {
        let causal = self.node.int("is_causal").unwrap_or(0) != 0;
        let bound = |name: &str| self.node.int(name).filter(|&size| size >= 0);
        let (left, right) = (bound("left_window_size"), bound("right_window_size"));
        let filled = match self.node.input(6) {
            None => vec![None; 1],
            Some(name) => {
                let Elements::Int(counts) = self.walk.value(name)?.elements.clone() else { return None };
                counts.into_iter().map(Some).collect()
            }
        };
        if !causal && left.is_none() && right.is_none() && filled == [None] {
            return Some(None);
        }
        let (queries, keys) = (sizes.queries, sizes.keys);
        let count = element_count(&[filled.len(), queries, keys]).filter(|&count| count <= MOST_MASKED)?;
        let mut allowed = Vec::with_capacity(count);
        for &filled in &filled {
            // The place of the first query among the keys.
            let first =
                filled.filter(|_| before == 0).map_or(to_i64(before), |filled| filled.saturating_sub(to_i64(queries)));
            for at in (0..queries).map(|query| first.saturating_add(to_i64(query))) {
                allowed.extend((0..to_i64(keys)).map(|key| {
                    (!causal || key <= at)
                        && left.is_none_or(|left| at.saturating_sub(left) <= key)
                        && right.is_none_or(|right| key <= at.saturating_add(right))
                        && filled.is_none_or(|filled| key < filled)
                }));
            }
        }
        let bytes: Vec<u8> = allowed.iter().copied().map(u8::from).collect();
        let data = Data::Other { data_type: data_type::BOOL, bytes: bytes.into() };
        let shape = vec![filled.len(), 1, queries, keys];
        let condition = self.constant("allowed-places", Constant { shape: shape.clone(), data });
        let open = if allowed.chunks(keys.max(1)).all(|row| row.contains(&true)) {
            None
        } else {
            let floats = allowed.iter().map(|&allowed| f32::from(u8::from(allowed))).collect();
            Some(self.constant("allowed-open", Constant::floats(shape, floats)))
        };
        Some(Some(Limit { bias: Bias::Where(condition), open }))
    }
}

/// What keeps queries from keys.
struct Limit {
    bias: Bias,
    /// A value that is 1 where a query may attend to a key, else 0; `None` where every query may attend to one at least.
    open: Option<String>,
}

/// How scores are changed before the Softmax.
enum Bias {
    Added(String),
    /// Kept where this holds, and masked elsewhere.
    Where(String),
}
