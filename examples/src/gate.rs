//! The gate of a service that runs for as long as its story.

use std::sync::Arc;
use std::time::Duration;

use axum::extract::State;
use axum::http::StatusCode;
use bailiwick::clock::Timestamp;
use bailiwick::gate::Gate;
use bailiwick::keys::{KeyRing, Root};
use bailiwick::ledger::{ForgetfulLedger, Immediate};
use bailiwick::revoke::Posted;
use bailiwick::verify::Verifier;

use crate::Outcome;

/// Remembers what was spent for as long as the process runs.
pub type Memory = Immediate<ForgetfulLedger>;

/// The gate of a service that trusts one root, and has never run before.
///
/// A ledger in memory refuses what it may have forgotten: whatever is from before it began. This one has nothing to
/// forget, so it may have begun a little earlier than the story.
///
/// # Errors
///
/// The service has no such name.
pub fn new_gate(service: &str, root: Root, now: Timestamp) -> Outcome<Gate<Memory>> {
    let verifier = Verifier::new(service.parse()?, KeyRing::new([root])?);
    Ok(gate_of(verifier, now))
}

/// The same, with this verifier.
pub fn gate_of(verifier: Verifier, now: Timestamp) -> Gate<Memory> {
    let began = now.saturating_sub(Duration::from_secs(300));
    Gate::new(verifier, Immediate(ForgetfulLedger::started_at(began)))
}

/// A route that stops a task, whoever asks: the ticket says which, and its issuer signed it.
pub async fn stop(State(gate): State<Arc<Gate<Memory>>>, ticket: String) -> (StatusCode, String) {
    match gate.stop(&ticket) {
        Ok(Posted::Stopped(stop) | Posted::Already(stop)) => {
            (StatusCode::OK, format!("stopped {}", stop.task))
        }
        Ok(_) => (StatusCode::OK, String::new()),
        Err(error) => (StatusCode::BAD_REQUEST, error.code().to_owned()),
    }
}
