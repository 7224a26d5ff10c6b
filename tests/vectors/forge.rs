//! A second writer of tokens and presentations, straight from `docs/format.md`, without a check on what it writes.
//!
//! Good ones are compared with ours; bad ones are what ours never writes.

use biscuit_auth::builder::{Algorithm, BlockBuilder};
use biscuit_auth::{Biscuit, KeyPair};
use ed25519_dalek::{Signer as _, SigningKey};
use sha2::{Digest as _, Sha256};

use crate::world;

/// The bytes of blocks, as a stock builder makes them of these texts, with the version of format 1.
pub fn blocks(texts: &[&str]) -> Vec<Vec<u8>> {
    blocks_of_version(texts, 6)
}

pub fn blocks_of_version(texts: &[&str], version: u8) -> Vec<Vec<u8>> {
    let root = KeyPair::new_with_algorithm(Algorithm::Ed25519);
    let first = Biscuit::builder().code(texts[0]);
    let mut token = first
        .unwrap_or_else(|error| panic!("{error}: {}", texts[0]))
        .build(&root)
        .unwrap();
    for text in &texts[1..] {
        let block = BlockBuilder::new().code(text);
        token = token
            .append(block.unwrap_or_else(|error| panic!("{error}: {text}")))
            .unwrap();
    }
    let message = token.container().to_proto();
    let blocks = std::iter::once(message.authority).chain(message.blocks);
    blocks
        .map(|signed| with_version(signed.block, version))
        .collect()
}

/// The version is field 3, after the symbols.
fn with_version(mut block: Vec<u8>, version: u8) -> Vec<u8> {
    let mut at = 0;
    while block[at] == 0x0a {
        let (length, start) = varint(&block, at + 1);
        at = start + length;
    }
    assert_eq!(block[at], 0x18, "the version follows the symbols");
    block[at + 1] = version;
    block
}

fn varint(bytes: &[u8], mut at: usize) -> (usize, usize) {
    let (mut value, mut shift) = (0, 0);
    loop {
        value |= usize::from(bytes[at] & 0x7f) << shift;
        (at, shift) = (at + 1, shift + 7);
        if bytes[at - 1] < 0x80 {
            return (value, at);
        }
    }
}

/// A protobuf field that is a number.
pub fn number(field: u8, value: u64) -> Vec<u8> {
    let mut out = vec![field << 3];
    put_varint(&mut out, value);
    out
}

/// A protobuf field of bytes.
pub fn bytes(field: u8, content: &[u8]) -> Vec<u8> {
    let mut out = vec![field << 3 | 2];
    put_varint(&mut out, content.len() as u64);
    out.extend_from_slice(content);
    out
}

fn put_varint(out: &mut Vec<u8>, mut value: u64) {
    while value >= 0x80 {
        out.push((value & 0x7f) as u8 | 0x80);
        value >>= 7;
    }
    out.push(value as u8);
}

pub fn public(seed: [u8; 32]) -> [u8; 32] {
    SigningKey::from_bytes(&seed).verifying_key().to_bytes()
}

pub fn sign(seed: [u8; 32], message: &[u8]) -> [u8; 64] {
    SigningKey::from_bytes(&seed).sign(message).to_bytes()
}

/// What the signature of a block covers.
pub fn payload(content: &[u8], next: [u8; 32], previous: Option<[u8; 64]>) -> Vec<u8> {
    let head = b"\0BLOCK\0\0VERSION\0\x01\0\0\0\0PAYLOAD\0".as_slice();
    let mut payload = [head, content, b"\0ALGORITHM\0\0\0\0\0\0NEXTKEY\0", &next].concat();
    if let Some(previous) = previous {
        payload.extend([b"\0PREVSIG\0".as_slice(), &previous].concat());
    }
    payload
}

/// A block as it stands in a token.
#[derive(Clone, Debug)]
pub struct SignedBlock {
    pub content: Vec<u8>,
    pub next: [u8; 32],
    pub signature: [u8; 64],
}

impl SignedBlock {
    pub fn fields(&self) -> Vec<Vec<u8>> {
        let key = [number(1, 0), bytes(2, &self.next)].concat();
        vec![
            bytes(1, &self.content),
            bytes(2, &key),
            bytes(3, &self.signature),
            number(5, 1),
        ]
    }
}

