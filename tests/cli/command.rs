//! The program, and the examples with catalogues of their own, as processes.

use std::path::PathBuf;
use std::process::{Command, Output};
use std::sync::Once;

/// What a process said and how it ended.
pub(crate) struct Said {
    pub(crate) out: String,
    pub(crate) err: String,
    pub(crate) code: Option<i32>,
}

impl From<Output> for Said {
    fn from(output: Output) -> Self {
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("it writes text");
        Self { out: text(output.stdout), err: text(output.stderr), code: output.status.code() }
    }
}

/// The catalogue of this project.
pub(crate) const RETRIP: &str = env!("CARGO_BIN_EXE_retrip");

/// The example called `name`, built from what is there now: a test that is run alone does not build it.
pub(crate) fn example(name: &str) -> PathBuf {
    static BUILT: Once = Once::new();
    let folder = PathBuf::from(RETRIP).parent().expect("it is in a folder").join("examples");
    let program = folder.join(name);
    BUILT.call_once(|| {
        let target = folder.parent().and_then(|profile| profile.parent());
        let mut cargo = Command::new(env!("CARGO"));
        cargo.args(["build", "--quiet", "--package", "retrip", "--examples", "--target-dir"]);
        cargo.arg(target.expect("profiles are folders of the target folder"));
        if !cfg!(debug_assertions) {
            cargo.arg("--release");
        }
        assert!(cargo.status().expect("cargo runs").success(), "the examples build");
    });
    program
}

/// Executes `line` in a shell at the root of the project, as a person would who pasted it. Cargo builds where the tests are
/// built, and fetches nothing.
pub(crate) fn paste(line: &str) -> Said {
    let profile = PathBuf::from(RETRIP).parent().expect("it is in a folder").to_owned();
    let target = profile.parent().expect("a profile is a folder of the target folder");
    // What a debug build prints starts a debug build.
    let release = if cfg!(debug_assertions) { "cargo run " } else { "cargo run --release " };
    let line = line.replacen("cargo run ", release, 1);
    let mut shell = command("sh", &["-c", &line]);
    shell.current_dir(env!("CARGO_MANIFEST_DIR"));
    shell.env("CARGO_TARGET_DIR", target).env("CARGO_NET_OFFLINE", "true");
    shell.output().expect("a shell runs").into()
}

/// `program` with these arguments and no variable of ours.
pub(crate) fn command(program: impl Into<PathBuf>, arguments: &[&str]) -> Command {
    let mut command = Command::new(program.into());
    command.args(arguments);
    for (name, _) in std::env::vars_os() {
        if name.to_string_lossy().starts_with("RETRIP_") {
            command.env_remove(name);
        }
    }
    command
}

/// Runs it to its end.
pub(crate) fn say(program: impl Into<PathBuf>, arguments: &[&str]) -> Said {
    command(program, arguments).output().expect("it starts").into()
}
