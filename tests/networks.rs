//! Small networks in the shapes of detectors, segmenters and transformers (`networks/README.md`), in both forms of the graph.

use std::path::Path;

use crate::support::Lowering;
use crate::support::networks::{Network, compared, networks};
use featurescope::engine::Engine;
use featurescope::engine::rten::RtenEngine;

/// Layers, and Grad-CAM, may be off by this share of their largest value.
const TOLERANCE: f64 = 1e-3;

/// What is wrong with a network on one engine.
fn failures(network: &Network, engine: &dyn Engine) -> Vec<String> {
    let name = &network.name;
    let opened = match network.open() {
        Ok(opened) => opened,
        Err(error) => return vec![format!("{name}: {error}")],
    };
    let found = network.survey(&opened, engine);
    let mut list: Vec<String> = found.wrong.iter().map(|wrong| format!("{name}: {wrong}")).collect();
    let (deviation, layer) = &found.deviation;
    if *deviation > TOLERANCE {
        list.push(format!("{name}: {layer} is off by {deviation:.1e}"));
    }
    if found.right != compared(&opened).count() {
        list.push(format!("{name}: {} of {} layers are right", found.right, compared(&opened).count()));
    }
    match &found.cam {
        Some(Err(error)) => list.push(format!("{name}: Grad-CAM: {error}")),
        Some(Ok((deviation, layer))) if *deviation > TOLERANCE => {
            list.push(format!("{name}: Grad-CAM is off by {deviation:.1e} at {layer}"))
        }
        _ => {}
    }
    list.extend(found.look.err().map(|error| format!("{name}: {error}")));
    list.extend(found.draw.err().map(|error| format!("{name}: drawing: {error}")));
    list
}

fn check(engine: &dyn Engine) {
    let all = networks(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/networks"));
    assert!(all.len() >= 12, "only {}", all.len());
    let wrong: Vec<String> = all.iter().flat_map(|network| failures(network, engine)).collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_layer_is_right_seen_and_drawn_on_the_cpu_engine() {
    check(&RtenEngine);
}

#[test]
fn every_layer_is_right_seen_and_drawn_in_the_lowered_form() {
    check(&Lowering);
}
