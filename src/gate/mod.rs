//! The one call of a service: runs the line in order, and gives a [`Permit`].
//!
//! In come a presentation, the call as it was received, and what the call does; out goes an
//! [`Admission`], or a [`Refusal`]. The only room with effects: it reads the clock and settles with
//! the ledger.

mod admission;
mod admit;
#[cfg(feature = "oracle")]
mod cross_check;
mod filter;
#[allow(clippy::module_inception)]
mod gate;
mod judged;
mod label;
mod permit;
mod refusal;
mod settle;

pub use crate::action::{Mapped, Unmapped};
pub use admission::{Admission, Repeat};
#[cfg(feature = "http")]
pub(crate) use admit::Texts;
#[cfg(feature = "oracle")]
pub use cross_check::Difference;
pub use gate::Gate;
pub use label::{ApprovedBy, Label};
pub use permit::Permit;
pub use refusal::{Refusal, RefusalKind};
