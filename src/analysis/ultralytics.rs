//! What files of Ultralytics (YOLOv5 to 26) say about themselves: `names`, `task`, `imgsz` and `stride`, written as Python prints them.

use std::collections::BTreeMap;

use crate::domain::input_form::InputForm;
use crate::domain::recipe::{MAX_SIDE, Recipe, Resize};
use crate::onnx::head::Task;

type Metadata = BTreeMap<String, String>;

/// So many names are read at most; LVIS has 1203.
const MOST_NAMES: usize = 1 << 16;

/// The recipe of such a file: pixels from 0 to 1, of the whole picture with grey beside it, or of its middle where it names classes
/// of pictures. `None` of other files.
pub fn recipe(metadata: &Metadata, form: &InputForm) -> Option<Recipe> {
    let [height, width] = form.size;
    let resize = if task(metadata) == Some(Task::Classify) { Resize::Crop } else { Resize::Letterbox };
    let plain = Recipe::of_size(height, width);
    is_theirs(metadata).then(|| Recipe {
        resize,
        channels: form.channels,
        scale: 1.0 / 255.0,
        layout: form.layout,
        ..plain
    })
}

/// What the network was trained for, where the file says so.
pub fn task(metadata: &Metadata) -> Option<Task> {
    match metadata.get("task").filter(|_| is_theirs(metadata))?.as_str() {
        "classify" => Some(Task::Classify),
        "detect" | "obb" | "pose" | "segment" => Some(Task::Detect),
        "semantic" => Some(Task::Label),
        _ => None,
    }
}

/// Height and width of the pictures that it was exported for.
pub fn image_size(metadata: &Metadata) -> Option<[usize; 2]> {
    let text = metadata.get("imgsz").filter(|_| is_theirs(metadata))?;
    let numbers = text.trim_matches(['[', ']', '(', ')', ' ']).split(',').map(|number| number.trim().parse().ok());
    match numbers.collect::<Option<Vec<usize>>>()?[..] {
        [side] => Some([side, side]),
        [height, width] => Some([height, width]),
        _ => None,
    }
    .filter(|size| size.iter().all(|side| (1..=MAX_SIDE).contains(side)))
}

/// The names of the classes in order; empty where the file has none. They are a dictionary by number or a list.
pub fn names(metadata: &Metadata) -> Vec<String> {
    let Some(text) = metadata.get("names").filter(|_| is_theirs(metadata)) else { return Vec::new() };
    let mut names = Vec::new();
    let mut rest = text.trim();
    // Whatever stands between two texts is a number, a colon or a comma.
    while let Some(start) = rest.find(['\'', '"']).filter(|_| names.len() < MOST_NAMES) {
        let Some((name, after)) = literal(&rest[start..]) else { return Vec::new() };
        names.push(name);
        rest = after;
    }
    names
}

/// A text as Python prints it, and what follows it.
fn literal(text: &str) -> Option<(String, &str)> {
    let mut characters = text.char_indices();
    let (_, quote) = characters.next()?;
    let mut content = String::new();
    while let Some((place, character)) = characters.next() {
        match character {
            '\\' => content.push(characters.next()?.1),
            _ if character == quote => return Some((content, &text[place + character.len_utf8()..])),
            _ => content.push(character),
        }
    }
    None
}

/// Other files may have a `names` of their own.
fn is_theirs(metadata: &Metadata) -> bool {
    metadata.contains_key("names") && ["stride", "task", "imgsz"].iter().any(|key| metadata.contains_key(*key))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::recipe::{Channels, Layout};

    fn metadata(pairs: &[(&str, &str)]) -> Metadata {
        pairs.iter().map(|&(key, value)| (key.to_owned(), value.to_owned())).collect()
    }

    #[test]
    fn names_are_read_as_python_prints_them() {
        let of = |text| names(&metadata(&[("names", text), ("stride", "32")]));
        assert_eq!(
            of("{0: 'person', 1: 'fire hydrant', 2: \"driver's licence\"}"),
            ["person", "fire hydrant", "driver's licence"]
        );
        assert_eq!(of("['a', 'b\\'c\"d', '猫']"), ["a", "b'c\"d", "猫"]);
        assert!(of("{0: 'a").is_empty() && of("{}").is_empty() && of("'\\").is_empty());
        // Not Ultralytics'.
        assert!(names(&metadata(&[("names", "['a']")])).is_empty());
    }

    #[test]
    fn task_and_size_are_read() {
        let of = |pairs: &[(&str, &str)]| {
            let mut all = metadata(pairs);
            all.insert("names".to_owned(), "{}".to_owned());
            (task(&all), image_size(&all))
        };
        assert_eq!(of(&[("task", "detect"), ("imgsz", "[480, 640]")]), (Some(Task::Detect), Some([480, 640])));
        assert_eq!(of(&[("task", "classify"), ("imgsz", "224")]), (Some(Task::Classify), Some([224, 224])));
        assert_eq!(of(&[("task", "other"), ("imgsz", "[0, 640]")]), (None, None));
        assert_eq!(of(&[("stride", "32"), ("imgsz", "[1, 2, 3]")]), (None, None));
    }

    #[test]
    fn the_recipe_shows_all_of_the_picture() {
        let form = InputForm { size: [32, 64], layout: Layout::Nchw, channels: Channels::Rgb };
        let of = |task| recipe(&metadata(&[("names", "{}"), ("task", task)]), &form).unwrap();
        let (detect, classify) = (of("detect"), of("classify"));
        assert_eq!((detect.size, detect.resize, detect.scale), ([32, 64], Resize::Letterbox, 1.0 / 255.0));
        assert_eq!((classify.resize, classify.check()), (Resize::Crop, Ok(())));
        assert_eq!(recipe(&metadata(&[("task", "detect")]), &form), None);
    }
}
