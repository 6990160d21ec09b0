//! The picture that is drawn, in either way.

use super::session::{Found, Help};
use super::{DrawOptions, Preset};
use crate::domain::ascent::{Adam, DEAD_RATE, RATE, STEPS, WEIGHT_DECAY, sigmoid_slope};
use crate::domain::canvas::Canvas;
use crate::domain::penalty::Penalties;
use crate::domain::recipe::Recipe;
use crate::domain::sight;
use crate::domain::tensor::{Tensor, TensorError};
use crate::domain::waves::{self, Waves};

/// A picture and the memory of the method that changes it.
pub enum Picture {
    /// Logits, which Adam knows only for as long as they have their size.
    Pixels {
        canvas: Canvas,
        pixels: Vec<f32>,
        adam: Adam,
    },
    Waves {
        waves: Box<Waves>,
        adam: Adam,
    },
}

impl Picture {
    pub fn start(options: &DrawOptions<'_>, side: usize) -> Self {
        match options.preset {
            Preset::Article => Self::of(match &options.start {
                Some(logits) => Canvas::of(side, logits.clone()),
                None => Canvas::random(side, options.seed),
            }),
            Preset::Modern => {
                let waves = Box::new(Waves::random(side, options.seed));
                let adam = Adam::new(waves.count(), waves::RATE, 0.0);
                Self::Waves { waves, adam }
            }
        }
    }

    fn of(canvas: Canvas) -> Self {
        let adam = Adam::new(canvas.logits().len(), RATE, WEIGHT_DECAY);
        Self::Pixels { pixels: canvas.pixels(), canvas, adam }
    }

    pub fn canvas(&self) -> &Canvas {
        match self {
            Self::Pixels { canvas, .. } => canvas,
            Self::Waves { waves, .. } => waves.canvas(),
        }
    }

    /// The side of what the network sees of it.
    pub fn seen_side(&self) -> usize {
        match self {
            Self::Pixels { canvas, .. } => canvas.size(),
            Self::Waves { waves, .. } => waves.seen_side(),
        }
    }

    /// Another size, with Adam anew. Waves have one size.
    pub fn enlarge(&mut self, side: usize) {
        if let Self::Pixels { canvas, .. } = self {
            *self = Self::of(canvas.enlarged(side));
        }
    }

    /// Whether the picture is blurred before the step of this number at its size.
    pub fn is_to_be_blurred(&self, step: usize) -> bool {
        match self {
            Self::Pixels { .. } => step == 0,
            Self::Waves { .. } => step.is_multiple_of(STEPS),
        }
    }

    pub fn blur(&mut self, deviation: f64) {
        match self {
            Self::Pixels { canvas, .. } => *self = Self::of(canvas.blurred(deviation)),
            Self::Waves { waves, .. } => {
                waves.blur(deviation);
                waves.paint();
            }
        }
    }

    /// # Errors
    /// As [`sight::input`].
    pub fn input(&mut self, recipe: &Recipe) -> Result<Tensor, TensorError> {
        match self {
            Self::Pixels { canvas, pixels, .. } => sight::input(pixels, canvas.size(), recipe),
            Self::Waves { waves, .. } => waves.input(recipe),
        }
    }

    /// Changes the picture by what was found on the last input.
    pub fn ascend(&mut self, found: &Found, recipe: &Recipe, penalties: Penalties) {
        let Found { gradient, activation, .. } = found;
        match self {
            Self::Pixels { canvas, pixels, adam } => {
                let mut slopes = sight::gradient(gradient, canvas.size(), recipe);
                penalties.hold_back(&mut slopes, pixels, canvas.size(), *activation);
                adam.set_rate(if found.help == Help::Dead { DEAD_RATE } else { RATE });
                adam.ascend(canvas.logits_mut(), &sigmoid_slope(&slopes, pixels));
                *pixels = canvas.pixels();
            }
            Self::Waves { waves, adam } => {
                let slopes = waves.gradient(gradient, recipe, penalties, *activation);
                adam.ascend(waves.coefficients_mut(), &slopes);
                waves.paint();
            }
        }
    }
}
