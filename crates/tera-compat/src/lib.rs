//! Stands in for tera, the template engine that wonnx writes its shaders with.
//!
//! Every node that wonnx gets has a kernel of ours (`src/engine/wonnx/plan/nodes.rs`), and what wonnx writes for it is never run. So
//! nothing is rendered: every shader is empty. Where a node had no kernel of ours, its pipeline would be refused with an error, since an
//! empty shader has no entry point. tera itself, with its parser, and the text of wonnx's shaders were a seventh of what a first visit
//! downloaded, and rendering took time for every node.

use std::convert::Infallible;

/// What templates are given.
#[derive(Debug, Default)]
pub struct Context(());

impl Context {
    /// An empty context.
    #[must_use]
    pub fn new() -> Self {
        Self(())
    }

    /// Takes a value, and forgets it.
    pub fn insert<K, V: ?Sized>(&mut self, _key: K, _value: &V) {}
}

/// A collection of templates.
#[derive(Debug, Default)]
pub struct Tera(());

impl Tera {
    /// Takes a template, and forgets it.
    ///
    /// # Errors
    /// None.
    pub fn add_raw_template(&mut self, _name: &str, _content: &str) -> Result<(), Infallible> {
        Ok(())
    }

    /// Renders a template of any name to an empty text.
    ///
    /// # Errors
    /// None.
    pub fn render(&self, _name: &str, _context: &Context) -> Result<String, Infallible> {
        Ok(String::new())
    }
}

#[cfg(test)]
mod tests {
    use super::{Context, Tera};

    #[test]
    fn every_template_is_empty() {
        let mut tera = Tera::default();
        let Ok(()) = tera.add_raw_template("map.wgsl", "fn main() { {{ op_type }} }");
        let mut context = Context::new();
        context.insert("op_type", "abs");
        assert_eq!(tera.render("map.wgsl", &context), Ok(String::new()));
    }
}
