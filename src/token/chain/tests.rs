//! What is signed, and that a chain with its blocks moved does not verify.

mod lenient;
mod stock;

use super::super::ContainerError;
use super::super::testing::{ROOT_KEY_ID, chain, content, decode, holder, issuer, mint};
use super::*;
use crate::clock::Timestamp;
use crate::keys::dangerous::{holder_key_from_seed, issuer_key_from_seed};
use crate::keys::{IssuerKey, KeyRing, KeyRingError, Root, Signature, SignerError};

fn verified(chain: &Chain) -> Result<(), ChainError> {
    chain.verify(&issuer().public_key())
}

#[track_caller]
fn assert_bad_signature(chain: &Chain, expected: usize) {
    match verified(chain) {
        Err(ChainError::BadSignature { block }) => assert_eq!(block, expected),
        other => panic!("expected a bad signature, got {other:?}"),
    }
}

/// A token of these blocks, whoever signed them.
fn assembled<'a>(blocks: impl IntoIterator<Item = Block<'a>>) -> Chain {
    let writer = blocks
        .into_iter()
        .enumerate()
        .fold(Writer::new(ROOT_KEY_ID), |writer, (index, block)| {
            writer.block(index, &block)
        });
    decode(&writer.at_rest()).unwrap()
}

fn blocks_of(chain: &Chain) -> Vec<Block<'_>> {
    chain.blocks().collect()
}

// Signing.

#[test]
fn a_chain_verifies_at_every_length() {
    for blocks in 1..=16 {
        verified(&chain(blocks)).unwrap();
    }
}

#[test]
fn signing_needs_no_secret_of_the_next_holder() {
    // RFC 8032, test 3: a public key whose secret nobody here has.
    let text = "ed25519/fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025";
    let stranger: HolderPublicKey = text.parse().unwrap();
    let token = Chain::mint(
        &issuer(),
        ROOT_KEY_ID,
        &stranger,
        &content(0),
        &Limits::default(),
    );
    verified(&token.unwrap()).unwrap();
    let token = mint().append(&holder(0), &stranger, &content(1), &Limits::default());
    verified(&token.unwrap()).unwrap();
}

#[test]
fn only_the_last_holder_can_append_or_seal() {
    let token = chain(2);
    let next = holder(5).public_key();
    let append = |key: &HolderKey| token.append(key, &next, &content(2), &Limits::default());
    assert!(append(&holder(1)).is_ok());
    assert!(token.seal(&holder(1)).is_ok());
    // An earlier holder, a later one, and the issuer's secret as a holder's.
    for stranger in [holder(0), holder(5), holder_key_from_seed(&[100; 32])] {
        assert!(matches!(append(&stranger), Err(ChainError::NotTheHolder)));
        assert!(matches!(
            token.seal(&stranger),
            Err(ChainError::NotTheHolder)
        ));
    }
}

#[test]
fn a_holder_can_hand_on_to_itself_and_to_an_earlier_holder() {
    let limits = Limits::default();
    let own = mint()
        .append(&holder(0), &holder(0).public_key(), &content(1), &limits)
        .unwrap();
    verified(&own).unwrap();
    let there = own
        .append(&holder(0), &holder(1).public_key(), &content(2), &limits)
        .unwrap();
    let back = there
        .append(&holder(1), &holder(0).public_key(), &content(3), &limits)
        .unwrap();
    verified(&back).unwrap();
}

#[test]
fn the_limits_hold_for_what_is_signed() {
    let next = holder(0).public_key();
    let sixteen = chain(16);
    let error = sixteen
        .append(&holder(15), &next, &content(1), &Limits::default())
        .unwrap_err();
    assert!(matches!(
        error,
        ChainError::Container(ContainerError::TooManyBlocks { limit: 16 })
    ));

    let none = Limits::default().with_max_blocks(0);
    // Before the signer is asked.
    let error = Chain::mint(&Failing, ROOT_KEY_ID, &next, &content(0), &none).unwrap_err();
    assert!(matches!(
        error,
        ChainError::Container(ContainerError::TooManyBlocks { limit: 0 })
    ));

    let long = vec![0x18; 16 * 1024];
    for error in [
        mint()
            .append(&holder(0), &next, &long, &Limits::default())
            .unwrap_err(),
        Chain::mint(&issuer(), ROOT_KEY_ID, &next, &long, &Limits::default()).unwrap_err(),
    ] {
        assert!(
            matches!(
                error,
                ChainError::Container(ContainerError::TooLarge { .. })
            ),
            "{error}"
        );
    }
}

