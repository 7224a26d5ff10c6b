//! A second writer of requests, answers and directories, straight from `docs/format.md`, without a check on what it
//! writes.

use crate::forge::{public, sign, signed_message};
use crate::layout::Layout;

/// A request before it is signed.
#[derive(Clone, Debug)]
pub struct Request {
    pub id: [u8; 16],
    pub made: u64,
    pub ends: u64,
    pub service: Vec<u8>,
    pub token: Vec<u8>,
    pub actions: Vec<Vec<u8>>,
}

impl Request {
    pub const PURPOSE: u8 = 4;

    pub fn message(&self, purpose: u8) -> Vec<u8> {
        let (made, ends) = (self.made.to_be_bytes(), self.ends.to_be_bytes());
        let mut fields: Vec<&[u8]> = vec![&self.id, &made, &ends, &self.service, &self.token];
        fields.extend(self.actions.iter().map(Vec::as_slice));
        signed_message(purpose, &fields)
    }

    fn layout(&self, kind: &str, first: u8) -> Layout {
        let count = u16::try_from(self.actions.len()).unwrap().to_be_bytes();
        let layout = Layout::new()
            .put(kind, [first])
            .put("request id", self.id)
            .put("made", self.made.to_be_bytes())
            .put("ends", self.ends.to_be_bytes())
            .sized("service", &self.service)
            .sized("token at rest", &self.token)
            .put("number of actions", count);
        let actions = self.actions.iter();
        actions.fold(layout, |layout, action| layout.sized("action", action))
    }

    pub fn unsigned(&self) -> Layout {
        self.layout("unsigned", 0)
    }

    pub fn with_signature(&self, signature: [u8; 64]) -> Layout {
        self.layout("signed", 1).put("signature", signature)
    }

    pub fn signed(&self, seed: [u8; 32]) -> Layout {
        self.with_signature(sign(seed, &self.message(Self::PURPOSE)))
    }
}

/// A yes.
#[derive(Clone, Debug)]
pub struct Approval {
    pub approver: [u8; 32],
    pub token: [u8; 64],
    pub made: u64,
    pub ends: u64,
    pub nonce: [u8; 16],
    pub digests: Vec<[u8; 32]>,
}

impl Approval {
    pub const PURPOSE: u8 = 3;

    pub fn message(&self, purpose: u8) -> Vec<u8> {
        let fields: [&[u8]; 6] = [
            &self.approver,
            &self.token,
            &self.made.to_be_bytes(),
            &self.ends.to_be_bytes(),
            &self.nonce,
            &self.digests.concat(),
        ];
        signed_message(purpose, &fields)
    }

    pub fn with_signature(&self, signature: [u8; 64]) -> Layout {
        let layout = Layout::new()
            .put("approval", [1])
            .put("approver's key", self.approver)
            .put("signature of the token's last block", self.token)
            .put("made", self.made.to_be_bytes())
            .put("ends", self.ends.to_be_bytes())
            .put("nonce", self.nonce)
            .put(
                "number of digests",
                u16::try_from(self.digests.len()).unwrap().to_be_bytes(),
            );
        let digests = self.digests.iter();
        let layout = digests.fold(layout, |layout, digest| layout.put("digest", digest));
        layout.put("signature", signature)
    }

    pub fn signed(&self, seed: [u8; 32]) -> Layout {
        self.with_signature(sign(seed, &self.message(Self::PURPOSE)))
    }
}

/// A no.
#[derive(Clone, Debug)]
pub struct Declined {
    pub approver: [u8; 32],
    pub token: [u8; 64],
    pub request: [u8; 16],
    pub made: u64,
}

impl Declined {
    pub const PURPOSE: u8 = 12;

    pub fn message(&self, purpose: u8) -> Vec<u8> {
        let made = self.made.to_be_bytes();
        signed_message(
            purpose,
            &[&self.approver, &self.token, &self.request, &made],
        )
    }

    pub fn with_signature(&self, signature: [u8; 64]) -> Layout {
        Layout::new()
            .put("declined", [2])
            .put("approver's key", self.approver)
            .put("signature of the token's last block", self.token)
            .put("request id", self.request)
            .put("made", self.made.to_be_bytes())
            .put("signature", signature)
    }

    pub fn signed(&self, seed: [u8; 32]) -> Layout {
        self.with_signature(sign(seed, &self.message(Self::PURPOSE)))
    }
}

/// Who approves, by the word of this key.
#[derive(Clone, Debug)]
pub struct Directory {
    pub head: Vec<u8>,
    pub signer: [u8; 32],
    pub number: u64,
    pub issued: u64,
    pub next_update: u64,
    pub entries: Vec<([u8; 32], u8, Vec<u8>)>,
}

impl Directory {
    pub const PURPOSE: u8 = 11;

    pub fn new(signer: [u8; 32], number: u64, issued: u64, next_update: u64) -> Self {
        Self {
            head: b"bailiwick-approvers-1\n".to_vec(),
            signer: public(signer),
            number,
            issued,
            next_update,
            entries: Vec::new(),
        }
    }

    pub fn entry(mut self, approver: [u8; 32], state: u8, name: &str) -> Self {
        self.entries.push((approver, state, name.into()));
        self
    }

    /// Everything before the signature.
    pub fn body(&self) -> Layout {
        let layout = Layout::new()
            .put("\"bailiwick-approvers-1\\n\"", &self.head)
            .put("directory's key", self.signer)
            .put("number", self.number.to_be_bytes())
            .put("issued", self.issued.to_be_bytes())
            .put("next update", self.next_update.to_be_bytes())
            .put(
                "number of entries",
                u32::try_from(self.entries.len()).unwrap().to_be_bytes(),
            );
        let entries = self.entries.iter();
        entries.fold(layout, |layout, (approver, state, name)| {
            layout
                .put("approver's key", approver)
                .put("state", [*state])
                .sized("name", name)
        })
    }

    pub fn message(body: &[u8]) -> Vec<u8> {
        signed_message(Self::PURPOSE, &[body])
    }

    pub fn signed(&self, seed: [u8; 32]) -> Layout {
        Self::signed_body(self.body(), seed)
    }

    /// Signs whatever stands before the signature.
    pub fn signed_body(body: Layout, seed: [u8; 32]) -> Layout {
        let signature = sign(seed, &Self::message(&body.bytes()));
        body.put("signature", signature)
    }
}
