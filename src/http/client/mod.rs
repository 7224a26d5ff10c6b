//! The agent's side: requests that carry a proof.

mod attempt;
mod origin;
mod present;
mod redirect;
mod signer;

pub use attempt::Attempt;
pub use origin::{Origin, OriginError};
pub use present::{PresentLayer, PresentService};
pub use signer::{Elsewhere, HttpSigner, SignError};
