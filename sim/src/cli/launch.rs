//! How a program is started, as far as its place tells: what its replay lines begin with.

use std::path::Path;

/// The command that starts this program, to which arguments can be added.
pub(super) fn of_this_program() -> String {
    // Where even that is unknown, most crates have one program.
    std::env::current_exe().map_or_else(|_| ONE_PROGRAM.to_owned(), |path| of(&path))
}

const ONE_PROGRAM: &str = "cargo run --";

/// The command that starts the program at `path`: through cargo where cargo builds its examples and programs, and by its
/// name elsewhere.
fn of(path: &Path) -> String {
    let text =
        |part: Option<&std::ffi::OsStr>| part.map(|part| part.to_string_lossy().into_owned());
    let folder = text(path.parent().and_then(Path::file_name));
    let Some(name) = text(path.file_stem()) else { return ONE_PROGRAM.to_owned() };
    match folder.as_deref() {
        Some("examples") => format!("cargo run --example {name} --"),
        Some("debug" | "release") => format!("cargo run --bin {name} --"),
        // A test, which nobody can ask for a replay.
        Some("deps") => ONE_PROGRAM.to_owned(),
        _ => name,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_program_is_started_as_its_place_says() {
        for (path, command) in [
            ("a/target/debug/examples/leaky", "cargo run --example leaky --"),
            ("a/target/release/breakers", "cargo run --bin breakers --"),
            ("a/target/debug/deps/cli-37634a4704474615", "cargo run --"),
            ("usr/bin/breakers", "breakers"),
            ("breakers", "breakers"),
        ] {
            assert_eq!(of(Path::new(path)), command, "{path}");
        }
    }
}
