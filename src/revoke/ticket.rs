//! A ticket that stops one task.

use std::fmt;

use super::WireError;
use super::wire::name;
use crate::action::TaskId;
use crate::clock::Timestamp;
use crate::keys::{IssuerPublicKey, KeyRing, RootKeyId, Signature, Signer};
use crate::signed::{Purpose, SignedMessage};
use crate::token::{ChainError, TextError, TextKind, text};
use crate::wire::{Reader, put_short};

/// A ticket that can do one thing only: stop its task. Minting gives one with every token.
///
/// Whoever holds it posts it to the services of the task, from a phone, without any key. It is
/// signed beforehand, by the root key. Stopping cannot be taken back: mint another task.
///
/// ```
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # use bailiwick::{action::*, clock::Timestamp, keys::*, mint::*, scope::*};
/// # let now = Timestamp::from_unix_seconds(1_800_000_000)?;
/// # let end = Timestamp::from_unix_seconds(1_800_000_900)?;
/// # let (issuer, agent) = (IssuerKey::generate()?, HolderKey::generate()?);
/// # let root = Root::new(RootKeyId::new(1), issuer.public_key(), now..end);
/// # let scope = Scope::builder().allow(Capability::operation("forum.read", "forum/thread/42")?)
/// #     .audience("forum.example".parse()?).not_after(end).build()?;
/// # let task = Task::new("t-1", "answer thread 42", "ada@example.com", "helper")?;
/// # let issuer = Issuer::new(issuer, RootKeyId::new(1));
/// use bailiwick::revoke::StopTicket;
/// let minted = issuer.mint(&task, scope, &agent.public_key(), now)?;
/// let on_the_phone = minted.stop.to_text(); // or `to_qr`, with the feature `qr`
///
/// let ring = KeyRing::new([root])?;
/// let ticket = StopTicket::parse(&on_the_phone)?;
/// assert_eq!(ticket.verify(&ring, now)?.task.as_str(), "t-1");
/// assert_eq!(ticket.verify(&ring, end).unwrap_err().code(), "stop_expired");
/// # Ok(())
/// # }
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct StopTicket {
    stop: Stop,
    signature: Signature,
}

/// What a ticket stops.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Stop {
    /// The id of the root key.
    pub root_id: RootKeyId,
    /// The root key.
    pub root: IssuerPublicKey,
    /// The task.
    pub task: TaskId,
    /// When the token was issued.
    pub issued: Timestamp,
    /// When the token ends; there is nothing to stop from then on.
    pub ends: Timestamp,
}

/// Why a ticket stops nothing.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum StopError {
    /// The text form is damaged.
    #[error(transparent)]
    Text(#[from] TextError),
    /// What it holds is no ticket.
    #[error("the stop ticket is malformed: {0}")]
    Malformed(#[from] WireError),
    /// Its root key is not on the key ring, under its id.
    #[error("the root key {id} of the stop ticket is unknown")]
    RootUnknown {
        /// The id that it names.
        id: RootKeyId,
    },
    /// Its signature does not hold.
    #[error("the signature of the stop ticket does not hold")]
    Signature,
    /// The token ended before.
    #[error("the task of the stop ticket ended at {ends}, and it is {now}")]
    Expired {
        /// When the token ended.
        ends: Timestamp,
        /// The time here.
        now: Timestamp,
    },
    /// So many tasks are stopped that no more can be remembered.
    #[error("{limit} tasks are stopped already, and no more can be remembered")]
    Full {
        /// The most tasks.
        limit: usize,
    },
}

impl StopError {
    /// The stable code.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Text(_) | Self::Malformed(_) => "stop_malformed",
            Self::RootUnknown { .. } => "stop_root_unknown",
            Self::Signature => "stop_signature_invalid",
            Self::Expired { .. } => "stop_expired",
            Self::Full { .. } => "stops_full",
        }
    }
}

/// A task id has at most 256 bytes.
const MAX_BYTES: usize = 512;

impl StopTicket {
    /// Reads the text form, `bws1_…`.
    ///
    /// # Errors
    ///
    /// [`StopError::Text`] if the text is damaged, [`StopError::Malformed`] if it holds no ticket.
    pub fn parse(text: &str) -> Result<Self, StopError> {
        let bytes = text::decode(TextKind::StopTicket, text, MAX_BYTES)?;
        Ok(Self::read(&bytes)?)
    }

