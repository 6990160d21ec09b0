//! What a first look has no use for, and how wasm-bindgen's script loads it.

use anyhow::{Context, Result, bail};

use super::Engine;
use super::split::LOADER;

/// The files of an engine's parts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Files {
    pub first: &'static str,
    pub second: &'static str,
    /// What threads run of it.
    pub thread: &'static str,
}

impl Files {
    /// What wasm-bindgen calls the module, and the first part therefore.
    pub const FIRST: &str = "featurescope_bg.wasm";

    /// What most browsers run.
    pub const MAIN: Self =
        Self { first: Self::FIRST, second: "featurescope_later.wasm", thread: "featurescope_thread.wasm" };

    /// The same without relaxed SIMD, where there is a form with it.
    pub const PLAIN: Self = Self {
        first: "featurescope_bg.plain.wasm",
        second: "featurescope_later.plain.wasm",
        thread: "featurescope_thread.plain.wasm",
    };
}

/// The module name of wasm-bindgen's imports.
pub const IMPORTS: &str = "./featurescope_bg.js";

/// Functions with one of these in their names wait, on both engines: what draws, asks about classes, reads rare files and decodes
/// pictures of other kinds than the one that a visit begins with. What a first look runs was recorded function by function;
/// `tests/browser/page-first-visit` sees to it that none of it waits.
const LATER: [&str; 86] = [
    "compiler_builtins::math::libm_math::pow",
    "compiler_builtins::math::libm_math::rem_pio2",
    "drawing_result",
    "fdeflate::",
    "featurescope::analysis::ablat",
    "featurescope::analysis::beside::found",
    "featurescope::analysis::beside::names",
    "featurescope::analysis::beside::pre",
    "featurescope::analysis::cam",
    "featurescope::analysis::depth",
    "featurescope::analysis::draw",
    "featurescope::analysis::evaluate",
    "featurescope::analysis::finds::on_picture",
    "featurescope::analysis::finds::painted",
    "featurescope::analysis::guess",
    "featurescope::analysis::image_set",
    "featurescope::analysis::stack",
    "featurescope::domain::boxes",
    "featurescope::domain::canvas",
    "featurescope::domain::cells",
    "featurescope::domain::class",
    "featurescope::domain::confusion",
    "featurescope::domain::instances",
    "featurescope::domain::json",
    "featurescope::domain::recipe::letterbox",
    "featurescope::domain::segments",
    "featurescope::onnx::branches::attention",
    "featurescope::onnx::branches::rounds",
    "featurescope::onnx::branches::sequences",
    "featurescope::onnx::einsum",
    "featurescope::onnx::explicit::unpool",
    "featurescope::onnx::gradient",
    "featurescope::onnx::intake::others::constant",
    "featurescope::onnx::intake::others::give",
    "featurescope::onnx::intake::picture::arrangement",
    "featurescope::onnx::intake::picture::flat",
    "featurescope::onnx::intake::picture::make",
    "featurescope::onnx::intake::volume",
    "featurescope::onnx::layers::tokens::attention",
    "featurescope::onnx::layers::tokens::spread",
    "featurescope::onnx::layers::tokens::windows",
    "featurescope::onnx::partly",
    "featurescope::onnx::pooled",
    "featurescope::onnx::randomise",
    "featurescope::onnx::read::functions",
    "featurescope::onnx::read::fused::Writer",
    "featurescope::onnx::read::texts",
    "featurescope::onnx::retarget",
    "featurescope::onnx::sampling",
    "featurescope::onnx::shapes::evaluate::elementwise",
    "featurescope::onnx::shapes::evaluate::normalise",
    "featurescope::onnx::shapes::evaluate::place",
    "featurescope::onnx::shapes::evaluate::product",
    "featurescope::onnx::shapes::evaluate::resize",
    "featurescope::onnx::shapes::evaluate::sample",
    "featurescope::onnx::shapes::moving",
    "featurescope::onnx::shapes::sample",
    "featurescope::web::drawing",
    "featurescope::web::image_set",
    "featurescope::web::look::instance",
    "featurescope::web::look::look_finds",
    "featurescope::web::model::Model>::ablate",
    "featurescope::web::model::Model>::cam",
    "featurescope::web::model::Model>::depth",
    "featurescope::web::model::Model>::guess",
    "featurescope::web::model::depth",
    "featurescope::web::scope::Scope>::differentiate",
    "featurescope::web::scope::Scope>::evaluate",
    "featurescope_kernels::ascent",
    "featurescope_kernels::elementwise",
    "featurescope_kernels::scatter",
    "featurescope_kernels::taps",
    "gif::",
    "image::codecs::bmp",
    "image::codecs::jpeg",
    "image::codecs::png",
    "image_webp::vp8",
    "imageset_",
    "model_cam",
    "model_draw",
    "picture_erase",
    "picture_stacked",
    "png::",
    "rustfft::",
    "scope_evaluate",
    "zune_jpeg::",
];

