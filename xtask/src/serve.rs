//! `cargo xtask serve`: dist/ over HTTP on this machine.

use anyhow::{Context, Result, anyhow};
use clap::Args;
use std::env;
use std::fs;
use std::path::{Component, Path, PathBuf};
use std::process::Stdio;
use std::sync::Arc;
use std::thread;
use tiny_http::{Header, Method, Request, Response, Server};

use crate::build::{self, BuildOptions};
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
    /// Let pages of other origins read what is served, as an embed's host must
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
    let (server, port) = listen(options.port)?;
    let address = format!("http://localhost:{port}{}", site.base);
    println!("Featurescope is at {address} (Ctrl+C ends it)");
    if !options.no_open {
        open_browser(&address);
    }
    site.serve(server)
}

/// A server in this process, for tools that need one while they run.
pub struct BackgroundServer {
    port: u16,
}

impl BackgroundServer {
    /// Serves a folder on a free port until this process ends.
    pub fn start(folder: PathBuf) -> Result<BackgroundServer> {
        let server = Server::http(("127.0.0.1", 0)).map_err(|error| anyhow!(error)).context("could not listen")?;
        let port = server.server_addr().to_ip().context("the server has no port")?.port();
        let site = Site::new(folder, "/", false);
        thread::spawn(move || site.serve(server));
        Ok(BackgroundServer { port })
    }

    pub fn address(&self) -> String {
        format!("http://localhost:{}/", self.port)
    }
}

/// Listens on the port, or on the first free one of the ten after it.
fn listen(port: u16) -> Result<(Server, u16)> {
    let mut refusal = None;
    for port in port..=port.saturating_add(10) {
        match Server::http(("127.0.0.1", port)) {
            Ok(server) => {
                let port = server.server_addr().to_ip().map_or(port, |address| address.port());
                return Ok((server, port));
            }
            Err(error) => refusal = Some(error),
        }
    }
    Err(refusal.map_or_else(|| anyhow!("no port"), |error| anyhow!(error)))
        .with_context(|| format!("could not listen on port {port} or the ten after it"))
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

    /// Answers on a few threads, since a browser asks for several files at once.
    fn serve(self, server: Server) -> Result<()> {
        let (server, site) = (Arc::new(server), Arc::new(self));
        let threads: Vec<_> = (0..4)
            .map(|_| {
                let (server, site) = (Arc::clone(&server), Arc::clone(&site));
                thread::spawn(move || {
                    for request in server.incoming_requests() {
                        site.answer(request);
                    }
                })
            })
            .collect();
        for thread in threads {
            thread.join().map_err(|_| anyhow!("a thread of the server panicked"))?;
        }
        Ok(())
    }

    fn answer(&self, request: Request) {
        let mut headers = vec![("Cache-Control", "no-cache"), ("X-Content-Type-Options", "nosniff")];
        if self.cors {
            headers.push(("Access-Control-Allow-Origin", "*"));
        }
        let is_reading = matches!(request.method(), Method::Get | Method::Head);
        let (status, kind, body) = match self.file(request.url()) {
            _ if !is_reading => (405, "text/plain; charset=utf-8", b"Only GET and HEAD are answered.\n".to_vec()),
            Some(file) => match fs::read(&file) {
                Ok(bytes) => (200, media_type(&file), bytes),
                Err(_) => (404, "text/plain; charset=utf-8", b"There is no such file.\n".to_vec()),
            },
            None => (404, "text/plain; charset=utf-8", b"There is no such file.\n".to_vec()),
        };
        headers.push(("Content-Type", kind));
        let mut response = Response::from_data(body).with_status_code(status);
        for (name, value) in headers {
            if let Ok(header) = Header::from_bytes(name, value) {
                response.add_header(header);
            }
        }
        // The visitor may have left before the answer was written; there is no one to tell.
        let _ = request.respond(response);
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
