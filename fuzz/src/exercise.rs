//! Everything that the page asks of a model: it is opened, looked at in several layers, asked for Grad-CAM, has maps switched off, and
//! draws two steps. What is refused is refused with an error; anything else (a panic, a hang, memory without end) is a defect.

use featurescope::analysis::ablate::{AblateOptions, Replacement, ablate};
use featurescope::analysis::cam::class_activation;
use featurescope::analysis::card::Card;
use featurescope::analysis::control::Unattended;
use featurescope::analysis::draw::{DrawOptions, Gradients, draw};
use featurescope::analysis::look::{LookOptions, look};
use featurescope::analysis::open::Opened;
use featurescope::analysis::prepared::Ready;
use featurescope::domain::overlay::OverlayOptions;
use featurescope::domain::picture::{Picture, decode};
use featurescope::domain::recipe::{Recipe, apply};
use featurescope::engine::rten::RtenEngine;
use featurescope::onnx::read::{Model, read};
use featurescope::onnx::weights::Bytes32;

use crate::case::Case;

/// Runs a case, and says how far it came.
pub fn exercise(case: Case) -> String {
    match case {
        Case::File(bytes) => match read(Bytes32::from(&bytes[..]), Vec::new()) {
            Ok(model) => of_model(model, Card::default()),
            Err(error) => said("read", &error),
        },
        Case::Graph(model, card) => of_model(*model, *card),
        Case::Picture(bytes) => match decode(&bytes) {
            Ok(picture) => match apply(&picture, &Recipe::of_size(32, 48)) {
                Ok(_) => "decoded".to_owned(),
                Err(error) => said("applied", &error),
            },
            Err(error) => said("decoded", &error),
        },
    }
}

/// An error without a sentence helps nobody.
fn said(step: &str, error: &dyn std::error::Error) -> String {
    let sentence = error.to_string();
    assert!(!sentence.trim().is_empty(), "an error of {step} says nothing");
    format!("{step}: {sentence}")
}

/// A picture with some pattern.
fn picture() -> Picture {
    let rgb = (0..64 * 48 * 3).map(|place: u32| (place.wrapping_mul(2_654_435_761) >> 24) as u8).collect();
    Picture::new(64, 48, rgb).expect("64 by 48 pixels of three bytes")
}

fn of_model(model: Model, card: Card) -> String {
    let opened = match Opened::new(model, card) {
        Ok(opened) => opened,
        Err(error) => return said("open", &error),
    };
    let picture = picture();
    let ready = Ready::default();
    let mut report = Vec::new();
    let layers = opened.layers();
    let mut chosen = vec![opened.default_layer(), opened.article_layer(), &layers[0].id, &layers[layers.len() / 2].id];
    chosen.dedup();
    for layer in chosen.into_iter().take(3) {
        report.push(of_layer(&opened, &ready, &picture, layer));
    }
    report.join("; ")
}

fn of_layer(opened: &Opened, ready: &Ready, picture: &Picture, layer: &str) -> String {
    let engine = &RtenEngine;
    let options = LookOptions { layer, recipe: opened.recipe(), patch: None, slices: &[] };
    let found = match pollster::block_on(look(opened, engine, ready, picture, options, &Unattended)) {
        Ok(found) => found,
        Err(error) => return said("look", &error),
    };
    let mut report = vec!["looked".to_owned()];
    found.top(25);
    found.predictions(5);
    if let Err(error) = found.overlay(&[0], &OverlayOptions::default()) {
        report.push(said("overlay", &error));
    }
    for class in [0, opened.classes().saturating_sub(1)] {
        if let Err(error) = pollster::block_on(class_activation(opened, engine, ready, &found, class, &Unattended)) {
            report.push(said("cam", &error));
        }
    }
    for to in [Replacement::Zero, Replacement::Mean] {
        let options = AblateOptions { maps: &[0], to, controls: 1, seed: 1 };
        if let Err(error) = pollster::block_on(ablate(opened, engine, ready, &found, options, &Unattended)) {
            report.push(said("ablate", &error));
        }
    }
    let gradients = Gradients::default();
    let options = DrawOptions { largest: 66, steps: 1, ..DrawOptions::article(layer, 0, opened.recipe()) };
    if let Err(error) = pollster::block_on(draw(opened, engine, &gradients, options, &Unattended, &|_| {})) {
        report.push(said("draw", &error));
    }
    report.join(", ")
}
