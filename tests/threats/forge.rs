//! What an attacker can write: containers, signatures, proofs and text forms, made without this crate's encoders; and
//! blocks made by the stock library.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use biscuit_auth::builder::{Algorithm, BlockBuilder};
use biscuit_auth::{Biscuit, KeyPair, PrivateKey};
use ed25519_dalek::{Signer as _, SigningKey};
use sha2::{Digest as _, Sha256};

use bailiwick::action::{Action, Call, Service};
use bailiwick::approve::ApprovalRequest;
use bailiwick::clock::Timestamp;
use bailiwick::present::Presentation;
use bailiwick::token::Token;

/// A token, taken apart.
#[derive(Clone)]
pub struct Parts {
    pub root_key_id: u64,
    pub blocks: Vec<Part>,
}

/// A signed block, taken apart.
#[derive(Clone)]
pub struct Part {
    pub content: Vec<u8>,
    pub next_key: [u8; 32],
    pub signature: [u8; 64],
}

impl Parts {
    pub fn of(token: &Token) -> Self {
        let mut parts = Self {
            root_key_id: 0,
            blocks: Vec::new(),
        };
        for field in fields(token.as_bytes()) {
            match field {
                Field::Number(1, id) => parts.root_key_id = id,
                Field::Bytes(2 | 3, block) => parts.blocks.push(Part::of(&block)),
                _ => {}
            }
        }
        parts
    }

    /// A token of one block, signed by this root.
    pub fn mint(root: u8, holder: u8, content: &[u8]) -> Self {
        let part = Part::signed(root, public(holder), content, None);
        Self {
            root_key_id: 1,
            blocks: vec![part],
        }
    }

    /// One more block, with a signature that holds if `holder` is the last one's.
    pub fn append(mut self, holder: u8, to: u8, content: &[u8]) -> Self {
        let previous = self.last().signature;
        self.blocks
            .push(Part::signed(holder, public(to), content, Some(&previous)));
        self
    }

    pub fn last(&self) -> &Part {
        self.blocks.last().unwrap()
    }

    /// The container, with an empty proof.
    pub fn bytes(&self) -> Vec<u8> {
        let blocks: Vec<_> = self.blocks.iter().map(Part::bytes).collect();
        container(self.root_key_id, &blocks, &[])
    }

    /// A presentation of [`call`](crate::world::call) with a proof by this holder.
    pub fn presented_by(&self, holder: u8) -> String {
        present_bytes(&self.bytes(), &self.last().signature, holder)
    }
}

impl Part {
    fn of(bytes: &[u8]) -> Self {
        let mut part = Self {
            content: Vec::new(),
            next_key: [0; 32],
            signature: [0; 64],
        };
        for field in fields(bytes) {
            match field {
                Field::Bytes(1, content) => part.content = content,
                Field::Bytes(2, key) => part.next_key = key[4..].try_into().unwrap(),
                Field::Bytes(3, signature) => part.signature = signature.try_into().unwrap(),
                _ => {}
            }
        }
        part
    }

    /// Signed as version 1.
    pub fn signed(
        signer: u8,
        next_key: [u8; 32],
        content: &[u8],
        previous: Option<&[u8; 64]>,
    ) -> Self {
        let signature = sign(signer, &payload(content, &next_key, previous));
        Self {
            content: content.to_vec(),
            next_key,
            signature,
        }
    }

    pub fn key_field(&self, algorithm: u64) -> Vec<u8> {
        bytes(
            2,
            &[number(1, algorithm), bytes(2, &self.next_key)].concat(),
        )
    }

    pub fn bytes(&self) -> Vec<u8> {
        self.with_fields(&self.key_field(0), &number(5, 1))
    }

    /// With another field for its key, and others at its end.
    pub fn with_fields(&self, key: &[u8], end: &[u8]) -> Vec<u8> {
        let fields = [
            bytes(1, &self.content),
            key.to_vec(),
            bytes(3, &self.signature),
            end.to_vec(),
        ];
        fields.concat()
    }
}

/// Signed blocks as a container, with the fields of its proof.
pub fn container(root_key_id: u64, blocks: &[Vec<u8>], proof: &[u8]) -> Vec<u8> {
    let mut out = number(1, root_key_id);
    for (index, block) in blocks.iter().enumerate() {
        out.extend(bytes(if index == 0 { 2 } else { 3 }, block));
    }
    out.extend(bytes(4, proof));
    out
}

/// What the signature of a block covers, in version 1.
pub fn payload(content: &[u8], next_key: &[u8; 32], previous: Option<&[u8; 64]>) -> Vec<u8> {
    let mut out = b"\0BLOCK\0\0VERSION\0\x01\0\0\0\0PAYLOAD\0".to_vec();
    out.extend(content);
    out.extend(b"\0ALGORITHM\0\0\0\0\0\0NEXTKEY\0");
    out.extend(next_key);
    if let Some(previous) = previous {
        out.extend(b"\0PREVSIG\0");
        out.extend(previous);
    }
    out
}

