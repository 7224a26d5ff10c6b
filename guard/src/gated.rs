//! A gate out of files.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use bailiwick::approve::Directory;
use bailiwick::catalog::{Catalog, Notary};
use bailiwick::clock::{Clock, SystemClock};
use bailiwick::gate::Gate;
use bailiwick::ledger::RedbLedger;
use bailiwick::note::NoteSigner;
use bailiwick::revoke::{FileRevocations, SignedRevocations, Watch, WhenStale};
use bailiwick::roots::{ApproversFile, NotesFile, RevocationsFile, Trusted};
use bailiwick::verify::Verifier;
use tokio::time::Instant;

use crate::audit::Audit;
use crate::options::Files;
use crate::{NoStart, files, secret};

/// The catalog of a file.
pub(crate) fn catalog(path: &Path) -> Result<Arc<Catalog>, NoStart> {
    let text = files::text(path)?;
    let parsed = Catalog::parse(&path.display().to_string(), &text);
    parsed.map(Arc::new).map_err(NoStart::Catalog)
}

/// A gate, and what keeps it up to date for as long as it lives.
pub(crate) struct Gated {
    pub(crate) gate: Arc<Gate<RedbLedger>>,
    /// Signs what the catalog notes, if there is a key for that.
    pub(crate) notary: Option<Notary>,
    _revocations: Option<Watch>,
    ready: Instant,
}

impl Gated {
    /// Waits until the ledger can tell a proof from one that was presented before the start: by a clock that is ahead, such a
    /// one could be of this very moment.
    pub(crate) async fn ready(&self) {
        tokio::time::sleep_until(self.ready).await;
    }
}

/// What was checked before a ledger is opened.
pub(crate) struct Checked {
    verifier: Verifier,
    notary: Option<Notary>,
    revocations: Option<Arc<FileRevocations>>,
    stops: Option<PathBuf>,
    skew: Duration,
}

/// Where agents are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Agents {
    /// On this machine.
    Here,
    /// On any.
    Anywhere,
}

impl Checked {
    /// Reads whom to trust, and all that this names.
    pub(crate) fn read(
        options: &Files,
        catalog: &Arc<Catalog>,
        agents: Agents,
        audit: Audit,
    ) -> Result<Self, NoStart> {
        let trusted = trusted(&options.roots)?;
        let skew = match (options.clock_skew, agents) {
            (Some(seconds), _) => Duration::from_secs(seconds),
            // They read the same clock.
            (None, Agents::Here) => Duration::ZERO,
            (None, Agents::Anywhere) => Verifier::DEFAULT_SKEW,
        };
        let mut verifier = Verifier::new(catalog.service().clone(), trusted.ring.clone())
            .with_skew(skew)
            .with_note_signers(trusted.note_signers.clone());
        if let Some(approvers) = &trusted.approvers {
            verifier = verifier.with_approvers(Arc::new(directory(approvers)?));
        }
        let revocations = trusted.revocations.as_ref();
        let revocations = revocations.map(|it| first_look(file_of(it, &trusted)));
        if let Some(stops) = &trusted.stops {
            files::text(stops)?;
        }
        let notary = trusted.notes.as_ref();
        let notary = notary.map(|it| notary_of(it, catalog)).transpose()?;
        if notary.is_none() && catalog.operations().any(|it| it.notes().next().is_some()) {
            let message =
                "the catalog notes fields of answers, and there is no `[notes]`: nothing is signed";
            audit.warn("notes_unsigned", message);
        }
        Ok(Self {
            verifier,
            notary,
            revocations: revocations.transpose()?,
            stops: trusted.stops,
            skew,
        })
    }

    /// Opens the ledger, and begins to watch what changes.
    pub(crate) fn open(self, options: &Files, audit: Audit) -> Result<Gated, NoStart> {
        let mut opening = RedbLedger::options();
        if options.acknowledge_reset {
            opening = opening.acknowledge_reset();
        }
        let ledger = opening
            .open(&options.ledger, SystemClock.now())
            .map_err(|error| NoStart::Ledger {
                file: options.ledger.clone(),
                error,
            })?;
        let opened = Instant::now();
        let mut gate = Gate::new(self.verifier, ledger);
        let mut watch = None;
        if let Some(source) = self.revocations {
            let report = move |error: &bailiwick::revoke::FileError| {
                audit.warn(error.code(), "the revocation list was not taken");
            };
            let watching = source.watch(EVERY, Arc::new(SystemClock), report);
            watch = Some(watching.map_err(NoStart::System)?);
            gate = gate.with_revocations(source);
        }
        let gate = Arc::new(gate);
        if let Some(stops) = self.stops {
            crate::stops::watch(&gate, stops, EVERY, audit).map_err(NoStart::System)?;
        }
        Ok(Gated {
            gate,
            notary: self.notary,
            _revocations: watch,
            // And a little more, as a proof's time is in milliseconds.
            ready: opened + self.skew + Duration::from_millis(10),
        })
    }
}

/// How often files that change are looked at.
const EVERY: Duration = Duration::from_secs(1);

fn trusted(path: &Path) -> Result<Trusted, NoStart> {
    let directory = path.parent().unwrap_or(Path::new(""));
    Trusted::parse(&files::text(path)?, directory).map_err(|error| NoStart::Roots {
        file: path.to_owned(),
        error,
    })
}

fn directory(of: &ApproversFile) -> Result<Directory, NoStart> {
    // Ten thousand entries of a key, a name and a state.
    const LIMIT: usize = 4 << 20;
    let bytes = files::bytes(&of.directory, LIMIT)?;
    let now = SystemClock.now();
    Directory::verify(&bytes, &of.key, now, of.at_least)
        .map_err(|error| signed(&of.directory, &error))
}

fn notary_of(notes: &NotesFile, catalog: &Arc<Catalog>) -> Result<Notary, NoStart> {
    let signer = NoteSigner::new(secret::note_key(&notes.key)?).with_lifetime(notes.lifetime);
    Ok(Notary::new(catalog.clone(), signer))
}

fn file_of(revocations: &RevocationsFile, trusted: &Trusted) -> FileRevocations {
    let lists = SignedRevocations::new(&trusted.ring, revocations.max_age, WhenStale::Deny);
    FileRevocations::new(&revocations.list, lists)
}

/// A guard that could only deny does not start.
fn first_look(source: FileRevocations) -> Result<Arc<FileRevocations>, NoStart> {
    match source.poll(SystemClock.now()) {
        Ok(_) => Ok(Arc::new(source)),
        Err(error) => Err(signed(source.path(), &error)),
    }
}

fn signed(file: &Path, error: &dyn std::fmt::Display) -> NoStart {
    NoStart::Signed {
        file: file.to_owned(),
        message: error.to_string(),
    }
}
