//! Tells what a file is that is no ONNX model, and whether a model is cut short, before any parser sees it.

use super::ReadError;

/// Checks the first bytes and the outermost structure of a model file.
pub(super) fn check(bytes: &[u8]) -> Result<(), ReadError> {
    if bytes.is_empty() {
        return Err(ReadError::Empty);
    }
    if let Some((what, advice)) = recognise(bytes) {
        return Err(ReadError::OtherFormat { what, advice });
    }
    check_fields(bytes)
}

const PYTORCH: &str = "load it in Python and save it with torch.onnx.export(model, example, \"model.onnx\")";
const KERAS: &str = "convert it with python -m tf2onnx.convert, or in Python with tf2onnx.convert.from_keras";
const TFLITE: &str = "convert it with python -m tf2onnx.convert --tflite model.tflite --output model.onnx";
const WEIGHTS_ONLY: &str =
    "it holds weights without the network; build the network in PyTorch, load them, and save it with torch.onnx.export";
const DOWNLOAD_AGAIN: &str = "download the model file itself, not the page that links to it";
const PICTURE: &str = "drop it where the pictures go";
const ONNX: &str = "choose a file that ends in .onnx";

/// What a file is, told by its first bytes, and what to do about it.
fn recognise(bytes: &[u8]) -> Option<(&'static str, &'static str)> {
    let starts = |magic: &[u8]| bytes.starts_with(magic);
    let has = |offset: usize, magic: &[u8]| bytes.get(offset..).is_some_and(|rest| rest.starts_with(magic));
    let head = &bytes[..bytes.len().min(4096)];
    let mentions = |text: &str| head.windows(text.len()).any(|window| window == text.as_bytes());
    Some(if starts(b"version https://git-lfs") {
        (
            "a Git LFS pointer",
            "the model itself is still on the server: run git lfs pull, or download it from the project's page",
        )
    } else if starts(b"PK\x03\x04") || starts(b"PK\x05\x06") {
        // An archive names its files in the clear; PyTorch keeps the network in data.pkl, Keras in config.json.
        if mentions("data.pkl") || mentions("/version") || mentions(".data/") {
            ("a PyTorch file", PYTORCH)
        } else if mentions("config.json") || mentions("model.weights.h5") {
            ("a Keras file", KERAS)
        } else {
            ("a ZIP archive", "unpack it and choose the .onnx file in it")
        }
    } else if starts(b"\x89HDF\r\n\x1a\n") {
        ("an HDF5 file, as Keras writes it", KERAS)
    } else if starts(b"\x80\x02") || starts(b"\x80\x03") || starts(b"\x80\x04") || starts(b"\x80\x05") {
        ("a Python pickle, as older PyTorch writes it", PYTORCH)
    } else if has(8, b"{\"") && mentions("\"dtype\"") {
        ("a safetensors file", WEIGHTS_ONLY)
    } else if starts(b"GGUF") {
        ("a GGUF file", "it holds a language model, which has no feature maps")
    } else if has(4, b"TFL3") {
        ("a TensorFlow Lite model", TFLITE)
    } else if has(4, b"ORTM") {
        ("a model in onnxruntime's own format", "use the .onnx file that it was made from")
    } else if starts(b"\x89PNG") || starts(b"\xff\xd8\xff") || starts(b"GIF8") || has(8, b"WEBP") {
        ("a picture", PICTURE)
    } else if starts(b"%PDF") {
        ("a PDF document", ONNX)
    } else if starts(b"\x1f\x8b") {
        ("a gzip archive", "unpack it and choose the .onnx file in it")
    } else if is_text(head) {
        let text = head.trim_ascii_start();
        let begins = |tag: &str| text.get(..tag.len()).is_some_and(|start| start.eq_ignore_ascii_case(tag.as_bytes()));
        if begins("<!doctype html") || begins("<html") || begins("<head") {
            ("a web page", DOWNLOAD_AGAIN)
        } else if begins("<?xml") || begins("<net") {
            ("an XML file", ONNX)
        } else if begins("{") || begins("[") {
            ("a JSON file", "if it describes a TensorFlow.js or Keras model, convert the original with tf2onnx")
        } else {
            ("a text file", ONNX)
        }
    } else {
        return None;
    })
}

/// Whether the bytes are a text. A model begins with the tag 0x08, which stands in none.
fn is_text(head: &[u8]) -> bool {
    // The last letter may be cut off, since only the beginning is looked at.
    let is_utf8 = std::str::from_utf8(head).map_or_else(|error| error.error_len().is_none(), |_| true);
    is_utf8 && !head.iter().any(|&byte| byte < 0x20 && !matches!(byte, b'\t' | b'\n' | b'\r' | 0x0c))
}

/// Follows the outermost fields of a protocol buffer and sees that each ends within the file. The graph is one of them,
/// so a download that was cut is told from bytes that are no model at all.
fn check_fields(bytes: &[u8]) -> Result<(), ReadError> {
    let mut rest = bytes;
    let mut first = true;
    while !rest.is_empty() {
        let (key, after) = varint(rest)?;
        let (field, wire_type) = (key >> 3, key & 7);
        let not_onnx = || ReadError::NotOnnx(format!("byte {} is no field of a model", bytes.len() - rest.len()));
        // The fields of ModelProto have numbers up to 26.
        if field == 0 || field > 31 {
            return Err(not_onnx());
        }
        let length = match wire_type {
            0 => {
                rest = varint(after)?.1;
                first = false;
                continue;
            }
            1 => 8,
            5 => 4,
            2 => {
                let (length, after_length) = varint(after)?;
                let available = after_length.len() as u64;
                if length > available {
                    // A length beyond any file in the very first field tells noise rather than a cut.
                    let noise = first || length > 1 << 40;
                    return Err(if noise { not_onnx() } else { ReadError::Truncated { missing: length - available } });
                }
                let length = usize::try_from(length).map_err(|_| not_onnx())?;
                rest = &after_length[length..];
                first = false;
                continue;
            }
            _ => return Err(not_onnx()),
        };
        rest =
            after.get(length..).ok_or(ReadError::Truncated { missing: (length - after.len().min(length)) as u64 })?;
        first = false;
    }
    Ok(())
}

/// A number of seven bits a byte, lowest first, and what comes after it.
fn varint(bytes: &[u8]) -> Result<(u64, &[u8]), ReadError> {
    let mut number = 0_u64;
    for (index, &byte) in bytes.iter().enumerate().take(10) {
        number |= u64::from(byte & 0x7f) << (7 * index).min(63);
        if byte & 0x80 == 0 {
            return Ok((number, &bytes[index + 1..]));
        }
    }
    if bytes.len() < 10 {
        return Err(ReadError::Truncated { missing: 1 });
    }
    Err(ReadError::NotOnnx("a number is longer than ten bytes".to_owned()))
}
