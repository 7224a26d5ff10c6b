//! Stop tickets out of a file.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Weak};
use std::time::Duration;

use bailiwick::gate::Gate;
use bailiwick::ledger::RedbLedger;
use bailiwick::revoke::Posted;

use crate::audit::Audit;
use crate::files;

/// Reads stop tickets, one a line, now and every so often, for as long as the gate lives. A ticket that was taken once stays taken.
///
/// Tickets are signed by issuers and can do nothing but stop: anybody may add a line.
pub(crate) fn watch(
    gate: &Arc<Gate<RedbLedger>>,
    tickets: PathBuf,
    every: Duration,
    audit: Audit,
) -> io::Result<()> {
    let mut known = look(gate, &tickets, None, audit);
    let gate = Arc::downgrade(gate);
    let run = move || {
        while let Some(gate) = after(every, &gate) {
            known = look(&gate, &tickets, known.take(), audit);
        }
    };
    let thread = std::thread::Builder::new().name("bailiwick-stops".to_owned());
    thread.spawn(run).map(drop)
}

fn after(every: Duration, gate: &Weak<Gate<RedbLedger>>) -> Option<Arc<Gate<RedbLedger>>> {
    std::thread::sleep(every);
    gate.upgrade()
}

/// Posts what is in the file, unless it is what was there before.
fn look(
    gate: &Gate<RedbLedger>,
    path: &Path,
    known: Option<String>,
    audit: Audit,
) -> Option<String> {
    let Ok(text) = files::text(path) else {
        audit.warn(
            "stops_unreadable",
            "the file of stop tickets cannot be read",
        );
        return known;
    };
    if known.as_ref() == Some(&text) {
        return known;
    }
    for ticket in text.lines().map(str::trim).filter(|line| !line.is_empty()) {
        match gate.stop(ticket) {
            Ok(Posted::Stopped(stop)) => audit.stopped(&stop),
            Ok(_) => {}
            Err(error) => audit.warn(error.code(), "a stop ticket was not taken"),
        }
    }
    Some(text)
}