#[test]
fn the_longest_token_that_is_foreseen_is_the_longest_that_is_signed() {
    let next = holder(0).public_key();
    for length in [1, 100, 127, 128, 300, 16_000] {
        let content = vec![0x18; length];
        let wide = Limits::default().with_max_bytes(1 << 20);
        let token = Chain::mint(&issuer(), ROOT_KEY_ID, &next, &content, &wide).unwrap();
        let exact = wide.with_max_bytes(token.as_bytes().len());
        let below = wide.with_max_bytes(token.as_bytes().len() - 1);
        assert!(Chain::mint(&issuer(), ROOT_KEY_ID, &next, &content, &exact).is_ok());
        // Refused before the signer is asked.
        let error = Chain::mint(&Failing, ROOT_KEY_ID, &next, &content, &below).unwrap_err();
        assert!(
            matches!(
                error,
                ChainError::Container(ContainerError::TooLarge { .. })
            ),
            "{error}"
        );
    }
}

#[test]
fn nothing_is_signed_that_is_no_block() {
    let next = holder(1).public_key();
    for content in [&b""[..], b"\0BAILIWICK\0", b"\0BLOCK\0"] {
        let error = mint()
            .append(&holder(0), &next, content, &Limits::default())
            .unwrap_err();
        assert!(matches!(
            error,
            ChainError::Container(ContainerError::NotABlock { block: 1 })
        ));
        let error = Chain::mint(&Failing, ROOT_KEY_ID, &next, content, &Limits::default());
        assert!(matches!(
            error,
            Err(ChainError::Container(ContainerError::NotABlock {
                block: 0
            }))
        ));
    }
}

struct Failing;

impl Signer for Failing {
    fn public_key(&self) -> IssuerPublicKey {
        issuer().public_key()
    }

    fn sign(&self, _: &[u8]) -> Result<Signature, SignerError> {
        Err(SignerError::refused("not today"))
    }
}

struct Confused(IssuerKey);

impl Signer for Confused {
    fn public_key(&self) -> IssuerPublicKey {
        issuer().public_key()
    }

    fn sign(&self, message: &[u8]) -> Result<Signature, SignerError> {
        self.0.sign(message)
    }
}

#[test]
fn a_signer_that_fails_or_signs_with_another_key_is_found_at_once() {
    let next = holder(0).public_key();
    let mint = |signer: &dyn Signer| {
        Chain::mint(signer, ROOT_KEY_ID, &next, &content(0), &Limits::default())
    };
    assert!(mint(&Confused(issuer())).is_ok());
    assert!(matches!(
        mint(&Failing),
        Err(ChainError::Signer(SignerError::Refused { .. }))
    ));
    let other = Confused(issuer_key_from_seed(&[3; 32]));
    assert!(matches!(mint(&other), Err(ChainError::SignerMismatch)));
}

#[test]
fn the_root_key_is_no_holder() {
    let root = holder_key_from_seed(&[100; 32]).public_key();
    assert_eq!(root.as_bytes(), issuer().public_key().as_bytes());
    let minted = Chain::mint(
        &issuer(),
        ROOT_KEY_ID,
        &root,
        &content(0),
        &Limits::default(),
    );
    assert!(matches!(minted, Err(ChainError::RootIsHolder { block: 0 })));

    // A holder does not know the root key, so whoever verifies finds it.
    let handed = mint()
        .append(&holder(0), &root, &content(1), &Limits::default())
        .unwrap();
    assert!(matches!(
        verified(&handed),
        Err(ChainError::RootIsHolder { block: 1 })
    ));
}

// Verifying.

#[test]
fn every_flipped_bit_is_refused() {
    let ring = ring();
    let good = chain(3).as_bytes().to_vec();
    let accepted = |bytes: &[u8]| {
        let Ok(chain) = decode(bytes) else {
            return false;
        };
        let Ok(root) = ring.root(chain.root_key_id(), now()) else {
            return false;
        };
        chain.verify(root.key()).is_ok()
    };
    assert!(accepted(&good));
    for at in 0..good.len() {
        for bit in 0..8 {
            let mut bytes = good.clone();
            bytes[at] ^= 1 << bit;
            assert!(!accepted(&bytes), "byte {at}, bit {bit}");
        }
    }
}

