//! All integration tests, as one program: as one for each file they took several minutes longer to compile and link, and each ran alone.
//! `tests/hygiene.rs` holds that no file is missing here.

mod support;

mod ablate;
mod adjoints;
mod architecture;
mod attention;
mod attention_windows;
mod bad_models;
mod cam;
mod cases;
mod classes;
mod depth;
mod domain;
mod draw;
mod draw_networks;
mod draw_sessions;
mod draw_targets;
mod fold;
mod gives;
mod goldens;
mod gradient_properties;
mod gradients;
mod grid;
mod grid_gradients;
mod head;
mod hygiene;
mod layers;
mod lowering;
mod lowering_properties;
mod networks;
mod open;
mod operators;
mod ops;
mod outputs;
mod overlay_contrast;
mod partly;
mod robustness;
mod shapes;
mod volumes;
mod written_out;
