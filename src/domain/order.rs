//! Sorting, compiled once.
//!
//! Each type that is sorted, and each comparison, brings its own copy of the standard library's sort: 5 kB of the download
//! every time. Here positions are sorted, so that one copy serves all.

use std::cmp::Ordering;

/// The positions of `count` items in ascending order. Equal items keep the order that they have.
#[inline(never)]
pub fn order(count: usize, compare: &dyn Fn(usize, usize) -> Ordering) -> Vec<usize> {
    let mut positions: Vec<usize> = (0..count).collect();
    positions.sort_by(|&first, &second| compare(first, second));
    positions
}

#[cfg(test)]
mod tests {
    use std::cmp::Ordering;

    use super::order;

    #[test]
    fn equal_items_keep_their_order() {
        let items = [3, 1, 2, 1, 3, 0];
        assert_eq!(order(items.len(), &|first, second| items[first].cmp(&items[second])), [5, 1, 3, 2, 0, 4]);
        assert_eq!(order(items.len(), &|first, second| items[second].cmp(&items[first])), [0, 4, 2, 1, 3, 5]);
        assert!(order(0, &|_, _| Ordering::Equal).is_empty());
    }
}
