//! `cargo xtask serve`: dist/ over HTTP on this machine.

use anyhow::{Context, Result};
use clap::Args;
use std::env;
use std::fs;
use std::net::{SocketAddr, TcpListener};
use std::path::{Component, Path, PathBuf};
use std::process::Stdio;
use std::thread;

use crate::build::{self, BuildOptions};
use crate::http::{self, Answer, Request};
use crate::process::{self, command};
use crate::workspace;

#[derive(Args, Debug, Clone)]
pub struct ServeOptions {
    #[command(flatten)]
    pub build: BuildOptions,
    /// Port to listen on; the next free one is taken where it is in use
    #[arg(long, default_value_t = 8080)]
    pub port: u16,
    /// Serve under this path instead of /
    #[arg(long, default_value = "/", value_name = "PATH")]
    pub base: String,
    /// Let pages of other origins read what is served, as an embed's host must; without it the page is isolated from them, and has threads
    #[arg(long)]
    pub cors: bool,
    /// Serve dist/ as it is
    #[arg(long)]
    pub no_build: bool,
    /// Do not try to open a browser
    #[arg(long)]
    pub no_open: bool,
}

/// Serves until the process is ended.
pub fn run(options: &ServeOptions) -> Result<()> {
    if !options.no_build {
        build::run(&options.build)?;
    }
    let site = Site::new(workspace::dist(), &options.base, options.cors);
    let (listener, port) = listen(options.port)?;
    let address = format!("http://localhost:{port}{}", site.base);
    println!("Featurescope is at {address} (Ctrl+C ends it)");
    if !options.no_open {
        open_browser(&address);
    }
    site.serve(&listener)
}

/// A server in this process, for tools that need one while they run.
pub struct BackgroundServer {
    port: u16,
}

impl BackgroundServer {
    /// Serves a folder on a free port until this process ends, isolated from other origins or open to them.
    pub fn start(folder: PathBuf, isolated: bool) -> Result<BackgroundServer> {
        let listener = TcpListener::bind(("127.0.0.1", 0)).context("could not listen")?;
        let port = listener.local_addr().context("the server has no port")?.port();
        let site = Site::new(folder, "/", !isolated);
        thread::spawn(move || site.serve(&listener));
        Ok(BackgroundServer { port })
    }

    pub fn address(&self) -> String {
        format!("http://localhost:{}/", self.port)
    }
}

/// Listens on the port, or on the first free one of the ten after it.
fn listen(port: u16) -> Result<(TcpListener, u16)> {
    let addresses: Vec<_> =
        (port..=port.saturating_add(10)).map(|port| SocketAddr::from(([127, 0, 0, 1], port))).collect();
    let listener = TcpListener::bind(&addresses[..])
        .with_context(|| format!("could not listen on port {port} or the ten after it"))?;
    let port = listener.local_addr().context("the server has no port")?.port();
    Ok((listener, port))
}

/// A folder and how it is served.
#[derive(Debug, Clone)]
struct Site {
    folder: PathBuf,
    /// Begins and ends with a slash.
    base: String,
    cors: bool,
}

impl Site {
    fn new(folder: PathBuf, base: &str, cors: bool) -> Site {
        let base = base.trim_matches('/');
        Site { folder, base: if base.is_empty() { "/".to_owned() } else { format!("/{base}/") }, cors }
    }

    fn serve(self, listener: &TcpListener) -> Result<()> {
        http::serve(listener, move |request| self.answer(request)).context("the server ended")
    }

