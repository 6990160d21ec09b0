//! Writes kernels out: constants in front, and lines that are repeated with a number in them.
//!
//! WGSL has no macros, and a loop over local variables that the driver does not unroll keeps them in memory instead of
//! registers. So a kernel may say
//!
//! ```text
//! #repeat P 4
//!     let value$P = input[at + $Pu];
//! #end
//! ```
//!
//! which stands for the four lines with 0, 1, 2 and 3 in place of `$P`. Repetitions can be nested, and how often a part is
//! repeated can be the name of a constant. `@($P*STRIDE+1)` stands for the number that comes out, so that a name can be
//! chosen by it; there are sums of products, no more.

use std::collections::BTreeMap;
use std::fmt::Write;

/// The constants of a kernel, written as `const NAME = value;`.
pub(super) type Constants = BTreeMap<String, usize>;

/// The kernel with its constants in front and its repetitions written out.
pub(super) fn expand(source: &str, constants: &Constants) -> String {
    let mut output = String::with_capacity(source.len() * 4);
    for (name, value) in constants {
        // Writing to a string cannot fail.
        let _ = writeln!(output, "const {name} = {value}u;");
    }
    let lines: Vec<&str> = source.lines().collect();
    repeat(&lines, constants, &mut Vec::new(), &mut output);
    output
}

/// A number, or the constant of this name; 0 where there is none, which no kernel of ours says.
fn number(word: &str, constants: &Constants) -> usize {
    word.parse().ok().or_else(|| constants.get(word).copied()).unwrap_or(0)
}

/// Works out every `@(…)` of a line.
fn calculate(line: &str, constants: &Constants) -> String {
    let mut parts = line.split("@(");
    let mut output = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (expression, rest) = part.split_once(')').unwrap_or((part, ""));
        let sum: usize = expression
            .split('+')
            .map(|product| product.split('*').map(|word| number(word.trim(), constants)).product::<usize>())
            .sum();
        let _ = write!(output, "{sum}{rest}");
    }
    output
}

fn repeat(lines: &[&str], constants: &Constants, numbers: &mut Vec<(String, usize)>, output: &mut String) {
    let mut at = 0;
    while at < lines.len() {
        let line = lines[at];
        at += 1;
        let mut words = line.split_whitespace();
        if words.next() == Some("#repeat") {
            let name = format!("${}", words.next().unwrap_or_default());
            let count = number(words.next().unwrap_or_default(), constants);
            let length = body(&lines[at..]);
            for value in 0..count {
                numbers.push((name.clone(), value));
                repeat(&lines[at..at + length], constants, numbers, output);
                numbers.pop();
            }
            at += length + 1;
        } else {
            let line = numbers
                .iter()
                .fold(line.to_owned(), |line, (name, number)| line.replace(name.as_str(), &number.to_string()));
            output.push_str(&calculate(&line, constants));
            output.push('\n');
        }
    }
}

/// How many lines there are before the `#end` that closes a repetition.
fn body(lines: &[&str]) -> usize {
    let mut depth = 0;
    for (index, line) in lines.iter().enumerate() {
        match line.split_whitespace().next() {
            Some("#repeat") => depth += 1,
            Some("#end") if depth == 0 => return index,
            Some("#end") => depth -= 1,
            _ => {}
        }
    }
    lines.len()
}

#[cfg(test)]
mod tests {
    use super::expand;

    #[test]
    fn repetitions_are_written_out_and_nest() {
        let source = "a\n#repeat P 2\np$P\n  #repeat Q N\nq$P$Q\n  #end\n#end\nb";
        let constants = [("N".to_owned(), 2)].into();
        assert_eq!(expand(source, &constants), "const N = 2u;\na\np0\nq00\nq01\np1\nq10\nq11\nb\n");
    }

    #[test]
    fn numbers_are_worked_out() {
        let constants = [("S".to_owned(), 3)].into();
        let source = "#repeat P 2\nw@($P*S+2*2) = w@(7);\n#end";
        assert_eq!(expand(source, &constants), "const S = 3u;\nw4 = w7;\nw7 = w7;\n");
    }
}
