//! Keys: who may sign what, and whose signatures count.
//!
//! An issuer's key signs first blocks, a holder's key signs later blocks and proofs of possession,
//! an approver's key signs approvals, a directory's key the list of who approves, a revocation key
//! what is revoked, a note key which values a service gave. They are all Ed25519 underneath, and they are different types, so that none can
//! stand in for another:
//!
//! ```compile_fail,E0308
//! use bailiwick::keys::{HolderKey, HolderPublicKey, IssuerKey};
//!
//! fn delegate_to(_: HolderPublicKey) {}
//!
//! let issuer = IssuerKey::generate().unwrap();
//! delegate_to(issuer.public_key()); // an issuer is no holder
//! ```
//!
//! Public keys have one text form, `ed25519/` and 64 lower-case hex digits. Secret keys come and go
//! as PKCS#8 PEM. A [`KeyRing`] says which root keys a service trusts, when, and for how much.
//!
//! In comes randomness of the operating system, PEM text, key text. Out go keys, signatures and
//! ring entries. This room touches no file and no clock.

#[macro_use]
mod role;

mod approver;
pub mod dangerous;
mod directory;
mod error;
mod holder;
mod issuer;
mod note;
mod public;
mod revocation;
mod ring;
mod root;
mod secret;
mod signature;
mod signer;

pub use approver::{ApproverKey, ApproverPublicKey};
pub use directory::{DirectoryKey, DirectoryPublicKey};
pub use error::{KeyError, PublicKeyError};
pub use holder::{HolderKey, HolderPublicKey};
pub use issuer::{IssuerKey, IssuerPublicKey};
pub use note::{NoteKey, NotePublicKey};
pub use revocation::{RevocationKey, RevocationPublicKey};
pub use ring::{KeyRing, KeyRingBuildError, KeyRingError};
pub use root::{Root, RootKeyId};
pub(crate) use signature::BadSignature;
pub use signature::Signature;
pub use signer::{Signer, SignerError};
