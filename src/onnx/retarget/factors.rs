//! What the target of a Reshape becomes where the lengths of its input change.

use super::{Growth, Lengths};

/// The lengths of an input.
pub struct Dimensions<'a> {
    /// At the file's own size.
    pub own: &'a [usize],
    pub growth: &'a [Growth],
    /// At the size that is asked for.
    pub now: &'a [usize],
    /// What heights and widths of maps become.
    pub lengths: &'a Lengths,
}

/// The shape that `own_target` becomes. Lengths of input and target are put together in groups with the same product, since a
/// Reshape keeps the order of the elements; within a group those of the target are made of those of the input. `None` where
/// that cannot be told, or does not come out even.
pub fn refactored(dimensions: &Dimensions<'_>, own_target: &[usize]) -> Option<Vec<usize>> {
    let Dimensions { own, growth, now, .. } = *dimensions;
    if own.len() != now.len() {
        return None;
    }
    // A length of 1 that stays one belongs to no group.
    let from: Vec<usize> =
        (0..own.len()).filter(|&axis| own[axis] != 1 || !growth[axis].none() || now[axis] != 1).collect();
    let to: Vec<usize> = (0..own_target.len()).filter(|&axis| own_target[axis] != 1).collect();
    let mut target = own_target.to_vec();
    let (mut read, mut made) = (0, 0);
    while read < from.len() || made < to.len() {
        let (first_read, first_made) = (read, made);
        let (mut given, mut wanted) = (own[*from.get(read)?], own_target[*to.get(made)?]);
        (read, made) = (read + 1, made + 1);
        while given != wanted {
            if given < wanted {
                given = given.checked_mul(own[*from.get(read)?])?;
                read += 1;
            } else {
                wanted = wanted.checked_mul(own_target[*to.get(made)?])?;
                made += 1;
            }
        }
        let lengths = group(dimensions, &from[first_read..read], own_target, &to[first_made..made])?;
        for (&axis, length) in to[first_made..made].iter().zip(lengths) {
            target[axis] = length;
        }
    }
    Some(target)
}

/// The lengths of the axes `to` of a target, made of those of the axes `from` of an input.
fn group(dimensions: &Dimensions<'_>, from: &[usize], own_target: &[usize], to: &[usize]) -> Option<Vec<usize>> {
    let &Dimensions { growth, now, lengths, .. } = dimensions;
    let product = |axes: &[usize]| axes.iter().try_fold(1_usize, |product, &axis| product.checked_mul(now[axis]));
    let own: Vec<usize> = to.iter().map(|&axis| own_target[axis]).collect();
    let grows = |axis: &&usize| !growth[**axis].none();
    if !from.iter().any(|axis| grows(&axis)) {
        return Some(own);
    }
    // Channels before or behind the picture's lengths are divided into channels: c into groups and c / groups.
    let before: usize = product(&from.iter().take_while(|axis| !grows(axis)).copied().collect::<Vec<_>>())?;
    let behind: usize = product(&from.iter().rev().take_while(|axis| !grows(axis)).copied().collect::<Vec<_>>())?;
    let mut core = 0..own.len();
    let (mut first, mut last) = (1, 1);
    while core.len() > 1 && before.is_multiple_of(first * own[core.start]) {
        first *= own[core.start];
        core.start += 1;
    }
    while core.len() > 1 && behind.is_multiple_of(last * own[core.end - 1]) {
        last *= own[core.end - 1];
        core.end -= 1;
    }
    let whole = product(from)?;
    let rest = exact(whole, first.checked_mul(last)?)?;
    let mut result = own.clone();
    let both = from.iter().any(|&axis| growth[axis].height) && from.iter().any(|&axis| growth[axis].width);
    if core.len() == 1 {
        result[core.start] = rest;
        return Some(result);
    }
    if both && let Some((place, pair)) = pair(&own[core.clone()], rest, lengths) {
        result[core.start + place..core.start + place + 2].copy_from_slice(&pair);
        return Some(result);
    }
    // Blocks of a fixed number of cells: a length is divided into how many there are and their side.
    let blocks =
        own[core.start + 1..core.end].iter().try_fold(1_usize, |product, &length| product.checked_mul(length))?;
    result[core.start] = exact(rest, blocks)?;
    Some(result)
}

/// The last two neighbours among `own` that are height and width of a map, and what they become where all lengths together are
/// `whole` elements.
fn pair(own: &[usize], whole: usize, [heights, widths]: &Lengths) -> Option<(usize, [usize; 2])> {
    (0..own.len().checked_sub(1)?).rev().find_map(|place| {
        let others = own.iter().enumerate().filter(|(other, _)| *other != place && *other != place + 1);
        let others = others.map(|(_, &length)| length).product::<usize>();
        let found = [*heights.get(&own[place])?, *widths.get(&own[place + 1])?];
        (found[0].checked_mul(found[1])?.checked_mul(others)? == whole).then_some((place, found))
    })
}

fn exact(whole: usize, part: usize) -> Option<usize> {
    (part > 0 && whole.is_multiple_of(part)).then(|| whole / part)
}
