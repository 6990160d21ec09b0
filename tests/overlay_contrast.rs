//! How well a map is seen in its overlay: how much lighter or darker the pixels where it fires are than the same pixels in the
//! same style where nothing fires.
//!
//! That is the reference and not the photo as it came: against that one the dimming of `spotlight` would count as if the map
//! were seen, and its full light, which is the photo itself, as if it were not. Lightness is CIELAB's L*, from 0 to 100, for
//! normal vision and for people who lack the cones for red (protan) or green (deutan).
//!
//! The overlays are left in the target folder as `tmp/overlay-<style>.png` and `tmp/overlay-<style>-x-rays.png`, to be looked at.

use std::fs;
use std::path::Path;

use featurescope::analysis::card::Card;
use featurescope::analysis::control::Unattended;
use featurescope::analysis::image_set::ImageSet;
use featurescope::analysis::look::{Look, LookOptions, look};
use featurescope::analysis::open::Opened;
use featurescope::analysis::prepared::Ready;
use featurescope::domain::class_maps::ClassMapOptions;
use featurescope::domain::enlarge::{Enlargement, Enlarger};
use featurescope::domain::overlay::{OverlayOptions, Scale, Style};
use featurescope::domain::picture::decode;
use featurescope::domain::recipe::{Channels, Layout, Recipe, Resize};
use featurescope::engine::rten::RtenEngine;
use featurescope::onnx::read::read;
use featurescope::onnx::weights::Bytes32;
use serde_json::Value;

/// From linear RGB to what is seen of it. G. Machado, M. Oliveira and L. Fernandes, "A Physiologically-based Model for Simulation of
/// Color Vision Deficiency", IEEE TVCG 15(6), 2009, severity 1.0.
const VISIONS: [(&str, [[f64; 3]; 3]); 3] = [
    ("normal", [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]]),
    ("protan", [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]]),
    ("deutan", [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]]),
];

const STYLES: [(&str, Style); 2] = [("glow", Style::Glow), ("spotlight", Style::Spotlight)];

/// The least median over the maps, and the least of any map.
const MEDIAN: f64 = 25.0;
const WEAKEST: f64 = 12.0;

/// CIELAB lightness of sRGB (IEC 61966-2-1, D65).
fn lightness(pixel: &[u8], vision: &[[f64; 3]; 3]) -> f64 {
    let linear: Vec<f64> = pixel[..3]
        .iter()
        .map(|&channel| f64::from(channel) / 255.0)
        .map(|level| if level <= 0.04045 { level / 12.92 } else { ((level + 0.055) / 1.055).powf(2.4) })
        .collect();
    let seen =
        vision.map(|row| row.iter().zip(&linear).map(|(share, level)| share * level).sum::<f64>().clamp(0.0, 1.0));
    let luminance = 0.2126729 * seen[0] + 0.7151522 * seen[1] + 0.0721750 * seen[2];
    if luminance > 216.0 / 24389.0 { 116.0 * luminance.cbrt() - 16.0 } else { luminance * 24389.0 / 27.0 }
}

/// The mean difference of lightness for each vision, over the pixels where the maps together reach half of their largest value.
fn contrast(look: &Look, maps: &[usize], options: &OverlayOptions) -> [f64; 3] {
    let drawn = look.overlay(maps, options).unwrap().rgba;
    let dark = look.overlay(maps, &OverlayOptions { scale: Scale::By(f32::INFINITY), ..*options }).unwrap().rgba;
    let planes = look.maps.maps().unwrap();
    let size = [options.height, options.width];
    let enlarger = Enlarger::new([planes.height(), planes.width()], size, Enlargement::Bilinear);
    let mut values = vec![0.0; options.width * options.height];
    maps.iter().for_each(|&map| enlarger.add(planes.plane(map).unwrap(), 1.0, &mut values));
    let half = values.iter().copied().fold(0.0, f32::max) / 2.0;
    VISIONS.map(|(_, vision)| {
        let pixels = drawn.chunks(4).zip(dark.chunks(4)).zip(&values).filter(|&(_, &value)| value >= half);
        let differences: Vec<f64> =
            pixels.map(|((drawn, dark), _)| (lightness(drawn, &vision) - lightness(dark, &vision)).abs()).collect();
        differences.iter().sum::<f64>() / differences.len() as f64
    })
}

/// Overlays side by side.
struct Sheet {
    columns: u32,
    side: u32,
    tiles: Vec<Vec<u8>>,
}

impl Sheet {
    fn save(&self, name: &str) {
        let rows = (self.tiles.len() as u32).div_ceil(self.columns);
        let mut sheet = image::RgbaImage::new(self.columns * self.side, rows * self.side);
        for (place, tile) in (0..).zip(&self.tiles) {
            let tile = image::RgbaImage::from_raw(self.side, self.side, tile.clone()).unwrap();
            let (row, column) = (place / self.columns, place % self.columns);
            image::imageops::replace(&mut sheet, &tile, (column * self.side).into(), (row * self.side).into());
        }
        sheet.save(Path::new(env!("CARGO_TARGET_TMPDIR")).join(name)).unwrap();
    }
}

struct Network {
    opened: Opened,
    ready: Ready,
    layer: &'static str,
    recipe: Recipe,
}

impl Network {
    fn open(file: &str, layer: &'static str, recipe: Recipe) -> Self {
        let read = read(Bytes32::from(&fs::read(file).unwrap()[..]), Vec::new()).unwrap();
        Self { opened: Opened::new(read, Card::default()).unwrap(), ready: Ready::default(), layer, recipe }
    }

