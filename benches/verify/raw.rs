//! The yardstick: the strict Ed25519 verifications that chain and proof need, and nothing else.

use ed25519_dalek::{Signature, Signer, SigningKey, VerifyingKey};

use crate::task;

/// Signatures over messages as long as those of a token and its proof, each by another key.
pub(crate) struct Raw(Vec<Signed>);

struct Signed {
    key: [u8; 32],
    message: Vec<u8>,
    signature: [u8; 64],
}

impl Raw {
    /// For the chain with this number, whose blocks have contents of these lengths.
    pub(crate) fn new(chain: usize, contents: &[usize]) -> Self {
        // What stands around a block's content: tags, versions, the next key; then the signature
        // of the block before. A proof: its domain, then six fields with their lengths.
        let block =
            |(index, content): (usize, &usize)| content + 85 + if index > 0 { 9 + 64 } else { 0 };
        let proof = 13 + 6 * 4 + task::SERVICE.len() + 64 + 32 + 8 + 16 + 16;
        let lengths = contents.iter().enumerate().map(block).chain([proof]);
        let signed = lengths.enumerate().map(|(index, length)| {
            let mut seed = [chain as u8; 32];
            seed[0] = index as u8;
            let key = SigningKey::from_bytes(&seed);
            let message: Vec<u8> = (0..length).map(|at| (at * 31 + index) as u8).collect();
            let signature = key.sign(&message).to_bytes();
            Signed {
                key: key.verifying_key().to_bytes(),
                message,
                signature,
            }
        });
        Self(signed.collect())
    }

    /// All of them: the signatures of the blocks and of the proof.
    pub(crate) fn verify_all(&self) -> bool {
        self.0.iter().all(Signed::verify_strict)
    }

    /// The one of the proof.
    pub(crate) fn verify_proof(&self) -> bool {
        self.0.last().is_some_and(Signed::verify_strict)
    }
}

impl Signed {
    #[inline(never)]
    fn verify_strict(&self) -> bool {
        let signature = Signature::from_bytes(&self.signature);
        VerifyingKey::from_bytes(&self.key)
            .and_then(|key| key.verify_strict(&self.message, &signature))
            .is_ok()
    }
}
