//! Values sampled at positions that are computed: products with tables that have a row for each element of an axis and a column for each
//! position, with the weight of the element there. The derivative by the positions goes through the weights.

use super::matmul::product;
use crate::onnx::core::along::along;
use crate::onnx::core::arithmetic::{Operand, binary, operand};
use crate::onnx::core::build::{Lowering, View};
use crate::onnx::core::emit::To;
use crate::onnx::core::error::LowerError;
use crate::onnx::core::rearrange::{joined, reshaped};
use crate::onnx::graph::{Constant, Node, to_i64};
use crate::onnx::sampling::{CUBIC, Interpolation, Outside, Sampling};
use crate::onnx::shapes::{Context, Deformed, Known, base_grid};
use crate::onnx::slice_sums::Sums;

/// The most numbers that one step has at a time; where there would be more, the positions are taken in blocks.
const MOST_AT_A_TIME: usize = 1 << 24;

/// The most blocks, each of which is a dozen nodes.
const MOST_BLOCKS: usize = 64;

pub(super) fn lower(lowering: &mut Lowering<'_>, node: &Node) -> Result<(), LowerError> {
    let shape = lowering.shape(node.output())?.to_vec();
    let result = match node.op.as_str() {
        "GridSample" => grid_sample(lowering, node, &shape)?,
        "AffineGrid" => affine_grid(lowering, node, &shape)?,
        _ => deform_conv(lowering, node)?,
    };
    let result = reshaped(lowering, result, &shape)?;
    lowering.set(node.output(), result);
    Ok(())
}

fn grid_sample(lowering: &mut Lowering<'_>, node: &Node, shape: &[usize]) -> Result<View, LowerError> {
    let sampling = Sampling::of(node).ok_or_else(|| lowering.unsupported("it has a mode that is not known"))?;
    let x = lowering.input(node, 0)?;
    let (own, count) = (x.layout.shape(), shape[2..].iter().product::<usize>());
    let (batch, spatial) = (own[0], &own[2..]);
    if let Some(grid) = lowering.constant_input(node, 1).filter(|_| batch == 1) {
        let sums = constant_grid(lowering, grid, &sampling, spatial)?;
        let flat = reshaped(lowering, x, &[own[0], own[1], spatial.iter().product()])?;
        return along(lowering, To::Node, flat, 2, sums);
    }
    let grid = lowering.input(node, 1)?;
    let grid = reshaped(lowering, grid, &[batch, count, spatial.len()])?;
    let mut positions = Vec::with_capacity(spatial.len());
    for (axis, &size) in spatial.iter().enumerate() {
        // The grid names the last axis first.
        let named = Sums::taking([Some(spatial.len() - 1 - axis)]);
        let number = along(lowering, To::Step("number"), grid.clone(), 2, named)?;
        let number = reshaped(lowering, number, &[batch, 1, count])?;
        positions.push(position(lowering, &number, &sampling, size)?);
    }
    sampled(lowering, To::Node, x, &positions, &sampling)
}

/// What each place of a grid that is known is made of.
fn constant_grid(
    lowering: &Lowering<'_>,
    grid: &[f32],
    sampling: &Sampling,
    spatial: &[usize],
) -> Result<Sums, LowerError> {
    lowering.made_up(&[grid.len(), 4])?;
    let mut sums = Sums::default();
    for place in grid.chunks_exact(spatial.len()) {
        let mut terms = vec![(0, 1.0)];
        for (&size, &number) in spatial.iter().zip(place.iter().rev()) {
            let taps = sampling.taps(sampling.position(number, size), size);
            let along = |&(start, weight): &(usize, f32)| {
                taps.iter().flatten().map(move |&(place, own)| (start * size + place, weight * own)).collect::<Vec<_>>()
            };
            terms = terms.iter().flat_map(along).collect();
        }
        sums.push(terms.into_iter().filter(|&(_, weight)| weight != 0.0));
    }
    Ok(sums)
}