    fn look(&self, file: &Path) -> Look {
        let picture = decode(&fs::read(file).unwrap()).unwrap();
        let options = LookOptions { layer: self.layer, recipe: &self.recipe, patch: None, slices: &[] };
        pollster::block_on(look(&self.opened, &RtenEngine, &self.ready, &picture, options, &Unattended)).unwrap()
    }
}

/// The sixty strongest maps of each bundled photo, in the layer and with the recipe of SqueezeNet's card.
#[test]
fn maps_over_photos_are_seen() {
    let recipe = Recipe {
        size: [227, 227],
        resize: Resize::Crop,
        channels: Channels::Bgr,
        scale: 1.0,
        mean: vec![104.006, 116.669, 122.679],
        std: vec![1.0; 3],
        layout: Layout::Nchw,
        ..Recipe::of_size(1, 1)
    };
    let network = Network::open("models/squeezenet1.1.onnx", "fire9/concat", recipe);
    let photos: Value = serde_json::from_slice(&fs::read("models/photos/photos.json").unwrap()).unwrap();
    let photos = ["chelsea.webp", "coffee.jpg", "rocket.jpg", "camera.jpg", "astronaut.jpg"].map(|name| {
        assert!(photos.as_array().unwrap().iter().any(|photo| photo["file"] == name), "{name}");
        network.look(&Path::new("models/photos").join(name))
    });
    for (name, style) in STYLES {
        let options = OverlayOptions { style, width: 227, height: 227, ..OverlayOptions::default() };
        let mut sheet = Sheet { columns: 8, side: 227, tiles: Vec::new() };
        let mut contrasts = Vec::new();
        for look in &photos {
            let dark = OverlayOptions { scale: Scale::By(f32::INFINITY), ..options };
            sheet.tiles.push(look.seen.to_rgba());
            sheet.tiles.push(look.overlay(&[look.top(1)[0].map], &dark).unwrap().rgba);
            for (place, ranked) in look.top(60).iter().enumerate() {
                contrasts.push(contrast(look, &[ranked.map], &options));
                if [0, 3, 9, 20, 40, 59].contains(&place) {
                    sheet.tiles.push(look.overlay(&[ranked.map], &options).unwrap().rgba);
                }
            }
        }
        sheet.save(&format!("overlay-{name}.png"));
        assert_eq!(contrasts.len(), 300);
        for (place, (vision, _)) in VISIONS.iter().enumerate() {
            let mut sorted: Vec<f64> = contrasts.iter().map(|contrast| contrast[place]).collect();
            sorted.sort_by(f64::total_cmp);
            let (weakest, median) = (sorted[0], f64::midpoint(sorted[149], sorted[150]));
            println!("{name}, {vision}: median {median:.1}, weakest {weakest:.1}");
            assert!(median >= MEDIAN && weakest >= WEAKEST, "{name}, {vision}: {median} {weakest}");
        }
    }
}

/// The gun maps of the story's plain network over the thirty x-rays of guns, with one full strength for all of them: together as the page
/// shows them first, and each of the ten most frequent by itself. Here most tiles are far below the full strength.
#[test]
fn gun_maps_over_x_rays_are_seen() {
    let recipe = Recipe {
        size: [96, 96],
        resize: Resize::Squash,
        channels: Channels::Rgb,
        scale: 1.0 / 255.0,
        mean: vec![0.0; 3],
        std: vec![1.0; 3],
        layout: Layout::Nchw,
        ..Recipe::of_size(1, 1)
    };
    let network = Network::open("models/story/story-plain.onnx", "relu5", recipe);
    let folder = Path::new("models/story/pictures");
    let pictures = |style: &str, class: &str| -> Vec<Look> {
        let file = |number| folder.join(style).join(class).join(format!("{number:02}.webp"));
        (1..=30).map(|number| network.look(&file(number))).collect()
    };
    let mut photos = ImageSet::default();
    let classes = ["knife", "gun"]
        .map(|class| -> Vec<usize> { pictures("photo", class).iter().map(|look| photos.add(look).unwrap()).collect() });
    let found = photos.class_maps(&classes, ClassMapOptions::default()).unwrap();
    let guns: Vec<usize> = found[1].maps.iter().map(|counted| counted.map).collect();
    let x_rays = pictures("xray", "gun");
    let choices = std::iter::once(guns.clone()).chain(guns.iter().take(10).map(|&map| vec![map]));
    for (place, maps) in choices.enumerate() {
        // The page's scale for a gallery: several maps seldom have their largest values in one place.
        let full = x_rays.iter().fold(0.0_f32, |full, look| {
            let maxima = || maps.iter().map(|&map| look.statistics[map].max);
            full.max(maxima().fold(0.5 * maxima().sum::<f32>(), f32::max))
        });
        for (name, style) in STYLES {
            let scale = Scale::By(full);
            let options = OverlayOptions { style, scale, width: 96, height: 96, ..OverlayOptions::default() };
            let lit = x_rays.iter().fold([0; 3], |mut lit, look| {
                for (lit, contrast) in lit.iter_mut().zip(contrast(look, &maps, &options)) {
                    *lit += u32::from(contrast >= WEAKEST);
                }
                lit
            });
            println!("{name}, {} maps: {lit:?} of 30", maps.len());
            assert!(lit.iter().all(|&lit| lit >= 25), "{name}, {maps:?}: {lit:?}");
            if place == 0 {
                let tiles = x_rays.iter().map(|look| look.overlay(&maps, &options).unwrap().rgba).collect();
                Sheet { columns: 10, side: 96, tiles }.save(&format!("overlay-{name}-x-rays.png"));
            }
        }
    }
}
