//! Warns where the nodes engine is asked for and the flag that it needs is missing.

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    let has = |name| std::env::var_os(name).is_some();
    if has("CARGO_FEATURE_MADSIM") && !has("CARGO_CFG_MADSIM") {
        println!(
            "cargo::warning=the nodes engine is off: this build has no `--cfg madsim`. `.cargo/config.toml` of the project says \
             [target.'cfg(all())'] rustflags = [\"--cfg\", \"madsim\"]; a variable RUSTFLAGS takes the place of that"
        );
    }
}
