//! Runs a test runner and reads from its own words how many tests passed, failed and were skipped.

use anyhow::{Context, Result, bail};
use serde_json::Value;
use std::fmt;
use std::fs;
use std::io::{BufRead, BufReader};
use std::ops::Add;
use std::path::Path;
use std::process::{Command, Stdio};

use crate::process;

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    pub passed: u64,
    pub failed: u64,
    pub skipped: u64,
}

impl Add for Counts {
    type Output = Counts;

    fn add(self, other: Counts) -> Counts {
        Counts {
            passed: self.passed + other.passed,
            failed: self.failed + other.failed,
            skipped: self.skipped + other.skipped,
        }
    }
}

impl fmt::Display for Counts {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{} passed, {} failed", self.passed, self.failed)?;
        if self.skipped > 0 {
            write!(formatter, ", {} skipped", self.skipped)?;
        }
        Ok(())
    }
}

/// `cargo test`: one closing line for each test binary and for the documentation's examples.
pub fn of_cargo(command: &mut Command) -> Result<Counts> {
    counted(command, |line, counts| {
        if let Some(results) = line.strip_prefix("test result: ") {
            let number = |what| number_before(results, what);
            *counts =
                *counts + Counts { passed: number(" passed"), failed: number(" failed"), skipped: number(" ignored") };
        }
    })
}

/// `node --test` with its TAP reporter, which closes with `# pass 3`.
pub fn of_node(command: &mut Command) -> Result<Counts> {
    counted(command, |line, counts| {
        let number = |what| line.strip_prefix(what).and_then(|rest| rest.trim().parse::<u64>().ok()).unwrap_or(0);
        *counts = *counts
            + Counts {
                passed: number("# pass "),
                failed: number("# fail ") + number("# cancelled "),
                skipped: number("# skipped ") + number("# todo "),
            };
    })
}

/// Playwright, which was told to leave a JSON report.
pub fn of_playwright(command: &mut Command, report: &Path) -> Result<Counts> {
    let status = command.status().context("could not start Playwright")?;
    let text = fs::read_to_string(report).with_context(|| format!("Playwright ended with {status} and no report"))?;
    let report: Value = serde_json::from_str(&text).context("Playwright's report is not JSON")?;
    let number = |what: &str| report["stats"][what].as_u64().unwrap_or(0);
    // A test that passes at the second try has failed once: it is not to be relied on.
    let counts = Counts {
        passed: number("expected"),
        failed: number("unexpected") + number("flaky"),
        skipped: number("skipped"),
    };
    // What went wrong outside the tests stands far above, among what passed.
    for error in report["errors"].as_array().into_iter().flatten() {
        println!("{}", error["stack"].as_str().or(error["message"].as_str()).unwrap_or("an error without words"));
    }
    checked(counts, status.success(), command)
}

/// Shows what the command prints and lets `read` gather numbers from each line.
fn counted(command: &mut Command, read: impl Fn(&str, &mut Counts)) -> Result<Counts> {
    let mut child = command
        .stdout(Stdio::piped())
        .spawn()
        .with_context(|| format!("could not start {}", process::line(command)))?;
    let mut counts = Counts::default();
    let output = child.stdout.take().context("the test runner has no output")?;
    for line in BufReader::new(output).lines() {
        let line = line.context("the test runner's output is not text")?;
        println!("{line}");
        read(&line, &mut counts);
    }
    let status = child.wait()?;
    checked(counts, status.success(), command)
}

/// A runner that failed without a failed test (it did not compile, it was ended) is a failure; one that ran nothing, too.
fn checked(counts: Counts, success: bool, command: &Command) -> Result<Counts> {
    if !success && counts.failed == 0 {
        println!("{} failed outside its tests", process::line(command));
        return Ok(Counts { failed: 1, ..counts });
    }
    if counts == Counts::default() {
        bail!("{} ran no test", process::line(command));
    }
    Ok(counts)
}

/// The number in front of a word: 12 in `ok. 12 passed; 0 failed`.
fn number_before(text: &str, word: &str) -> u64 {
    let before = text.split(word).next().unwrap_or_default();
    before.rsplit(|letter: char| !letter.is_ascii_digit()).next().and_then(|digits| digits.parse().ok()).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_cargos_closing_line() {
        let line = "ok. 12 passed; 3 failed; 4 ignored; 0 measured; 5 filtered out; finished in 0.01s";
        let numbers = [" passed", " failed", " ignored"].map(|word| number_before(line, word));
        assert_eq!(numbers, [12, 3, 4]);
    }

    #[test]
    fn prints_the_line_that_is_counted() {
        let counts = Counts { passed: 7, failed: 0, skipped: 0 };
        assert_eq!(counts.to_string(), "7 passed, 0 failed");
        assert_eq!((counts + Counts { skipped: 1, ..Counts::default() }).to_string(), "7 passed, 0 failed, 1 skipped");
    }
}
