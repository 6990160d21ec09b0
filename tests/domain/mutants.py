#!/usr/bin/env python3
"""Changes src/domain in small ways, one at a time, and tells which changes no test of its own notices.

    cargo install cargo-mutants
    python3 tests/domain/mutants.py [--file src/domain/blur.rs …]

What is given goes to `cargo mutants`. The domain knows no other layer, so it is copied into a crate of its own with the tests that need
nothing else; that one compiles in seconds, where the whole library takes a minute for each change. What is left over is in README.md.
"""

import pathlib
import resource
import shutil
import subprocess
import sys
import tomllib

ROOT = pathlib.Path(__file__).resolve().parents[2]
CRATE = ROOT / "target" / "mutants" / "domain"

# A change may reserve without end.
MEMORY = 6 << 30

# Of the library's dependencies and those of its tests, what these files use.
NEEDED = ["fastrand", "image", "rustfft", "serde", "thiserror"]
NEEDED_BY_TESTS = ["proptest", "serde_json"]

PROFILE = """
[profile.dev]
opt-level = 1
debug = false

[profile.dev.package."*"]
opt-level = 2
"""


def dependency(name, of):
    if isinstance(of, str):
        return f'{name} = "{of}"\n'
    features = ", ".join(f'"{feature}"' for feature in of.get("features", []))
    defaults = str(of.get("default-features", True)).lower()
    return f'{name} = {{ version = "{of["version"]}", default-features = {defaults}, features = [{features}] }}\n'


def make_crate():
    manifest = tomllib.loads((ROOT / "Cargo.toml").read_text())
    package = manifest["package"]
    shutil.rmtree(CRATE / "src", ignore_errors=True)
    shutil.copytree(ROOT / "src" / "domain", CRATE / "src" / "domain")
    # The tests become part of the library, so that there is one thing to compile.
    for test in [*(ROOT / "tests" / "domain").glob("*.rs"), ROOT / "tests" / "adjoints.rs"]:
        shutil.copy(test, CRATE / "src")
    main = (CRATE / "src" / "main.rs").rename(CRATE / "src" / "lib.rs")
    main.write_text(main.read_text() + "\nmod adjoints;\npub mod domain;\nextern crate self as featurescope;\n")
    if not (CRATE / "tests").exists():
        (CRATE / "tests").symlink_to(ROOT / "tests", target_is_directory=True)
    shutil.copy(ROOT / "Cargo.lock", CRATE)
    kernels = ROOT / "crates" / "featurescope-kernels"
    (CRATE / "Cargo.toml").write_text(
        f'[package]\nname = "{package["name"]}"\nversion = "0.0.0"\nedition = "{package["edition"]}"\nautotests = false\n\n[workspace]\n'
        + f'\n[dependencies]\nfeaturescope-kernels = {{ path = "{kernels}" }}\n'
        + "".join(dependency(name, manifest["dependencies"][name]) for name in NEEDED)
        + "\n[dev-dependencies]\n"
        + "".join(dependency(name, manifest["dev-dependencies"][name]) for name in NEEDED_BY_TESTS)
        + PROFILE
    )


def main():
    make_crate()
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    command = ["cargo", "mutants", "--in-place", "--no-shuffle", "--minimum-test-timeout", "10", "--colors", "never"]
    files = [] if "--file" in sys.argv else ["--file", "src/domain/**"]
    sys.exit(subprocess.run([*command, *files, "--cargo-arg=--lib", *sys.argv[1:]], cwd=CRATE).returncode)


if __name__ == "__main__":
    main()
