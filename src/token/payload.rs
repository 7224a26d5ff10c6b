//! The bytes that Biscuit signs.

use super::Block;
use crate::keys::{HolderPublicKey, Signature};

/// Biscuit's number of Ed25519, as it appears in what is signed.
const ED25519: [u8; 4] = 0_u32.to_le_bytes();

/// What the signature of a block covers (signature version 1). Everything from `previous` on hangs
/// the block on the one before it, so that blocks cannot be moved.
pub(super) fn of_block(
    out: &mut Vec<u8>,
    content: &[u8],
    next_key: &HolderPublicKey,
    previous: Option<&Signature>,
) {
    out.clear();
    out.extend_from_slice(b"\0BLOCK\0\0VERSION\0");
    out.extend_from_slice(&1_u32.to_le_bytes());
    out.extend_from_slice(b"\0PAYLOAD\0");
    out.extend_from_slice(content);
    out.extend_from_slice(b"\0ALGORITHM\0");
    out.extend_from_slice(&ED25519);
    out.extend_from_slice(b"\0NEXTKEY\0");
    out.extend_from_slice(next_key.as_bytes());
    if let Some(previous) = previous {
        out.extend_from_slice(b"\0PREVSIG\0");
        out.extend_from_slice(previous.as_bytes());
    }
}

/// How much longer a payload is than the content of its block, at the most.
pub(super) const OVERHEAD: usize = 192;

/// What the final signature of a sealed token covers. Stock Biscuit has one layout for it, without
/// a prefix.
pub(super) fn of_seal(last: &Block<'_>) -> Vec<u8> {
    let parts: [&[u8]; 4] = [
        last.content,
        &ED25519,
        last.next_key.as_bytes(),
        last.signature.as_bytes(),
    ];
    parts.concat()
}
