//! What no file of the repository may hold: paths of one machine, hosts of package registries, work left undone.

use std::fs;
use std::path::Path;
use std::process::Command;

/// Pieces are joined here so that this file does not hold what it looks for.
const HOSTS: [&str; 7] = [
    concat!("registry.", "npmjs"),
    concat!("index.", "crates.io"),
    concat!("static.", "crates.io"),
    concat!("py", "pi.org"),
    concat!("files.", "pythonhosted"),
    concat!("deb.", "debian.org"),
    concat!("static.", "rust-lang"),
];

const MACHINE_PATHS: [&str; 3] = [concat!("/wo", "rk/"), concat!("/ro", "ot/"), concat!("../sha", "red")];

const UNDONE: [&str; 3] = [concat!("TO", "DO"), concat!("FIX", "ME"), concat!("X", "XX")];

/// A file that `tests/all.rs` does not name is never compiled, and its tests would be missing without a word.
#[test]
fn every_file_of_tests_is_one_of_all() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests");
    let all = fs::read_to_string(folder.join("all.rs")).unwrap();
    let entries = || fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap());
    let files = entries().filter_map(|entry| entry.file_name().to_str()?.strip_suffix(".rs").map(str::to_owned));
    // A folder of tests has a file that names its others; folders of data have none, and are no modules.
    let folders = entries().filter(|entry| entry.path().join("mod.rs").is_file());
    let modules = files.chain(folders.filter_map(|entry| entry.file_name().into_string().ok()));
    let modules = modules.filter(|name| name != "all");
    let missing: Vec<_> = modules.filter(|name| !all.lines().any(|line| line == format!("mod {name};"))).collect();
    assert!(missing.is_empty(), "tests/all.rs does not name {missing:?}");
}

#[test]
fn no_registry_hosts_machine_paths_or_undone_work() {
    let mut findings = Vec::new();
    for (name, text) in tracked_texts() {
        // Generated; npm is told to leave addresses out, cargo names its index and nothing else.
        let is_generated = name == "Cargo.lock";
        for (index, line) in text.lines().enumerate() {
            let hosts = HOSTS.iter().filter(|host| !is_generated && line.contains(*host));
            let paths = MACHINE_PATHS.iter().filter(|path| begins_path(line, path));
            let undone = UNDONE.iter().filter(|word| is_code(&name) && has_word(line, word));
            for found in hosts.chain(paths).chain(undone) {
                findings.push(format!("{name}:{}: {found}", index + 1));
            }
        }
    }
    assert!(findings.is_empty(), "{}", findings.join("\n"));
}

/// Every text that git tracks, named by its path. Outside a git checkout (a source archive) there is nothing to ask.
fn tracked_texts() -> Vec<(String, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let listed = Command::new("git").args(["ls-files", "-z"]).current_dir(root).output();
    let Ok(listed) = listed else { return Vec::new() };
    String::from_utf8_lossy(&listed.stdout)
        .split('\0')
        .filter(|name| !name.is_empty())
        .filter_map(|name| Some((name.to_owned(), fs::read_to_string(root.join(name)).ok()?)))
        .collect()
}

fn is_code(name: &str) -> bool {
    [".rs", ".js", ".mjs", ".py", ".css", ".html", ".wgsl", ".toml", ".sh"]
        .iter()
        .any(|extension| name.ends_with(extension))
}

/// Whether a path starts here, rather than in the middle of a longer one or of an address.
fn begins_path(line: &str, path: &str) -> bool {
    line.match_indices(path).any(|(position, _)| {
        let before = line[..position].chars().next_back();
        before.is_none_or(|letter| !(letter.is_alphanumeric() || "./_-}".contains(letter)))
    })
}

fn has_word(line: &str, word: &str) -> bool {
    line.match_indices(word).any(|(position, _)| {
        let around = [line[..position].chars().next_back(), line[position + word.len()..].chars().next()];
        around.into_iter().flatten().all(|letter| !(letter.is_alphanumeric() || letter == '_'))
    })
}
