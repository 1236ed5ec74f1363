//! The files into which a log was put aside: `app.jsonl.000012` is the twelfth of `app.jsonl`.

use std::fs;
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

/// A file that was put aside, and its number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Archive {
    pub(super) number: u64,
    pub(super) path: PathBuf,
}

/// What the file `path` is an archive of, and its number.
pub(super) fn archived(path: &Path) -> Option<(PathBuf, u64)> {
    let digits = path.extension()?.to_str()?;
    let is_number = digits.len() >= 6 && digits.bytes().all(|byte| byte.is_ascii_digit());
    let number = if is_number { digits.parse().ok()? } else { return None };
    Some((path.with_extension(""), number))
}

/// The archives of `log` with a higher number, in their order; none where nobody may see what is in its folder.
///
/// # Errors
/// Its folder cannot be read.
pub(super) fn archives_above(log: &Path, number: u64) -> io::Result<Vec<Archive>> {
    let folder = match log.parent() {
        Some(folder) if folder != Path::new("") => folder,
        _ => Path::new("."),
    };
    let mut found = Vec::new();
    let entries = match fs::read_dir(folder) {
        Err(error) if error.kind() == ErrorKind::PermissionDenied => return Ok(found),
        entries => entries?,
    };
    for entry in entries {
        let name = entry?.file_name();
        let Some((of, own)) = archived(Path::new(&name)) else { continue };
        if Some(of.as_os_str()) == log.file_name() && own > number {
            found.push(Archive { number: own, path: log.with_file_name(name) });
        }
    }
    found.sort_by_key(|archive| archive.number);
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_archive_is_named_after_its_log_with_six_digits_or_more() {
        let of = |path: &str| archived(Path::new(path));
        assert_eq!(of("logs/a.jsonl.000009"), Some(("logs/a.jsonl".into(), 9)));
        assert_eq!(of("a.1000000"), Some(("a".into(), 1_000_000)));
        for path in ["a.jsonl", "a.jsonl.9", "a.jsonl.00000x", "a.jsonl.99999999999999999999"] {
            assert_eq!(of(path), None, "{path}");
        }
    }

    #[test]
    fn archives_of_a_log_are_found_in_the_order_of_their_numbers() {
        let folder = std::env::temp_dir().join(format!("retrip-archives-{}", std::process::id()));
        fs::create_dir_all(&folder).expect("it is writable");
        for name in ["a", "a.000002", "a.1000000", "a.000010", "a.000001", "b.000003", "a.new"] {
            fs::write(folder.join(name), "").expect("it is writable");
        }
        let above = |number| {
            let found = archives_above(&folder.join("a"), number).expect("it is there");
            found.into_iter().map(|archive| archive.number).collect::<Vec<_>>()
        };
        assert_eq!(above(1), [2, 10, 1_000_000]);
        assert!(above(1_000_000).is_empty());
        fs::remove_dir_all(&folder).expect("the test owns it");
    }
}
