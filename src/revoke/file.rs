//! Lists from a file that somebody else replaces.

use std::fs::{self, File};
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};
use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, SystemTime};

use super::source::answered_by;
use super::{Applied, ListError, Revocations, SignedRevocations};
use crate::clock::{Clock, Timestamp};

/// Signed lists from a file, such as a configuration agent puts there.
///
/// Replace the file by renaming another one over it. A file that vanished, is cut, older than what
/// is known or signed by somebody else changes nothing but [`last_error`](Self::last_error): what is
/// known stays known, until it is too old and the source's policy speaks.
///
/// ```no_run
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # use std::{sync::Arc, time::Duration};
/// # use bailiwick::{clock::SystemClock, keys::KeyRing, revoke::*};
/// # let ring = KeyRing::default();
/// let lists = SignedRevocations::new(&ring, Duration::from_secs(3600), WhenStale::Deny);
/// let file = Arc::new(FileRevocations::new("/etc/bailiwick/revoked", lists));
/// let every = Duration::from_millis(500);
/// let _watch = file.watch(every, Arc::new(SystemClock), |error| eprintln!("{error}"))?;
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
pub struct FileRevocations {
    path: PathBuf,
    lists: SignedRevocations,
    seen: Mutex<Seen>,
}

#[derive(Debug, Default)]
struct Seen {
    /// Of the file that was last applied.
    stamp: Option<Stamp>,
    error: Option<Arc<FileError>>,
}

/// By what a file is taken for another one without reading it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Stamp {
    modified: SystemTime,
    length: u64,
    inode: u64,
}

/// Why the file changes nothing.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum FileError {
    /// The file cannot be read.
    #[error("the revocation list cannot be read: {0}")]
    Io(#[from] io::Error),
    /// What is in it is refused.
    #[error(transparent)]
    List(#[from] ListError),
}

impl FileError {
    /// The stable code.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Io(_) => "list_unreadable",
            Self::List(error) => error.code(),
        }
    }
}

impl FileRevocations {
    /// How old a file must be before it is taken to be the one that was read, if it looks the same:
    /// some file systems note times in steps of two seconds.
    const SETTLED: Duration = Duration::from_secs(3);

    /// Reads lists from here, once it is told to: by [`poll`](Self::poll) or [`watch`](Self::watch).
    pub fn new(path: impl Into<PathBuf>, lists: SignedRevocations) -> Self {
        Self {
            path: path.into(),
            lists,
            seen: Mutex::default(),
        }
    }

    /// Looks whether there is another file, and applies it. `None` if there is none.
    ///
    /// # Errors
    ///
    /// [`FileError`] if there is one that changes nothing; it is tried again the next time.
    pub fn poll(&self, now: Timestamp) -> Result<Option<Applied>, Arc<FileError>> {
        let mut seen = self.seen();
        let result = self.look(seen.stamp, now);
        match result {
            Ok(Some((stamp, applied))) => {
                *seen = Seen { stamp, error: None };
                Ok(Some(applied))
            }
            Ok(None) => {
                seen.error = None;
                Ok(None)
            }
            Err(error) => {
                let error = Arc::new(error);
                *seen = Seen {
                    stamp: None,
                    error: Some(Arc::clone(&error)),
                };
                Err(error)
            }
        }
    }

    /// Polls every so often, on a thread of its own, until the [`Watch`] is dropped. An error is
    /// reported once, until there is another or none.
    ///
    /// # Errors
    ///
    /// When the operating system gives no thread.
    pub fn watch(
        self: &Arc<Self>,
        every: Duration,
        clock: Arc<dyn Clock + Send + Sync>,
        report: impl Fn(&FileError) + Send + 'static,
    ) -> io::Result<Watch> {
        let source = Arc::clone(self);
        let (stop, stopped) = channel::<()>();
        let mut reported = None;
        let run = move || loop {
            match source.poll(clock.now()) {
                Ok(_) => reported = None,
                Err(error) if reported == Some(error.code()) => {}
                Err(error) => {
                    reported = Some(error.code());
                    report(&error);
                }
            }
            if stopped.recv_timeout(every) != Err(RecvTimeoutError::Timeout) {
                return;
            }
        };
        let thread = std::thread::Builder::new().name("bailiwick-revocations".to_owned());
        Ok(Watch {
            stop: Some(stop),
            thread: Some(thread.spawn(run)?),
        })
    }

    /// Why the file changed nothing when it was last looked at, if so.
    pub fn last_error(&self) -> Option<Arc<FileError>> {
        self.seen().error.clone()
    }

    /// The file.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The lists that are known, which others may change too.
    pub fn lists(&self) -> &SignedRevocations {
        &self.lists
    }

    fn look(
        &self,
        known: Option<Stamp>,
        now: Timestamp,
    ) -> Result<Option<(Option<Stamp>, Applied)>, FileError> {
        let before = Stamp::of(&fs::metadata(&self.path)?);
        if known.is_some() && known == before {
            return Ok(None);
        }
        // Its length may be anything: no more is read than a list may have.
        let limit = self.lists.max_bytes();
        let most = u64::try_from(limit).unwrap_or(u64::MAX).saturating_add(1);
        let mut file = File::open(&self.path)?;
        let stamp = Stamp::of(&file.metadata()?);
        let mut bytes = Vec::new();
        file.by_ref().take(most).read_to_end(&mut bytes)?;
        let applied = self.lists.apply(&bytes, now)?;
        // It may have been written while it was read, or within the same tick of its clock.
        let after = Stamp::of(&file.metadata()?);
        let settled = stamp.filter(|stamp| Some(*stamp) == after && stamp.is_settled());
        Ok(Some((settled, applied)))
    }

    fn seen(&self) -> MutexGuard<'_, Seen> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Stamp {
    fn of(metadata: &fs::Metadata) -> Option<Self> {
        #[cfg(unix)]
        let inode = std::os::unix::fs::MetadataExt::ino(metadata);
        #[cfg(not(unix))]
        let inode = 0;
        Some(Self {
            modified: metadata.modified().ok()?,
            length: metadata.len(),
            inode,
        })
    }

    fn is_settled(&self) -> bool {
        let age = SystemTime::now().duration_since(self.modified);
        age.is_ok_and(|age| age >= FileRevocations::SETTLED)
    }
}

/// Polls a file for as long as it lives.
#[derive(Debug)]
#[must_use = "the file is watched only until this is dropped"]
pub struct Watch {
    stop: Option<Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Drop for Watch {
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            // A report that panicked has said so already.
            let _ = thread.join();
        }
    }
}

impl Revocations for FileRevocations {
    answered_by!(self => self.lists);
}

#[cfg(test)]
mod tests;
