use featurescope::analysis::card::Card;
use featurescope::analysis::control::Unattended;
use featurescope::analysis::draw::{DrawOptions, draw};
use featurescope::analysis::open::Opened;
use featurescope::domain::recipe::{Channels, Layout, Recipe, Resize};
use featurescope::engine::rten::RtenEngine;
use featurescope::onnx::read::read;
use featurescope::onnx::weights::Bytes32;
#[test]
fn dump() {
    let env = |n: &str| std::env::var(n).unwrap();
    let bytes = std::fs::read(env("MODEL")).unwrap();
    let opened = Opened::new(read(Bytes32::from(&bytes[..]), Vec::new()).unwrap(), Card::default()).unwrap();
    let nums: Vec<f64> = env("RECIPE").split(',').map(|v| v.parse().unwrap()).collect();
    let layout = if std::env::var("NHWC").is_ok() { Layout::Nhwc } else { Layout::Nchw };
    let recipe = Recipe {
        size: [33, 33],
        resize: Resize::Squash,
        channels: if nums[0] > 0.0 { Channels::Bgr } else { Channels::Rgb },
        scale: nums[1],
        mean: nums[2..5].to_vec(),
        std: vec![nums[5]; 3],
        layout,
    };
    let size: usize = env("SIZE").parse().unwrap();
    let mut state = 1u32;
    let start: Vec<f32> = (0..3 * size * size)
        .map(|_| {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (150 + (state >> 16) % 30) as f32 / 255.0
        })
        .collect();
    let layer = env("LAYER");
    let s2 = size * 6 / 5;
    let s3 = s2 * 6 / 5;

    let mut opened = opened;
    if std::env::var("SMOOTH").is_ok() {
        let mut graph = read(Bytes32::from(&bytes[..]), Vec::new()).unwrap();
        for node in &mut graph.graph.nodes {
            match node.op.as_str() {
                "Relu" | "Clip" => {
                    node.op = "Softplus".into();
                    node.inputs.truncate(1);
                }
                "MaxPool" => {
                    node.op = "AveragePool".into();
                }
                _ => {}
            }
        }
        opened = Opened::new(graph, Card::default()).unwrap();
    }
    for map in env("MAP").split(',') {
        let options = DrawOptions {
            largest: s3,
            first: Some(size),
            start: Some(start.clone()),
            ..DrawOptions::article(&layer, map.parse().unwrap(), &recipe)
        };
        let t = std::time::Instant::now();
        let d = pollster::block_on(draw(&opened, &RtenEngine, options, &Unattended, &|_| {})).unwrap();
        let b: Vec<u8> = d.canvas.logits().iter().flat_map(|v| v.to_le_bytes()).collect();
        std::fs::write(format!("{}/{map}.logits", env("OUT")), b).unwrap();
        let a: Vec<u8> = d.activations.iter().flat_map(|v| v.to_le_bytes()).collect();
        std::fs::write(format!("{}/{map}.act", env("OUT")), a).unwrap();
        println!("{map} {:?} cured {} {:?}", d.sizes, d.cured, t.elapsed());
    }
}
