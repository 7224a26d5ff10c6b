//! What the profile leaves out of Biscuit.

mod spelling;

use super::super::testing::{ROOT_KEY_ID, chain, decode, holder, mint};
use super::*;
use crate::keys::PublicKeyError;

/// A message as the list of its fields, each already written.
type Fields = Vec<Vec<u8>>;

fn number(field: u64, number: u64) -> Vec<u8> {
    let mut out = Vec::new();
    put_number(&mut out, field, number);
    out
}

fn bytes(field: u64, bytes: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    put_bytes(&mut out, field, bytes);
    out
}

fn key_fields(block: &Block<'_>) -> Fields {
    vec![number(1, 0), bytes(2, block.next_key.as_bytes())]
}

fn block_fields(block: &Block<'_>) -> Fields {
    vec![
        bytes(1, block.content),
        bytes(2, &key_fields(block).concat()),
        bytes(3, block.signature.as_bytes()),
        number(5, 1),
    ]
}

fn token_fields(chain: &Chain) -> Fields {
    let mut fields = vec![number(1, chain.root_key_id().get().into())];
    for (index, block) in chain.blocks().enumerate() {
        let field = if index == 0 { 2 } else { 3 };
        fields.push(bytes(field, &block_fields(&block).concat()));
    }
    fields.push(bytes(4, &[]));
    fields
}

/// A token of two blocks whose second one has these fields.
fn with_second_block(fields: &Fields) -> Vec<u8> {
    let mut token = token_fields(&chain(2));
    token[2] = bytes(3, &fields.concat());
    token.concat()
}

/// A token of two blocks whose second one names a key by these fields.
fn with_second_key(fields: &Fields) -> Vec<u8> {
    let chain = chain(2);
    let mut block = block_fields(&chain.last());
    block[1] = bytes(2, &fields.concat());
    with_second_block(&block)
}

fn second_block() -> Fields {
    block_fields(&chain(2).last())
}

fn second_key() -> Fields {
    key_fields(&chain(2).last())
}

fn refused(bytes: &[u8]) -> ContainerError {
    decode(bytes).expect_err("should be refused")
}

#[track_caller]
fn assert_refused(bytes: &[u8], expected: ContainerError) {
    assert_eq!(refused(bytes), expected);
}

#[test]
fn a_token_is_its_fields_in_order() {
    for blocks in [1, 2, 5] {
        let chain = chain(blocks);
        assert_eq!(token_fields(&chain).concat(), chain.as_bytes());
        assert_eq!(decode(chain.as_bytes()).unwrap(), chain);
    }
}

#[test]
fn the_parts_of_a_token_are_what_was_signed() {
    let chain = chain(3);
    assert_eq!(chain.root_key_id(), ROOT_KEY_ID);
    assert_eq!(chain.block_count(), 3);
    for (index, block) in chain.blocks().enumerate() {
        assert_eq!(block.content, super::super::testing::content(index));
        assert_eq!(block.next_key, holder(index).public_key());
    }
    assert_eq!(
        chain.first().signature,
        chain.blocks().next().unwrap().signature
    );
    assert_eq!(
        chain.last().signature,
        chain.blocks().next_back().unwrap().signature
    );
    assert_ne!(chain.first().signature, chain.last().signature);
}

#[test]
fn debug_shows_no_bytes_of_the_token() {
    let chain = mint();
    let shown = format!("{chain:?}");
    assert!(
        shown.contains(&holder(0).public_key().to_string()),
        "{shown}"
    );
    assert!(
        !shown.contains(&chain.last().signature.to_string()[..16]),
        "{shown}"
    );
}

// Limits.

#[test]
fn a_token_over_the_limit_of_bytes_is_refused_before_it_is_read() {
    let limits = Limits::default().with_max_bytes(100);
    assert_eq!(
        Chain::decode(&[0xff; 101], &limits),
        Err(ContainerError::TooLarge {
            found: 101,
            limit: 100
        })
    );
    let token = mint();
    let exact = Limits::default().with_max_bytes(token.as_bytes().len());
    assert!(Chain::decode(token.as_bytes(), &exact).is_ok());
    assert_refused(
        &[0; 16 * 1024 + 1],
        ContainerError::TooLarge {
            found: 16_385,
            limit: 16_384,
        },
    );
}

#[test]
fn more_than_sixteen_blocks_are_refused() {
    assert!(decode(chain(16).as_bytes()).is_ok());
    let mut token = token_fields(&chain(16));
    token.insert(3, token[3].clone());
    assert_refused(&token.concat(), ContainerError::TooManyBlocks { limit: 16 });
}

#[test]
fn the_limit_of_blocks_can_be_set_and_counts_the_first_block() {
    let limits = |blocks| Limits::default().with_max_blocks(blocks);
    let token = chain(3);
    assert!(Chain::decode(token.as_bytes(), &limits(3)).is_ok());
    for limit in [0, 1, 2] {
        assert_eq!(
            Chain::decode(token.as_bytes(), &limits(limit)),
            Err(ContainerError::TooManyBlocks { limit })
        );
    }
    assert_eq!(
        Chain::decode(mint().as_bytes(), &limits(0)),
        Err(ContainerError::TooManyBlocks { limit: 0 })
    );
}

// What the profile leaves out of Biscuit.

