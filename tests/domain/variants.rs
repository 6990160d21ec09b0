//! JPEG and GIF files of rare but valid forms: decoded rightly, or left to the browser, but never garbage. What the browser
//! makes of those that are left to it is held against the same pictures in `tests/browser/page-files.spec.mjs`.

use featurescope::domain::picture::{PictureError, decode};

use super::{data, difference, expected, read};

/// The files of the folder whose names begin so, without those that say what is expected.
fn variants(start: &str) -> Vec<String> {
    let names =
        std::fs::read_dir(data("variants")).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let mut found: Vec<String> = names.filter(|name| name.starts_with(start) && !name.ends_with(".png")).collect();
    found.sort();
    assert!(!found.is_empty(), "{start}");
    found
}

#[test]
fn common_forms_come_within_one_level_of_pil_on_average() {
    for name in variants("here-") {
        let actual =
            decode(&read(&data(&format!("variants/{name}")))).unwrap_or_else(|error| panic!("{name}: {error}"));
        let (largest, mean) = difference(&actual, &expected(&format!("variants/{name}.expected.png")));
        println!("{name}: mean {mean:.3}, largest {largest}");
        assert!(mean <= 1.0, "{name}: mean {mean}, largest {largest}");
    }
}

#[test]
fn rare_forms_are_left_to_the_browser() {
    for name in ["browser-", "nobody-", "given-jpeg-"].into_iter().flat_map(variants) {
        let file = read(&data(&format!("variants/{name}")));
        let refused = decode(&file).map(|picture| picture.width());
        assert!(matches!(refused, Err(PictureError::NeedsBrowser { format: Some(_) })), "{name}: {refused:?}");
        let cut = decode(&file[..file.len() * 9 / 10]).map(|picture| picture.width());
        assert_eq!(cut, Err(PictureError::Cut { format: "JPEG" }), "{name}");
    }
    let arithmetic = decode(&read(&data("variants/given-jpeg-arith.jpg"))).unwrap_err();
    assert_eq!(
        arithmetic.to_string(),
        "This arithmetically coded JPEG picture could not be read: neither Featurescope nor this browser can decode it. \
         Save it as PNG or as a common JPEG first."
    );
}

#[test]
fn a_gif_is_as_large_as_its_first_frame_needs() {
    for name in ["gif-", "given-gif-"].into_iter().flat_map(variants) {
        let actual =
            decode(&read(&data(&format!("variants/{name}")))).unwrap_or_else(|error| panic!("{name}: {error}"));
        assert_eq!(difference(&actual, &expected(&format!("variants/{name}.expected.png"))).0, 0, "{name}");
    }
}