/// Blocks that are signed by the issuer and the holders of [`world`], in order.
pub fn chain(contents: &[Vec<u8>]) -> Vec<SignedBlock> {
    let seeds = std::iter::once(world::ISSUER_SEED).chain((0..).map(world::holder_seed));
    let mut previous = None;
    let signed = contents
        .iter()
        .zip(seeds)
        .enumerate()
        .map(|(index, (content, seed))| {
            let next = public(world::holder_seed(index));
            let signature = sign(seed, &payload(content, next, previous));
            previous = Some(signature);
            SignedBlock {
                content: content.clone(),
                next,
                signature,
            }
        });
    signed.collect()
}

/// The fields of a token at rest.
pub fn token_fields(blocks: &[SignedBlock]) -> Vec<Vec<u8>> {
    let mut fields = vec![number(1, world::root_key_id().get().into())];
    for (index, block) in blocks.iter().enumerate() {
        fields.push(bytes(
            if index == 0 { 2 } else { 3 },
            &block.fields().concat(),
        ));
    }
    fields.push(bytes(4, b""));
    fields
}

/// A token at rest, of these texts.
pub fn token(texts: &[&str]) -> Vec<u8> {
    token_fields(&chain(&blocks(texts))).concat()
}

/// What a proof of possession signs.
pub fn proof_message(
    service: &str,
    token: [u8; 64],
    call: [u8; 32],
    made: u64,
    nonce: [u8; 16],
    attempt: [u8; 16],
) -> Vec<u8> {
    signed_message(
        1,
        &[
            service.as_bytes(),
            &token,
            &call,
            &made.to_be_bytes(),
            &nonce,
            &attempt,
        ],
    )
}

/// What keys of ours sign where Biscuit defines nothing.
pub fn signed_message(purpose: u8, fields: &[&[u8]]) -> Vec<u8> {
    let mut message = [b"\0BAILIWICK\0\x01".as_slice(), &[purpose]].concat();
    fields.iter().for_each(|field| message.extend(sized(field)));
    message
}

/// Bytes, with their length in 4 bytes before them.
pub fn sized(content: &[u8]) -> Vec<u8> {
    [
        u32::try_from(content.len())
            .unwrap()
            .to_be_bytes()
            .as_slice(),
        content,
    ]
    .concat()
}

/// A proof as it travels.
pub fn proof(made: u64, nonce: [u8; 16], attempt: [u8; 16], signature: [u8; 64]) -> Vec<u8> {
    [
        [1].as_slice(),
        &made.to_be_bytes(),
        &nonce,
        &attempt,
        &signature,
    ]
    .concat()
}

/// The payload of a presentation.
pub fn presentation(token: &[u8], proof: &[u8]) -> Vec<u8> {
    approved(token, proof, &[])
}

/// The payload of a presentation with approvals.
pub fn approved(token: &[u8], proof: &[u8], approvals: &[Vec<u8>]) -> Vec<u8> {
    carrying(token, proof, approvals, &[])
}

/// The payload of a presentation with approvals and notes.
pub fn carrying(token: &[u8], proof: &[u8], approvals: &[Vec<u8>], notes: &[Vec<u8>]) -> Vec<u8> {
    let counted = |all: &[Vec<u8>]| {
        let count = u16::try_from(all.len()).unwrap().to_be_bytes();
        let all: Vec<_> = all.iter().map(|one| sized(one)).collect();
        [count.to_vec(), all.concat()].concat()
    };
    [
        sized(token),
        sized(proof),
        counted(approvals),
        counted(notes),
    ]
    .concat()
}

/// A text form.
pub fn text(prefix: &str, payload: &[u8]) -> String {
    let checksum = Sha256::new()
        .chain_update(prefix)
        .chain_update(payload)
        .finalize();
    let body = [sized(payload).as_slice(), &checksum[..4]].concat();
    format!("{prefix}{}", base64(&body))
}

fn base64(bytes: &[u8]) -> String {
    use base64::Engine as _;
    base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(bytes)
}
