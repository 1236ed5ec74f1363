//! The files of turmoil behind the door, and a host that lives on them from crash to crash.

use crate::script::{Answer, Step, Surroundings, play};
use retrip_core::door::{Disk, DiskFile};
use retrip_sim::disk::Errno;
use std::cell::RefCell;
use std::collections::VecDeque;
use std::io::{self, ErrorKind, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::rc::Rc;
use turmoil::fs::FsConfig;
use turmoil::fs::shim::std::fs::{self, File, OpenOptions};

/// Where both disks have their files.
pub(crate) const FOLDER: &str = "/logs";

const HOST: &str = "host";

/// The disk of the host that runs.
struct Turmoil;

struct TurmoilFile(File);

/// The same error with an errno. turmoil gives none, and mostly no kind: this is the number that its words are of.
fn numbered(error: io::Error) -> io::Error {
    let words = error.to_string();
    let errno = match (error.kind(), words.as_str()) {
        (ErrorKind::NotFound, _) | (_, "No such file or directory") => Errno::ENOENT,
        (ErrorKind::AlreadyExists, _) => Errno::EEXIST,
        (_, "No space left on device") => Errno::ENOSPC,
        (_, "I/O error") => Errno::EIO,
        _ => panic!("turmoil says something new: {error:?}"),
    };
    errno.into()
}

impl Disk for Turmoil {
    type File = TurmoilFile;

    fn append(&self, path: &Path) -> io::Result<TurmoilFile> {
        let opened = OpenOptions::new().append(true).create(true).open(path);
        opened.map(TurmoilFile).map_err(numbered)
    }

    fn create_new(&self, path: &Path) -> io::Result<TurmoilFile> {
        let opened = OpenOptions::new().append(true).create_new(true).open(path);
        opened.map(TurmoilFile).map_err(numbered)
    }

    fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
        fs::read(path).map_err(numbered)
    }

    fn read_at(&self, path: &Path, offset: u64, most: usize) -> io::Result<Vec<u8>> {
        let read = || {
            let mut file = File::open(path)?;
            file.seek(SeekFrom::Start(offset))?;
            let mut bytes = Vec::new();
            file.take(most as u64).read_to_end(&mut bytes)?;
            Ok(bytes)
        };
        read().map_err(numbered)
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        fs::rename(from, to).map_err(numbered)
    }

    fn remove(&self, path: &Path) -> io::Result<()> {
        fs::remove_file(path).map_err(numbered)
    }

    fn list(&self, folder: &Path) -> io::Result<Vec<PathBuf>> {
        let entries = fs::read_dir(folder).map_err(numbered)?;
        let mut paths: Vec<_> =
            entries.map(|entry| Ok(entry?.path())).collect::<io::Result<_>>()?;
        paths.sort();
        Ok(paths)
    }

    fn sync_folder(&self, folder: &Path) -> io::Result<()> {
        fs::sync_dir(folder).map_err(numbered)
    }
}

impl DiskFile for TurmoilFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.write(bytes).map_err(numbered)
    }

    fn sync(&mut self) -> io::Result<()> {
        self.0.sync_data().map_err(numbered)
    }

    fn len(&self) -> io::Result<u64> {
        Ok(self.0.metadata().map_err(numbered)?.len())
    }
}

/// What turmoil answers to each life of a host, where between two of them the host crashes; its draws are those of `seed`.
pub(crate) fn on_turmoil(
    seed: u64,
    shape: impl FnOnce(&mut FsConfig),
    lives: &[Vec<Step>],
) -> Vec<Vec<Answer>> {
    let mut builder = turmoil::Builder::new();
    shape(builder.rng_seed(seed).fs());
    let mut sim = builder.build();
    let to_live: Rc<RefCell<VecDeque<_>>> = Rc::new(RefCell::new(lives.to_vec().into()));
    let lived = Rc::new(RefCell::new(Vec::new()));
    let answers = Rc::clone(&lived);
    sim.host(HOST, move || {
        let steps = to_live.borrow_mut().pop_front().expect("it is started once for each life");
        let answers = Rc::clone(&answers);
        async move {
            if answers.borrow().is_empty() {
                fs::create_dir(FOLDER)?;
                fs::sync_dir("/")?;
            }
            let answered = play(&Turmoil, Path::new(FOLDER), changes, &steps);
            answers.borrow_mut().push(answered);
            Ok(())
        }
    });
    for life in 0..lives.len() {
        if life > 0 {
            sim.crash(HOST);
            sim.bounce(HOST);
        }
        sim.step().expect("nothing fails but calls");
    }
    drop(sim);
    lived.take()
}

/// What somebody else does is durable at once, as it is on our disk.
fn changes(change: Surroundings) {
    let folder = Path::new(FOLDER);
    let done = match change {
        Surroundings::FolderIsRemoved => remove(folder),
        Surroundings::FolderIsMade => fs::create_dir(folder).and_then(|()| fs::sync_dir("/")),
        change => panic!("turmoil knows no rights and no pipes: {change:?}"),
    };
    // One that is removed twice, or made twice, is as it was.
    done.ok();
}

/// Removes a folder and what is in it. turmoil has no folder any more of which it could sync the names, once it is gone.
fn remove(folder: &Path) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        fs::remove_file(entry?.path())?;
    }
    fs::sync_dir(folder)?;
    fs::remove_dir(folder)?;
    fs::sync_dir("/")
}
