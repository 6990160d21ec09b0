//! What the text files beside a model say about it: Hugging Face's `config.json` and `preprocessor_config.json`, timm's
//! `pretrained_cfg`, and lists of class names.

use crate::domain::input_form::InputForm;
use crate::domain::json::Json;
use crate::domain::recipe::{Channels, MAX_SIDE, Recipe, Resize};
use crate::domain::resample::Filter;

/// A text file that lies beside the model.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TextFile {
    pub name: String,
    pub text: String,
}

/// Something that is known, and the name of the file that it was found in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct From<T> {
    pub file: String,
    pub value: T,
}

/// What files beside a model say.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Found {
    pub recipe: Option<From<Recipe>>,
    pub labels: Option<From<Vec<String>>>,
    /// The names of files that say nothing about it that can be read.
    pub unread: Vec<String>,
}

/// So many names are read at most.
const MOST_NAMES: usize = 1 << 16;

/// Reads the files. `size`: what the file of the model fixes of its input's height and width. Of several that say the same thing a
/// preprocessor's recipe counts before a training library's, and otherwise the first.
#[inline(never)]
pub fn found(files: &[TextFile], form: &InputForm, size: [Option<usize>; 2]) -> Found {
    let mut found = Found::default();
    let mut preprocessor = None;
    for TextFile { name, text } in files {
        let Some(json) = Json::read(text) else {
            match lines(name, text).filter(|_| found.labels.is_none()) {
                Some(value) => found.labels = Some(From { file: name.clone(), value }),
                None => found.unread.push(name.clone()),
            }
            continue;
        };
        let from = |value| From { file: name.clone(), value };
        let own = preprocessing(&json, form, size);
        let trained = pretrained(&json, form, size);
        let labels = names(&json);
        if own.is_none() && trained.is_none() && labels.is_none() && !is_config(&json) {
            found.unread.push(name.clone());
        }
        preprocessor = preprocessor.or(own.map(from));
        found.recipe = found.recipe.or(trained.map(|value| From { file: name.clone(), value }));
        found.labels = found.labels.or(labels.map(|value| From { file: name.clone(), value }));
    }
    found.recipe = preprocessor.or(found.recipe);
    found
}

/// The names of a list that has one in each line, by its name such a list; at its end lines may be empty.
fn lines(name: &str, text: &str) -> Option<Vec<String>> {
    let name = name.to_lowercase();
    let is_list = ["label", "class", "name", "synset", "categor"].iter().any(|part| name.contains(part));
    let text = text.trim_start_matches('\u{feff}').trim_end();
    let names: Vec<String> = text.lines().map(|line| line.trim().to_owned()).collect();
    (name.ends_with(".txt") && is_list && !text.is_empty() && names.len() <= MOST_NAMES).then_some(names)
}

/// A description of a network that says nothing about pixels or names.
fn is_config(json: &Json) -> bool {
    ["model_type", "architectures", "architecture", "transformers_version"].iter().any(|key| json.get(key).is_some())
}

