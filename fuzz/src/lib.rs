//! Hostile models, pictures and cards, made from a seed, and everything that the page asks of them.

pub mod case;
pub mod exercise;
pub mod models;
pub mod pictures;
