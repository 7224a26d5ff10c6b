//! Signatures that a lenient verifier takes, and ours does not.

use curve25519_dalek::Scalar;
use ed25519_dalek::{Verifier as _, VerifyingKey};
use sha2::{Digest as _, Sha512};

use super::*;

/// The order of the group, little-endian.
const ORDER: [u8; 32] = {
    let mut order = [0; 32];
    let low = 0x14de_f9de_a2f7_9cd6_5812_631a_5cf5_d3ed_u128.to_le_bytes();
    let mut at = 0;
    while at < 16 {
        order[at] = low[at];
        at += 1;
    }
    order[31] = 0x10;
    order
};

fn replaced(chain: &Chain, signature: Signature) -> Chain {
    let mut blocks = blocks_of(chain);
    let last = blocks.last_mut().unwrap();
    last.signature = signature;
    assembled(blocks)
}

#[test]
fn a_signature_whose_s_is_not_reduced_is_refused() {
    let token = chain(2);
    let mut bytes = *token.last().signature.as_bytes();
    let mut carry = 0;
    for (byte, add) in bytes[32..].iter_mut().zip(ORDER) {
        let sum = u16::from(*byte) + u16::from(add) + carry;
        *byte = sum as u8;
        carry = sum >> 8;
    }
    // The same s modulo the order, so a verifier that reduces it would accept.
    let reduced = |bytes: &[u8]| Scalar::from_bytes_mod_order(bytes[32..].try_into().unwrap());
    assert_eq!(reduced(&bytes), reduced(token.last().signature.as_bytes()));
    assert_bad_signature(&replaced(&token, Signature::from_bytes(bytes)), 1);
}

/// R of this encoding, and the s that the equation without a check of R asks for: s = k a.
fn with_r(seed: &[u8; 32], message: &[u8], r: [u8; 32]) -> Signature {
    let key = ed25519_dalek::SigningKey::from_bytes(seed);
    let k = Sha512::new()
        .chain_update(r)
        .chain_update(key.verifying_key())
        .chain_update(message);
    let s = Scalar::from_bytes_mod_order_wide(&k.finalize().into()) * key.to_scalar();
    let mut bytes = [0; 64];
    bytes[..32].copy_from_slice(&r);
    bytes[32..].copy_from_slice(s.as_bytes());
    Signature::from_bytes(bytes)
}

#[test]
fn a_signature_with_an_r_of_small_order_is_refused() {
    let token = chain(2);
    let last = token.last();
    let mut message = Vec::new();
    payload::of_block(
        &mut message,
        last.content,
        &last.next_key,
        Some(&token.first().signature),
    );

    let mut identity = [0; 32];
    identity[0] = 1;
    let forged = with_r(&[1; 32], &message, identity); // by `holder(0)`
    // A verifier that is not strict takes it.
    VerifyingKey::from_bytes(holder(0).public_key().as_bytes())
        .unwrap()
        .verify(
            &message,
            &ed25519_dalek::Signature::from_bytes(forged.as_bytes()),
        )
        .unwrap();
    assert_bad_signature(&replaced(&token, forged), 1);

    // The same R in its other spelling, p + 1.
    let mut other = [0xff; 32];
    other[0] = 0xee;
    other[31] = 0x7f;
    assert_bad_signature(&replaced(&token, with_r(&[1; 32], &message, other)), 1);
}

#[test]
fn a_holder_key_off_the_curve_verifies_nothing() {
    let mut off = [0; 32];
    off[0] = 2;
    let next_key = HolderPublicKey::without_curve_check(off).unwrap();
    let mut message = Vec::new();
    payload::of_block(&mut message, &content(0), &next_key, None);
    let signature = issuer().sign(&message).unwrap();
    let content = content(0);
    let first = Block {
        content: &content,
        next_key,
        signature,
    };
    let token = chain(2);
    assert_bad_signature(&assembled([first, token.last()]), 1);
}
