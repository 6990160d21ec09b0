//! Overlays against a second implementation from onnxruntime, matplotlib and NumPy.

use featurescope::domain::colormap::Colormap;
use featurescope::domain::enlarge::Enlargement;
use featurescope::domain::overlay::{OverlayOptions, Scale, Style, overlay};
use featurescope::domain::picture::Picture;
use featurescope::domain::tensor::Tensor;
use serde_json::Value;

use super::{data, difference, expected, read};

fn options(case: &Value, picture: &Picture) -> OverlayOptions {
    OverlayOptions {
        style: match case["style"].as_str().unwrap() {
            "alpha" => Style::Alpha,
            "multiply" => Style::Multiply,
            "glow" => Style::Glow,
            "spotlight" => Style::Spotlight,
            _ => Style::Raw,
        },
        colormap: case["colormap"].as_str().and_then(Colormap::from_name).unwrap_or_default(),
        scale: case["scale"].as_f64().map_or(Scale::Map, |scale| Scale::By(scale as f32)),
        gain: case["gain"].as_f64().unwrap_or(1.0) as f32,
        enlargement: match case["enlargement"].as_str() {
            Some("nearest") => Enlargement::Nearest,
            _ => Enlargement::Bilinear,
        },
        signed: case["signed"].as_bool().unwrap_or(false),
        width: picture.width(),
        height: picture.height(),
        ..OverlayOptions::default()
    }
}

#[test]
fn overlays_are_as_defined() {
    let record: Value = serde_json::from_slice(&read(&data("overlays.json"))).unwrap();
    let shape = record["shape"].as_array().unwrap().iter().map(|side| side.as_u64().unwrap() as usize).collect();
    let values = record["values"].as_array().unwrap().iter().map(|value| value.as_f64().unwrap() as f32).collect();
    let tensor = Tensor::new(shape, values).unwrap();
    let picture = expected("photo.png");
    for case in record["cases"].as_array().unwrap() {
        let name = case["name"].as_str().unwrap();
        let chosen: Vec<usize> =
            case["maps"].as_array().unwrap().iter().map(|map| map.as_u64().unwrap() as usize).collect();
        let drawn = overlay(&picture, &tensor.maps().unwrap(), &chosen, &options(case, &picture)).unwrap();
        let (pixels, _) = drawn.rgba.as_chunks::<4>();
        let rgb = pixels.iter().flat_map(|pixel| [pixel[0], pixel[1], pixel[2]]).collect();
        let actual = Picture::new(drawn.width, drawn.height, rgb).unwrap();
        // The record blends with colours that are not rounded to bytes, so a pixel may be rounded to its neighbour; and a
        // value on the edge between two colours may fall on either side, which is a few levels in turbo.
        let (largest, mean) = difference(&actual, &expected(&format!("overlay-{name}.png")));
        println!("{name}: mean {mean:.4}, largest {largest}");
        assert!(mean <= 0.1 && largest <= 8, "{name}: mean {mean}, largest {largest}");
    }
}
