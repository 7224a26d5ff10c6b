//! Why the bytes of a token, or its chain, were refused.

use super::Message;
use crate::keys::{PublicKeyError, SignerError};

/// Bytes are not a token as this crate writes it: the one spelling of a Biscuit in the strict
/// profile.
///
/// Blocks are counted from 0, the first one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ContainerError {
    /// More bytes than the limit allows.
    #[error("the token has {found} bytes, the limit is {limit}")]
    TooLarge {
        /// The bytes there are.
        found: usize,
        /// The bytes allowed.
        limit: usize,
    },
    /// More blocks than the limit allows.
    #[error("the token has more than {limit} blocks")]
    TooManyBlocks {
        /// The blocks allowed.
        limit: usize,
    },
    /// The bytes end inside a message.
    #[error("the token ends inside its {message}")]
    Truncated {
        /// Where.
        message: Message,
    },
    /// Bytes follow the end of a message that no field can begin with.
    #[error("bytes follow the end of the token's {message}")]
    TrailingBytes {
        /// Where.
        message: Message,
    },
    /// A number is not in its shortest form, or does not fit 64 bits.
    #[error("a number in the token's {message} is not in its shortest form")]
    NonCanonicalVarint {
        /// Where.
        message: Message,
    },
    /// A field that the profile does not have.
    #[error("the token's {message} has an unknown field {field}")]
    UnknownField {
        /// Where.
        message: Message,
        /// The field number.
        field: u64,
    },
    /// A field that the profile has, of another wire type.
    #[error("field {field} of the token's {message} has wire type {wire_type}")]
    WrongWireType {
        /// Where.
        message: Message,
        /// The field number.
        field: u64,
        /// The wire type found.
        wire_type: u8,
    },
    /// A field appears again, or after one that it must precede.
    #[error("field {field} of the token's {message} is duplicated or out of order")]
    DuplicateField {
        /// Where.
        message: Message,
        /// The field number.
        field: u64,
    },
    /// A required field is missing, or comes after one that it must precede.
    #[error("field {field} of the token's {message} is missing or out of order")]
    MissingField {
        /// Where.
        message: Message,
        /// The field number.
        field: u64,
    },
    /// The token does not say which root key signed it.
    #[error("the token names no root key id")]
    MissingRootKeyId,
    /// The root key id does not fit 32 bits.
    #[error("the root key id `{found}` does not fit 32 bits")]
    RootKeyIdTooLarge {
        /// The number found.
        found: u64,
    },
    /// A block carries an external signature, of a third party. The profile has none.
    #[error("block {block} is a third-party block")]
    ThirdPartyBlock {
        /// Which block.
        block: usize,
    },
    /// A block's signature is not of version 1.
    #[error("block {block} has signature version {found}, expected 1")]
    SignatureVersion {
        /// Which block.
        block: usize,
        /// The version found; 0 if absent.
        found: u64,
    },
    /// The key named by a block is not an Ed25519 key.
    #[error("block {block} names a key of algorithm {found}, expected 0 (ed25519)")]
    WrongAlgorithm {
        /// Which block.
        block: usize,
        /// Biscuit's number of the algorithm.
        found: u64,
    },
    /// The key named by a block is not 32 bytes long.
    #[error("block {block} names a key of {found} bytes, expected 32")]
    KeyLength {
        /// Which block.
        block: usize,
        /// The bytes there are.
        found: usize,
    },
    /// The key named by a block is weak or has another spelling.
    #[error("block {block} names a bad key: {source}")]
    BadKey {
        /// Which block.
        block: usize,
        /// What is wrong with it.
        source: PublicKeyError,
    },
    /// A signature is not 64 bytes long.
    #[error("block {block} has a signature of {found} bytes, expected 64")]
    SignatureLength {
        /// Which block.
        block: usize,
        /// The bytes there are.
        found: usize,
    },
    /// A block has no content, or content that no Biscuit block begins with.
    #[error("the content of block {block} is not a block")]
    NotABlock {
        /// Which block.
        block: usize,
    },
    /// The token is sealed: for stock verifiers, to be presented to none of ours and never to be
    /// extended.
    #[error("the token is sealed")]
    Sealed,
    /// The token carries the secret of its last holder, as stock libraries write it. That key is no
    /// secret any more.
    #[error("the token contains a secret key")]
    ContainsSecret,
}

/// A chain could not be signed or did not verify.
///
/// Blocks are counted from 0, the first one, which a root key signs.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ChainError {
    /// A block was not signed by the key that it had to be signed by.
    #[error("the signature of block {block} is not valid")]
    BadSignature {
        /// The first such block.
        block: usize,
    },
    /// A block names the root key as a holder.
    #[error("block {block} names the root key as its holder")]
    RootIsHolder {
        /// Which block.
        block: usize,
    },
    /// The key at hand is not the one that the last block names.
    #[error("only the holder named by the last block can extend or seal the token")]
    NotTheHolder,
    /// The result would not be a token within the limits.
    #[error("the new token would be refused: {0}")]
    Container(#[from] ContainerError),
    /// The signer of the root key failed.
    #[error("the root key did not sign")]
    Signer(#[from] SignerError),
    /// The signer answered with a signature that its own public key does not verify.
    #[error("the root key's signer gave a signature that does not verify")]
    SignerMismatch,
}