    /// The text form, `bws1_…`.
    pub fn to_text(&self) -> String {
        let Stop {
            root_id,
            root,
            task,
            issued,
            ends,
        } = &self.stop;
        let mut bytes = Vec::with_capacity(MAX_BYTES);
        bytes.extend_from_slice(&root_id.get().to_be_bytes());
        bytes.extend_from_slice(root.as_bytes());
        put_short(&mut bytes, task.as_str().as_bytes());
        bytes.extend_from_slice(&issued.unix_millis().to_be_bytes());
        bytes.extend_from_slice(&ends.unix_millis().to_be_bytes());
        bytes.extend_from_slice(self.signature.as_bytes());
        text::encode(TextKind::StopTicket, &bytes)
    }

    /// What it says that it stops, **without any proof that it does**: for tools that show a ticket.
    pub fn unverified(&self) -> &Stop {
        &self.stop
    }

    /// What it stops, if its root is on the ring and signed it, and the task goes on.
    ///
    /// # Errors
    ///
    /// [`StopError`].
    pub fn verify(&self, ring: &KeyRing, now: Timestamp) -> Result<Stop, StopError> {
        let id = self.stop.root_id;
        let known = ring.get(id).filter(|root| *root.key() == self.stop.root);
        let root = known.ok_or(StopError::RootUnknown { id })?;
        root.key()
            .verify(message(&self.stop).as_bytes(), &self.signature)
            .map_err(|_| StopError::Signature)?;
        let ends = self.stop.ends;
        if now >= ends {
            return Err(StopError::Expired { ends, now });
        }
        Ok(self.stop.clone())
    }

    pub(crate) fn sign(stop: Stop, signer: &(impl Signer + ?Sized)) -> Result<Self, ChainError> {
        let message = message(&stop);
        let signature = signer.sign(message.as_bytes())?;
        // A ticket that does not work is found out in an emergency, if it is not found here.
        stop.root
            .verify(message.as_bytes(), &signature)
            .map_err(|_| ChainError::SignerMismatch)?;
        Ok(Self { stop, signature })
    }

    fn read(bytes: &[u8]) -> Result<Self, WireError> {
        let malformed = WireError::Entry(0);
        let mut reader = Reader::new(bytes);
        let root_id = RootKeyId::new(u32::from_be_bytes(reader.array()?));
        let root = IssuerPublicKey::without_curve_check(reader.array()?);
        let task = name(reader.short()?, malformed, TaskId::parse)?;
        let stop = Stop {
            root_id,
            root: root.map_err(|_| malformed)?,
            task,
            issued: reader.time(WireError::Time)?,
            ends: reader.time(WireError::Time)?,
        };
        let signature = Signature::from_bytes(reader.array()?);
        reader.finish()?;
        Ok(Self { stop, signature })
    }
}

fn message(stop: &Stop) -> SignedMessage {
    SignedMessage::new(Purpose::StopTicket)
        .field(&stop.root_id.get().to_be_bytes())
        .field(stop.root.as_bytes())
        .field(stop.task.as_str().as_bytes())
        .field(&stop.issued.unix_millis().to_be_bytes())
        .field(&stop.ends.unix_millis().to_be_bytes())
}

/// Names the task, and leaves out what could be posted.
impl fmt::Debug for StopTicket {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("StopTicket")
            .field("task", &self.stop.task)
            .field("ends", &self.stop.ends)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;

#[cfg(test)]
fn ticket(id: &str, ends: Timestamp) -> StopTicket {
    let issuer = crate::testing::issuer();
    let stop = Stop {
        root_id: RootKeyId::new(1),
        root: issuer.public_key(),
        task: id.parse().unwrap(),
        issued: crate::testing::at(crate::testing::START),
        ends,
    };
    StopTicket::sign(stop, &issuer).unwrap()
}

#[cfg(test)]
pub(super) fn ticket_for_tests(id: &str) -> StopTicket {
    ticket(id, crate::testing::at(crate::testing::END))
}
