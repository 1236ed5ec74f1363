//! A sink that waits to be told what becomes of each line.

use retrip_core::logger::{Record, Sink, read_json_log};
use std::io::{self, ErrorKind};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex};

/// A sink that does each call only when it is told what becomes of it, and says that it was called.
pub(crate) struct Told {
    called: Sender<()>,
    told: Receiver<Result<(), ErrorKind>>,
    kept: Arc<Mutex<Vec<u8>>>,
}

/// The other side of it.
pub(crate) struct Teller {
    pub(crate) called: Receiver<()>,
    told: Option<Sender<Result<(), ErrorKind>>>,
    kept: Arc<Mutex<Vec<u8>>>,
}

impl Sink for Told {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        // Whoever does not listen any more lets everything pass.
        let _ = self.called.send(());
        if let Ok(Err(kind)) = self.told.recv() {
            return Err(kind.into());
        }
        self.kept.lock().expect("no panic under this lock").extend_from_slice(bytes);
        Ok(bytes.len())
    }
}

impl Teller {
    pub(crate) fn new() -> (Told, Self) {
        let (called, calls) = channel();
        let (tell, told) = channel();
        let kept = Arc::<Mutex<Vec<u8>>>::default();
        let sink = Told { called, told, kept: kept.clone() };
        (sink, Self { called: calls, told: Some(tell), kept })
    }

    /// Waits until the sink is called.
    pub(crate) fn is_called(&self) {
        self.called.recv().expect("the sink is there");
    }

    pub(crate) fn tells(&self, result: Result<(), ErrorKind>) {
        let told = self.told.as_ref().expect("not everything passes yet");
        told.send(result).expect("the sink is there");
    }

    /// From now on everything passes.
    pub(crate) fn lets_pass(&mut self) {
        self.told = None;
    }

    pub(crate) fn records(&self) -> Vec<Record> {
        read_json_log(&self.kept.lock().expect("no panic under this lock")).records
    }

    /// The number of each line, and its message.
    pub(crate) fn lines(&self) -> Vec<(u64, String)> {
        let records = self.records();
        let line = |record: &Record| Some((record.seq()?, record.message()?.to_owned()));
        records.iter().filter_map(line).collect()
    }
}
