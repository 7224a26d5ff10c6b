//! Chains for the tests of this room.

use super::{Chain, Limits};
use crate::keys::dangerous::{holder_key_from_seed, issuer_key_from_seed};
use crate::keys::{HolderKey, IssuerKey, RootKeyId};

pub(super) const ROOT_KEY_ID: RootKeyId = RootKeyId::new(1);

pub(super) fn issuer() -> IssuerKey {
    issuer_key_from_seed(&[100; 32])
}

/// The key that the block with this index names.
pub(super) fn holder(block: usize) -> HolderKey {
    holder_key_from_seed(&[u8::try_from(block).unwrap() + 1; 32])
}

/// Of the form `check if right("read")`, or the fact for the first block, as a stock builder writes
/// it.
pub(super) fn content(block: usize) -> Vec<u8> {
    use biscuit_auth::builder::BlockBuilder;
    use biscuit_auth::{Biscuit, KeyPair};

    let first = Biscuit::builder()
        .code(r#"right("read", 1);"#)
        .unwrap()
        .build(&KeyPair::new())
        .unwrap();
    if block == 0 {
        return first.container().to_proto().authority.block;
    }
    // The number makes each block another one. No name is new, so that blocks fit into any chain.
    let check = format!(r#"check if right("read", $time), $time < {}"#, block + 1);
    let second = first
        .append(BlockBuilder::new().code(check).unwrap())
        .unwrap();
    second.container().to_proto().blocks[0].block.clone()
}

pub(super) fn mint() -> Chain {
    let holder = holder(0).public_key();
    Chain::mint(
        &issuer(),
        ROOT_KEY_ID,
        &holder,
        &content(0),
        &Limits::default(),
    )
    .unwrap()
}

/// A valid chain of so many blocks.
pub(super) fn chain(blocks: usize) -> Chain {
    (1..blocks).fold(mint(), |chain, block| {
        let next = holder(block).public_key();
        chain
            .append(
                &holder(block - 1),
                &next,
                &content(block),
                &Limits::default(),
            )
            .unwrap()
    })
}

pub(super) fn decode(bytes: &[u8]) -> Result<Chain, super::ContainerError> {
    Chain::decode(bytes, &Limits::default())
}