    fn answer(&self, request: &Request) -> Answer {
        const TEXT: &str = "text/plain; charset=utf-8";
        let is_reading = request.method == "GET" || request.method == "HEAD";
        let file = self.file(&request.address);
        let found = file.as_ref().and_then(|file| Some((media_type(file), fs::read(file).ok()?)));
        let (status, kind, body) = match found {
            _ if !is_reading => (405, TEXT, b"Only GET and HEAD are answered.\n".to_vec()),
            Some((kind, bytes)) => (200, kind, bytes),
            None => (404, TEXT, b"There is no such file.\n".to_vec()),
        };
        let mut headers =
            vec![("Cache-Control", "no-cache"), ("X-Content-Type-Options", "nosniff"), ("Content-Type", kind)];
        if self.cors {
            headers.push(("Access-Control-Allow-Origin", "*"));
        } else {
            // Isolated from other origins a page may have threads, as it has behind its service worker elsewhere.
            headers.push(("Cross-Origin-Opener-Policy", "same-origin"));
            headers.push(("Cross-Origin-Embedder-Policy", "credentialless"));
        }
        Answer { status, headers, body }
    }

    /// The file that an address names, if it lies under the base and inside the folder.
    fn file(&self, address: &str) -> Option<PathBuf> {
        let path = address.split(['?', '#']).next()?;
        let inside = percent_decoded(path.strip_prefix(&self.base)?)?;
        let mut file = self.folder.clone();
        for part in Path::new(&inside).components() {
            match part {
                Component::Normal(name) => file.push(name),
                Component::CurDir => {}
                _ => return None,
            }
        }
        if file.is_dir() {
            file.push("index.html");
        }
        Some(file)
    }
}

/// Undoes `%41`; nothing where the result is not a text.
fn percent_decoded(path: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(path.len());
    let mut rest = path.as_bytes();
    while let Some((&first, tail)) = rest.split_first() {
        rest = tail;
        if first == b'%' {
            let digits = std::str::from_utf8(rest.get(..2)?).ok()?;
            bytes.push(u8::from_str_radix(digits, 16).ok()?);
            rest = &rest[2..];
        } else {
            bytes.push(first);
        }
    }
    String::from_utf8(bytes).ok()
}

/// Browsers refuse modules and streaming compilation under another type.
fn media_type(file: &Path) -> &'static str {
    match file.extension().and_then(|extension| extension.to_str()).unwrap_or_default() {
        "html" => "text/html; charset=utf-8",
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "json" | "map" => "application/json; charset=utf-8",
        "webmanifest" => "application/manifest+json",
        "wasm" => "application/wasm",
        "png" => "image/png",
        "jpg" | "jpeg" => "image/jpeg",
        "webp" => "image/webp",
        "gif" => "image/gif",
        "bmp" => "image/bmp",
        "svg" => "image/svg+xml",
        "ico" => "image/x-icon",
        "md" | "txt" | "ts" => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}

/// Opens the page where there is a screen and a program for it; the printed address does otherwise.
fn open_browser(address: &str) {
    let has_screen = !cfg!(target_os = "linux") || env::var_os("DISPLAY").or(env::var_os("WAYLAND_DISPLAY")).is_some();
    let opener = if cfg!(target_os = "macos") { "open" } else { "xdg-open" };
    if has_screen && !process::on_path(opener).is_empty() {
        let _ = command(opener).arg(address).stdout(Stdio::null()).stderr(Stdio::null()).spawn();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn site(base: &str) -> Site {
        Site::new(PathBuf::from("dist"), base, false)
    }

    #[test]
    fn serves_under_a_sub_path_only() {
        let site = site("a/b");
        assert_eq!(site.base, "/a/b/");
        assert_eq!(site.file("/a/b/main.js?x=1"), Some(PathBuf::from("dist/main.js")));
        assert_eq!(site.file("/main.js"), None);
    }

    #[test]
    fn never_leaves_its_folder() {
        for address in ["/../Cargo.toml", "/%2e%2e/Cargo.toml", "/a/../../Cargo.toml", "/%2Fetc/passwd", "/%zz"] {
            assert_eq!(site("/").file(address), None, "{address}");
        }
    }

    #[test]
    fn decodes_names() {
        assert_eq!(site("/").file("/a%20cat.png"), Some(PathBuf::from("dist/a cat.png")));
    }
}
