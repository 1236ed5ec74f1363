//! Does the disk do with bytes and names what a disk does, also when it fails?

mod names;

use super::*;
use std::collections::VecDeque;

/// Draws what a test says, in order, and nothing where it says nothing more.
#[derive(Default)]
struct Said(VecDeque<(&'static str, u64)>);

impl Said {
    fn so<const N: usize>(draws: [(&'static str, u64); N]) -> Self {
        Self(draws.into())
    }

    /// Every draw that was said has been asked for.
    fn all(&self) {
        assert!(self.0.is_empty(), "nobody drew {:?}", self.0);
    }
}

impl Luck for Said {
    fn draw(&mut self, purpose: &'static str, bound: u64) -> u64 {
        let Some((wanted, drawn)) = self.0.pop_front() else { return 0 };
        assert_eq!(purpose, wanted);
        assert!(drawn < bound, "{purpose}: {drawn} of {bound}");
        drawn
    }
}

/// Nothing goes wrong by chance.
fn calm() -> Said {
    Said::default()
}

fn path(name: &str) -> PathBuf {
    Path::new("logs").join(name)
}

/// A disk with one open file that holds `content`.
fn with(content: &[u8]) -> (SimDisk, Handle) {
    let mut disk = SimDisk::default();
    let file = disk.append(&path("a"), &mut calm()).expect("nothing is wrong");
    disk.write(&file, content, &mut calm()).expect("there is room");
    (disk, file)
}

fn content(disk: &mut SimDisk, name: &str) -> Option<Vec<u8>> {
    disk.read(&path(name), &mut calm()).ok()
}

fn fails<T: std::fmt::Debug>(result: io::Result<T>, errno: Errno, kind: Option<io::ErrorKind>) {
    let error = result.expect_err("it fails");
    assert_eq!(error.raw_os_error(), Some(errno as i32));
    if let Some(kind) = kind {
        assert_eq!(error.kind(), kind);
    }
}

#[test]
fn a_full_disk_takes_every_length_up_to_what_is_left_and_then_says_so() {
    for left in 0..=10_u64 {
        for (trouble, errno, kind) in [
            (Trouble::Full(left), Errno::ENOSPC, io::ErrorKind::StorageFull),
            (Trouble::OverQuota(left), Errno::EDQUOT, io::ErrorKind::QuotaExceeded),
        ] {
            let (mut disk, file) = with(b"before ");
            disk.begin(0, trouble);
            let line = b"0123456789";
            let taken = disk.write(&file, line, &mut calm());
            if left > 0 {
                assert_eq!(taken.expect("there is some room") as u64, left);
                if left < 10 {
                    fails(disk.write(&file, line, &mut calm()), errno, Some(kind));
                }
            } else {
                fails(taken, errno, Some(kind));
            }
            let kept = [b"before ", &line[..left as usize]].concat();
            assert_eq!(content(&mut disk, "a"), Some(kept));
            disk.end(0);
            assert_eq!(disk.write(&file, line, &mut calm()).expect("there is room again"), 10);
        }
    }
}

#[test]
fn a_file_that_goes_away_makes_room_once_nobody_has_it_open() {
    let (mut disk, file) = with(b"0123456789");
    disk.limit_bytes(Some(12));
    let other = disk.append(&path("b"), &mut calm()).expect("nothing is wrong");
    assert_eq!(disk.write(&other, b"xyz", &mut calm()).expect("there is some room"), 2);
    disk.remove(&path("a"), &mut calm()).expect("it is there");
    fails(disk.write(&other, b"z", &mut calm()), Errno::ENOSPC, None);
    disk.close(file);
    assert_eq!(disk.write(&other, b"z", &mut calm()).expect("there is room again"), 1);
}

#[test]
fn there_are_no_more_files_than_there_may_be() {
    let (mut disk, _file) = with(b"");
    disk.limit_files(Some(1));
    fails(disk.append(&path("b"), &mut calm()), Errno::ENOSPC, Some(io::ErrorKind::StorageFull));
    disk.append(&path("a"), &mut calm()).expect("it is there already");
    disk.remove(&path("a"), &mut calm()).expect("it is there");
    disk.append(&path("b"), &mut calm()).expect("there is room for one");
}

#[test]
fn a_write_that_fails_or_is_interrupted_takes_nothing() {
    for (trouble, purpose, errno) in [
        (Trouble::WritesFail(250_000), "disk.eio", Errno::EIO),
        (Trouble::WritesInterrupted(250_000), "disk.eintr", Errno::EINTR),
    ] {
        let (mut disk, file) = with(b"a");
        disk.begin(0, trouble);
        let mut luck = Said::so([(purpose, 750_000), (purpose, 749_999)]);
        fails(disk.write(&file, b"b", &mut luck), errno, None);
        assert_eq!(disk.write(&file, b"c", &mut luck).expect("not this time"), 1);
        luck.all();
        assert_eq!(content(&mut disk, "a").as_deref(), Some(&b"ac"[..]));
    }
}

#[test]
fn a_read_that_fails_gives_nothing_and_the_next_one_all() {
    let (mut disk, file) = with(b"abc");
    disk.begin(4, Trouble::ReadsFail(250_000));
    let mut luck = Said::so(
        [750_000, 749_999, 750_000, 749_999, 750_000, 749_999].map(|drawn| ("disk.read", drawn)),
    );
    let (folder, file_path) = (Path::new("logs"), path("a"));
    fails(disk.read(&file_path, &mut luck), Errno::EIO, None);
    assert_eq!(disk.read(&file_path, &mut luck).expect("not this time"), b"abc");
    fails(disk.read_at(&file_path, 1, 1, &mut luck), Errno::EIO, None);
    assert_eq!(disk.read_at(&file_path, 1, 1, &mut luck).expect("not this time"), b"b");
    fails(disk.list(folder, &mut luck), Errno::EIO, None);
    assert_eq!(disk.list(folder, &mut luck).expect("not this time"), [file_path]);
    luck.all();
    let struck = Struck { fault: 4, call: Call::Read, effect: Effect::Fails(Errno::EIO) };
    assert_eq!(disk.take_struck(), [struck; 3]);
    // Other calls draw nothing.
    let mut none = Said::so([("nothing", 0)]);
    assert_eq!(disk.write(&file, b"d", &mut none).expect("only reads fail"), 1);
    disk.sync(&file, &mut none).expect("only reads fail");
    disk.append(&path("b"), &mut none).expect("only reads fail");
}

#[test]
fn a_short_write_takes_every_length_but_none_at_all() {
    for less in 0..=1 {
        let (mut disk, file) = with(b"");
        disk.begin(0, Trouble::WritesShort(1_000_000));
        let mut luck = Said::so([("disk.short_by", less)]);
        let taken = disk.write(&file, b"abc", &mut luck).expect("some of it is taken");
        assert_eq!(taken as u64, 2 - less);
        assert_eq!(disk.write(&file, b"d", &mut calm()).expect("one byte is whole"), 1);
        luck.all();
    }
}

#[test]
fn a_trouble_by_an_amount_can_be_one_by_any_other_amount() {
    for trouble in [
        Trouble::Full(9),
        Trouble::OverQuota(9),
        Trouble::WritesFail(9),
        Trouble::WritesInterrupted(9),
        Trouble::WritesShort(9),
        Trouble::ReadsFail(9),
        Trouble::SyncsFail(9),
        Trouble::Slow(Duration::from_nanos(5), Duration::from_nanos(9)),
    ] {
        let smaller = trouble.with_size(3);
        assert_eq!((trouble.size(), smaller.size()), (9, 3));
        assert_eq!(smaller.name(), trouble.name());
        assert_eq!(smaller.share(), trouble.share().map(|_| 3));
    }
}

#[test]
fn what_may_only_be_read_or_is_gone_says_so() {
    let (mut disk, file) = with(b"a");
    disk.begin(0, Trouble::ReadOnly);
    let read_only = Some(io::ErrorKind::ReadOnlyFilesystem);
    fails(disk.write(&file, b"b", &mut calm()), Errno::EROFS, read_only);
    fails(disk.append(&path("b"), &mut calm()), Errno::EROFS, read_only);
    fails(disk.rename(&path("a"), &path("b"), &mut calm()), Errno::EROFS, read_only);
    assert_eq!(content(&mut disk, "a").as_deref(), Some(&b"a"[..]));
    disk.end(0);
    disk.begin(1, Trouble::OpensFail);
    fails(disk.append(&path("a"), &mut calm()), Errno::EMFILE, None);
    fails(disk.read(&path("a"), &mut calm()), Errno::EMFILE, None);
    disk.end(1);
    disk.remove_folder(Path::new("logs"));
    let not_found = Some(io::ErrorKind::NotFound);
    fails(disk.append(&path("a"), &mut calm()), Errno::ENOENT, not_found);
    // Who has a file open goes on with it.
    assert_eq!(disk.write(&file, b"b", &mut calm()).expect("it is still open"), 1);
    disk.make_folder(Path::new("logs"));
    fails(disk.read(&path("a"), &mut calm()), Errno::ENOENT, not_found);
    disk.append(&path("a"), &mut calm()).expect("the folder is back");
}

#[test]
fn a_folder_that_was_taken_away_comes_back_empty_also_after_a_power_failure() {
    let (mut disk, _file) = with(b"a");
    disk.sync_folder(Path::new("logs"), &mut calm()).expect("nothing is wrong");
    disk.remove_folder(Path::new("logs"));
    for names in 0..=1 {
        let mut left = disk.after_power_failure(&mut Said::so([("disk.crash_names", names)]));
        left.make_folder(Path::new("logs"));
        assert_eq!(left.files().count(), 0);
        assert_eq!(left.taken(), 0);
    }
}

#[test]
fn a_rename_that_fails_changes_nothing_and_one_that_works_replaces() {
    let (mut disk, _file) = with(b"a");
    let other = disk.create_new(&path("b"), &mut calm()).expect("there is none");
    disk.write(&other, b"b", &mut calm()).expect("there is room");
    let exists = Some(io::ErrorKind::AlreadyExists);
    fails(disk.create_new(&path("b"), &mut calm()), Errno::EEXIST, exists);
    disk.begin(0, Trouble::RenamesFail);
    fails(disk.rename(&path("a"), &path("b"), &mut calm()), Errno::EIO, None);
    assert_eq!(
        (content(&mut disk, "a"), content(&mut disk, "b")),
        (Some(b"a".into()), Some(b"b".into()))
    );
    disk.end(0);
    disk.rename(&path("a"), &path("b"), &mut calm()).expect("it is there");
    assert_eq!((content(&mut disk, "a"), content(&mut disk, "b")), (None, Some(b"a".into())));
}

/// What the file `a` has after a power failure in which these are drawn.
fn after<const N: usize>(disk: &SimDisk, draws: [(&'static str, u64); N]) -> Option<Vec<u8>> {
    let mut luck = Said::so(draws);
    let mut left = disk.after_power_failure(&mut luck);
    luck.all();
    content(&mut left, "a")
}

#[test]
fn a_power_failure_leaves_any_prefix_from_what_was_synced_on() {
    let (mut disk, file) = with(b"synced");
    disk.sync(&file, &mut calm()).expect("nothing is wrong");
    disk.sync_folder(Path::new("logs"), &mut calm()).expect("it is there");
    disk.write(&file, b" not", &mut calm()).expect("there is room");
    let all = b"synced not";
    for gone in 0..=4_u64 {
        let kept = 10 - gone as usize;
        for nul in 0..=4 - gone {
            let found = after(
                &disk,
                [("disk.crash_names", 0), ("disk.crash_gone", gone), ("disk.crash_nul", nul)],
            );
            let mut wanted = all[..kept].to_vec();
            wanted[kept - nul as usize..].fill(0);
            assert_eq!(found, Some(wanted));
        }
    }
}

#[test]
fn a_sync_that_fails_loses_what_it_should_have_written_also_when_the_next_one_succeeds() {
    let (mut disk, file) = with(b"synced");
    disk.sync(&file, &mut calm()).expect("nothing is wrong");
    disk.sync_folder(Path::new("logs"), &mut calm()).expect("it is there");
    disk.write(&file, b" lost", &mut calm()).expect("there is room");
    disk.begin(0, Trouble::SyncsFail(1_000_000));
    fails(disk.sync(&file, &mut calm()), Errno::EIO, None);
    disk.end(0);
    disk.write(&file, b" kept", &mut calm()).expect("there is room");
    disk.sync(&file, &mut calm()).expect("it says so");
    assert_eq!(content(&mut disk, "a").as_deref(), Some(&b"synced lost kept"[..]));
    assert_eq!(after(&disk, []).as_deref(), Some(&b"synced\0\0\0\0\0 kept"[..]));
}

#[test]
fn a_sync_that_lies_makes_nothing_durable() {
    let (mut disk, file) = with(b"a");
    disk.begin(0, Trouble::SyncsLie);
    disk.sync(&file, &mut calm()).expect("it says so");
    disk.sync_folder(Path::new("logs"), &mut calm()).expect("it says so");
    assert_eq!(after(&disk, [("disk.crash_names", 0)]), None);
    assert_eq!(
        after(&disk, [("disk.crash_names", 1), ("disk.crash_gone", 1)]).as_deref(),
        Some(&b""[..])
    );
}

#[test]
fn names_change_in_their_order_or_not_yet() {
    let (mut disk, file) = with(b"a");
    disk.sync(&file, &mut calm()).expect("nothing is wrong");
    disk.sync_folder(Path::new("logs"), &mut calm()).expect("it is there");
    let new = disk.create_new(&path("b"), &mut calm()).expect("there is none");
    disk.write(&new, b"b", &mut calm()).expect("there is room");
    disk.sync(&new, &mut calm()).expect("nothing is wrong");
    disk.rename(&path("b"), &path("a"), &mut calm()).expect("it is there");
    assert_eq!(content(&mut disk, "a").as_deref(), Some(&b"b"[..]));
    for (kept, in_a, in_b) in
        [(0, Some(b"a"), None), (1, Some(b"a"), Some(b"b")), (2, Some(b"b"), None)]
    {
        let mut left = disk.after_power_failure(&mut Said::so([("disk.crash_names", kept)]));
        let as_vec = |bytes: Option<&[u8; 1]>| bytes.map(|bytes| bytes.to_vec());
        assert_eq!(
            (content(&mut left, "a"), content(&mut left, "b")),
            (as_vec(in_a), as_vec(in_b))
        );
    }
}

#[test]
fn a_file_grows_to_what_a_process_may_have_and_no_further() {
    let (mut disk, file) = with(b"0123456");
    disk.limit_length(Some(10));
    assert_eq!(disk.write(&file, b"789xyz", &mut calm()).expect("there is some room"), 3);
    let too_large = Some(io::ErrorKind::FileTooLarge);
    fails(disk.write(&file, b"x", &mut calm()), Errno::EFBIG, too_large);
    assert_eq!(content(&mut disk, "a").as_deref(), Some(&b"0123456789"[..]));
    let other = disk.append(&path("b"), &mut calm()).expect("nothing is wrong");
    assert_eq!(disk.write(&other, b"0123456789x", &mut calm()).expect("it is another one"), 10);
}

#[test]
fn a_pipe_takes_no_room_and_breaks_when_nobody_reads() {
    let mut disk = SimDisk::default();
    disk.make_pipe(&path("err")).expect("there is none");
    fails(disk.make_pipe(&path("err")), Errno::EEXIST, Some(io::ErrorKind::AlreadyExists));
    disk.limit_bytes(Some(0));
    disk.begin(0, Trouble::WritesFail(1_000_000));
    let pipe = disk.append(&path("err"), &mut calm()).expect("a pipe opens like a file");
    assert_eq!(disk.write(&pipe, b"abc", &mut calm()).expect("somebody reads"), 3);
    assert_eq!((disk.taken(), disk.take_struck()), (0, vec![]));
    fails(disk.sync(&pipe, &mut calm()), Errno::EINVAL, Some(io::ErrorKind::InvalidInput));
    disk.close_pipe(&path("err")).expect("it is there");
    fails(disk.write(&pipe, b"d", &mut calm()), Errno::EPIPE, Some(io::ErrorKind::BrokenPipe));
    assert_eq!(content(&mut disk, "err").as_deref(), Some(&b"abc"[..]));
    fails(disk.close_pipe(&path("none")), Errno::ENOENT, Some(io::ErrorKind::NotFound));
}

#[test]
fn what_a_fault_does_to_a_call_is_told_once_with_its_number() {
    let (mut disk, file) = with(b"a");
    disk.begin(7, Trouble::Full(2));
    disk.begin(8, Trouble::SyncsLie);
    disk.begin(9, Trouble::Slow(Duration::from_nanos(5), Duration::from_nanos(7)));
    assert_eq!(disk.write(&file, b"bcd", &mut calm()).expect("there is some room"), 2);
    let struck = |fault, call, effect| Struck { fault, call, effect };
    let takes = Effect::Takes { taken: 2, given: 3 };
    assert_eq!(disk.take_struck(), [struck(7, Call::Write, takes)]);
    disk.write(&file, b"d", &mut calm()).expect_err("it is full");
    disk.sync(&file, &mut calm()).expect("it says so");
    let takes = disk.takes(Call::Sync, &mut Said::so([("disk.slow", 2)]));
    assert_eq!(takes, Duration::from_nanos(7));
    assert_eq!(
        disk.take_struck(),
        [
            struck(7, Call::Write, Effect::Fails(Errno::ENOSPC)),
            struck(8, Call::Sync, Effect::Lies),
            struck(9, Call::Sync, Effect::Waits(takes)),
        ]
    );
    assert_eq!(disk.take_struck(), []);
    disk.end(7);
    disk.write(&file, b"d", &mut calm()).expect("there is room again");
    assert_eq!(disk.take_struck(), []);
}
