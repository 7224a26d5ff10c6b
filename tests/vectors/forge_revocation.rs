//! A second writer of lists, deltas and stop tickets, straight from `docs/format/revocation.md`, without a check on what
//! it writes.

use sha2::{Digest as _, Sha256};

use crate::forge::{public, sign, signed_message};
use crate::layout::Layout;

pub fn digest(entries: &[u8]) -> [u8; 32] {
    Sha256::digest(entries).into()
}

/// A section of entries.
pub fn section(kind: u8, entries: &[Vec<u8>]) -> Layout {
    let count = u32::try_from(entries.len()).unwrap().to_be_bytes();
    let layout = Layout::new()
        .put("kind", [kind])
        .put("number of entries", count);
    entries
        .iter()
        .fold(layout, |layout, entry| layout.put("entry", entry))
}

/// A text or a pattern in an entry.
pub fn short(bytes: &[u8]) -> Vec<u8> {
    Layout::new().short("", bytes).bytes()
}

/// A list, or with `change` a delta.
#[derive(Clone, Debug)]
pub struct List {
    pub signer: [u8; 32],
    pub number: u64,
    pub issued: u64,
    pub next_update: u64,
    /// Of a delta, all entries before and after it.
    pub change: Option<(Vec<u8>, Vec<u8>)>,
    pub entries: Layout,
}

impl List {
    pub const PURPOSE: u8 = 5;
    pub const DELTA: u8 = 6;

    pub fn new(signer: [u8; 32], number: u64, issued: u64, entries: Layout) -> Self {
        Self {
            signer: public(signer),
            number,
            issued,
            next_update: issued + 3_600_000,
            change: None,
            entries,
        }
    }

    /// The delta that leads to this list, from all entries before it to all after it.
    pub fn changing(self, before: &Layout, after: &Layout) -> Self {
        let change = Some((before.bytes(), after.bytes()));
        Self { change, ..self }
    }

    pub fn purpose(&self) -> u8 {
        match self.change {
            None => Self::PURPOSE,
            Some(_) => Self::DELTA,
        }
    }

    pub fn message(&self, purpose: u8) -> Vec<u8> {
        let head = [self.number, self.issued, self.next_update].map(u64::to_be_bytes);
        let change = self.change.iter();
        let change = change.flat_map(|(before, after)| [digest(before), digest(after)]);
        let change: Vec<_> = change.collect();
        let entries = digest(&self.entries.bytes());
        let mut fields: Vec<&[u8]> = head.iter().map(<[u8; 8]>::as_slice).collect();
        fields.extend(change.iter().map(<[u8; 32]>::as_slice));
        fields.push(&entries);
        signed_message(purpose, &fields)
    }

    pub fn with_signature(&self, signature: [u8; 64]) -> Layout {
        let mut layout = Layout::new()
            .put("format", [1])
            .put("purpose", [self.purpose()])
            .put("signer's key", self.signer)
            .put("number", self.number.to_be_bytes())
            .put("issued", self.issued.to_be_bytes())
            .put("next due", self.next_update.to_be_bytes());
        if let Some((before, after)) = &self.change {
            layout = layout
                .put("SHA-256 of all entries before", digest(before))
                .put("SHA-256 of all entries after", digest(after));
        }
        layout.put("signature", signature).and(self.entries.clone())
    }

    pub fn signed(&self, seed: [u8; 32]) -> Layout {
        self.with_signature(sign(seed, &self.message(self.purpose())))
    }
}

/// What stops a task.
#[derive(Clone, Debug)]
pub struct Ticket {
    pub id: u32,
    pub root: [u8; 32],
    pub task: Vec<u8>,
    pub issued: u64,
    pub ends: u64,
}

impl Ticket {
    pub const PURPOSE: u8 = 10;

    pub fn message(&self, purpose: u8) -> Vec<u8> {
        let (id, issued, ends) = (
            self.id.to_be_bytes(),
            self.issued.to_be_bytes(),
            self.ends.to_be_bytes(),
        );
        signed_message(purpose, &[&id, &self.root, &self.task, &issued, &ends])
    }

    pub fn with_signature(&self, signature: [u8; 64]) -> Layout {
        Layout::new()
            .put("root key id", self.id.to_be_bytes())
            .put("root key", self.root)
            .short("task id", &self.task)
            .put("issued", self.issued.to_be_bytes())
            .put("ends", self.ends.to_be_bytes())
            .put("signature", signature)
    }

    pub fn signed(&self, seed: [u8; 32]) -> Layout {
        self.with_signature(sign(seed, &self.message(Self::PURPOSE)))
    }
}
