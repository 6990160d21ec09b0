//! Windows that were written for one size: pooling over a whole map, and pads that make a stride come out even.

use super::{Change, Freedom, OWN, Retarget};
use crate::onnx::graph::{Attribute, Node, to_i64};

impl Retarget<'_> {
    pub(super) fn window(&self, node: &Node, size: usize) -> Option<Vec<Change>> {
        let input = node.input(0)?;
        let (own, now) = (self.shape(OWN, input).get(2..)?, self.shape(size, input).get(2..)?);
        let kernel = match node.ints("kernel_shape") {
            Some(kernel) => kernel.to_vec(),
            None => self.shape(OWN, node.input(1)?).get(2..)?.iter().map(|&length| to_i64(length)).collect(),
        };
        if kernel.len() != own.len() || own.len() != now.len() {
            return None;
        }
        let explicit = matches!(node.text("auto_pad"), None | Some("" | "NOTSET"));
        let pads = node.ints("pads").map_or_else(|| vec![0; 2 * own.len()], <[i64]>::to_vec);
        let whole = kernel.iter().zip(own).all(|(&kernel, &length)| kernel == to_i64(length));
        let grows = self.growth(input).iter().any(|growth| !growth.none());
        if node.op != "Conv"
            && whole
            && grows
            && kernel.iter().any(|&length| length > 1)
            && pads.iter().all(|&pad| pad == 0)
        {
            let lengths: Vec<i64> = now.iter().map(|&length| to_i64(length)).collect();
            return Some(vec![Change::Attribute("kernel_shape", Attribute::Ints(lengths))]);
        }
        if self.freedom != Freedom::SizesAndPads || !explicit || pads.len() != 2 * own.len() {
            return None;
        }
        let ones = vec![1; own.len()];
        let strides = node.ints("strides").unwrap_or(&ones);
        let dilations = node.ints("dilations").unwrap_or(&ones);
        let same = |lengths: &[usize]| -> Option<Vec<i64>> {
            let mut found = vec![0; 2 * lengths.len()];
            for (axis, &length) in lengths.iter().enumerate() {
                let (stride, reach) = (*strides.get(axis)?, (kernel[axis] - 1).checked_mul(*dilations.get(axis)?)?);
                let total =
                    (to_i64(length.checked_sub(1)?) / stride.max(1) * stride + reach + 1 - to_i64(length)).max(0);
                found[axis] = total / 2;
                found[lengths.len() + axis] = total - total / 2;
            }
            Some(found)
        };
        (same(own)? == pads).then(|| Some(vec![Change::Attribute("pads", Attribute::Ints(same(now)?))]))?
    }
}
