//! A second writer of notes, straight from `docs/format.md`, without a check on what it writes.

use sha2::{Digest as _, Sha256};

use crate::forge::{public, sign, signed_message};
use crate::layout::Layout;
use crate::world;

/// A note before it is signed.
#[derive(Clone, Debug)]
pub struct Note {
    pub signer: [u8; 32],
    pub service: Vec<u8>,
    pub root: [u8; 32],
    pub task: Vec<u8>,
    pub holder: [u8; 32],
    pub label: Vec<u8>,
    pub object: Vec<u8>,
    pub made: u64,
    pub ends: u64,
    pub values: Vec<Vec<u8>>,
    pub seed: [u8; 32],
}

/// The seed of the key of who notes.
pub const SEED: [u8; 32] = [0x60; 32];

impl Note {
    pub const PURPOSE: u8 = 8;

    /// Given to the first holder by a calendar: whom event 24 names.
    pub fn of(values: &[&str]) -> Self {
        let now = world::NOW * 1000;
        Self {
            signer: public(SEED),
            service: b"calendar.example".to_vec(),
            root: public(world::ISSUER_SEED),
            task: b"t-17".to_vec(),
            holder: public(world::holder_seed(0)),
            label: b"calendar:attendees".to_vec(),
            object: b"calendar/event/24".to_vec(),
            made: now,
            ends: now + 600_000,
            values: values.iter().map(|it| it.as_bytes().to_vec()).collect(),
            seed: [0x70; 32],
        }
    }

    fn count(&self) -> [u8; 4] {
        u32::try_from(self.values.len()).unwrap().to_be_bytes()
    }

    fn salt(&self, index: usize) -> Vec<u8> {
        let index = u32::try_from(index).unwrap().to_be_bytes();
        hash(2, &self.seed, &index)[..16].to_vec()
    }

    fn leaves(&self) -> Vec<[u8; 32]> {
        let leaf = |(index, value): (usize, &Vec<u8>)| hash(0, &self.salt(index), value);
        self.values.iter().enumerate().map(leaf).collect()
    }

    fn tree(&self) -> [u8; 32] {
        match self.values.as_slice() {
            [] => [0; 32],
            _ => root(&self.leaves()),
        }
    }

    pub fn message(&self, purpose: u8) -> Vec<u8> {
        let fields: [&[u8]; 11] = [
            &self.signer,
            &self.service,
            &self.root,
            &self.task,
            &self.holder,
            &self.label,
            &self.object,
            &self.made.to_be_bytes(),
            &self.ends.to_be_bytes(),
            &self.count(),
            &self.tree(),
        ];
        signed_message(purpose, &fields)
    }

    pub fn statement(&self, signature: [u8; 64]) -> Layout {
        Layout::new()
            .put("signer's key", self.signer)
            .short("service", &self.service)
            .put("root key", self.root)
            .short("task id", &self.task)
            .put("holder's key", self.holder)
            .short("label", &self.label)
            .short("object", &self.object)
            .put("made", self.made.to_be_bytes())
            .put("ends", self.ends.to_be_bytes())
            .put("number of values", self.count())
            .put("root of the tree", self.tree())
            .put("signature", signature)
    }

    /// These places, with a signature of one's choice.
    pub fn shown_with(&self, signature: [u8; 64], places: &[usize]) -> Layout {
        let count = u16::try_from(places.len()).unwrap().to_be_bytes();
        let layout = self
            .statement(signature)
            .put("number of values shown", count);
        let leaves = self.leaves();
        places.iter().fold(layout, |layout, place| {
            let index = u32::try_from(*place).unwrap().to_be_bytes();
            let layout = layout
                .put("index", index)
                .put("salt", self.salt(*place))
                .short("value", &self.values[*place]);
            let path = path(&leaves, *place).into_iter();
            path.fold(layout, |layout, hash| layout.put("hash", hash))
        })
    }

    /// These places, signed.
    pub fn shown(&self, places: &[usize]) -> Layout {
        self.shown_with(sign(SEED, &self.message(Self::PURPOSE)), places)
    }
}

fn hash(kind: u8, first: &[u8], second: &[u8]) -> [u8; 32] {
    let input = [b"bailiwick-note-1\n".as_slice(), &[kind], first, second].concat();
    Sha256::digest(input).into()
}

/// RFC 6962, section 2.1: split at the largest power of two that is smaller than the number.
fn split(leaves: &[[u8; 32]]) -> (&[[u8; 32]], &[[u8; 32]]) {
    leaves.split_at(leaves.len().next_power_of_two() / 2)
}

fn root(leaves: &[[u8; 32]]) -> [u8; 32] {
    if let [one] = leaves {
        return *one;
    }
    let (left, right) = split(leaves);
    hash(1, &root(left), &root(right))
}

/// RFC 6962, section 2.1.1.
fn path(leaves: &[[u8; 32]], place: usize) -> Vec<[u8; 32]> {
    if leaves.len() == 1 {
        return Vec::new();
    }
    let (left, right) = split(leaves);
    let (mut path, beside) = match place.checked_sub(left.len()) {
        None => (path(left, place), root(right)),
        Some(place) => (path(right, place), root(left)),
    };
    path.push(beside);
    path
}
