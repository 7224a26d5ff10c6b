//! Notes: values that a service gave to a task, which a token may then let the task use.
//!
//! A token is minted before the task knows whom it will meet. A capability with
//! [`Matcher::From`](crate::scope::Matcher::From) grants what comes out of a field: "send to the attendees
//! of this event", whoever they are. The service that serves the event signs a [`Note`] of them
//! ([`NoteSigner`]), the agent's [`NoteBook`] keeps it, and a call shows the values that it uses
//! ([`OpenedNote`]). A [`Verifier`](crate::verify::Verifier) admits a label from those [`NoteSigners`] alone
//! that it knows for it, and only for the task and the holder that the note was made for, or who comes after
//! that holder in the same chain: a note travels down, and never up or across.
//!
//! ```
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # use std::{sync::Arc, time::Duration};
//! # use bailiwick::{action::*, clock::*, gate::Gate, keys::*, ledger::*, mint::*, note::*, present::*, scope::*, verify::*};
//! # let start = Timestamp::from_unix_seconds(1_800_000_000)?;
//! # let end = Timestamp::from_unix_seconds(1_800_000_900)?;
//! # let clock = Arc::new(FixedClock::new(Timestamp::from_unix_seconds(1_800_000_060)?));
//! # let (issuer, agent) = (IssuerKey::generate()?, HolderKey::generate()?);
//! # let ring = KeyRing::new([Root::new(RootKeyId::new(1), issuer.public_key(), start..end)])?;
//! # let (calendar, mail): (Service, Service) = ("calendar.example".parse()?, "mail.example".parse()?);
//! // Mail may go to the attendees of event 24, who are not known when the task begins.
//! let to = Matcher::from_label("calendar:attendees@calendar/event/24")?;
//! let scope = Scope::builder()
//!     .allow(Capability::operation("calendar.read", "calendar/event/24")?.open_arguments())
//!     .allow(Capability::operation("mail.send", "mail/outbox")?.argument("to", to)?)
//! #   .audience(calendar.clone()).audience(mail.clone()).not_after(end);
//! # let task = Task::new("t-1", "tell the attendees", "ada@example.com", "helper")?;
//! # let token = Issuer::new(issuer, RootKeyId::new(1)).mint(&task, scope.build()?, &agent.public_key(), start)?.token;
//! # let gate = |service: &Service, signers: NoteSigners| {
//! #     let verifier = Verifier::new(service.clone(), ring.clone()).with_note_signers(signers);
//! #     Gate::new(verifier, ForgetfulLedger::started_at(start)).with_clock(clock.clone())
//! # };
//!
//! // The calendar notes whom it named; the mail server knows the calendar's key.
//! let attendees = Label::new("calendar:attendees")?;
//! let signer = NoteSigner::new(NoteKey::generate()?);
//! let events = gate(&calendar, NoteSigners::new());
//! let outbox = gate(&mail, NoteSigners::new().with(attendees.clone(), signer.public_key()));
//!
//! // The agent's runtime keeps notes, and shows what a call uses.
//! let book = Arc::new(NoteBook::new());
//! let agent = Presenter::from(Holder::new(token, agent)?).with_notes(book.clone()).with_clock(clock.clone());
//!
//! let call = Call::tool("read_event".parse()?, Tree::from_pairs([("id", 24i64)])?);
//! let read = Action::new(calendar.clone(), "calendar.read".parse()?, Effect::Read, "calendar/event/24".parse()?);
//! let permit = events.admit(&agent.present(&calendar, &call)?.to_text(), &call, read)?.first()?;
//! let note = signer.sign(&permit, &attendees, ["ann@example.com", "bob@example.com"], clock.now())?;
//! book.add(Note::parse(&note.to_text())?, clock.now())?;
//!
//! let send = |to: &str| -> Result<_, Box<dyn std::error::Error>> {
//!     let arguments = Tree::from_pairs([("to", to)])?;
//!     let call = Call::tool("send".parse()?, arguments.clone());
//!     let action = Action::new(mail.clone(), "mail.send".parse()?, Effect::Send, "mail/outbox".parse()?);
//!     let sent = agent.present(&mail, &call)?.to_text();
//!     Ok(outbox.admit(&sent, &call, action.with_arguments(arguments)))
//! };
//! assert!(send("ann@example.com")?.is_ok());
//! assert_eq!(send("eve@example.com")?.unwrap_err().code(), "argument_outside");
//! # Ok(())
//! # }
//! ```
//!
//! In come a permit and values, or notes and a call; out go notes, and what of them is shown. This room
//! touches the key that it is handed, and the randomness of the operating system.

mod book;
mod detached;
mod error;
#[allow(clippy::module_inception)]
mod note;
mod opened;
mod path;
mod presented;
mod signer;
mod signers;
mod statement;
#[cfg(test)]
pub(crate) mod testing;
#[cfg(test)]
mod tests;
mod texts;
mod tree;

pub use book::{NoteBook, NoteBookError};
pub use detached::DetachedNote;
pub use error::{NoteSignError, NoteTextError, NoteWireError, NotesError};
pub use note::Note;
pub use opened::OpenedNote;
use opened::Opening;
pub use path::{ValuePath, ValuePathError};
pub(crate) use presented::PresentedNotes;
pub use signer::NoteSigner;
pub(crate) use signer::Recipient;
pub use signers::NoteSigners;
pub(crate) use signers::SignerStanding;
pub use statement::NoteStatement;
#[cfg(feature = "http")]
pub(crate) use texts::of_json as texts_of_json;
