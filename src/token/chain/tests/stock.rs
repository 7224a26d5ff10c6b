//! What the stock library thinks of our chains.

use super::*;
use crate::token::SealedToken;

fn stock_accepts(sealed: &[u8]) -> Result<biscuit_auth::Biscuit, String> {
    use biscuit_auth::builder::{Algorithm, AuthorizerBuilder};
    let provider = |id: Option<u32>| match id {
        Some(1) => Ok(biscuit_auth::PublicKey::from_bytes(
            issuer().public_key().as_bytes(),
            Algorithm::Ed25519,
        )?),
        _ => Err(biscuit_auth::error::Format::UnknownPublicKey),
    };
    let token = biscuit_auth::Biscuit::from(sealed, provider).map_err(|error| error.to_string())?;
    let mut authorizer = AuthorizerBuilder::new()
        .code(r#"allow if right("read", 1)"#)
        .map_err(|error| error.to_string())?
        .set_limits(biscuit_auth::datalog::RunLimits {
            max_time: std::time::Duration::from_secs(10),
            ..Default::default()
        })
        .build(&token)
        .map_err(|error| error.to_string())?;
    authorizer.authorize().map_err(|error| error.to_string())?;
    Ok(token)
}

fn sealed(blocks: usize) -> SealedToken {
    chain(blocks).seal(&holder(blocks - 1)).unwrap()
}

#[test]
fn the_stock_library_verifies_a_sealed_chain() {
    for blocks in [1, 2, 4, 8, 16] {
        let sealed = sealed(blocks);
        let token = stock_accepts(sealed.as_bytes()).unwrap();
        assert_eq!(token.block_count(), blocks);
        assert_eq!(token.root_key_id(), Some(1));
        // It writes the same bytes and the same text.
        assert_eq!(token.to_vec().unwrap(), sealed.as_bytes());
        assert_eq!(token.to_base64().unwrap(), sealed.to_base64());
        // Its revocation ids are our signatures.
        let ids = token.revocation_identifiers();
        let signatures = chain(blocks)
            .blocks()
            .map(|block| block.signature.as_bytes().to_vec())
            .collect::<Vec<_>>();
        assert_eq!(ids, signatures);
        assert!(
            token
                .append(biscuit_auth::builder::BlockBuilder::new())
                .is_err()
        );
    }
}

#[test]
fn the_stock_library_refuses_a_sealed_chain_after_any_flipped_bit() {
    let good = sealed(2).as_bytes().to_vec();
    let same = |token: biscuit_auth::Biscuit| token.to_vec().unwrap() == good;
    assert!(stock_accepts(&good).is_ok_and(same));
    let mut spelled_otherwise = 0;
    for at in 0..good.len() {
        for bit in 0..8 {
            let mut bytes = good.clone();
            bytes[at] ^= 1 << bit;
            if let Ok(token) = stock_accepts(&bytes) {
                // It drops unknown fields and fills in the algorithm 0. The token is the same one,
                // spelled otherwise, which is why our decoder has one spelling.
                assert!(same(token), "byte {at}, bit {bit}");
                assert!(decode(&bytes).is_err());
                spelled_otherwise += 1;
            }
        }
    }
    assert!(spelled_otherwise <= 2 * 8, "{spelled_otherwise}");
}

#[test]
fn the_stock_library_refuses_a_seal_by_another_key() {
    let token = chain(2);
    let signature = holder(0).sign_message(&payload::of_seal(&token.last()));
    assert!(stock_accepts(&Writer::after(&token).sealed(&signature)).is_err());
    let signature = holder(1).sign_message(&payload::of_seal(&token.last()));
    assert!(stock_accepts(&Writer::after(&token).sealed(&signature)).is_ok());
}

#[test]
fn a_chain_that_the_stock_library_signed_as_version_1_verifies() {
    // Version 1 is what it signs for Datalog 3.3, of which a `reject if` is. Its own proof is
    // replaced by none.
    use biscuit_auth::builder::{Algorithm, BlockBuilder};
    use biscuit_auth::{Biscuit, KeyPair, PrivateKey};
    let private = |seed: u8| PrivateKey::from_bytes(&[seed; 32], Algorithm::Ed25519).unwrap();
    let root = KeyPair::from(&private(100));
    let token = Biscuit::builder()
        .root_key_id(1)
        .code(r#"right("read", 1); reject if right("write")"#)
        .unwrap()
        .build_with_key_pair(
            &root,
            biscuit_auth::datalog::SymbolTable::new(),
            &KeyPair::from(&private(1)),
        )
        .unwrap()
        .append_with_keypair(&KeyPair::from(&private(2)), BlockBuilder::new())
        .unwrap();
    let secret = [&[0x22, 0x22, 0x0a, 0x20][..], &[2; 32]].concat();
    let bytes = token.to_vec().unwrap();
    let mut bytes = bytes.strip_suffix(secret.as_slice()).unwrap().to_vec();
    bytes.extend([0x22, 0x00]);
    let chain = decode(&bytes).unwrap();
    verified(&chain).unwrap();
    assert_eq!(chain.last().next_key, holder(1).public_key());
}