/// Where a number from −1 to 1 lies along an axis, counted in elements; see [`Sampling::position`].
#[expect(clippy::cast_precision_loss, reason = "sizes of pictures are far below 2^24")]
fn position(lowering: &mut Lowering<'_>, number: &View, sampling: &Sampling, size: usize) -> Result<View, LowerError> {
    let from_start = lowering.with_number(To::Step("from_start"), "Add", number, 1.0)?;
    if sampling.align_corners {
        let part = lowering.with_number(To::Step("part"), "Mul", &from_start, 0.5)?;
        return lowering.with_number(To::Step("position"), "Mul", &part, (size - 1) as f32);
    }
    let scaled = lowering.with_number(To::Step("scaled"), "Mul", &from_start, size as f32)?;
    let shifted = lowering.with_number(To::Step("shifted"), "Sub", &scaled, 1.0)?;
    lowering.with_number(To::Step("position"), "Mul", &shifted, 0.5)
}

/// A value `[batch, channels, spatial…]` at these positions along each axis, `[batch, 1, places]`, as `[batch, channels, places]`.
fn sampled(
    lowering: &mut Lowering<'_>,
    to: To<'_>,
    x: View,
    positions: &[View],
    sampling: &Sampling,
) -> Result<View, LowerError> {
    // So far beyond the elements reach the taps of a position that is brought back to them.
    let margin = match (sampling.outside, sampling.interpolation) {
        (Outside::Zeros, _) | (_, Interpolation::Nearest) => 0,
        (_, Interpolation::Linear) => 1,
        (_, Interpolation::Cubic) => 3,
    };
    let own = x.layout.shape();
    let mut x = x;
    let mut inside = Vec::with_capacity(positions.len());
    for (axis, position) in positions.iter().enumerate() {
        let size = own[2 + axis];
        inside.push(brought_inside(lowering, position, sampling, size, margin)?);
        let places = (-to_i64(margin)..to_i64(size + margin)).map(|index| sampling.place(index, size));
        x = along(lowering, To::Step("margin"), x, 2 + axis, Sums::taking(places))?;
    }
    let own = x.layout.shape();
    let (batch, channels, spatial) = (own[0], own[1], &own[2..]);
    let count = positions.first().map_or(0, |position| position.layout.shape()[2]);
    let (area, last) = (spatial.iter().product::<usize>(), spatial.last().copied().unwrap_or(1));
    // One table for all axes, or a table for each after the other: whichever is smaller.
    let together = channels > last || spatial.len() == 1;
    let for_each = batch * if together { area.max(channels) } else { channels * area / last };
    let block = (MOST_AT_A_TIME / for_each.max(1)).clamp(1, count.max(1));
    if count.div_ceil(block) > MOST_BLOCKS {
        return Err(lowering.unsupported(format!("{count} positions in a value of shape {own:?} are too many")));
    }
    let mut parts = Vec::new();
    for start in (0..count).step_by(block) {
        let end = count.min(start + block);
        let of_block = if block < count { To::Step("block") } else { to };
        let mut tables = Vec::with_capacity(spatial.len());
        for (position, &size) in inside.iter().zip(spatial) {
            let block = Sums::taking((start..end).map(Some));
            let position = along(lowering, To::Step("positions"), position.clone(), 2, block)?;
            tables.push(table(lowering, &position, sampling, size, margin)?);
        }
        let sizes = [&[batch, channels], spatial, &[end - start]].concat();
        let x = x.clone();
        parts.push(if together {
            by_one(lowering, of_block, x, tables, &sizes)?
        } else {
            by_each(lowering, of_block, x, tables, &sizes)?
        });
    }
    match &parts[..] {
        [only] => Ok(only.clone()),
        parts => joined(lowering, to, parts, 2),
    }
}

