//! Errors as JavaScript sees them: `{ code, message, node, ofEngine }`.

use js_sys::{Object, Reflect};
use wasm_bindgen::JsValue;

use crate::analysis::error::AnalysisError;
use crate::domain::picture::PictureError;
use crate::engine::EngineError;
use crate::onnx::gradient::GradientError;
use crate::onnx::lower::LowerError;
use crate::onnx::read::ReadError;
use crate::onnx::shapes::ShapeError;

/// An error that crosses the border.
#[derive(Debug)]
pub struct WebError {
    pub code: &'static str,
    pub message: String,
    pub node: Option<String>,
    /// The engine is the one that cannot: another one may.
    pub of_engine: bool,
}

impl WebError {
    /// An argument that is not what the method takes.
    pub fn argument(message: impl Into<String>) -> Self {
        Self { code: "bad-argument", message: message.into(), node: None, of_engine: false }
    }
}

impl From<WebError> for JsValue {
    fn from(error: WebError) -> Self {
        let object = Object::new();
        let set = |key: &str, value: &JsValue| {
            // Setting a property of a fresh plain object cannot fail.
            let _ = Reflect::set(&object, &key.into(), value);
        };
        set("code", &error.code.into());
        set("message", &error.message.into());
        if let Some(node) = error.node {
            set("node", &node.into());
        }
        if error.of_engine {
            set("ofEngine", &JsValue::TRUE);
        }
        object.into()
    }
}

impl<E: Into<AnalysisError>> From<E> for WebError {
    fn from(error: E) -> Self {
        let error = error.into();
        let of_engine = of_engine(&error);
        Self { code: code(&error), node: node(&error), message: sentence(&error.to_string()), of_engine }
    }
}

/// The same with a capital letter and a full stop.
fn sentence(text: &str) -> String {
    let mut letters = text.chars();
    let Some(first) = letters.next() else { return String::new() };
    let end = if text.ends_with(['.', '!', '?']) { "" } else { "." };
    format!("{}{}{end}", first.to_uppercase(), letters.as_str())
}

fn code(error: &AnalysisError) -> &'static str {
    match error {
        // What is wrong with a shape is that, whoever found it.
        AnalysisError::Lower(LowerError::Shape(error))
        | AnalysisError::Gradient(GradientError::Lower(LowerError::Shape(error))) => {
            code(&AnalysisError::Shape(error.clone()))
        }
        AnalysisError::Read(ReadError::MissingExternalFile(_)) => "missing-file",
        AnalysisError::Read(_) => "bad-model",
        AnalysisError::Shape(
            ShapeError::TooLarge { .. } | ShapeError::TooMuchWork { .. } | ShapeError::TooMuchAtATime { .. },
        ) => "too-large",
        // The model may well be right, but holds an operator of which we know nothing, or whose result has no fixed size.
        AnalysisError::Shape(ShapeError::Unknown { .. } | ShapeError::Dynamic { .. }) => "unsupported-op",
        AnalysisError::Shape(_) | AnalysisError::NotAPictureModel(_) | AnalysisError::InputForm(_) => "bad-model",
        AnalysisError::Cut(_) => "bad-argument",
        AnalysisError::Lower(LowerError::TooLarge { .. } | LowerError::TooMuch { .. }) => "too-large",
        AnalysisError::Lower(_)
        | AnalysisError::Blocked(_)
        | AnalysisError::Engine(EngineError::Unsupported { .. }) => "unsupported-op",
        AnalysisError::Engine(error) => match error {
            EngineError::TooLarge(_) => "too-large",
            EngineError::NoGpu(_) => "no-gpu",
            EngineError::DeviceLost(_) => "device-lost",
            _ => "engine-failed",
        },
        AnalysisError::Recipe(_) | AnalysisError::BadCard(_) => "bad-card",
        AnalysisError::Picture(PictureError::NeedsBrowser { .. }) => "needs-browser",
        AnalysisError::Picture(PictureError::TooLarge { .. } | PictureError::DecoderLimit { .. }) => "too-large",
        AnalysisError::Picture(_) => "bad-image",
        AnalysisError::Overlay(_)
        | AnalysisError::NoScores { .. }
        | AnalysisError::NotFinite { .. }
        | AnalysisError::Unclear(_)
        | AnalysisError::NoSuchLayer(_)
        | AnalysisError::NoSuchClass { .. }
        | AnalysisError::NoSuchBox { .. }
        | AnalysisError::NothingFound
        | AnalysisError::NoSuchImage { .. }
        | AnalysisError::NoSuchPatch { .. }
        | AnalysisError::NotAttention(_)
        | AnalysisError::NoVolume
        | AnalysisError::NoSuchMap { .. }
        | AnalysisError::OtherLayer { .. }
        | AnalysisError::Objective(_)
        | AnalysisError::DrawTooSmall { .. } => "bad-argument",
        AnalysisError::DrawTooLarge { .. } | AnalysisError::StackTooLarge { .. } => "too-large",
        AnalysisError::Gradient(GradientError::Lower(LowerError::TooLarge { .. } | LowerError::TooMuch { .. })) => {
            "too-large"
        }
        AnalysisError::Gradient(_) => "unsupported-op",
        AnalysisError::Tensor(_) | AnalysisError::Contribution(_) => "engine-failed",
        AnalysisError::Cancelled => "cancelled",
    }
}

/// Whether what was asked is beyond the engine that was asked, and not beyond all of them. An operator that has no gradient has
/// none on any engine, and where some size of a drawing fits, that one is named instead.
fn of_engine(error: &AnalysisError) -> bool {
    matches!(
        error,
        AnalysisError::Lower(LowerError::Unsupported { .. } | LowerError::TooLarge { .. } | LowerError::TooMuch { .. })
            | AnalysisError::Engine(EngineError::Unsupported { .. } | EngineError::TooLarge(_))
            | AnalysisError::Gradient(GradientError::Lower(LowerError::TooLarge { .. } | LowerError::TooMuch { .. }))
            | AnalysisError::DrawTooLarge { fits: 0, .. }
    )
}

fn node(error: &AnalysisError) -> Option<String> {
    match error {
        AnalysisError::Lower(LowerError::Shape(error))
        | AnalysisError::Gradient(GradientError::Lower(LowerError::Shape(error))) => {
            node(&AnalysisError::Shape(error.clone()))
        }
        AnalysisError::Read(
            ReadError::MissingValue { node, .. }
            | ReadError::DuplicateValue { node, .. }
            | ReadError::NoResult { node, .. }
            | ReadError::Quantised { node, .. },
        )
        | AnalysisError::Shape(
            ShapeError::Unknown { node, .. }
            | ShapeError::Dynamic { node, .. }
            | ShapeError::Invalid { node, .. }
            | ShapeError::TooLarge { node, .. }
            | ShapeError::TooMuchWork { node, .. }
            | ShapeError::TooMuchAtATime { node, .. },
        )
        | AnalysisError::Lower(
            LowerError::Unsupported { node, .. } | LowerError::TooLarge { node, .. } | LowerError::TooMuch { node, .. },
        )
        | AnalysisError::Gradient(
            GradientError::Unsupported { node, .. }
            | GradientError::Lower(
                LowerError::Unsupported { node, .. }
                | LowerError::TooLarge { node, .. }
                | LowerError::TooMuch { node, .. },
            ),
        )
        | AnalysisError::Engine(EngineError::Unsupported { node, .. }) => Some(node.clone()),
        _ => None,
    }
}