pub fn sign(seed: u8, message: &[u8]) -> [u8; 64] {
    SigningKey::from_bytes(&[seed; 32]).sign(message).to_bytes()
}

pub fn public(seed: u8) -> [u8; 32] {
    SigningKey::from_bytes(&[seed; 32])
        .verifying_key()
        .to_bytes()
}

/// A proof of possession, field by field.
#[derive(Clone)]
pub struct Proof {
    pub issued: Timestamp,
    pub nonce: [u8; 16],
    pub attempt: [u8; 16],
    pub signature: [u8; 64],
}

impl Proof {
    pub fn sign(
        holder: u8,
        service: &Service,
        last: &[u8; 64],
        call: &Call,
        issued: Timestamp,
    ) -> Self {
        let mut proof = Self {
            issued,
            nonce: [1; 16],
            attempt: [2; 16],
            signature: [0; 64],
        };
        proof.signature = sign(holder, &proof.message(service, last, call));
        proof
    }

    pub fn message(&self, service: &Service, last: &[u8; 64], call: &Call) -> Vec<u8> {
        let mut out = b"\0BAILIWICK\0\x01\x01".to_vec();
        let (digest, issued) = (call.digest(), self.issued.unix_millis().to_be_bytes());
        let fields: [&[u8]; 6] = [
            service.as_str().as_bytes(),
            last,
            digest.as_bytes(),
            &issued,
            &self.nonce,
            &self.attempt,
        ];
        for field in fields {
            out.extend(u32::try_from(field.len()).unwrap().to_be_bytes());
            out.extend(field);
        }
        out
    }

    fn bytes(&self) -> Vec<u8> {
        let issued = self.issued.unix_millis().to_be_bytes();
        [
            &[1][..],
            &issued,
            &self.nonce,
            &self.attempt,
            &self.signature,
        ]
        .concat()
    }
}

/// `\0BAILIWICK\0`, format 1 and a purpose, then fields with their lengths.
pub fn message(purpose: u8, fields: &[&[u8]]) -> Vec<u8> {
    let mut out = b"\0BAILIWICK\0\x01".to_vec();
    out.push(purpose);
    for field in fields {
        out.extend(u32::try_from(field.len()).unwrap().to_be_bytes());
        out.extend(*field);
    }
    out
}

/// An approval, field by field, signed by whatever key: of an approver, a holder or a root.
pub fn approval(signer: u8, token: &Token, digests: &[[u8; 32]], until: Timestamp) -> Vec<u8> {
    let (key, token) = (public(signer), Parts::of(token).last().signature);
    let issued = crate::world::now().unix_millis().to_be_bytes();
    let (until, nonce) = (until.unix_millis().to_be_bytes(), [9; 16]);
    let fields: [&[u8]; 6] = [&key, &token, &issued, &until, &nonce, &digests.concat()];
    let signature = sign(signer, &message(3, &fields));
    let count = u16::try_from(digests.len()).unwrap().to_be_bytes();
    let [key, token, issued, until, nonce, digests] = fields;
    [
        &[1],
        key,
        token,
        issued,
        until,
        nonce,
        &count,
        digests,
        &signature,
    ]
    .concat()
}

/// A presentation with these bytes in the place of its approvals.
pub fn with_approvals(presentation: &Presentation, approvals: &[Vec<u8>]) -> String {
    let mut out = presentation.to_bytes();
    out.truncate(out.len() - 4);
    out.extend(u16::try_from(approvals.len()).unwrap().to_be_bytes());
    for approval in approvals {
        out.extend(u32::try_from(approval.len()).unwrap().to_be_bytes());
        out.extend(approval);
    }
    out.extend([0; 2]);
    text("bwp1_", &out)
}

/// A request for approvals that asks for these actions, signed by this holder.
pub fn request(signer: u8, like: &ApprovalRequest, actions: &[Action]) -> String {
    let (issued, until) = (
        like.issued().unix_millis().to_be_bytes(),
        like.until().unix_millis().to_be_bytes(),
    );
    let actions: Vec<_> = actions.iter().map(Action::to_bytes).collect();
    let (id, service, token) = (
        like.id(),
        like.service().as_str().as_bytes(),
        like.token().as_bytes(),
    );
    let mut fields: Vec<&[u8]> = vec![id.as_bytes(), &issued, &until, service, token];
    fields.extend(actions.iter().map(Vec::as_slice));
    let signature = sign(signer, &message(4, &fields));
    let mut out = [&[1][..], id.as_bytes(), &issued, &until].concat();
    let put = |out: &mut Vec<u8>, bytes: &[u8]| {
        out.extend(u32::try_from(bytes.len()).unwrap().to_be_bytes());
        out.extend(bytes);
    };
    put(&mut out, service);
    put(&mut out, token);
    out.extend(u16::try_from(actions.len()).unwrap().to_be_bytes());
    for action in &actions {
        put(&mut out, action);
    }
    out.extend(signature);
    text("bwr1_", &out)
}

