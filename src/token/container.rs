//! The outer container of a token: which bytes are a chain of signed blocks, and which blocks.
//!
//! Fields are read in the one order in which they are written, so what is accepted encodes to
//! itself.

use std::fmt;
use std::ops::Range;
use std::sync::Arc;

use super::wire::{Reader, Wire, bytes_field_len, put_bytes, put_bytes_header, put_number};
use super::{ContainerError, Limits, Message};
use crate::keys::{HolderPublicKey, RootKeyId, Signature};

const TOKEN: &[Wire] = &[Wire::Varint, Wire::Bytes, Wire::Bytes, Wire::Bytes];
const SIGNED_BLOCK: &[Wire] = &[
    Wire::Bytes,
    Wire::Bytes,
    Wire::Bytes,
    Wire::Bytes,
    Wire::Varint,
];
const NEXT_KEY: &[Wire] = &[Wire::Varint, Wire::Bytes];
const PROOF: &[Wire] = &[Wire::Bytes, Wire::Bytes];

const ED25519: u64 = 0;
const SIGNATURE_VERSION: u64 = 1;
/// Field 4, of no bytes: a proof is required, and a token at rest has none.
const EMPTY_PROOF: [u8; 2] = [0x22, 0x00];

/// The blocks of a token as its bytes have them. Nothing is verified yet.
#[derive(Clone)]
pub(crate) struct Chain {
    bytes: Arc<[u8]>,
    root_key_id: RootKeyId,
    first: Span,
    later: Vec<Span>,
}

/// One block of a chain.
#[derive(Clone, Copy)]
pub(crate) struct Block<'a> {
    /// What the block says, as bytes.
    pub(crate) content: &'a [u8],
    /// The key of its holder, who signs the next block and proves possession. That it is a point of
    /// the curve is known when something verified with it.
    pub(crate) next_key: HolderPublicKey,
    /// The signature of whoever made the block. Its bytes are the revocation id.
    pub(crate) signature: Signature,
}

#[derive(Clone)]
struct Span {
    content: Range<usize>,
    next_key: HolderPublicKey,
    signature: Signature,
}

impl Chain {
    /// Reads the one spelling of a token at rest.
    pub(crate) fn decode(bytes: &[u8], limits: &Limits) -> Result<Self, ContainerError> {
        check_length(bytes.len(), limits)?;
        let mut token = Reader::new(Message::Token, TOKEN, bytes);
        let root_key_id = root_key_id(&mut token)?;
        check_count(1, limits)?;
        let first = signed_block(&mut token, 2, 0)?;
        let mut later = Vec::new();
        while token.next_is(3) {
            let block = later.len() + 1;
            check_count(block + 1, limits)?;
            later.push(signed_block(&mut token, 3, block)?);
        }
        empty_proof(&mut token)?;
        token.finish()?;
        Ok(Self {
            bytes: bytes.into(),
            root_key_id,
            first,
            later,
        })
    }

    /// The token at rest, as it travels.
    pub(crate) fn as_bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// Which root key the token says has signed it. A hint: nobody signed this.
    pub(crate) fn root_key_id(&self) -> RootKeyId {
        self.root_key_id
    }

    /// How many blocks there are, the first one included.
    pub(crate) fn block_count(&self) -> usize {
        1 + self.later.len()
    }

    /// The blocks, from the first one on.
    pub(crate) fn blocks(&self) -> impl DoubleEndedIterator<Item = Block<'_>> {
        std::iter::once(&self.first)
            .chain(&self.later)
            .map(|span| self.block(span))
    }

    /// The block that a root key signs.
    pub(crate) fn first(&self) -> Block<'_> {
        self.block(&self.first)
    }

    /// The block whose holder can present the token.
    pub(crate) fn last(&self) -> Block<'_> {
        self.block(self.later.last().unwrap_or(&self.first))
    }

    /// The token up to where its proof begins.
    pub(super) fn before_proof(&self) -> &[u8] {
        self.bytes.strip_suffix(&EMPTY_PROOF).unwrap_or(&self.bytes)
    }

    fn block<'a>(&'a self, span: &Span) -> Block<'a> {
        Block {
            // The span was measured on these bytes. Were it not, no signature would cover an empty
            // content.
            content: self.bytes.get(span.content.clone()).unwrap_or_default(),
            next_key: span.next_key,
            signature: span.signature,
        }
    }
}

impl PartialEq for Chain {
    fn eq(&self, other: &Self) -> bool {
        self.bytes == other.bytes
    }
}

impl Eq for Chain {}

/// Names whose token it is, and leaves out its bytes.
impl fmt::Debug for Chain {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Chain")
            .field("root_key_id", &self.root_key_id)
            .field("blocks", &self.block_count())
            .field("holder", &self.last().next_key)
            .finish_non_exhaustive()
    }
}

/// Writes a token, block by block.
pub(super) struct Writer(Vec<u8>);

impl Writer {
    pub(super) fn new(root_key_id: RootKeyId) -> Self {
        let mut out = Vec::new();
        put_number(&mut out, 1, root_key_id.get().into());
        Self(out)
    }

    /// Goes on where a chain ends.
    pub(super) fn after(chain: &Chain) -> Self {
        Self(chain.before_proof().to_vec())
    }

