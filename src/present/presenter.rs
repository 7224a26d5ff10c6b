//! A token that is presented over and over.

use std::fmt;
use std::sync::{Arc, PoisonError, RwLock};

use super::{AttemptId, Holder, NoRandomness, Presentation};
use crate::action::{Call, Service};
use crate::clock::{Clock, SystemClock, Timestamp};
use crate::note::{DetachedNote, NoteBook};

/// What presents a token in an agent's runtime, call after call: a [`Holder`], which can be replaced when its token is
/// renewed, and a clock. Clones present the same.
///
/// All adapters for clients take one, and a holder becomes one by itself:
///
/// ```
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # use bailiwick::{action::*, clock::*, keys::*, mint::*, present::*, scope::*};
/// # let (now, key) = (SystemClock.now(), std::sync::Arc::new(HolderKey::generate()?));
/// # let (issuer, public) = (Issuer::new(IssuerKey::generate()?, RootKeyId::new(1)), key.public_key());
/// # let minted = || {
/// #     let end = now.saturating_add(std::time::Duration::from_secs(900));
/// #     let scope = Scope::builder().allow(Capability::operation("forum.read", "forum/thread/42")?)
/// #         .audience("forum.example".parse()?).not_after(end).build()?;
/// #     let task = Task::new("t-1", "answer thread 42", "ada@example.com", "helper")?;
/// #     Ok::<_, Box<dyn std::error::Error>>(issuer.mint(&task, scope, &public, now)?.token)
/// # };
/// let presenter = Presenter::from(Holder::new(minted()?, key.clone())?);
/// let signer = bailiwick::present::Presenter::clone(&presenter); // in an adapter
/// presenter.replace(Holder::new(minted()?, key)?); // and in the adapter
/// assert_eq!(signer.holder().token(), presenter.holder().token());
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct Presenter {
    holder: Arc<RwLock<Arc<Holder>>>,
    clock: Arc<dyn Clock + Send + Sync>,
    notes: Option<Arc<NoteBook>>,
}

impl Presenter {
    /// Reads the time from this clock.
    pub fn with_clock(mut self, clock: Arc<dyn Clock + Send + Sync>) -> Self {
        self.clock = clock;
        self
    }

    /// Shows with each call what it uses of the notes of this book: see [`NoteBook::open_for`].
    pub fn with_notes(mut self, notes: Arc<NoteBook>) -> Self {
        self.notes = Some(notes);
        self
    }

    /// The book of notes, to keep those in that services give.
    pub fn notes(&self) -> Option<&Arc<NoteBook>> {
        self.notes.as_ref()
    }

    /// Keeps the notes that came with an answer, if there is a book for them: what adapters for clients do with every answer.
    ///
    /// What is not signed, has ended, or does not belong to this answer is left out: an agent reads the answer all the same.
    pub fn keep_notes<'a>(
        &self,
        notes: impl IntoIterator<Item = &'a DetachedNote>,
        answer: &serde_json::Value,
    ) {
        let Some(book) = &self.notes else { return };
        for note in notes.into_iter().take(DetachedNote::MAX_OF_ANSWER) {
            if let Ok(note) = note.attach(answer) {
                // The book says why it does not take a note, which nobody here could mend.
                let _ = book.add(note, self.now());
            }
        }
    }

    /// Presents another token from now on, here and in all clones.
    pub fn replace(&self, holder: impl Into<Arc<Holder>>) {
        self.change(|held| *held = holder.into());
    }

    /// Changes the token here and in all clones, while none of them presents.
    pub(crate) fn change<R>(&self, change: impl FnOnce(&mut Arc<Holder>) -> R) -> R {
        change(&mut self.holder.write().unwrap_or_else(PoisonError::into_inner))
    }

    /// The token that is presented now, and its key.
    pub fn holder(&self) -> Arc<Holder> {
        let holder = self.holder.read().unwrap_or_else(PoisonError::into_inner);
        holder.clone()
    }

    /// The time.
    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// As [`Holder::present`], now.
    ///
    /// # Errors
    ///
    /// [`NoRandomness`].
    pub fn present(&self, service: &Service, call: &Call) -> Result<Presentation, NoRandomness> {
        self.present_attempt(service, call, AttemptId::random()?)
    }

    /// As [`Holder::present_attempt`], now.
    ///
    /// # Errors
    ///
    /// [`NoRandomness`].
    pub fn present_attempt(
        &self,
        service: &Service,
        call: &Call,
        attempt: AttemptId,
    ) -> Result<Presentation, NoRandomness> {
        self.present_using(service, call, attempt, [])
    }

    /// As [`present_attempt`](Self::present_attempt), for a call that uses these texts too: those of the
    /// body of a request, of which a call has the digest alone.
    ///
    /// # Errors
    ///
    /// [`NoRandomness`].
    pub fn present_using<'a>(
        &self,
        service: &Service,
        call: &Call,
        attempt: AttemptId,
        texts: impl IntoIterator<Item = &'a str>,
    ) -> Result<Presentation, NoRandomness> {
        let now = self.now();
        // Not a copy: while one is about, the key could not be given up.
        let holder = self.holder.read().unwrap_or_else(PoisonError::into_inner);
        let presentation = holder.present_attempt(service, call, attempt, now)?;
        let Some(book) = &self.notes else {
            return Ok(presentation);
        };
        let notes = book.open_for(holder.token(), call, texts, now);
        Ok(presentation.with_fitting_notes(notes))
    }
}

impl From<Arc<Holder>> for Presenter {
    fn from(holder: Arc<Holder>) -> Self {
        Self {
            holder: Arc::new(RwLock::new(holder)),
            clock: Arc::new(SystemClock),
            notes: None,
        }
    }
}

impl From<Holder> for Presenter {
    fn from(holder: Holder) -> Self {
        Arc::new(holder).into()
    }
}

impl fmt::Debug for Presenter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Presenter")
            .field("holder", &self.holder())
            .finish_non_exhaustive()
    }
}
