//! Picture files of every format that is decoded here.

use featurescope::domain::picture::decode;

use super::{data, difference, expected, read};

#[test]
fn jpegs_come_within_one_level_of_pil_on_average() {
    for name in ["420", "422", "444", "progressive", "restart", "grey"] {
        let actual = decode(&read(&data(&format!("jpeg-{name}.jpg")))).unwrap();
        let (largest, mean) = difference(&actual, &expected(&format!("jpeg-{name}.png")));
        println!("{name}: mean {mean:.3}, largest {largest}");
        assert!(mean <= 1.0, "{name}: mean {mean}, largest {largest}");
    }
}

#[test]
fn every_exif_orientation_comes_out_upright() {
    for orientation in 1..=8 {
        let actual = decode(&read(&data(&format!("orientation-{orientation}.jpg")))).unwrap();
        let (largest, mean) = difference(&actual, &expected("orientation.png"));
        // Any other turn moves whole quarters: the mean would be over 50.
        assert!(mean <= 2.0, "orientation {orientation}: mean {mean}, largest {largest}");
    }
}

#[test]
fn lossless_files_come_out_as_they_are() {
    let exact =
        ["rgb.bmp", "palette.bmp", "grey.png", "bits.png", "palette.png", "rgb16.png", "grey16.png", "transparent.gif"];
    // Of several frames the first.
    let animated = ["animated.gif", "animated.webp"];
    for name in exact.into_iter().chain(animated) {
        let actual = decode(&read(&data(name))).unwrap_or_else(|error| panic!("{name}: {error}"));
        assert_eq!(difference(&actual, &expected(&format!("{name}.expected.png"))).0, 0, "{name}");
    }
    // PIL's compositing rounds in another way.
    for name in ["rgba.png", "grey-alpha.png", "rgba.webp"] {
        let actual = decode(&read(&data(name))).unwrap_or_else(|error| panic!("{name}: {error}"));
        assert!(difference(&actual, &expected(&format!("{name}.expected.png"))).0 <= 1, "{name}");
    }
}

#[test]
fn lossy_webp_comes_within_one_level_of_pil_on_average() {
    let actual = decode(&read(&data("lossy.webp"))).unwrap();
    let (largest, mean) = difference(&actual, &expected("lossy.png"));
    println!("lossy.webp: mean {mean:.3}, largest {largest}");
    assert!(mean <= 1.0, "mean {mean}, largest {largest}");
}