    /// How many bytes the token will have with one more block of so many bytes.
    pub(super) fn length_with(&self, content: usize) -> usize {
        self.0.len() + bytes_field_len(signed_block_len(content)) + EMPTY_PROOF.len()
    }

    pub(super) fn block(mut self, index: usize, block: &Block<'_>) -> Self {
        let out = &mut self.0;
        put_bytes_header(
            out,
            if index == 0 { 2 } else { 3 },
            signed_block_len(block.content.len()),
        );
        put_bytes(out, 1, block.content);
        put_bytes_header(out, 2, NEXT_KEY_LEN);
        put_number(out, 1, ED25519);
        put_bytes(out, 2, block.next_key.as_bytes());
        put_bytes(out, 3, block.signature.as_bytes());
        put_number(out, 5, SIGNATURE_VERSION);
        self
    }

    /// A token at rest.
    pub(super) fn at_rest(mut self) -> Vec<u8> {
        self.0.extend_from_slice(&EMPTY_PROOF);
        self.0
    }

    /// A sealed token.
    pub(super) fn sealed(mut self, signature: &Signature) -> Vec<u8> {
        put_bytes_header(&mut self.0, 4, bytes_field_len(64));
        put_bytes(&mut self.0, 2, signature.as_bytes());
        self.0
    }
}

/// The algorithm, then the key.
const NEXT_KEY_LEN: usize = 2 + 2 + 32;

fn signed_block_len(content: usize) -> usize {
    let version = 2;
    bytes_field_len(content) + bytes_field_len(NEXT_KEY_LEN) + bytes_field_len(64) + version
}

pub(super) fn check_length(found: usize, limits: &Limits) -> Result<(), ContainerError> {
    let limit = limits.max_bytes();
    if found > limit {
        Err(ContainerError::TooLarge { found, limit })
    } else {
        Ok(())
    }
}

pub(super) fn check_count(found: usize, limits: &Limits) -> Result<(), ContainerError> {
    let limit = limits.max_blocks();
    if found > limit {
        Err(ContainerError::TooManyBlocks { limit })
    } else {
        Ok(())
    }
}

/// A block begins with the tag of its first field, which is not 0. This keeps what a holder signs
/// to seal a token, which begins with the content, apart from everything that begins with a zero
/// byte: blocks, proofs, approvals.
pub(super) fn check_content(block: usize, content: &[u8]) -> Result<(), ContainerError> {
    match content.first() {
        None | Some(0) => Err(ContainerError::NotABlock { block }),
        Some(_) => Ok(()),
    }
}

fn root_key_id(token: &mut Reader<'_>) -> Result<RootKeyId, ContainerError> {
    let found = token.number(1).map_err(|error| match error {
        ContainerError::MissingField { .. } => ContainerError::MissingRootKeyId,
        other => other,
    })?;
    u32::try_from(found)
        .map(RootKeyId::new)
        .map_err(|_| ContainerError::RootKeyIdTooLarge { found })
}

fn signed_block(token: &mut Reader<'_>, field: u64, block: usize) -> Result<Span, ContainerError> {
    let mut signed = token.nested(field, Message::SignedBlock(block), SIGNED_BLOCK)?;
    let content = signed.bytes(1)?;
    check_content(block, content)?;
    let content = signed.position() - content.len()..signed.position();

    let next_key = next_key(&mut signed, block)?;
    let signature = signed.bytes(3)?;
    let signature =
        Signature::try_from(signature).map_err(|_| ContainerError::SignatureLength {
            block,
            found: signature.len(),
        })?;

    if signed.next_is(4) {
        return Err(ContainerError::ThirdPartyBlock { block });
    }
    // Absent means 0 in Biscuit.
    let version = signed.number(5).or_else(|error| match error {
        ContainerError::MissingField { .. } => Ok(0),
        other => Err(other),
    })?;
    if version != SIGNATURE_VERSION {
        return Err(ContainerError::SignatureVersion {
            block,
            found: version,
        });
    }
    signed.finish()?;
    Ok(Span {
        content,
        next_key,
        signature,
    })
}

fn next_key(signed: &mut Reader<'_>, block: usize) -> Result<HolderPublicKey, ContainerError> {
    let mut key = signed.nested(2, Message::NextKey(block), NEXT_KEY)?;
    let algorithm = key.number(1)?;
    if algorithm != ED25519 {
        return Err(ContainerError::WrongAlgorithm {
            block,
            found: algorithm,
        });
    }
    let bytes = key.bytes(2)?;
    let bytes: [u8; 32] = bytes.try_into().map_err(|_| ContainerError::KeyLength {
        block,
        found: bytes.len(),
    })?;
    key.finish()?;
    HolderPublicKey::without_curve_check(bytes)
        .map_err(|source| ContainerError::BadKey { block, source })
}

fn empty_proof(token: &mut Reader<'_>) -> Result<(), ContainerError> {
    let proof = token.nested(4, Message::Proof, PROOF)?;
    if proof.next_is(1) {
        return Err(ContainerError::ContainsSecret);
    }
    if proof.next_is(2) {
        return Err(ContainerError::Sealed);
    }
    proof.finish()
}

#[cfg(test)]
mod tests;
