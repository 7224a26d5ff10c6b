//! Proof of possession: what an agent sends along with a call.
//!
//! In come a token, its holder's key and a call; out goes a [`Presentation`]. This room touches
//! the key that it is handed, and the randomness of the operating system.

pub mod dangerous;
mod holder;
mod presentation;
mod presenter;
mod proof;
mod wire;

pub use holder::{Holder, NotTheHolder};
pub use presentation::{Presentation, PresentationError, TooManyApprovals};
pub use presenter::Presenter;
pub use proof::{AttemptId, NoRandomness, Nonce, Proof};
pub(crate) use proof::{Bound, random_id};
pub use wire::WireError;
