//! What once failed is refused or answered, in time, each with the right sentence.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::mpsc::channel;
use std::thread;
use std::time::Duration;

use featurescope_fuzz::case::{Case, case};
use featurescope_fuzz::exercise::exercise;

/// What each model of the corpus has to come to: words of the report, which begins with the step that refused.
const MODELS: [(&str, &[&str]); 4] = [
    // The engine's tensor has another shape than the file says.
    ("ablate-panic.onnx", &["look: the engine gave \"", "in the shape [", "where the model says ["]),
    // A scale of a million, in a file of 666 bytes.
    (
        "hang.onnx",
        &["open: in node \"v1\": Resize would make a value of shape [1, 1, 16000000, 8], which is too large"],
    ),
    // Grad-CAM through a product of two computed values.
    ("op-nonlocal.onnx", &["looked"]),
    // A stride of 2^20 in a depthwise convolution, whose adjoint has as many remainders.
    ("slow-12-s.onnx", &["looked"]),
];

fn folder(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus").join(name)
}

/// The report of a case, or that there was none in time.
fn in_time(case: Case) -> String {
    let (sender, receiver) = channel();
    thread::spawn(move || sender.send(exercise(case)));
    receiver.recv_timeout(Duration::from_secs(20)).unwrap_or_else(|error| format!("no answer: {error}"))
}

#[test]
fn models_that_once_failed_are_answered_in_time() {
    let mut wrong = Vec::new();
    for (name, says) in MODELS {
        let report = in_time(Case::File(fs::read(folder("models").join(name)).unwrap()));
        println!("{name}: {report}");
        let missing: Vec<&&str> = says.iter().filter(|part| !report.contains(**part)).collect();
        if !missing.is_empty() || report.contains("no answer") {
            wrong.push(format!("{name}: {report} (lacks {missing:?})"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_file_of_the_corpus_is_named() {
    let mut found: Vec<String> = fs::read_dir(folder("models"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    found.sort();
    assert_eq!(found, MODELS.map(|(name, _)| name));
}

/// A failure is named by its seed and number, so these must always make the same.
#[test]
fn a_case_is_the_same_every_time() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    for number in 0..200 {
        let print = |case: Case| match case {
            Case::File(bytes) | Case::Picture(bytes) => format!("{bytes:?}"),
            Case::Graph(model, card) => format!("{:?} {card:?}", model.graph),
        };
        assert_eq!(print(case(7, number, &root)), print(case(7, number, &root)), "{number}");
    }
}