/// The recipe of Hugging Face's `preprocessor_config.json`, as its image processors apply it: resize, cut, `rescale_factor`, mean and
/// deviation.
fn preprocessing(json: &Json, form: &InputForm, fixed: [Option<usize>; 2]) -> Option<Recipe> {
    const KEYS: [&str; 5] =
        ["image_mean", "do_normalize", "do_rescale", "image_processor_type", "feature_extractor_type"];
    if !KEYS.iter().any(|key| json.get(key).is_some()) {
        return None;
    }
    let does = |what: &str, usual: bool| json.get(what).and_then(Json::bool).unwrap_or(usual);
    let resized = json.get("size").filter(|_| does("do_resize", true)).and_then(sides);
    let cut = json.get("crop_size").and_then(sides).and_then(Sides::both).filter(|_| does("do_center_crop", false));
    // ConvNeXt's processor enlarges by its crop_pct first.
    let share = json.get("crop_pct").and_then(Json::number).filter(|share| (0.05..=1.0).contains(share));
    // Processors that have it take a size without sides for the shorter one.
    let resized = match resized {
        Some(Sides::Both([side, _])) if share.is_some() && json.get("size").and_then(Json::number).is_some() => {
            Some(Sides::Shorter(side))
        }
        other => other,
    };
    let (wanted, resize, crop_share) = match (resized, cut) {
        (Some(Sides::Shorter(side) | Sides::Both([side, _])), Some(cut)) => {
            (Some(cut), Resize::Crop, Some((cut[0].min(cut[1]) as f64 / side as f64).min(1.0)))
        }
        (None, Some(cut)) => (Some(cut), Resize::Crop, Some(1.0)),
        (Some(Sides::Shorter(side)), None) if share.is_some() && side < 384 => {
            (Some([side, side]), Resize::Crop, share)
        }
        (Some(Sides::Shorter(side)), None) => (Some([side, side]), Resize::Squash, None),
        (Some(Sides::Both(size)), None) => (Some(size), Resize::Squash, None),
        (None, None) => (None, Resize::Squash, None),
    };
    // Pillow's numbers.
    let filter = match json.get("resample").and_then(Json::number) {
        Some(1.0) => Filter::Lanczos,
        Some(3.0) => Filter::Bicubic,
        _ => Filter::Bilinear,
    };
    let scale = if does("do_rescale", true) {
        json.get("rescale_factor").and_then(Json::number).unwrap_or(1.0 / 255.0)
    } else {
        1.0
    };
    let normalises = does("do_normalize", true);
    let values = |key: &str| json.get(key).filter(|_| normalises).and_then(Json::numbers);
    let found = recipe(form, settled(form, fixed, wanted), resize, scale, values("image_mean"), values("image_std"))?;
    let channels = match found.channels {
        Channels::Rgb if does("do_flip_channel_order", false) => Channels::Bgr,
        other => other,
    };
    sure(Recipe { crop_share, filter, channels, ..found })
}

/// Sides as Hugging Face writes them.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Sides {
    Both([usize; 2]),
    /// The shorter side, in proportion.
    Shorter(usize),
}

impl Sides {
    /// Height and width of what is cut.
    fn both(self) -> Option<[usize; 2]> {
        Some(match self {
            Self::Both(size) => size,
            Self::Shorter(side) => [side, side],
        })
    }
}

fn sides(json: &Json) -> Option<Sides> {
    let side =
        |json: &Json| json.number().filter(|&side| (1.0..=MAX_SIDE as f64).contains(&side)).map(|side| side as usize);
    if let Some(side) = side(json) {
        return Some(Sides::Both([side, side]));
    }
    if let Some([height, width]) = json.numbers().as_deref() {
        return Some(Sides::Both([side(&Json::Number(*height))?, side(&Json::Number(*width))?]));
    }
    let get = |key: &str| json.get(key).and_then(side);
    if let (Some(height), Some(width)) = (get("height"), get("width")) {
        return Some(Sides::Both([height, width]));
    }
    get("shortest_edge").map(Sides::Shorter)
}

/// The recipe of timm's `pretrained_cfg` (in the `config.json` that it writes, or by itself): pixels from 0 to 1, its mean and deviation.
fn pretrained(json: &Json, form: &InputForm, fixed: [Option<usize>; 2]) -> Option<Recipe> {
    let config = json.get("pretrained_cfg").unwrap_or(json);
    config.get("input_size").or(config.get("crop_pct")).or(config.get("first_conv"))?;
    let (mean, std) = (config.get("mean")?.numbers()?, config.get("std")?.numbers()?);
    // Channels, height and width.
    let size = config.get("input_size").and_then(Json::numbers);
    let wanted = size.and_then(|size| match size[..] {
        [_, height, width] => {
            let side = |side: f64| (1.0..=MAX_SIDE as f64).contains(&side).then_some(side as usize);
            Some([side(height)?, side(width)?])
        }
        _ => None,
    });
    let resize =
        if config.get("crop_mode").and_then(Json::text) == Some("squash") { Resize::Squash } else { Resize::Crop };
    let crop_share = config.get("crop_pct").and_then(Json::number).filter(|_| resize == Resize::Crop);
    let filter = match config.get("interpolation").and_then(Json::text) {
        Some("bicubic") => Filter::Bicubic,
        Some("lanczos") => Filter::Lanczos,
        _ => Filter::Bilinear,
    };
    let found = recipe(form, settled(form, fixed, wanted), resize, 1.0 / 255.0, Some(mean), Some(std))?;
    sure(Recipe { crop_share, filter, ..found })
}