/// Positions that lie among the elements or in their margin, with the same value there.
#[expect(clippy::cast_precision_loss, reason = "sizes of pictures are far below 2^24")]
fn brought_inside(
    lowering: &mut Lowering<'_>,
    position: &View,
    sampling: &Sampling,
    size: usize,
    margin: usize,
) -> Result<View, LowerError> {
    let nearest = sampling.interpolation == Interpolation::Nearest;
    let position = if nearest { lowering.unary(To::Step("nearest"), "Round", position)? } else { position.clone() };
    let (last, margin) = (size as f32 - 1.0, margin as f32);
    let [low, high] = match sampling.outside {
        Outside::Zeros => return Ok(position),
        Outside::Border => [(1.0 - margin).min(0.0), last + (margin - 1.0).max(0.0)],
        Outside::Reflection if sampling.align_corners && size == 1 => [0.0, 0.0],
        Outside::Reflection => {
            let [low, high] = if sampling.align_corners { [0.0, last] } else { [-0.5, last + 0.5] };
            let period = 2.0 * (high - low);
            let from_low = lowering.with_number(To::Step("from_low"), "Sub", &position, low)?;
            let periods = lowering.with_number(To::Step("periods"), "Mul", &from_low, period.recip())?;
            let whole = lowering.unary(To::Step("whole"), "Floor", &periods)?;
            let before = lowering.with_number(To::Step("before"), "Mul", &whole, period)?;
            let there = lowering.pairwise(To::Step("there"), "Sub", &position, &before)?;
            let back = lowering.number_with(To::Step("back"), "Sub", 2.0 * high, &there)?;
            return lowering.pairwise(To::Step("inside"), "Min", &there, &back);
        }
    };
    let above = lowering.with_number(To::Step("above"), "Max", &position, low)?;
    lowering.with_number(To::Step("inside"), "Min", &above, high)
}

/// The weights of the elements of an axis, and of its margins, at each position: `[batch, elements, positions]`.
fn table(
    lowering: &mut Lowering<'_>,
    position: &View,
    sampling: &Sampling,
    size: usize,
    margin: usize,
) -> Result<View, LowerError> {
    if sampling.interpolation == Interpolation::Nearest {
        return equal(lowering, position, size, margin, 0);
    }
    let first = lowering.unary(To::Step("first"), "Floor", position)?;
    let behind = lowering.pairwise(To::Step("behind"), "Sub", position, &first)?;
    let before = lowering.number_with(To::Step("before_next"), "Sub", 1.0, &behind)?;
    let weights = if sampling.interpolation == Interpolation::Linear {
        vec![(0, before), (1, behind)]
    } else {
        let (from_first, from_last) = (
            lowering.with_number(To::Step("from_first"), "Add", &behind, 1.0)?,
            lowering.with_number(To::Step("from_last"), "Add", &before, 1.0)?,
        );
        vec![
            (-1, far(lowering, &from_first)?),
            (0, near(lowering, &behind)?),
            (1, near(lowering, &before)?),
            (2, far(lowering, &from_last)?),
        ]
    };
    let mut all: Option<View> = None;
    for (offset, weight) in weights {
        let there = equal(lowering, &first, size, margin, offset)?;
        let shape = there.layout.shape();
        let (there, weight) = (Operand::Computed(there), Operand::Computed(weight));
        let own = binary(lowering, To::Step("weights"), "Mul", &there, &weight, &shape)?;
        all = Some(match all {
            Some(all) => {
                binary(lowering, To::Step("table"), "Add", &Operand::Computed(all), &Operand::Computed(own), &shape)?
            }
            None => own,
        });
    }
    all.ok_or_else(|| lowering.unsupported("it takes no elements"))
}

/// 1 where an element is the one at `index + offset`, and 0 elsewhere.
#[expect(clippy::cast_precision_loss, reason = "sizes of pictures are far below 2^24")]
fn equal(
    lowering: &mut Lowering<'_>,
    index: &View,
    size: usize,
    margin: usize,
    offset: i64,
) -> Result<View, LowerError> {
    let shape = index.layout.shape();
    let table = [shape[0], size, shape[2]];
    lowering.made_up(&table)?;
    let first = -offset - to_i64(margin);
    let places = (first..first + to_i64(size)).map(|place| place as f32).collect();
    let places = Operand::Constant(Constant::floats(vec![1, size, 1], places));
    let distance = binary(lowering, To::Step("distance"), "Sub", &Operand::Computed(index.clone()), &places, &table)?;
    let sign = lowering.unary(To::Step("sign"), "Sign", &distance)?;
    let differs = lowering.unary(To::Step("differs"), "Abs", &sign)?;
    lowering.number_with(To::Step("equal"), "Sub", 1.0, &differs)
}

