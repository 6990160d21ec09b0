//! As much of HTTP/1.1 as serving files takes: GET and HEAD, one answer for each connection.
//!
//! Every connection has a thread of its own. A pool would have to outnumber the connections that a browser holds open, some
//! of them before it has anything to ask: once all of a pool's threads wait for those, the next request is never read.

use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::Arc;
use std::thread;
use std::time::Duration;

/// The longest line of a request that is read, and the most of them.
const LONGEST_LINE: u64 = 16_384;
const MOST_LINES: usize = 200;

/// A visitor who neither asks nor reads for so long is gone.
const PATIENCE: Duration = Duration::from_secs(120);

pub struct Request {
    pub method: String,
    /// The path with what follows it, as it was sent.
    pub address: String,
}

pub struct Answer {
    pub status: u16,
    pub headers: Vec<(&'static str, &'static str)>,
    pub body: Vec<u8>,
}

/// Answers requests until the listener fails.
pub fn serve(listener: &TcpListener, answer: impl Fn(&Request) -> Answer + Send + Sync + 'static) -> io::Result<()> {
    let answer = Arc::new(answer);
    loop {
        let (stream, _) = listener.accept()?;
        let answer = Arc::clone(&answer);
        // The visitor may leave at any time; there is no one to tell.
        thread::spawn(move || converse(&stream, &*answer).ok());
    }
}

fn converse(stream: &TcpStream, answer: &dyn Fn(&Request) -> Answer) -> io::Result<()> {
    stream.set_read_timeout(Some(PATIENCE))?;
    stream.set_write_timeout(Some(PATIENCE))?;
    let answer = match read(&mut BufReader::new(stream))? {
        Some(request) => (request.method != "HEAD", answer(&request)),
        None => (true, Answer { status: 400, headers: Vec::new(), body: b"This is not a request.\n".to_vec() }),
    };
    write(stream, &answer.1, answer.0)?;
    stream.shutdown(Shutdown::Write)
}

/// Reads a request with its headers, which say nothing that matters here; nothing where it is none.
fn read(stream: &mut impl BufRead) -> io::Result<Option<Request>> {
    let mut first = None;
    for _ in 0..MOST_LINES {
        let mut line = String::new();
        stream.by_ref().take(LONGEST_LINE).read_line(&mut line)?;
        if !line.ends_with('\n') {
            return Ok(None);
        }
        let line = line.trim_end();
        if line.is_empty() {
            return Ok(first.as_deref().and_then(parse));
        }
        first.get_or_insert_with(|| line.to_owned());
    }
    Ok(None)
}

/// `GET /main.js HTTP/1.1`
fn parse(line: &str) -> Option<Request> {
    let mut words = line.split(' ');
    let (method, address, version) = (words.next()?, words.next()?, words.next()?);
    version.starts_with("HTTP/1.").then(|| Request { method: method.to_owned(), address: address.to_owned() })
}

fn write(mut stream: impl Write, answer: &Answer, with_body: bool) -> io::Result<()> {
    let reason = match answer.status {
        200 => "OK",
        400 => "Bad Request",
        404 => "Not Found",
        405 => "Method Not Allowed",
        _ => "",
    };
    let mut head = format!("HTTP/1.1 {} {reason}\r\nConnection: close\r\n", answer.status);
    head.push_str(&format!("Content-Length: {}\r\n", answer.body.len()));
    for (name, value) in &answer.headers {
        head.push_str(&format!("{name}: {value}\r\n"));
    }
    head.push_str("\r\n");
    stream.write_all(head.as_bytes())?;
    if with_body {
        stream.write_all(&answer.body)?;
    }
    stream.flush()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn start() -> u16 {
        let listener = TcpListener::bind(("127.0.0.1", 0)).expect("there is a free port");
        let port = listener.local_addr().expect("it has an address").port();
        thread::spawn(move || {
            serve(&listener, |request| Answer {
                status: 200,
                headers: vec![("Content-Type", "text/plain")],
                body: format!("{} {}", request.method, request.address).into_bytes(),
            })
        });
        port
    }

    fn ask(port: u16, request: &str) -> String {
        let mut stream = TcpStream::connect(("127.0.0.1", port)).expect("the server listens");
        stream.write_all(request.as_bytes()).expect("it reads");
        let mut answer = String::new();
        stream.read_to_string(&mut answer).expect("it answers and closes");
        answer
    }

    #[test]
    fn answers_while_many_connections_wait() {
        let port = start();
        let silent: Vec<_> = (0..50).map(|_| TcpStream::connect(("127.0.0.1", port)).expect("it listens")).collect();
        let answer = ask(port, "GET /a?b HTTP/1.1\r\nHost: here\r\n\r\n");
        assert_eq!(
            answer,
            "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 8\r\nContent-Type: text/plain\r\n\r\nGET /a?b"
        );
        drop(silent);
    }

    #[test]
    fn head_has_no_body_and_nonsense_an_answer() {
        let port = start();
        assert!(
            ask(port, "HEAD / HTTP/1.1\r\n\r\n").ends_with("Content-Length: 6\r\nContent-Type: text/plain\r\n\r\n")
        );
        assert!(ask(port, "hello\r\n\r\n").starts_with("HTTP/1.1 400 "));
    }
}