/// A recipe that can be used; 224 of 256 is what is cropped by itself.
fn sure(recipe: Recipe) -> Option<Recipe> {
    let crop_share = recipe.crop_share.filter(|share| (share - 224.0 / 256.0).abs() > 1e-9);
    let recipe = Recipe { crop_share, ..recipe };
    recipe.check().is_ok().then_some(recipe)
}

/// The size that is wanted where the model leaves it open, and otherwise the model's.
fn settled(form: &InputForm, fixed: [Option<usize>; 2], wanted: Option<[usize; 2]>) -> [usize; 2] {
    let Some(wanted) = wanted else { return form.size };
    [fixed[0].unwrap_or(wanted[0]), fixed[1].unwrap_or(wanted[1])]
}

/// A recipe of these numbers, where they can be used for pictures of this form.
fn recipe(
    form: &InputForm,
    [height, width]: [usize; 2],
    resize: Resize,
    scale: f64,
    mean: Option<Vec<f64>>,
    std: Option<Vec<f64>>,
) -> Option<Recipe> {
    // Numbers for three colours, of a network that takes one.
    let fitting = |values: Option<Vec<f64>>, usual: f64| match values {
        Some(values) if form.channels == Channels::Grey && values.len() == 3 => vec![values.iter().sum::<f64>() / 3.0],
        Some(values) if !values.is_empty() => values,
        _ => vec![usual],
    };
    let plain = Recipe { resize, channels: form.channels, layout: form.layout, ..Recipe::of_size(height, width) };
    sure(Recipe { scale, mean: fitting(mean, 0.0), std: fitting(std, 1.0), ..plain })
}

