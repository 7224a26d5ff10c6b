use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use super::*;
use crate::ledger::suite::{World, compare_with_the_model};

/// A directory that goes with the test.
struct Directory(std::path::PathBuf);

impl Directory {
    fn new() -> Self {
        static COUNT: AtomicU64 = AtomicU64::new(0);
        let number = COUNT.fetch_add(1, Ordering::Relaxed);
        let name = format!("bailiwick-ledger-{}-{number}", std::process::id());
        let path = std::env::temp_dir().join(name);
        std::fs::create_dir_all(&path).unwrap();
        Self(path)
    }
}

impl Drop for Directory {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// Ledgers in files, and a clock that stands where it is set.
struct Disk {
    directory: Directory,
    files: AtomicU64,
    now: Mutex<Timestamp>,
    options: RedbOptions,
}

fn disk_with(options: RedbOptions) -> Disk {
    Disk {
        directory: Directory::new(),
        files: AtomicU64::new(0),
        now: Mutex::new(Timestamp::from_unix_millis(1_800_000_000_250).unwrap()),
        options,
    }
}

fn disk() -> Disk {
    disk_with(RedbLedger::options())
}

impl Disk {
    fn open(&self, options: &RedbOptions) -> RedbLedger {
        self.files.fetch_add(1, Ordering::Relaxed);
        self.open_again(options)
    }

    /// The file that was created last.
    fn open_again(&self, options: &RedbOptions) -> RedbLedger {
        let number = self.files.load(Ordering::Relaxed);
        let path = self.directory.0.join(format!("{number}.redb"));
        options.open(path, self.now()).unwrap()
    }
}

impl World for Disk {
    type Ledger = RedbLedger;

    fn start(&self) -> RedbLedger {
        self.open(&self.options)
    }

    fn start_small(&self, entries: usize) -> Option<RedbLedger> {
        Some(self.open(&self.options.clone().capacity(entries)))
    }

    fn start_forgetful(&self) -> Option<RedbLedger> {
        Some(self.start())
    }

    fn start_acknowledged(&self) -> Option<RedbLedger> {
        Some(self.open(&self.options.clone().acknowledge_reset()))
    }

    fn now(&self) -> Timestamp {
        *self.now.lock().unwrap()
    }

    fn pass(&self, time: Duration) {
        let mut now = self.now.lock().unwrap();
        *now = *now + time;
    }

    fn set_clock(&self, now: Timestamp) -> bool {
        *self.now.lock().unwrap() = now;
        true
    }

    fn unit(&self) -> Duration {
        Duration::from_secs(60)
    }
}

mod waiting {
    crate::ledger::suite::suite_of!(super::disk);
}

mod prompt {
    fn prompt() -> super::Disk {
        super::disk_with(super::RedbLedger::options().prompt())
    }

    crate::ledger::suite::suite_of!(prompt);
}

#[test]
fn random_commands_come_out_as_in_the_model_and_a_restart_remembers() {
    let disk = disk();
    let restart = |ledger| {
        drop(ledger);
        disk.open_again(&disk.options)
    };
    compare_with_the_model(&disk, 25, restart, true);
}
