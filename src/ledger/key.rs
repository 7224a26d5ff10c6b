//! What entries of a ledger are called.

use std::fmt;

use sha2::{Digest as _, Sha256};

use crate::action::{Service, TaskId};
use crate::keys::{ApproverPublicKey, IssuerPublicKey, Signature};
use crate::present::{AttemptId, Nonce};
use crate::scope::{BudgetName, Origin};

/// The name of one entry: 16 bytes of a SHA-256 over everything that tells it from others.
///
/// All names are of one length, whatever callers and tokens say, so that a store needs no other
/// limit. If two things ever had one name, the second would be denied, and nothing granted.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct EntryKey([u8; 16]);

/// What a budget belongs to.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum BudgetOwner {
    /// The task: a budget of the first block. Minting again does not make another one of it.
    Task(TaskId),
    /// One later block, by its signature.
    Block([u8; 64]),
    /// The task, within the root's ceiling or the service's house rules.
    Layer(Origin, TaskId),
}

impl EntryKey {
    /// A proof's nonce, within the service and the token that it was made for.
    pub fn proof(service: &Service, token: &Signature, nonce: Nonce) -> Self {
        let service = service.as_str().as_bytes();
        Self::of(b"proof", &[service, token.as_bytes(), nonce.as_bytes()])
    }

    /// An attempt at a call, within the service and the token.
    pub fn attempt(service: &Service, token: &Signature, attempt: AttemptId) -> Self {
        let service = service.as_str().as_bytes();
        Self::of(b"attempt", &[service, token.as_bytes(), attempt.as_bytes()])
    }

    /// One use of an approval: that of the action at this place of what was approved.
    pub fn approval(
        service: &Service,
        approver: &ApproverPublicKey,
        nonce: Nonce,
        place: u32,
    ) -> Self {
        let service = service.as_str().as_bytes();
        let place = place.to_be_bytes();
        let parts = [service, approver.as_bytes(), nonce.as_bytes(), &place];
        Self::of(b"approval", &parts)
    }

    /// A budget of this name.
    pub fn budget(
        service: &Service,
        root: &IssuerPublicKey,
        owner: &BudgetOwner,
        name: &BudgetName,
    ) -> Self {
        let (kind, owner): (&[u8], &[u8]) = match owner {
            BudgetOwner::Task(task) => (b"task", task.as_str().as_bytes()),
            BudgetOwner::Block(signature) => (b"block", signature),
            BudgetOwner::Layer(Origin::Ceiling, task) => (b"ceiling", task.as_str().as_bytes()),
            BudgetOwner::Layer(_, task) => (b"house", task.as_str().as_bytes()),
        };
        let service = service.as_str().as_bytes();
        let name = name.as_str().as_bytes();
        Self::of(b"budget", &[service, root.as_bytes(), kind, owner, name])
    }

    /// Whether a task is tainted: of whatever service, as what it read goes wherever it goes.
    pub fn taint(root: &IssuerPublicKey, task: &TaskId) -> Self {
        Self::of(b"taint", &[root.as_bytes(), task.as_str().as_bytes()])
    }

    /// A task: where a store that is spread over machines keeps all entries of a settlement.
    pub fn task(root: &IssuerPublicKey, task: &TaskId) -> Self {
        Self::of(b"task", &[root.as_bytes(), task.as_str().as_bytes()])
    }

    /// A service.
    pub fn service(service: &Service) -> Self {
        Self::of(b"service", &[service.as_str().as_bytes()])
    }

    /// From its bytes.
    pub const fn from_bytes(bytes: [u8; 16]) -> Self {
        Self(bytes)
    }

    /// Its bytes.
    pub const fn as_bytes(&self) -> &[u8; 16] {
        &self.0
    }

    pub(crate) fn of(kind: &[u8], parts: &[&[u8]]) -> Self {
        let mut hash = Sha256::new_with_prefix(b"\0BAILIWICK\0\x01ledger");
        for part in std::iter::once(&kind).chain(parts) {
            // Every part was checked to be far shorter.
            let length = u32::try_from(part.len()).unwrap_or(u32::MAX);
            hash.update(length.to_be_bytes());
            hash.update(part);
        }
        let mut name = [0; 16];
        name.iter_mut()
            .zip(hash.finalize())
            .for_each(|(to, from)| *to = from);
        Self(name)
    }
}

impl fmt::Display for EntryKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:x}", base16ct::HexDisplay(&self.0))
    }
}

impl fmt::Debug for EntryKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}