#[test]
fn an_altered_root_key_id_finds_another_root_or_none() {
    let mut bytes = mint().as_bytes().to_vec();
    assert_eq!(bytes[..2], [0x08, 0x01]);
    bytes[1] = 2; // another root on the ring
    let altered = decode(&bytes).unwrap();
    let ring = ring();
    let root = ring.root(altered.root_key_id(), now()).unwrap();
    assert!(matches!(
        altered.verify(root.key()),
        Err(ChainError::BadSignature { block: 0 })
    ));

    bytes[1] = 3; // the right key under an id that has ended
    let id = decode(&bytes).unwrap().root_key_id();
    assert!(matches!(
        ring.root(id, now()),
        Err(KeyRingError::Retired { .. })
    ));

    bytes[1] = 9;
    let id = decode(&bytes).unwrap().root_key_id();
    assert_eq!(ring.root(id, now()), Err(KeyRingError::Unknown { id }));
}

#[test]
fn the_wrong_root_verifies_nothing() {
    let other = issuer_key_from_seed(&[3; 32]).public_key();
    for blocks in [1, 2] {
        let error = chain(blocks).verify(&other).unwrap_err();
        assert!(matches!(error, ChainError::BadSignature { block: 0 }));
    }
}

#[test]
fn a_block_dropped_from_the_middle_or_the_start_is_noticed() {
    let token = chain(4);
    for (dropped, noticed) in [(0, 0), (1, 1), (2, 2)] {
        let mut blocks = blocks_of(&token);
        blocks.remove(dropped);
        assert_bad_signature(&assembled(blocks), noticed);
    }
}

#[test]
fn a_chain_cut_at_its_end_is_a_chain_of_the_earlier_holder_and_nobody_elses() {
    // The signatures cannot tell: it is the token that the earlier holder had. Its proof of
    // possession is missing.
    let token = chain(3);
    let cut = assembled(token.blocks().take(2));
    assert_eq!(cut, chain(2));
    verified(&cut).unwrap();
    assert!(matches!(
        cut.check_holder(&holder(2)),
        Err(ChainError::NotTheHolder)
    ));
    assert!(cut.check_holder(&holder(1)).is_ok());
}

#[test]
fn reordered_blocks_are_noticed() {
    let token = chain(4);
    for (one, other) in [(0, 1), (1, 2), (2, 3), (1, 3)] {
        let mut blocks = blocks_of(&token);
        blocks.swap(one, other);
        assert_bad_signature(&assembled(blocks), one);
    }
}

#[test]
fn duplicated_blocks_are_noticed() {
    let token = chain(3);
    for at in 0..3 {
        let mut blocks = blocks_of(&token);
        blocks.insert(at, blocks[at]);
        assert_bad_signature(&assembled(blocks), at + 1);
    }
}

#[test]
fn a_block_spliced_in_from_a_token_of_the_same_holders_is_noticed() {
    let limits = Limits::default();
    let [one, other] = [0, 4].map(|first| {
        let token = Chain::mint(
            &issuer(),
            ROOT_KEY_ID,
            &holder(0).public_key(),
            &content(first),
            &limits,
        );
        token
            .unwrap()
            .append(&holder(0), &holder(1).public_key(), &content(1), &limits)
            .unwrap()
    });
    // The same signer, content and next key: only the signature before it differs.
    assert_eq!(one.last().content, other.last().content);
    assert_bad_signature(&assembled([one.first(), other.last()]), 1);
}

#[test]
fn a_later_block_cannot_stand_first_nor_the_first_one_later() {
    let limits = Limits::default();
    let own = mint()
        .append(&holder(0), &holder(0).public_key(), &content(1), &limits)
        .unwrap();
    let root = issuer_key_from_seed(&[1; 32]); // the secret of `holder(0)`, as a root
    let later = assembled([own.last()]);
    assert!(matches!(
        later.verify(&root.public_key()),
        Err(ChainError::RootIsHolder { .. } | ChainError::BadSignature { block: 0 })
    ));
    let other = own
        .append(&holder(0), &holder(2).public_key(), &content(2), &limits)
        .unwrap();
    let error = assembled([other.last()])
        .verify(&root.public_key())
        .unwrap_err();
    assert!(matches!(error, ChainError::BadSignature { block: 0 }));
}

fn now() -> Timestamp {
    Timestamp::from_unix_seconds(1000).unwrap()
}

fn ring() -> KeyRing {
    let at = |seconds| Timestamp::from_unix_seconds(seconds).unwrap();
    let root = |id, seed, until| {
        let key = issuer_key_from_seed(&[seed; 32]).public_key();
        Root::new(RootKeyId::new(id), key, at(0)..at(until))
    };
    KeyRing::new([root(1, 100, 2000), root(2, 3, 2000), root(3, 4, 500)]).unwrap()
}