/// A presentation, as bytes under its text form.
pub fn presentation(token: &[u8], proof: &Proof) -> Vec<u8> {
    let mut out = Vec::new();
    for part in [token, &proof.bytes()] {
        out.extend(u32::try_from(part.len()).unwrap().to_be_bytes());
        out.extend(part);
    }
    out.extend([0; 4]);
    out
}

/// Presents any bytes as a token, with a proof that holds for a last block of this signature.
pub fn present_bytes(token: &[u8], last: &[u8; 64], holder: u8) -> String {
    let (service, call, now) = (
        crate::world::forum(),
        crate::world::call(),
        crate::world::now(),
    );
    let proof = Proof::sign(holder, &service, last, &call, now);
    text("bwp1_", &presentation(token, &proof))
}

/// The text form, with its checksum.
pub fn text(prefix: &str, payload: &[u8]) -> String {
    let length = u32::try_from(payload.len()).unwrap().to_be_bytes();
    let digest = Sha256::new()
        .chain_update(prefix)
        .chain_update(payload)
        .finalize();
    prefix.to_owned() + &URL_SAFE_NO_PAD.encode([&length, payload, &digest[..4]].concat())
}

/// What a text form carries.
pub fn untext(text: &str) -> Vec<u8> {
    let bytes = URL_SAFE_NO_PAD.decode(&text[5..]).unwrap();
    bytes[4..bytes.len() - 4].to_vec()
}

/// The content of a first block that a stock builder makes of this Datalog, as block version 6.
pub fn stock_first(datalog: &str) -> Vec<u8> {
    let token = Biscuit::builder()
        .code(datalog)
        .unwrap()
        .build(&KeyPair::new())
        .unwrap();
    with_version(&token.container().to_proto().authority.block, 6)
}

/// The content of a later block that a stock builder makes of this Datalog for a token whose last holder has this seed,
/// as block version 6.
pub fn stock_later(parts: &Parts, holder: u8, datalog: &str) -> Vec<u8> {
    stock_block(parts, holder, BlockBuilder::new().code(datalog).unwrap())
}

pub fn stock_block(parts: &Parts, holder: u8, builder: BlockBuilder) -> Vec<u8> {
    let token = stock(parts, holder).append(builder).unwrap();
    with_version(
        &token.container().to_proto().blocks.last().unwrap().block,
        6,
    )
}

/// The token as a stock library has it that may append to it.
pub fn stock(parts: &Parts, holder: u8) -> Biscuit {
    let blocks: Vec<_> = parts.blocks.iter().map(Part::bytes).collect();
    let token = container(parts.root_key_id, &blocks, &bytes(1, &[holder; 32]));
    Biscuit::from(token, key_pair(crate::world::ROOT).public()).unwrap()
}

pub fn key_pair(seed: u8) -> KeyPair {
    KeyPair::from(&private(seed))
}

pub fn private(seed: u8) -> PrivateKey {
    PrivateKey::from_bytes(&[seed; 32], Algorithm::Ed25519).unwrap()
}

/// The same block under another version number.
pub fn with_version(block: &[u8], version: u64) -> Vec<u8> {
    let mut out = Vec::new();
    for field in fields(block) {
        out.extend(match field {
            Field::Number(3, _) => number(3, version),
            other => other.written(),
        });
    }
    out
}

/// A protobuf field.
#[derive(Clone)]
pub enum Field {
    Number(u64, u64),
    Bytes(u64, Vec<u8>),
}

impl Field {
    pub fn written(&self) -> Vec<u8> {
        match self {
            Self::Number(field, value) => number(*field, *value),
            Self::Bytes(field, value) => bytes(*field, value),
        }
    }
}

/// The fields of a protobuf message of numbers and bytes.
pub fn fields(mut message: &[u8]) -> Vec<Field> {
    let mut out = Vec::new();
    while !message.is_empty() {
        let tag = varint(&mut message);
        let value = varint(&mut message);
        out.push(match tag & 7 {
            0 => Field::Number(tag >> 3, value),
            2 => {
                let (head, rest) = message.split_at(usize::try_from(value).unwrap());
                message = rest;
                Field::Bytes(tag >> 3, head.to_vec())
            }
            other => panic!("wire type {other}"),
        });
    }
    out
}

pub fn number(field: u64, value: u64) -> Vec<u8> {
    let mut out = Vec::new();
    put_varint(&mut out, field << 3);
    put_varint(&mut out, value);
    out
}

pub fn bytes(field: u64, value: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    put_varint(&mut out, field << 3 | 2);
    put_varint(&mut out, value.len() as u64);
    out.extend(value);
    out
}

fn varint(message: &mut &[u8]) -> u64 {
    let mut value = 0;
    for shift in (0..).step_by(7) {
        let (byte, rest) = message.split_first().unwrap();
        *message = rest;
        value |= u64::from(byte & 0x7f) << shift;
        if byte & 0x80 == 0 {
            break;
        }
    }
    value
}

fn put_varint(out: &mut Vec<u8>, mut value: u64) {
    while value >= 0x80 {
        out.push(value as u8 | 0x80);
        value >>= 7;
    }
    out.push(value as u8);
}