/// The cubic kernel within a distance of 1.
fn near(lowering: &mut Lowering<'_>, x: &View) -> Result<View, LowerError> {
    let slope = lowering.with_number(To::Step("slope"), "Mul", x, CUBIC + 2.0)?;
    let bent = lowering.with_number(To::Step("bent"), "Sub", &slope, CUBIC + 3.0)?;
    let square = lowering.pairwise(To::Step("square"), "Mul", x, x)?;
    let lost = lowering.pairwise(To::Step("lost"), "Mul", &bent, &square)?;
    lowering.with_number(To::Step("near"), "Add", &lost, 1.0)
}

/// The cubic kernel at a distance from 1 to 2.
fn far(lowering: &mut Lowering<'_>, x: &View) -> Result<View, LowerError> {
    let slope = lowering.with_number(To::Step("slope"), "Mul", x, CUBIC)?;
    let bent = lowering.with_number(To::Step("bent"), "Sub", &slope, 5.0 * CUBIC)?;
    let once = lowering.pairwise(To::Step("once"), "Mul", &bent, x)?;
    let shifted = lowering.with_number(To::Step("raised"), "Add", &once, 8.0 * CUBIC)?;
    let twice = lowering.pairwise(To::Step("twice"), "Mul", &shifted, x)?;
    lowering.with_number(To::Step("far"), "Sub", &twice, 4.0 * CUBIC)
}

/// By one table with a row for each element of the plane; `sizes` are batch, channels, the plane's and the number of positions.
fn by_one(
    lowering: &mut Lowering<'_>,
    to: To<'_>,
    x: View,
    tables: Vec<View>,
    sizes: &[usize],
) -> Result<View, LowerError> {
    let &[batch, channels, ref spatial @ .., count] = sizes else {
        return Err(lowering.unsupported("it has no axes"));
    };
    let mut rows = 1;
    let mut all: Option<View> = None;
    for (own, &size) in tables.into_iter().zip(spatial) {
        all = Some(match all {
            Some(all) => {
                let outer = Operand::Computed(reshaped(lowering, all, &[batch, rows, 1, count])?);
                let inner = Operand::Computed(reshaped(lowering, own, &[batch, 1, size, count])?);
                binary(lowering, To::Step("table"), "Mul", &outer, &inner, &[batch, rows, size, count])?
            }
            None => own,
        });
        rows *= size;
    }
    let all = all.ok_or_else(|| lowering.unsupported("it has no axes"))?;
    let table = Operand::Computed(reshaped(lowering, all, &[batch, rows, count])?);
    let x = Operand::Computed(reshaped(lowering, x, &[batch, channels, rows])?);
    product(lowering, to, &x, &table)
}

/// By the table of the last axis, and then by those of the others.
fn by_each(
    lowering: &mut Lowering<'_>,
    to: To<'_>,
    x: View,
    mut tables: Vec<View>,
    sizes: &[usize],
) -> Result<View, LowerError> {
    let (&[batch, channels, ref spatial @ .., last, count], Some(table)) = (sizes, tables.pop()) else {
        return Err(lowering.unsupported("it has no axes"));
    };
    let mut rows = channels * spatial.iter().product::<usize>();
    let x = Operand::Computed(reshaped(lowering, x, &[batch, rows, last])?);
    let mut seen = product(lowering, To::Step("columns"), &x, &Operand::Computed(table))?;
    for (axis, (table, &size)) in tables.into_iter().zip(spatial).enumerate().rev() {
        rows /= size;
        let shape = [batch, rows, size, count];
        let own = Operand::Computed(reshaped(lowering, seen, &shape)?);
        let table = Operand::Computed(reshaped(lowering, table, &[batch, 1, size, count])?);
        let weighed = binary(lowering, To::Step("weighed"), "Mul", &own, &table, &shape)?;
        let mut all = Sums::default();
        all.push((0..size).map(|row| (row, 1.0)));
        let added = along(lowering, if axis == 0 { to } else { To::Step("rows") }, weighed, 2, all)?;
        seen = reshaped(lowering, added, &[batch, rows, count])?;
    }
    Ok(seen)
}

fn affine_grid(lowering: &mut Lowering<'_>, node: &Node, shape: &[usize]) -> Result<View, LowerError> {
    let &[_, ref spatial @ .., axes] = shape else { return Err(lowering.unsupported("it has no axes")) };
    let count = spatial.iter().product();
    lowering.made_up(&[count, axes + 1])?;
    let base = base_grid(spatial, node.int("align_corners").unwrap_or(0) != 0);
    let base = Operand::Constant(Constant::floats(vec![count, axes + 1], base));
    let theta = lowering.input(node, 0)?;
    let theta = Operand::Computed(View { layout: theta.layout.transposed(&[0, 2, 1]), ..theta });
    product(lowering, To::Node, &base, &theta)
}

