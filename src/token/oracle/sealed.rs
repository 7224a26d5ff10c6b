//! A sealed Biscuit of given blocks, signed with a key that everybody knows.

use biscuit_auth::PublicKey;
use biscuit_auth::builder::Algorithm;
use ed25519_dalek::{Signer as _, SigningKey};

/// The token's bytes, and the key that it verifies under.
pub(super) fn seal(blocks: &[Vec<u8>]) -> (Vec<u8>, PublicKey) {
    let key = SigningKey::from_bytes(&[0xb1; 32]);
    let public = key.verifying_key().to_bytes();
    let mut token = Vec::new();
    let mut previous: Option<[u8; 64]> = None;
    let mut seal = Vec::new();
    for block in blocks {
        let signature = key
            .sign(&signed_payload(block, &public, previous.as_ref()))
            .to_bytes();
        put(
            &mut token,
            if previous.is_none() { 2 } else { 3 },
            &signed_block(block, &public, &signature),
        );
        seal = [block.as_slice(), &[0; 4], &public, &signature].concat();
        previous = Some(signature);
    }
    let mut proof = Vec::new();
    put(&mut proof, 2, &key.sign(&seal).to_bytes());
    put(&mut token, 4, &proof);
    // These bytes are a public key, by construction.
    let public = PublicKey::from_bytes(&public, Algorithm::Ed25519);
    (
        token,
        public.unwrap_or_else(|_| biscuit_auth::KeyPair::new().public()),
    )
}

/// What signature version 1 signs.
fn signed_payload(block: &[u8], next_key: &[u8; 32], previous: Option<&[u8; 64]>) -> Vec<u8> {
    let mut payload = [
        b"\0BLOCK\0\0VERSION\0",
        1_u32.to_le_bytes().as_slice(),
        b"\0PAYLOAD\0",
        block,
    ]
    .concat();
    payload.extend(
        [
            b"\0ALGORITHM\0",
            [0; 4].as_slice(),
            b"\0NEXTKEY\0",
            next_key,
        ]
        .concat(),
    );
    if let Some(signature) = previous {
        payload.extend_from_slice(b"\0PREVSIG\0");
        payload.extend_from_slice(signature);
    }
    payload
}

fn signed_block(block: &[u8], next_key: &[u8; 32], signature: &[u8; 64]) -> Vec<u8> {
    let mut key = vec![1 << 3, 0];
    put(&mut key, 2, next_key);
    let mut signed = Vec::new();
    put(&mut signed, 1, block);
    put(&mut signed, 2, &key);
    put(&mut signed, 3, signature);
    signed.extend([5 << 3, 1]);
    signed
}

/// A protobuf field of bytes.
fn put(message: &mut Vec<u8>, field: u8, bytes: &[u8]) {
    message.push(field << 3 | 2);
    let mut length = bytes.len();
    while length >= 0x80 {
        message.push(length as u8 | 0x80);
        length >>= 7;
    }
    message.push(length as u8);
    message.extend_from_slice(bytes);
}
