//! What once failed is refused or answered, in time, each with the right sentence.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::mpsc::channel;
use std::thread;
use std::time::Duration;

use featurescope::analysis::card::Card;
use featurescope::analysis::control::Unattended;
use featurescope::analysis::error::AnalysisError;
use featurescope::analysis::look::{LookOptions, look};
use featurescope::analysis::open::Opened;
use featurescope::analysis::prepared::Ready;
use featurescope::domain::picture::Picture;
use featurescope::domain::tensor::Tensor;
use featurescope::engine::rten::RtenEngine;
use featurescope::engine::{Engine, EngineError, LocalFuture, Runner};
use featurescope::onnx::graph::Graph;
use featurescope::onnx::lower::Limits;
use featurescope::onnx::read::read;
use featurescope::onnx::weights::Bytes32;
use featurescope_fuzz::case::{Case, case};
use featurescope_fuzz::exercise::exercise;

/// What each model of the corpus has to come to: words of the report, which begins with the step that refused.
const MODELS: [(&str, &[&str]); 4] = [
    // A sum over axes that are stated twice: inference took the one, lowering the other, and nobody compared.
    ("ablate-panic.onnx", &["looked"]),
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

/// An engine whose results have lost a row.
struct Short;

impl Engine for Short {
    fn name(&self) -> &'static str {
        "short"
    }

    fn limits(&self) -> Option<Limits> {
        None
    }

    fn prepare<'a>(&'a self, graph: Graph) -> LocalFuture<'a, Result<Box<dyn Runner>, EngineError>> {
        Box::pin(async move { Ok(Box::new(ShortRunner(RtenEngine.prepare(graph).await?)) as Box<dyn Runner>) })
    }
}

struct ShortRunner(Box<dyn Runner>);

impl Runner for ShortRunner {
    fn run<'a>(&'a self, inputs: &'a [(&'a str, &'a Tensor)]) -> LocalFuture<'a, Result<Vec<Tensor>, EngineError>> {
        Box::pin(async move {
            let shorter = |result: Tensor| {
                let mut shape = result.shape().to_vec();
                if let [_, _, height, _] = &mut shape[..] {
                    *height -= 1;
                }
                let count = shape.iter().product();
                Tensor::new(shape, result.into_data()[..count].to_vec()).unwrap()
            };
            Ok(self.0.run(inputs).await?.into_iter().map(shorter).collect())
        })
    }
}

#[test]
fn a_result_of_another_shape_than_was_inferred_is_named() {
    let bytes = fs::read(folder("models").join("op-nonlocal.onnx")).unwrap();
    let opened = Opened::new(read(Bytes32::from(&bytes[..]), Vec::new()).unwrap(), Card::default()).unwrap();
    let picture = Picture::new(32, 32, vec![7; 32 * 32 * 3]).unwrap();
    let options = LookOptions { layer: "r", recipe: opened.recipe(), patch: None, slices: &[] };
    let found = pollster::block_on(look(&opened, &Short, &Ready::default(), &picture, options, &Unattended));
    let refused = AnalysisError::Engine(EngineError::OtherShape {
        value: "r".to_owned(),
        expected: vec![1, 8, 32, 32],
        found: vec![1, 8, 31, 32],
    });
    assert_eq!(found.err(), Some(refused));
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
