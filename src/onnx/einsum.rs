//! The equation of an Einsum: of each operand and of the result the labels of its dimensions.

use std::collections::BTreeMap;

/// The dimensions that an ellipsis stands for have these labels, counted from the last: no letter of an equation is one of them.
const ELLIPSIS: u32 = 0x100;

/// An equation with a label for every dimension.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Equation {
    /// One list for each operand. A label that stands twice in one takes its diagonal.
    pub terms: Vec<Vec<char>>,
    /// Each label once.
    pub result: Vec<char>,
}

impl Equation {
    /// Reads an equation for operands of so many dimensions each. As NumPy has it, the dimensions of an ellipsis are aligned at the
    /// last; without an arrow the result has these, and then the letters that stand once in alphabetical order.
    ///
    /// # Errors
    /// A sentence where the equation does not fit.
    pub fn read(equation: &str, ranks: &[usize]) -> Result<Self, String> {
        let plain: String = equation.chars().filter(|letter| !letter.is_whitespace()).collect();
        let (given, result) = match plain.split_once("->") {
            Some((given, result)) => (given, Some(result)),
            None => (&plain[..], None),
        };
        let given: Vec<&str> = given.split(',').collect();
        if given.len() != ranks.len() {
            return Err(format!("\"{equation}\" has {} terms", given.len()));
        }
        let mut widest = 0;
        let mut terms = Vec::with_capacity(given.len());
        for (term, &rank) in given.into_iter().zip(ranks) {
            let unfit = || format!("\"{term}\" does not fit an input of {rank} dimensions");
            let width = match term.split_once("...") {
                Some((before, after)) => rank.checked_sub(before.len() + after.len()).ok_or_else(unfit)?,
                None => 0,
            };
            widest = widest.max(width);
            let labels = labels(term, width).filter(|labels| labels.len() == rank).ok_or_else(unfit)?;
            terms.push(labels);
        }
        let result = match result {
            Some(result) if widest > 0 && !result.contains("...") => {
                return Err(format!("the result \"{result}\" has no ellipsis"));
            }
            Some(result) => {
                labels(result, widest).ok_or_else(|| format!("\"{result}\" has other signs than letters"))?
            }
            None => {
                let mut times: BTreeMap<char, usize> = BTreeMap::new();
                terms.iter().flatten().for_each(|&label| *times.entry(label).or_default() += 1);
                let once = times.into_iter().filter(|(label, times)| label.is_ascii() && *times == 1);
                leading(widest).chain(once.map(|(label, _)| label)).collect()
            }
        };
        for (place, label) in result.iter().enumerate() {
            if result[..place].contains(label) || !terms.iter().flatten().any(|other| other == label) {
                return Err(format!("axis {label} of the result is in no term, or twice in the result"));
            }
        }
        Ok(Self { terms, result })
    }

    /// The size of each label, for operands of these shapes: a size of 1 stands for any.
    ///
    /// # Errors
    /// A sentence where the shapes do not fit.
    pub fn sizes(&self, shapes: &[&[usize]]) -> Result<BTreeMap<char, usize>, String> {
        let mut sizes: BTreeMap<char, usize> = BTreeMap::new();
        for (term, shape) in self.terms.iter().zip(shapes) {
            for (place, (&label, &length)) in term.iter().zip(*shape).enumerate() {
                let twice = term[..place].iter().position(|other| *other == label);
                let size = sizes.entry(label).or_insert(length);
                if *size == 1 {
                    *size = length;
                }
                if length != 1 && length != *size || twice.is_some_and(|first| shape[first] != length) {
                    return Err(format!("axis {label} is both {size} and {length}"));
                }
            }
        }
        Ok(sizes)
    }
}

/// The labels of a term, whose ellipsis stands for so many dimensions.
fn labels(term: &str, width: usize) -> Option<Vec<char>> {
    let (before, after) = term.split_once("...").unwrap_or((term, ""));
    let width = if term.contains("...") { width } else { 0 };
    let labels: Vec<char> = before.chars().chain(leading(width)).chain(after.chars()).collect();
    let is_label = |label: &char| label.is_ascii_alphabetic() || u32::from(*label) >= ELLIPSIS;
    (before.is_ascii() && after.is_ascii() && labels.iter().all(is_label)).then_some(labels)
}

/// The labels of an ellipsis of so many dimensions.
fn leading(width: usize) -> impl Iterator<Item = char> {
    (0..width).rev().filter_map(|place| char::from_u32(ELLIPSIS + u32::try_from(place).ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn result(equation: &str, ranks: &[usize]) -> Option<String> {
        let shown = |label: char| if label.is_ascii() { label } else { '.' };
        Equation::read(equation, ranks).ok().map(|read| read.result.into_iter().map(shown).collect())
    }

    #[test]
    fn the_result_has_the_ellipsis_and_the_letters_that_stand_once() {
        assert_eq!(result("...ij,...jk", &[4, 3]), Some("..ik".to_owned()));
        assert_eq!(result("...ii", &[3]), Some(".".to_owned()));
        assert_eq!(result("ba", &[2]), Some("ab".to_owned()));
        assert_eq!(result("b i ... -> b ... i", &[4]), Some("b..i".to_owned()));
        // An ellipsis may stand for nothing.
        assert_eq!(result("ij->...ij", &[2]), Some("ij".to_owned()));
    }

    #[test]
    fn what_does_not_fit_is_refused() {
        let unfit: [(&str, &[usize]); 8] = [
            ("ij", &[3]),
            ("ij,jk", &[2]),
            ("...ijk", &[2]),
            ("i.j", &[3]),
            ("i...->i", &[3]),
            ("ij->ii", &[2]),
            ("ij->ik", &[2]),
            ("......", &[2]),
        ];
        for (equation, ranks) in unfit {
            assert!(Equation::read(equation, ranks).is_err(), "{equation}");
        }
        let read = Equation::read("...ij,...jk->...ik", &[3, 4]).unwrap();
        assert_eq!(read.sizes(&[&[2, 3, 4], &[5, 1, 4, 6]]).map(|sizes| sizes.len()), Ok(5));
        assert!(read.sizes(&[&[2, 3, 4], &[5, 3, 4, 6]]).is_err());
        let square = Equation::read("ii", &[2]).unwrap();
        assert!(square.sizes(&[&[3, 1]]).is_err() && square.sizes(&[&[1, 3]]).is_err());
    }
}
