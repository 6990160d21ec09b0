//! The questions that are asked of a network: each a function over the domain and a runner, with options in and plain
//! data out. Knows neither which engine runs nor JavaScript.

pub mod ablate;
pub mod beside;
pub mod cam;
pub mod card;
pub mod control;
pub mod depth;
pub mod draw;
pub mod error;
pub mod evaluate;
pub mod finds;
pub mod guess;
pub mod image_set;
pub mod look;
pub mod metadata;
pub mod open;
pub mod prepared;
pub mod stack;
pub mod ultralytics;
pub mod untold;