/// The same for the CPU engine alone, which lowers a graph only where it lacks an operator.
const LATER_ON_CPU: [&str; 7] = [
    "featurescope::engine::rten::joined::JoinedNodes",
    "featurescope::onnx::core::",
    "featurescope::onnx::lower",
    "rten::ops::",
    "rten::timing",
    "rten_gemm::",
    "rten_shape_inference::sym_expr",
];

/// Operators of rten's that the first network has.
const FIRST_ON_CPU: [&str; 6] = [
    "rten::ops::concat::",
    "rten::ops::layout::Flatten",
    "rten::ops::layout::flatten",
    "rten::ops::norm::Softmax",
    "rten::ops::norm::softmax",
    "rten::ops::resolve_axis",
];

/// The same for the GPU engine alone, which lowers every graph: what the first network has none of.
const LATER_ON_GPU: [&str; 17] = [
    "featurescope::onnx::core::along",
    "featurescope::onnx::core::arithmetic",
    "featurescope::onnx::core::padding",
    "featurescope::onnx::lower::activation",
    "featurescope::onnx::lower::broadcast",
    "featurescope::onnx::lower::computed",
    "featurescope::onnx::lower::condition",
    "featurescope::onnx::lower::conv_transpose",
    "featurescope::onnx::lower::dense",
    "featurescope::onnx::lower::einsum",
    "featurescope::onnx::lower::matmul",
    "featurescope::onnx::lower::normalize",
    "featurescope::onnx::lower::order",
    "featurescope::onnx::lower::pad",
    "featurescope::onnx::lower::resize",
    "featurescope::onnx::lower::sample",
    "featurescope::onnx::lower::slice_sums",
];

/// Whether a first look has no use for the function of this name.
pub fn is_later(engine: Engine, name: &str) -> bool {
    let (later, first) = match engine {
        Engine::Cpu => (&LATER_ON_CPU[..], &FIRST_ON_CPU[..]),
        Engine::Gpu => (&LATER_ON_GPU[..], &[][..]),
    };
    LATER.iter().chain(later).any(|part| name.contains(part)) && !first.iter().any(|part| name.contains(part))
}

/// All that decides what is parted and how it is loaded, for the cache of finished engines.
pub fn all() -> Vec<&'static str> {
    [&LATER[..], &LATER_ON_CPU, &FIRST_ON_CPU, &LATER_ON_GPU, &[SCRIPT, SHARING, CHOICE, NO_CHOICE]].concat()
}

/// wasm-bindgen's script with the functions that load the second part, and the choice of the files. `first` is the module name of the
/// second part's imports.
///
/// # Errors
/// A script that wasm-bindgen writes in another form.
pub fn with_loader(script: &str, first: &str, computes: bool) -> Result<String> {
    const IMPORT: &str = "__proto__: null,";
    let (before, after) = script.split_once(IMPORT).context("the script's imports have another form than expected")?;
    let address = format!("new URL('{}', import.meta.url)", Files::FIRST);
    if !after.contains(&address) {
        bail!("the script names its module in another form than expected");
    }
    let after = after.replace(&address, "new URL(files[0], import.meta.url)");
    let list = |Files { first, second, thread }: Files| {
        if computes { format!("['{first}', '{second}', '{thread}']") } else { format!("['{first}', '{second}']") }
    };
    let [main, plain] = [Files::MAIN, Files::PLAIN].map(list);
    let after = over_shared_memory(&after)?;
    let choice = if computes {
        CHOICE.replace("MAIN", &main).replace("PLAIN", &plain)
    } else {
        NO_CHOICE.replace("MAIN", &main)
    };
    let functions = SCRIPT.replace("FIRST", first);
    let functions = if computes { format!("{functions}{SHARING}") } else { functions };
    Ok(format!("{before}{IMPORT}\n        {LOADER}: loadSecondPart,{after}{choice}{functions}"))
}

/// How a part of the engine gets a shared memory.
const SHARING: &str = include_str!("sharing.js");

