//! What does a build say that lacks an engine with hosts, because its compiler was not told the flag?

#[cfg(not(tokio_unstable))]
mod network;
#[cfg(not(madsim))]
mod nodes;

/// Whether what is said names the flag, and everything that takes it away.
#[cfg(not(all(madsim, tokio_unstable)))]
fn tells_what_to_change(said: &str, flag: &str) {
    for word in [flag, ".cargo/config.toml", "rustflags", "RUSTFLAGS"] {
        assert!(said.contains(word), "{word} is not in: {said}");
    }
}
