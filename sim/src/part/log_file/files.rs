//! The files of one log: those that were put aside, and the one that is written to.

use crate::disk::SimDisk;
use std::path::Path;

/// What is in each of them, the oldest first, as an observer sees it, for whom nothing goes wrong.
pub(super) fn in_order(disk: &SimDisk, path: &Path) -> Vec<Vec<u8>> {
    let archives = disk.files().filter(|(listed, _)| is_archive(listed, path));
    let current = disk.files().filter(|(listed, _)| *listed == path);
    archives.chain(current).map(|(_, content)| content.to_vec()).collect()
}

/// An archive has a number behind the name; with as many digits each, they are in their order.
fn is_archive(listed: &Path, path: &Path) -> bool {
    let number = listed
        .to_str()
        .zip(path.to_str())
        .and_then(|(listed, path)| listed.strip_prefix(path)?.strip_prefix('.'));
    number.is_some_and(|number| number.bytes().all(|byte| byte.is_ascii_digit()))
}