/// The script in a form that goes with a memory that threads share as well: a text decoder and an encoder refuse to look into it, and it
/// grows without taking the views of it away.
fn over_shared_memory(script: &str) -> Result<String> {
    const CHANGES: [(&str, &str); 3] = [
        (".byteLength === 0)", ".buffer !== wasm.memory.buffer)"),
        ("cachedTextDecoder.decode(bytes)", "cachedTextDecoder.decode(bytes.slice())"),
        ("if (!('encodeInto' in cachedTextEncoder)) {", "{"),
    ];
    let mut script = script.to_owned();
    for (written, needed) in CHANGES {
        if !script.contains(written) {
            bail!("the script has no \"{written}\", which a shared memory needs in another form");
        }
        script = script.replace(written, needed);
    }
    Ok(script)
}

/// The files that this browser can run, by whether it knows a function with one relaxed instruction, `f32x4.relaxed_madd`.
const CHOICE: &str = r#"
export const hasRelaxed = WebAssembly.validate(new Uint8Array([
    0, 97, 115, 109, 1, 0, 0, 0,
    1, 8, 1, 96, 3, 123, 123, 123, 1, 123,
    3, 2, 1, 0,
    10, 13, 1, 11, 0, 32, 0, 32, 1, 32, 2, 253, 133, 2, 11,
]));
export const files = hasRelaxed ? MAIN : PLAIN;
export const prepared = (part) => (wasm.memory.buffer instanceof ArrayBuffer ? part : sharing(part));
"#;

const NO_CHOICE: &str = r#"
export const hasRelaxed = false;
export const files = MAIN;
export const prepared = (part) => part;
"#;

/// A worker may stand still for a file, as a page may not. It can go no further without that file: code of the engine is running.
const SCRIPT: &str = r#"
let secondPart;
export function takeSecondPart(module) {
    if (secondPart !== undefined)
        return;
    const compiled = module instanceof WebAssembly.Module ? module : new WebAssembly.Module(prepared(module));
    secondPart = new WebAssembly.Instance(compiled, { "FIRST": wasm });
}
function loadSecondPart() {
    try {
        const request = new XMLHttpRequest();
        request.open("GET", new URL(files[1], import.meta.url), false);
        request.responseType = "arraybuffer";
        request.send();
        takeSecondPart(request.response);
    }
    catch (error) {
        throw Object.assign(new WebAssembly.RuntimeError(`${files[1]}: ${error.message}`), { isMissingPart: true });
    }
}
"#;

#[cfg(test)]
mod tests {
    use super::{is_later, with_loader};
    use crate::build::Engine;

    #[test]
    fn each_engine_keeps_what_its_own_first_look_runs() {
        let lowering = "<featurescope::onnx::lower::conv::Convolution>::lower";
        assert!(is_later(Engine::Cpu, lowering) && !is_later(Engine::Gpu, lowering));
        assert!(is_later(Engine::Cpu, "<rten::ops::pad::Pad as rten::operator::Operator>::run"));
        assert!(!is_later(Engine::Cpu, "rten::ops::concat::concat_impl::<f32>"));
        assert!(
            [Engine::Cpu, Engine::Gpu]
                .into_iter()
                .all(|engine| is_later(engine, "featurescope::onnx::gradient::gradient"))
        );
    }

    #[test]
    fn the_script_gets_a_loader_among_its_imports_and_a_choice_of_files() {
        let script = "const import0 = {\n        __proto__: null,\n        other: 1,\n};\nmodule = new URL('featurescope_bg.wasm', import.meta.url);\n\
            if (cachedUint8ArrayMemory0 === null || cachedUint8ArrayMemory0.byteLength === 0) {\n}\n\
            cachedTextDecoder.decode(bytes);\nif (!('encodeInto' in cachedTextEncoder)) {\n}\n";
        let parted = with_loader(script, "first 0123", true).unwrap();
        assert!(parted.contains("__proto__: null,\n        __load_second_part: loadSecondPart,\n        other: 1,"));
        assert!(parted.contains("{ \"first 0123\": wasm }"));
        assert!(
            parted.contains("module = new URL(files[0], import.meta.url);")
                && parted.contains("featurescope_bg.plain.wasm")
        );
        assert!(!with_loader(script, "first 0123", false).unwrap().contains("plain.wasm"));
        assert!(
            parted.contains("cachedUint8ArrayMemory0.buffer !== wasm.memory.buffer")
                && parted.contains("bytes.slice()")
        );
        assert!(with_loader(&script.replace("decode(bytes)", "decode(view)"), "first 0123", true).is_err());
        assert!(with_loader("nothing", "first", true).is_err());
        assert!(with_loader("__proto__: null,", "first", true).is_err());
    }
}