#[test]
fn a_token_without_a_root_key_id_is_refused() {
    let token = token_fields(&mint());
    assert_refused(&token[1..].concat(), ContainerError::MissingRootKeyId);
    assert_refused(&[], ContainerError::MissingRootKeyId);
}

#[test]
fn a_root_key_id_over_32_bits_is_refused() {
    let mut token = token_fields(&mint());
    token[0] = number(1, u64::from(u32::MAX));
    assert_eq!(
        decode(&token.concat()).unwrap().root_key_id(),
        RootKeyId::new(u32::MAX)
    );
    let found = u64::from(u32::MAX) + 2; // which is 1 to a reader that cuts
    token[0] = number(1, found);
    assert_refused(&token.concat(), ContainerError::RootKeyIdTooLarge { found });
}

#[test]
fn a_third_party_block_is_refused() {
    let external = bytes(
        4,
        &[bytes(1, &[0; 64]), bytes(2, &second_key().concat())].concat(),
    );
    let mut block = second_block();
    block.insert(3, external.clone());
    assert_refused(
        &with_second_block(&block),
        ContainerError::ThirdPartyBlock { block: 1 },
    );

    let mut token = token_fields(&mint());
    let mut first = block_fields(&mint().first());
    first.insert(3, external);
    token[1] = bytes(2, &first.concat());
    assert_refused(
        &token.concat(),
        ContainerError::ThirdPartyBlock { block: 0 },
    );
}

#[test]
fn an_external_signature_in_any_place_is_refused() {
    for at in 0..=4 {
        let mut block = second_block();
        block.insert(at, bytes(4, &[]));
        refused(&with_second_block(&block));
    }
}

#[test]
fn a_signature_version_other_than_1_is_refused() {
    for found in [0, 2, 3, u64::MAX] {
        let mut block = second_block();
        block[3] = number(5, found);
        assert_refused(
            &with_second_block(&block),
            ContainerError::SignatureVersion { block: 1, found },
        );
    }
}

#[test]
fn an_absent_signature_version_is_version_0() {
    assert_refused(
        &with_second_block(&second_block()[..3].to_vec()),
        ContainerError::SignatureVersion { block: 1, found: 0 },
    );
}

#[test]
fn another_algorithm_is_refused_even_with_32_bytes() {
    let mut key = second_key();
    key[0] = number(1, 1); // P-256
    assert_refused(
        &with_second_key(&key),
        ContainerError::WrongAlgorithm { block: 1, found: 1 },
    );
    key[1] = bytes(2, &[2; 33]);
    assert_refused(
        &with_second_key(&key),
        ContainerError::WrongAlgorithm { block: 1, found: 1 },
    );
}

#[test]
fn a_sealed_token_is_refused_and_so_cannot_be_extended() {
    let sealed = chain(2).seal(&holder(1)).unwrap();
    assert_refused(sealed.as_bytes(), ContainerError::Sealed);
}

#[test]
fn a_token_with_the_secret_of_its_holder_is_refused() {
    let mut token = token_fields(&mint());
    token[2] = bytes(4, &bytes(1, &[1; 32])); // the seed of `holder(0)`
    assert_refused(&token.concat(), ContainerError::ContainsSecret);
}

#[test]
fn a_token_that_a_stock_library_minted_is_refused() {
    use biscuit_auth::{Biscuit, KeyPair};
    let builder = Biscuit::builder()
        .root_key_id(1)
        .fact("right(\"read\")")
        .unwrap();
    let stock = builder.build(&KeyPair::new()).unwrap();
    assert_refused(
        &stock.to_vec().unwrap(),
        ContainerError::SignatureVersion { block: 0, found: 0 },
    );
}

// Sizes and keys.

#[test]
fn keys_and_signatures_of_other_lengths_are_refused() {
    for found in [0, 31, 33, 64] {
        let key = vec![number(1, 0), bytes(2, &vec![1; found])];
        assert_refused(
            &with_second_key(&key),
            ContainerError::KeyLength { block: 1, found },
        );
    }
    for found in [0, 63, 65, 128] {
        let mut block = second_block();
        block[2] = bytes(3, &vec![1; found]);
        assert_refused(
            &with_second_block(&block),
            ContainerError::SignatureLength { block: 1, found },
        );
    }
}

#[test]
fn a_next_key_of_small_order_is_refused() {
    for point in curve25519_dalek::constants::EIGHT_TORSION {
        let key = vec![number(1, 0), bytes(2, point.compress().as_bytes())];
        let source = PublicKeyError::SmallOrder;
        assert_refused(
            &with_second_key(&key),
            ContainerError::BadKey { block: 1, source },
        );
    }
}

#[test]
fn a_next_key_in_another_spelling_is_refused() {
    let mut other = [0xff; 32]; // p + 3, a good point
    other[0] = 0xf0;
    other[31] = 0x7f;
    let source = PublicKeyError::NonCanonical;
    assert_refused(
        &with_second_key(&vec![number(1, 0), bytes(2, &other)]),
        ContainerError::BadKey { block: 1, source },
    );
}

#[test]
fn content_that_could_be_taken_for_another_message_is_refused() {
    for content in [&b""[..], b"\0BLOCK\0\0VERSION\0", b"\0BAILIWICK\0", b"\0"] {
        let mut block = second_block();
        block[0] = bytes(1, content);
        assert_refused(
            &with_second_block(&block),
            ContainerError::NotABlock { block: 1 },
        );
    }
}
