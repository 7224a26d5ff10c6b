//! Notes of one's choice, for tests.

use std::time::Duration;

use super::statement::Given;
use super::{Note, OpenedNote};
use crate::action::{Resource, TaskId};
use crate::clock::Timestamp;
use crate::keys::dangerous::note_key_from_seed;
use crate::keys::{HolderPublicKey, IssuerPublicKey, NoteKey};
use crate::scope::Label;
use crate::testing::{agent, forum, issuer, now, task};

pub(crate) fn note_key(number: u8) -> NoteKey {
    note_key_from_seed(&[number; 32])
}

pub(crate) fn label(text: &str) -> Label {
    Label::new(text).unwrap()
}

/// What is still to be signed: given to the first agent of the tests' task, by the signer of the tests.
#[derive(Clone)]
pub(crate) struct Draft {
    pub(crate) signer: u8,
    pub(crate) root: IssuerPublicKey,
    pub(crate) task: TaskId,
    pub(crate) holder: HolderPublicKey,
    pub(crate) label: &'static str,
    pub(crate) object: Option<&'static str>,
    pub(crate) issued: Timestamp,
    pub(crate) until: Timestamp,
}

/// The signer that the tests' verifiers name.
pub(crate) const SIGNER: u8 = 60;
pub(crate) const ATTENDEES: &str = "calendar:attendees";

impl Draft {
    pub(crate) fn new() -> Self {
        Self {
            signer: SIGNER,
            root: issuer().public_key(),
            task: task().id().clone(),
            holder: agent(1).public_key(),
            label: ATTENDEES,
            object: Some("calendar/event/24"),
            issued: now(),
            until: now().saturating_add(Duration::from_secs(60)),
        }
    }

    pub(crate) fn sign(&self, values: &[&str]) -> Note {
        let given = Given {
            service: forum(),
            root: self.root,
            task: self.task.clone(),
            holder: self.holder,
            label: label(self.label),
            object: self.object.map(|it| Resource::parse(it).unwrap()),
            issued: self.issued,
            until: self.until,
        };
        let values = values.iter().map(|value| (*value).into()).collect();
        Note::sign(&note_key(self.signer), given, [9; 32], values).unwrap()
    }
}

/// The same note with other bytes, if they are a note.
pub(crate) fn changed(note: &OpenedNote, change: impl FnOnce(&mut Vec<u8>)) -> Option<OpenedNote> {
    let mut bytes = note.to_bytes();
    change(&mut bytes);
    OpenedNote::from_bytes(&bytes).ok()
}
