//! Runs cases until the time is up: `cargo test --test fuzz -- [--seconds N] [--seed N]`. Each failure is named by its seed and number,
//! with which `--case NUMBER` runs it alone.
//!
//! Cases run in a child process, so that a panic, a hang, an abort or memory without end ends that process alone and is seen from
//! here: a case that takes longer than five seconds or ends its process is a failure, and the next ones go on in a new process.

use std::env;
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, Command, ExitCode, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::thread;
use std::time::{Duration, Instant};

use featurescope_fuzz::case::case;
use featurescope_fuzz::exercise::exercise;

/// So long may a case take, on a processor where the system tells that, since others may have their turn meanwhile. What it may ask
/// for is bounded, and this is a build for tests.
const MOST_TIME: Duration = Duration::from_secs(5);

/// So long may it take in all.
const MOST_WAITING: Duration = Duration::from_secs(60);

/// So much memory may a child have, in kilobytes: half of what WebAssembly can address.
const MOST_MEMORY: u64 = 2 << 20;

/// So long do cases run with all other tests; with the page's (`fuzz/page.mjs`) that makes a minute.
const USUAL_SECONDS: u64 = 30;

/// Every run begins with this one, unless it is told another.
const SEED: u64 = 20_261_129;

fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let number = |name: &str| {
        let place = arguments.iter().position(|argument| argument == name)?;
        arguments.get(place + 1)?.parse::<u64>().ok()
    };
    let seed = number("--seed").unwrap_or(SEED);
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    if let Some(wanted) = number("--case") {
        println!("{}", exercise(case(seed, wanted, &root)));
        return ExitCode::SUCCESS;
    }
    // A filter or a list, as cargo's other tests take it.
    if arguments.first().is_some_and(|first| !["--seconds", "--seed", "--from"].contains(&&first[..])) {
        println!("test result: ok. 0 passed; 0 failed; 0 ignored; 0 measured; 1 filtered out; finished in 0.00s");
        return ExitCode::SUCCESS;
    }
    if let Some(first) = number("--from") {
        return run_from(seed, first, &root);
    }
    watch(seed, Duration::from_secs(number("--seconds").unwrap_or(USUAL_SECONDS)))
}

/// The child: says which case it begins, and that it has ended.
fn run_from(seed: u64, first: u64, root: &Path) -> ExitCode {
    let mut out = std::io::stdout();
    for number in first.. {
        let begun = writeln!(out, "{number}").and_then(|()| out.flush());
        if begun.is_err() {
            break;
        }
        let report = exercise(case(seed, number, root));
        if writeln!(out, "{number} {}", report.replace('\n', " ")).is_err() {
            break;
        }
    }
    ExitCode::SUCCESS
}

/// The parent: ends with failure where a case failed.
fn watch(seed: u64, time: Duration) -> ExitCode {
    let started = Instant::now();
    let (mut first, mut done, mut looked) = (0, 0_u64, 0_u64);
    let mut failures: Vec<String> = Vec::new();
    while started.elapsed() < time {
        let Some(mut child) = Watched::start(seed, first) else {
            eprintln!("error: the cases cannot be started");
            return ExitCode::FAILURE;
        };
        let (mut begun, mut used) = (Instant::now(), Duration::ZERO);
        let why = loop {
            match child.lines.recv_timeout(Duration::from_millis(500)) {
                Ok(line) => {
                    match line.split_once(' ') {
                        Some((_, report)) => {
                            done += 1;
                            looked += u64::from(report.contains("looked") || report.contains("decoded"));
                        }
                        None => first = line.parse().unwrap_or(first),
                    }
                    (begun, used) = (Instant::now(), processor_time(child.process.id()).unwrap_or_default());
                }
                Err(RecvTimeoutError::Timeout) => {
                    let computed = processor_time(child.process.id()).map(|time| time.saturating_sub(used));
                    let waited = begun.elapsed();
                    if waited > MOST_WAITING || computed.unwrap_or(waited) > MOST_TIME {
                        break Some(format!("no answer for {:.1} s", waited.as_secs_f32()));
                    }
                }
                Err(RecvTimeoutError::Disconnected) => break Some(child.last_words()),
            }
            if started.elapsed() > time {
                break None;
            }
        };
        child.end();
        if let Some(why) = why {
            println!("case {first} of seed {seed} failed: {why}");
            failures.push(why);
            first += 1;
        }
    }
    println!("{done} cases in {:.0} s, of which {looked} came through to a result", started.elapsed().as_secs_f32());
    let (outcome, failed) = if failures.is_empty() { ("ok", 0) } else { ("FAILED", 1) };
    println!(
        "test result: {outcome}. {} passed; {failed} failed; 0 ignored; 0 measured; 0 filtered out; finished in {:.2}s",
        1 - failed,
        started.elapsed().as_secs_f32()
    );
    if failures.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// The time that a process has had on a processor, as Linux tells it in hundredths of a second.
fn processor_time(id: u32) -> Option<Duration> {
    let line = std::fs::read_to_string(format!("/proc/{id}/stat")).ok()?;
    let (_, fields) = line.rsplit_once(") ")?;
    let ticks: u64 = fields.split(' ').skip(11).take(2).filter_map(|field| field.parse::<u64>().ok()).sum();
    Some(Duration::from_millis(10 * ticks))
}

struct Watched {
    process: Child,
    lines: Receiver<String>,
    /// What it said last of its panic.
    complaint: Receiver<String>,
}

impl Watched {
    fn start(seed: u64, first: u64) -> Option<Self> {
        let program = env::current_exe().ok()?;
        let mut process = Command::new("sh")
            .arg("-c")
            .arg(format!("ulimit -v {MOST_MEMORY} 2>/dev/null; exec \"$0\" --seed {seed} --from {first}"))
            .arg(program)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .ok()?;
        let lines = forwarded(process.stdout.take()?);
        let complaint = forwarded(process.stderr.take()?);
        Some(Self { process, lines, complaint })
    }

    fn last_words(&mut self) -> String {
        let status = self.process.wait().map_or_else(|error| error.to_string(), |status| status.to_string());
        let words: Vec<String> = self.complaint.iter().filter(|line| !line.starts_with("note:")).take(3).collect();
        format!("{status}: {}", words.join(" "))
    }

    fn end(&mut self) {
        // It may have ended by itself.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// The lines of a stream, read in a thread of their own.
fn forwarded(stream: impl std::io::Read + Send + 'static) -> Receiver<String> {
    let (sender, receiver) = channel();
    thread::spawn(move || {
        for line in BufReader::new(stream).lines().map_while(Result::ok) {
            if sender.send(line).is_err() {
                return;
            }
        }
    });
    receiver
}
