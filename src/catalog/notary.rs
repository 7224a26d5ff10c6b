//! Notes of what a catalog declares.

use std::collections::BTreeSet;
use std::sync::Arc;

use serde_json::Value as Json;

use super::field::Found;
use super::{Catalog, NoteField};
use crate::action::Resource;
use crate::clock::Timestamp;
use crate::gate::Permit;
use crate::note::{DetachedNote, NoteSigner, Recipient};
use crate::scope::{Label, Scope};

/// Signs the fields of answers that a catalog notes: what a service's adapter does beside each permitted call.
///
/// ```
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # use std::{sync::Arc, time::Duration};
/// # use bailiwick::{action::*, catalog::*, clock::*, gate::Gate, keys::*, ledger::*, mint::*, note::*, present::*, scope::*, verify::*};
/// # let start = Timestamp::from_unix_seconds(1_800_000_000)?;
/// # let end = Timestamp::from_unix_seconds(1_800_000_900)?;
/// # let clock = Arc::new(FixedClock::new(Timestamp::from_unix_seconds(1_800_000_060)?));
/// # let (issuer, agent) = (IssuerKey::generate()?, HolderKey::generate()?);
/// # let ring = KeyRing::new([Root::new(RootKeyId::new(1), issuer.public_key(), start..end)])?;
/// let catalog = Arc::new(Catalog::parse("calendar.toml", r#"
/// service = "calendar.example"
///
/// [operation."calendar.read"]
/// effect = "read"
/// resource = "calendar/event/{id}"
/// arguments = { id = "integer" }
/// mcp = { tool = "read_event" }
///
/// [operation."calendar.read".notes]
/// "calendar:attendees" = "$.attendees[*].email"
/// "calendar:room" = "$.room"
/// "#)?);
/// let notary = Notary::new(catalog.clone(), NoteSigner::new(NoteKey::generate()?));
///
/// // The task asks for the attendees of events, and not for rooms.
/// let to = Matcher::from_label("calendar:attendees")?;
/// let scope = Scope::builder()
///     .allow(Capability::operation("calendar.read", "calendar/event/24")?)
///     .allow(Capability::operation("mail.send", "mail/outbox")?.argument("to", to)?)
/// #   .audience("calendar.example".parse()?).audience("mail.example".parse()?).not_after(end);
/// # let task = Task::new("t-1", "tell the attendees", "ada@example.com", "helper")?;
/// # let token = Issuer::new(issuer, RootKeyId::new(1)).mint(&task, scope.build()?, &agent.public_key(), start)?.token;
/// # let agent = Presenter::from(Holder::new(token, agent)?).with_clock(clock.clone());
/// # let calendar: Service = "calendar.example".parse()?;
/// # let gate = Gate::new(Verifier::new(calendar.clone(), ring), ForgetfulLedger::started_at(start)).with_clock(clock.clone());
/// # let call = Call::tool("read_event".parse()?, Tree::from_pairs([("id", 24i64)])?);
/// # let does = |_: &Verified| Ok(catalog.map(&call, None, &NoAttributes)?);
/// # let permit = gate.admit_with(&agent.present(&calendar, &call)?.to_text(), &call, does)?.first()?;
///
/// // Before the tool takes the permit, its notary is asked; the answer is noted when it is there.
/// let noting = notary.expect(&permit).ok_or("nothing to note")?;
/// let answer = serde_json::json!({ "room": "7b", "attendees": [{ "email": "ann@example.com" }] });
/// let notes = noting.sign(&answer);
/// assert_eq!(notes.len(), 1);
/// let note = notes[0].attach(&answer)?;
/// assert_eq!(note.values().collect::<Vec<_>>(), ["ann@example.com"]);
/// # Ok(())
/// # }
/// ```
///
/// # Security
///
/// It signs for the holder, the task and the objects of a permit alone, and only labels that the token reads. A value is noted
/// for where it stands in the answer; what stands there is the service's to keep free of what others can write.
#[derive(Clone, Debug)]
pub struct Notary {
    catalog: Arc<Catalog>,
    signer: NoteSigner,
}

impl Notary {
    /// Signs what this catalog notes.
    pub fn new(catalog: impl Into<Arc<Catalog>>, signer: NoteSigner) -> Self {
        let catalog = catalog.into();
        Self { catalog, signer }
    }

    /// The signer.
    pub const fn signer(&self) -> &NoteSigner {
        &self.signer
    }

    /// What is to be noted of the answer to this permit, if anything is.
    #[must_use]
    pub fn expect(&self, permit: &Permit) -> Option<Noting> {
        let verified = permit.verified();
        if verified.service() != self.catalog.service() {
            return None;
        }
        let operations: BTreeSet<_> = permit.actions().iter().map(|it| it.operation()).collect();
        let specs = operations
            .into_iter()
            .filter_map(|it| self.catalog.operation(it));
        let mut noted = specs.flat_map(|spec| spec.notes()).peekable();
        // Most calls are of operations that note nothing.
        noted.peek()?;
        let labels = verified.scopes().iter().flat_map(Scope::labels);
        let asked: BTreeSet<Label> = labels.cloned().collect();
        let is_asked = |label: &Label| asked.iter().any(|it| it.field() == label.field());
        let fields = noted.filter(|(label, _)| is_asked(label));
        let fields: Vec<_> = fields
            .map(|(label, field)| (label.clone(), field.clone()))
            .collect();
        if fields.is_empty() {
            return None;
        }
        let touched = match permit.actions() {
            [action] => Some(action.resource().clone()),
            _ => None,
        };
        Some(Noting {
            signer: self.signer.clone(),
            to: Recipient::of(permit)?,
            at: verified.now(),
            touched,
            asked,
            fields,
        })
    }
}

/// What is to be noted of one answer: [`Notary::expect`].
#[derive(Clone, Debug)]
pub struct Noting {
    signer: NoteSigner,
    to: Recipient,
    at: Timestamp,
    touched: Option<Resource>,
    asked: BTreeSet<Label>,
    fields: Vec<(Label, NoteField)>,
}

impl Noting {
    /// Notes what stands in the answer, in at most [`DetachedNote::MAX_OF_ANSWER`] notes. What is missing there, what is no text, and a
    /// field with more or longer values than a [`Note`](crate::note::Note) has room for are left out.
    ///
    /// # Security
    ///
    /// Of an answer that failed nothing is to be noted.
    pub fn sign(&self, answer: &Json) -> Vec<DetachedNote> {
        let signed = self.fields.iter().flat_map(|(label, field)| {
            let found = self.found(label, field, answer).into_iter();
            found.filter_map(move |Found { at, object }| {
                let values = at.texts(answer);
                let note = self
                    .signer
                    .sign_for(self.to.clone(), label, object, values, self.at);
                Some(note.ok()?.detach(at))
            })
        });
        signed.take(DetachedNote::MAX_OF_ANSWER).collect()
    }

    /// The values that the token asks for: all in one note, or those of the objects that it names, in one for each.
    fn found(&self, label: &Label, field: &NoteField, answer: &Json) -> Vec<Found> {
        let touched = self.touched.as_ref();
        let all = self
            .asked
            .contains(label)
            .then(|| field.of_all(touched))
            .flatten();
        // One of what is touched counts for its object too.
        let counts = all.as_ref().and_then(|all| all.object.clone());
        let asked = |object: &Resource| {
            counts.as_ref() != Some(object) && self.asked.contains(&label.of(object))
        };
        let named = field.of_objects(answer, touched).into_iter();
        let named = named.filter(|found| found.object.as_ref().is_some_and(asked));
        all.into_iter().chain(named).collect()
    }
}
