use std::sync::atomic::{AtomicUsize, Ordering};

use super::*;
use crate::clock::FixedClock;
use crate::keys::dangerous::{
    holder_key_from_seed, issuer_key_from_seed, revocation_key_from_seed,
};
use crate::keys::{KeyRing, Root, RootKeyId};
use crate::revoke::{Change, KillSwitch, Revocation, Standing, WhenStale};
use crate::testing::{START, at};

const HOUR: Duration = Duration::from_secs(3600);

/// A directory that is removed afterwards.
struct Directory(PathBuf);

impl Directory {
    fn new() -> Self {
        static NEXT: AtomicUsize = AtomicUsize::new(0);
        let number = NEXT.fetch_add(1, Ordering::SeqCst);
        let name = format!("bailiwick-lists-{}-{number}", std::process::id());
        let path = std::env::temp_dir().join(name);
        fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    fn list(&self) -> PathBuf {
        self.0.join("list")
    }

    /// As one should: whole, and by renaming.
    fn put(&self, bytes: &[u8]) {
        let new = self.0.join("new");
        fs::write(&new, bytes).unwrap();
        fs::rename(new, self.list()).unwrap();
    }
}

impl Drop for Directory {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn switch(seed: u8) -> KillSwitch {
    KillSwitch::new(revocation_key_from_seed(&[seed; 32]), HOUR)
}

fn root() -> crate::keys::IssuerPublicKey {
    issuer_key_from_seed(&[1; 32]).public_key()
}

fn file(directory: &Directory) -> FileRevocations {
    let root = Root::new(RootKeyId::new(1), root(), at(0)..Timestamp::MAX);
    let ring = KeyRing::new([root.with_revocation_key(switch(1).public_key())]).unwrap();
    let lists = SignedRevocations::new(&ring, HOUR, WhenStale::Deny).with_max_bytes(10_000);
    FileRevocations::new(directory.list(), lists)
}

fn stolen() -> Revocation {
    Revocation::Holder(holder_key_from_seed(&[1; 32]).public_key())
}

#[test]
fn a_replaced_file_is_taken() {
    let (directory, mut switch) = (Directory::new(), switch(1));
    let file = file(&directory);
    directory.put(switch.list(at(START)).as_bytes());
    let first = file.poll(at(START)).unwrap().unwrap();
    assert_eq!((first.number, first.change), (1, Change::Replaced));
    switch.revoke(stolen(), at(START));
    directory.put(switch.list(at(START)).as_bytes());
    let second = file.poll(at(START)).unwrap().unwrap();
    assert_eq!((second.number, file.lists().entries()), (2, 1));
    assert!(file.last_error().is_none());
}

#[test]
fn a_bad_file_changes_nothing_and_is_reported_until_a_good_one_comes() {
    let (directory, mut known) = (Directory::new(), switch(1));
    let file = file(&directory);
    let old = known.list(at(START)).into_bytes();
    known.revoke(stolen(), at(START));
    let good = known.list(at(START)).into_bytes();
    directory.put(&good);
    file.poll(at(START)).unwrap();

    let stranger = switch(2).list(at(START)).into_bytes();
    let cut = good[..good.len() - 1].to_vec();
    let bad: [(&[u8], &str); 6] = [
        (&old, "list_rolled_back"),
        (&stranger, "list_signer_unknown"),
        (&cut, "list_signature_invalid"),
        (&good[..50], "list_malformed"),
        (&[], "list_malformed"),
        (&[0; 10_001], "list_too_large"),
    ];
    for (bytes, code) in bad {
        directory.put(bytes);
        // It is tried again, and does not get better.
        for _ in 0..2 {
            assert_eq!(file.poll(at(START)).unwrap_err().code(), code);
            assert_eq!(file.last_error().unwrap().code(), code);
        }
        assert_eq!(file.lists().entries(), 1);
    }
    fs::remove_file(directory.list()).unwrap();
    assert_eq!(file.poll(at(START)).unwrap_err().code(), "list_unreadable");
    assert_eq!(file.lists().entries(), 1);
    // Then the age of what is known counts.
    let standing = |seconds| file.freshness(&root(), at(START + seconds)).standing;
    assert_eq!(standing(3599), Standing::Fresh);
    assert_eq!(standing(3600), Standing::Stale);

    directory.put(known.list(at(START + 60)).as_bytes());
    let applied = file.poll(at(START + 60)).unwrap().unwrap();
    assert_eq!(applied.change, Change::Renewed);
    assert!(file.last_error().is_none());
}

#[test]
fn a_file_that_has_not_changed_for_a_while_is_not_read_again() {
    let (directory, mut switch) = (Directory::new(), switch(1));
    let file = file(&directory);
    directory.put(switch.list(at(START)).as_bytes());
    // Just written: it may still be written to within the same tick.
    for _ in 0..2 {
        assert!(file.poll(at(START)).unwrap().is_some());
    }
    let past = SystemTime::now() - Duration::from_secs(60);
    let handle = File::options().write(true).open(directory.list()).unwrap();
    handle.set_modified(past).unwrap();
    assert!(file.poll(at(START)).unwrap().is_some());
    assert!(file.poll(at(START)).unwrap().is_none());
}

#[test]
fn a_watched_file_is_polled_until_the_watch_ends() {
    let (directory, mut switch) = (Directory::new(), switch(1));
    let file = Arc::new(file(&directory));
    let (errors, reported) = channel();
    let report = move |error: &FileError| {
        let _ = errors.send(error.code());
    };
    let clock = Arc::new(FixedClock::new(at(START)));
    let watch = file.watch(Duration::from_millis(2), clock, report).unwrap();
    let patience = Duration::from_secs(20);
    assert_eq!(reported.recv_timeout(patience), Ok("list_unreadable"));
    directory.put(switch.list(at(START)).as_bytes());
    let start = std::time::Instant::now();
    while file.lists().number(&switch.public_key()).is_none() {
        assert!(start.elapsed() < patience);
        std::thread::sleep(Duration::from_millis(1));
    }
    directory.put(b"x");
    assert_eq!(reported.recv_timeout(patience), Ok("list_malformed"));
    drop(watch);
    // The thread has ended, and with it the report. Each error was told once.
    assert!(reported.recv().is_err());
}