/// Class names: a list of texts, an object of names by their places or of places by their names, or one of these under the key that
/// Hugging Face or timm has it.
fn names(json: &Json) -> Option<Vec<String>> {
    let nested = ["id2label", "label_names"]
        .iter()
        .find_map(|key| json.get(key))
        .or_else(|| json.get("pretrained_cfg").and_then(|config| config.get("label_names")));
    let list = nested.unwrap_or(json);
    let names = match list {
        Json::List(list) => list.iter().map(|name| name.text().map(str::to_owned)).collect::<Option<Vec<_>>>()?,
        Json::Object(entries) => {
            let place = |(key, value): &(String, Json)| match (key.parse::<usize>(), value) {
                (Ok(place), Json::Text(name)) => Some((place, name.clone())),
                (_, Json::Number(place)) if *place >= 0.0 && place.fract() == 0.0 => {
                    Some((*place as usize, key.clone()))
                }
                _ => None,
            };
            let places = entries.iter().map(place).collect::<Option<Vec<_>>>()?;
            let mut names = vec![None; places.len()];
            for (place, name) in places {
                *names.get_mut(place)? = Some(name);
            }
            names.into_iter().collect::<Option<Vec<_>>>()?
        }
        _ => return None,
    };
    // Names that were never given.
    let is_placeholder = |(place, name): (usize, &String)| *name == format!("LABEL_{place}");
    ((1..=MOST_NAMES).contains(&names.len()) && !names.iter().enumerate().all(is_placeholder)).then_some(names)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::recipe::Layout;

    const FORM: InputForm = InputForm { size: [224, 224], layout: Layout::Nchw, channels: Channels::Rgb };

    fn of(files: &[(&str, &str)], size: [Option<usize>; 2]) -> Found {
        let files: Vec<TextFile> =
            files.iter().map(|&(name, text)| TextFile { name: name.to_owned(), text: text.to_owned() }).collect();
        found(&files, &FORM, size)
    }

    /// As `google/vit-base-patch16-224`, `facebook/convnext-tiny-224`, `microsoft/resnet-50` and `apple/mobilevit-small` have theirs.
    #[test]
    fn preprocessors_of_hugging_face() {
        let open = [None, None];
        let vit = r#"{"do_normalize": true, "do_resize": true, "image_mean": [0.5, 0.5, 0.5], "image_std": [0.5, 0.5, 0.5], "size": 224}"#;
        let Some(From { file, value }) = of(&[("preprocessor_config.json", vit)], open).recipe else { panic!("none") };
        assert_eq!((&file[..], value.size, value.resize), ("preprocessor_config.json", [224, 224], Resize::Squash));
        assert_eq!((value.scale, value.mean, value.std), (1.0 / 255.0, vec![0.5; 3], vec![0.5; 3]));
        let clip = r#"{"crop_size": {"height": 240, "width": 200}, "do_center_crop": true, "do_rescale": true, "rescale_factor": 0.00784,
            "size": {"shortest_edge": 256}, "image_mean": [0.1, 0.2, 0.3], "image_std": [0.4, 0.5, 0.6]}"#;
        let clip = of(&[("p.json", clip)], open).recipe.unwrap().value;
        assert_eq!(
            (clip.size, clip.resize, clip.scale, clip.mean),
            ([240, 200], Resize::Crop, 0.00784, vec![0.1, 0.2, 0.3])
        );
        assert_eq!((clip.crop_share, clip.filter), (Some(200.0 / 256.0), Filter::Bilinear));
        let convnext =
            r#"{"size": {"shortest_edge": 224}, "crop_pct": 0.9, "resample": 3, "image_mean": [0.5, 0.5, 0.5]}"#;
        let convnext = of(&[("p.json", convnext)], open).recipe.unwrap().value;
        assert_eq!((convnext.resize, convnext.crop_share, convnext.filter), (Resize::Crop, Some(0.9), Filter::Bicubic));
        // What the model fixes is not overruled.
        let fixed = of(&[("p.json", vit)], [Some(64), None]).recipe.unwrap().value;
        assert_eq!(fixed.size, [64, 224]);
        let raw =
            r#"{"do_rescale": false, "do_normalize": false, "image_mean": [9, 9, 9], "image_processor_type": "X"}"#;
        let raw = of(&[("p.json", raw)], open).recipe.unwrap().value;
        assert_eq!((raw.scale, raw.mean, raw.std), (1.0, vec![0.0], vec![1.0]));
        // Beyond use.
        let odd = r#"{"image_mean": [0.5, 0.5], "image_std": [0, 0, 0]}"#;
        assert_eq!(of(&[("p.json", odd)], open).recipe, None);
    }

    #[test]
    fn configurations_of_timm_and_names() {
        let timm = r#"{"architecture": "resnet18", "label_names": ["cat", "dog"], "pretrained_cfg": {"input_size": [3, 288, 320],
            "mean": [0.5, 0.4, 0.3], "std": [0.2, 0.2, 0.2], "crop_pct": 0.95, "interpolation": "bicubic"}}"#;
        let hugging_face = r#"{"model_type": "vit", "id2label": {"1": "owl", "0": "crow"}, "image_size": 224}"#;
        let found = of(&[("config.json", timm)], [None, None]);
        let recipe = found.recipe.unwrap();
        assert_eq!(
            (&recipe.file[..], recipe.value.size, recipe.value.mean),
            ("config.json", [288, 320], vec![0.5, 0.4, 0.3])
        );
        assert_eq!((recipe.value.crop_share, recipe.value.filter), (Some(0.95), Filter::Bicubic));
        assert_eq!(found.labels.unwrap().value, ["cat", "dog"]);
        let labels = of(&[("config.json", hugging_face)], [None, None]).labels.unwrap();
        assert_eq!((&labels.file[..], &labels.value[..]), ("config.json", &["crow".to_owned(), "owl".to_owned()][..]));
        for text in ["[\"crow\", \"owl\"]", "{\"crow\": 0, \"owl\": 1}"] {
            assert_eq!(of(&[("x", text)], [None, None]).labels.unwrap().value, ["crow", "owl"]);
        }
        assert_eq!(of(&[("labels.txt", "crow\r\nowl \n\n")], [None, None]).labels.unwrap().value, ["crow", "owl"]);
        // A preprocessor counts before the training library.
        let both = of(&[("config.json", timm), ("p.json", "{\"image_mean\": [1, 2, 3]}")], [None, None]);
        assert_eq!(both.recipe.unwrap().file, "p.json");
    }

    #[test]
    fn what_says_nothing_is_named_and_changes_nothing() {
        let files = [
            ("a.json", "{"),
            ("b.json", "{\"x\": 1.5}"),
            ("c.json", "{\"id2label\": {\"0\": \"LABEL_0\"}}"),
            ("d.json", "{\"id2label\": {\"7\": \"cat\"}}"),
            ("README.txt", "A network of birds"),
            ("config.json", "{\"model_type\": \"vit\"}"),
        ];
        let found = of(&files, [None, None]);
        assert_eq!((found.recipe, found.labels), (None, None));
        assert_eq!(found.unread, ["a.json", "b.json", "c.json", "d.json", "README.txt"]);
    }
}
