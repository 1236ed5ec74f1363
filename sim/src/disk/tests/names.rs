//! Which names of several folders outlast a power failure?

use super::*;

/// Makes an empty file.
fn make(disk: &mut SimDisk, path: &str) {
    let file = disk.create_new(Path::new(path), &mut calm()).expect("there is none");
    disk.close(file);
}

fn rename(disk: &mut SimDisk, from: &str, to: &str) {
    disk.rename(Path::new(from), Path::new(to), &mut calm()).expect("it is there");
}

fn sync(disk: &mut SimDisk, folder: &str) {
    disk.sync_folder(Path::new(folder), &mut calm()).expect("it is there");
}

/// Draws these numbers of changes and notes how many there could have been.
struct Changes<'d>(&'d [u64], Vec<u64>);

impl Luck for Changes<'_> {
    fn draw(&mut self, purpose: &'static str, bound: u64) -> u64 {
        if purpose != "disk.crash_names" {
            return 0;
        }
        let drawn = self.0[self.1.len()];
        self.1.push(bound - 1);
        assert!(drawn < bound, "{drawn} of {bound}");
        drawn
    }
}

/// The names after a power failure that leaves so many changes of each folder with changes, in ascending order, of so many.
fn left(disk: &SimDisk, changes: &[u64], of: &[u64]) -> Vec<String> {
    let mut luck = Changes(changes, Vec::new());
    let left = disk.after_power_failure(&mut luck);
    assert_eq!(luck.1, of);
    left.files().map(|(path, _)| path.to_str().expect("it is ASCII").to_owned()).collect()
}

#[test]
fn a_sync_of_one_folder_makes_no_name_of_another_durable() {
    let mut disk = SimDisk::default();
    make(&mut disk, "archive/a");
    make(&mut disk, "logs/a");
    sync(&mut disk, "logs");
    assert_eq!(left(&disk, &[0], &[1]), ["logs/a"]);
    assert_eq!(left(&disk, &[1], &[1]), ["archive/a", "logs/a"]);
    sync(&mut disk, "archive");
    assert_eq!(left(&disk, &[0], &[0]), ["archive/a", "logs/a"]);
    // A folder within another one is another one.
    make(&mut disk, "logs/old/a");
    sync(&mut disk, "logs");
    assert_eq!(left(&disk, &[0], &[1]), ["archive/a", "logs/a"]);
}

#[test]
fn names_of_each_folder_come_in_an_order_of_their_own() {
    let mut disk = SimDisk::default();
    for path in ["logs/a", "archive/a", "logs/b", "archive/b", "logs/c"] {
        make(&mut disk, path);
    }
    for in_archive in 0..=2 {
        for in_logs in 0..=3 {
            let archive = ["archive/a", "archive/b"].into_iter().take(in_archive);
            let logs = ["logs/a", "logs/b", "logs/c"].into_iter().take(in_logs);
            let wanted: Vec<_> = archive.chain(logs).collect();
            assert_eq!(left(&disk, &[in_archive as u64, in_logs as u64], &[2, 3]), wanted);
        }
    }
}

/// `logs/a` was put into the other folder, with one change there before it and one in each folder after it.
fn put_aside() -> SimDisk {
    let mut disk = SimDisk::default();
    make(&mut disk, "logs/a");
    sync(&mut disk, "logs");
    make(&mut disk, "archive/before");
    rename(&mut disk, "logs/a", "archive/a");
    make(&mut disk, "logs/after");
    make(&mut disk, "archive/later");
    disk
}

#[test]
fn a_rename_to_another_folder_is_there_wholly_or_not_at_all() {
    let disk = put_aside();
    for in_archive in 0..=3 {
        for in_logs in 0..=2 {
            let is_renamed = in_archive >= 2 && in_logs >= 1;
            let wanted = [
                ("archive/a", is_renamed),
                ("archive/before", in_archive >= 1),
                ("archive/later", is_renamed && in_archive == 3),
                ("logs/a", !is_renamed),
                ("logs/after", is_renamed && in_logs == 2),
            ];
            let wanted: Vec<_> =
                wanted.into_iter().filter_map(|(name, is_left)| is_left.then_some(name)).collect();
            assert_eq!(left(&disk, &[in_archive, in_logs], &[3, 2]), wanted);
        }
    }
}

#[test]
fn a_sync_of_either_folder_makes_a_rename_between_them_durable_and_what_came_before_it() {
    let mut disk = put_aside();
    sync(&mut disk, "logs");
    assert_eq!(left(&disk, &[0], &[1]), ["archive/a", "archive/before", "logs/after"]);
    let mut disk = put_aside();
    sync(&mut disk, "archive");
    assert_eq!(left(&disk, &[0], &[1]), ["archive/a", "archive/before", "archive/later"]);
    // By way of one more folder.
    let mut disk = SimDisk::default();
    make(&mut disk, "one/a");
    make(&mut disk, "one/b");
    rename(&mut disk, "one/a", "two/a");
    make(&mut disk, "one/after");
    rename(&mut disk, "two/a", "three/a");
    make(&mut disk, "two/after");
    sync(&mut disk, "three");
    assert_eq!(left(&disk, &[0, 0], &[1, 1]), ["one/b", "three/a"]);
}
