//! A service that notes what it gave.

use std::collections::HashSet;
use std::sync::Arc;
use std::time::Duration;

use super::statement::Given;
use super::{Note, NoteSignError};
use crate::action::{Resource, Service, TaskId};
use crate::clock::Timestamp;
use crate::gate::Permit;
use crate::keys::{HolderPublicKey, IssuerPublicKey, NoteKey, NotePublicKey};
use crate::present::NoRandomness;
use crate::scope::Label;

/// What a service notes values with: its key, and how long its notes last.
///
/// See the [room](crate::note) for an example.
///
/// # Security
///
/// Note only what stands in a field of your own data whose meaning you know: attendees of an event, the
/// payee of a bill. Never what was found in a text that somebody wrote, as whoever wrote it chose it. Write
/// a value as the service that is to take it reads it: texts are compared byte by byte.
#[derive(Clone, Debug)]
pub struct NoteSigner {
    key: Arc<NoteKey>,
    lifetime: Duration,
}

impl NoteSigner {
    /// How long a note lasts unless [`with_lifetime`](Self::with_lifetime) says otherwise.
    pub const DEFAULT_LIFETIME: Duration = Duration::from_secs(3600);

    /// Signs with this key.
    pub fn new(key: impl Into<Arc<NoteKey>>) -> Self {
        Self {
            key: key.into(),
            lifetime: Self::DEFAULT_LIFETIME,
        }
    }

    /// Lets notes last for so long: a millisecond at least, and [`Note::LONGEST`] at most.
    pub fn with_lifetime(mut self, lifetime: Duration) -> Self {
        self.lifetime = lifetime.clamp(Duration::from_millis(1), Note::LONGEST);
        self
    }

    /// The public half of the key, for verifiers.
    pub fn public_key(&self) -> NotePublicKey {
        self.key.public_key()
    }

    /// Notes that these values were given to the permit's holder, for its task, in this field. They came
    /// from what the permit's action touches, if it is of one action. A value that is there twice is
    /// noted once.
    ///
    /// # Errors
    ///
    /// [`NoteSignError`] if there is no value, too many or too long ones, or no randomness; and if the
    /// label names an object itself.
    pub fn sign<V: AsRef<str>>(
        &self,
        permit: &Permit,
        label: &Label,
        values: impl IntoIterator<Item = V>,
        now: Timestamp,
    ) -> Result<Note, NoteSignError> {
        let to = Recipient::of(permit).ok_or(NoteSignError::NoHolder)?;
        let object = match permit.actions() {
            [action] => Some(action.resource().clone()),
            _ => None,
        };
        self.sign_for(to, label, object, values, now)
    }

    /// As [`sign`](Self::sign), of an object that the answer to a permitted call names.
    pub(crate) fn sign_for<V: AsRef<str>>(
        &self,
        to: Recipient,
        label: &Label,
        object: Option<Resource>,
        values: impl IntoIterator<Item = V>,
        now: Timestamp,
    ) -> Result<Note, NoteSignError> {
        if label.object().is_some() {
            return Err(NoteSignError::BoundLabel);
        }
        let values = distinct(values)?;
        let given = Given {
            service: to.service,
            root: to.root,
            task: to.task,
            holder: to.holder,
            label: label.clone(),
            object,
            issued: now,
            until: now.saturating_add(self.lifetime),
        };
        let mut seed = [0; 32];
        getrandom::getrandom(&mut seed).map_err(|_| NoRandomness)?;
        Note::sign(&self.key, given, seed, values)
    }
}

/// To whom values are given: out of a permit alone.
#[derive(Clone, Debug)]
pub(crate) struct Recipient {
    service: Service,
    root: IssuerPublicKey,
    task: TaskId,
    holder: HolderPublicKey,
}

impl Recipient {
    pub(crate) fn of(permit: &Permit) -> Option<Self> {
        Some(Self {
            service: permit.verified().service().clone(),
            root: permit.root().key,
            task: permit.task().id().clone(),
            holder: *permit.holder()?,
        })
    }
}

/// Each value once, within the limits.
pub(super) fn distinct<V: AsRef<str>>(
    values: impl IntoIterator<Item = V>,
) -> Result<Vec<Box<str>>, NoteSignError> {
    let (mut kept, mut had) = (Vec::<Box<str>>::new(), HashSet::<Box<str>>::new());
    let mut room = Note::MAX_BYTES;
    for (index, value) in values.into_iter().enumerate() {
        let value = value.as_ref();
        let bytes = value.len();
        if bytes > Note::MAX_VALUE_BYTES {
            return Err(NoteSignError::ValueTooLong { index, bytes });
        }
        if !had.insert(value.into()) {
            continue;
        }
        if kept.len() == Note::MAX_VALUES {
            return Err(NoteSignError::TooManyValues);
        }
        room = room.checked_sub(bytes).ok_or(NoteSignError::TooLarge)?;
        kept.push(value.into());
    }
    match kept.is_empty() {
        true => Err(NoteSignError::NoValues),
        false => Ok(kept),
    }
}
