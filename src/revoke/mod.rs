//! Revocation: what no signature can take back.
//!
//! A decision is given a view of what is revoked now; it looks up every hop of a chain in it. Where
//! the view comes from is up to its [`Revocations`] source; how sure the source is, and what that
//! means for a decision, it says with its [`Freshness`].
//!
//! | source | who revokes |
//! |---|---|
//! | [`RevocationSet`], [`SharedRevocations`] | this program |
//! | [`SignedRevocations`], [`FileRevocations`] | the owner of a revocation key, with a [`KillSwitch`] |
//! | [`StopTickets`] | whoever was given the [`StopTicket`] of a task, without any key |
//! | [`Tripwire`] | an agent itself, by what it tries |
//! | `RedisRevocations` (feature `redis`) | the same two, on every machine of a fleet |
//! | [`Sources`] | any of several |

mod brake;
mod chain;
mod entry;
mod error;
mod file;
mod freshness;
mod kill_switch;
mod list;
#[cfg(feature = "qr")]
mod qr;
#[cfg(feature = "redis")]
mod redis;
mod set;
mod shared;
mod signed;
mod source;
mod ticket;
mod tickets;
mod tripwire;
mod wire;

pub use brake::{Brake, BrakeError, Brakes};
pub use chain::{ChainFacts, Revoked};
pub use entry::{BlockId, Revocation, RevocationKind};
pub use error::ListError;
pub use file::{FileError, FileRevocations, Watch};
pub use freshness::{Freshness, Standing};
pub use kill_switch::KillSwitch;
pub use list::{RevocationList, SignedDelta, SignedList};
#[cfg(feature = "qr")]
pub use qr::{Qr, QrError};
#[cfg(feature = "redis")]
pub use redis::{RedisRevocations, RedisWatch, RelayError};
pub use set::RevocationSet;
pub use shared::{SharedRevocations, Sources};
pub use signed::{Applied, Change, SignedRevocations, WhenStale};
pub use source::Revocations;
pub use ticket::{Stop, StopError, StopTicket};
pub use tickets::{Posted, StopTickets};
pub use tripwire::Tripwire;
pub use wire::WireError;