/// What each place of the kernel sees is sampled, and then multiplied with the weights.
#[expect(clippy::cast_precision_loss, reason = "places in a picture")]
fn deform_conv(lowering: &mut Lowering<'_>, node: &Node) -> Result<View, LowerError> {
    let mut known = Known::default();
    for name in node.inputs.iter().filter(|name| !name.is_empty()) {
        known.shapes.insert(name.clone(), lowering.shape(name)?.to_vec());
    }
    let context = Context { node, opset: lowering.source.opset(), graph: lowering.source, known: &known };
    let deformed = Deformed::read(&context).map_err(|_| lowering.unsupported("its inputs do not fit each other"))?;
    let Deformed { batch, channels, group, offset_group, size, maps, .. } = deformed;
    let [down, across] = [0, 1].map(|axis| usize::try_from(deformed.windows.kernel[axis]).unwrap_or(1));
    let (taps, pixels) = (down * across, size[0] * size[1]);
    let stacks = batch * offset_group;
    let x = lowering.input(node, 0)?;
    let own = x.layout.shape();
    let x = reshaped(lowering, x, &[stacks, channels / offset_group, own[2], own[3]])?;
    let offsets = lowering.input(node, 2)?;
    let offsets = reshaped(lowering, offsets, &[stacks, taps, 2, pixels])?;
    let mut positions = Vec::with_capacity(2);
    for axis in 0..2 {
        let place = deformed.places(axis);
        let all = (0..taps * pixels).map(|at| {
            let (tap, pixel) = (at / pixels, at % pixels);
            let (tap, pixel) =
                if axis == 0 { (tap / across, pixel / size[1]) } else { (tap % across, pixel % size[1]) };
            place(tap, pixel) as f32
        });
        let undeformed = Operand::Constant(Constant::floats(vec![1, 1, taps * pixels], all.collect()));
        let offset = along(lowering, To::Step("offset"), offsets.clone(), 2, Sums::taking([Some(axis)]))?;
        let offset = Operand::Computed(reshaped(lowering, offset, &[stacks, 1, taps * pixels])?);
        let shape = [stacks, 1, taps * pixels];
        positions.push(binary(lowering, To::Step("position"), "Add", &offset, &undeformed, &shape)?);
    }
    let sampling = Sampling { interpolation: Interpolation::Linear, outside: Outside::Zeros, align_corners: false };
    let mut seen = sampled(lowering, To::Step("seen"), x, &positions, &sampling)?;
    if node.input(4).is_some() {
        let mask = lowering.input(node, 4)?;
        let mask = reshaped(lowering, mask, &[stacks, 1, taps * pixels])?;
        let shape = [stacks, channels / offset_group, taps * pixels];
        seen = binary(lowering, To::Step("masked"), "Mul", &Operand::Computed(seen), &Operand::Computed(mask), &shape)?;
    }
    let inner = channels / group * taps;
    let seen = Operand::Computed(reshaped(lowering, seen, &[batch, group, inner, pixels])?);
    let weights = match operand(lowering, node, 1)? {
        Operand::Constant(constant) => {
            Operand::Constant(Constant { shape: vec![1, group, maps / group, inner], ..constant })
        }
        Operand::Computed(view) => Operand::Computed(reshaped(lowering, view, &[1, group, maps / group, inner])?),
    };
    let biased = node.input(3).is_some();
    let made = product(lowering, if biased { To::Step("product") } else { To::Node }, &weights, &seen)?;
    let made = reshaped(lowering, made, &[batch, maps, pixels])?;
    if !biased {
        return Ok(made);
    }
    let bias = match operand(lowering, node, 3)? {
        Operand::Constant(constant) => Operand::Constant(Constant { shape: vec![maps, 1], ..constant }),
        Operand::Computed(view) => Operand::Computed(reshaped(lowering, view, &[maps, 1])?),
    };
    binary(lowering, To::Node, "Add", &Operand::Computed(made), &bias, &[batch, maps, pixels])
}
