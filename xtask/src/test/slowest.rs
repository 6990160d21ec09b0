//! Where the browser tests' time goes: the seconds of each file of tests, from Playwright's report.

use anyhow::{Context, Result};
use serde_json::Value;
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

/// How many files are printed.
const SHOWN: usize = 12;

/// Prints the files whose tests took longest, summed over both engines.
pub fn print(report: &Path) -> Result<()> {
    let text = fs::read_to_string(report).with_context(|| format!("could not read {}", report.display()))?;
    let files = by_file(&serde_json::from_str(&text).context("Playwright's report is not JSON")?);
    println!("\n{:<32} {:>7} {:>9}", "file", "tests", "seconds");
    for (file, Time { tests, seconds }) in files.iter().take(SHOWN) {
        println!("{file:<32} {tests:>7} {seconds:>9.1}");
    }
    Ok(())
}

/// What the tests of a file took, each in a worker of its own.
#[derive(Debug, Default, Clone, Copy, PartialEq)]
struct Time {
    tests: usize,
    seconds: f64,
}

/// The longest first.
fn by_file(report: &Value) -> Vec<(String, Time)> {
    let mut files = BTreeMap::<String, Time>::new();
    for suite in list(report, "suites") {
        add(suite, &mut files);
    }
    let mut files: Vec<_> = files.into_iter().collect();
    files.sort_by(|(_, one), (_, other)| other.seconds.total_cmp(&one.seconds));
    files
}

/// Adds the tests of a suite and of those inside it.
fn add(suite: &Value, files: &mut BTreeMap<String, Time>) {
    for spec in list(suite, "specs") {
        let time = files.entry(spec["file"].as_str().unwrap_or_default().to_owned()).or_default();
        for test in list(spec, "tests") {
            time.tests += 1;
            time.seconds +=
                list(test, "results").filter_map(|result| result["duration"].as_f64()).sum::<f64>() / 1000.0;
        }
    }
    for inner in list(suite, "suites") {
        add(inner, files);
    }
}

fn list<'a>(value: &'a Value, name: &str) -> impl Iterator<Item = &'a Value> {
    value[name].as_array().into_iter().flatten()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn sums_the_seconds_of_a_file_over_projects_and_groups() {
        let spec = |file, durations: [u64; 2]| json!({ "file": file, "tests": durations.map(|duration| json!({ "results": [{ "duration": duration }] })) });
        let report = json!({ "suites": [
            { "specs": [spec("a.spec.mjs", [500, 1000])], "suites": [{ "specs": [spec("a.spec.mjs", [0, 500])] }] },
            { "specs": [spec("b.spec.mjs", [2000, 2500])] },
        ] });
        let time = |tests, seconds| Time { tests, seconds };
        assert_eq!(
            by_file(&report),
            [("b.spec.mjs".to_owned(), time(2, 4.5)), ("a.spec.mjs".to_owned(), time(4, 2.0))]
        );
    }
}
