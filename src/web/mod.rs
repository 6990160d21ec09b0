//! The JavaScript edge: handles for `wasm-bindgen`, plain data across the border, errors as `{code, message, node}`.
