//! Warns where an engine is asked for and the flag that it needs is missing.

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    let has = |name| std::env::var_os(name).is_some();
    let engines = [
        ("nodes", "CARGO_FEATURE_MADSIM", "CARGO_CFG_MADSIM", "madsim"),
        ("network", "CARGO_FEATURE_TURMOIL", "CARGO_CFG_TOKIO_UNSTABLE", "tokio_unstable"),
    ];
    for (engine, feature, set, cfg) in engines {
        if has(feature) && !has(set) {
            println!(
                "cargo::warning=the {engine} engine is off: this build has no `--cfg {cfg}`. `.cargo/config.toml` of the project \
                 says [target.'cfg(all())'] rustflags = [\"--cfg\", \"{cfg}\"]; a variable RUSTFLAGS takes the place of that"
            );
        }
    }
}
