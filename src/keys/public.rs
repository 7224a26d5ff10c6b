//! What all kinds of public keys share: which 32 bytes are a key, their text, and strict
//! verification.

use std::fmt;

use ed25519_dalek::VerifyingKey;

use super::{BadSignature, PublicKeyError, Signature};

const TEXT_PREFIX: &str = "ed25519/";

/// The 32 bytes of a public key: the only spelling of its point, which is not of small order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct PublicBytes([u8; 32]);

impl PublicBytes {
    /// Checks everything: the spelling, the order, the curve.
    pub(super) fn new(bytes: [u8; 32]) -> Result<Self, PublicKeyError> {
        let key = Self::without_curve_check(bytes)?;
        let point = VerifyingKey::from_bytes(&bytes).map_err(|_| PublicKeyError::NotOnCurve)?;
        if point.is_weak() {
            Err(PublicKeyError::SmallOrder)
        } else {
            Ok(key)
        }
    }

    /// Checks the spelling and the order, and leaves the curve to whoever verifies with the key, so
    /// that a chain decompresses each of its keys once.
    pub(super) fn without_curve_check(bytes: [u8; 32]) -> Result<Self, PublicKeyError> {
        if !is_canonical(&bytes) {
            return Err(PublicKeyError::NonCanonical);
        }
        if has_small_order(&bytes) {
            return Err(PublicKeyError::SmallOrder);
        }
        Ok(Self(bytes))
    }

    /// The public half of a secret of ours. A clamped scalar times the base point is never weak.
    pub(super) fn of_secret(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    pub(super) fn parse(text: &str) -> Result<Self, PublicKeyError> {
        let hex = text
            .strip_prefix(TEXT_PREFIX)
            .ok_or(PublicKeyError::NotKeyText)?;
        let mut bytes = [0_u8; 32];
        match base16ct::lower::decode(hex, &mut bytes) {
            Ok(read) if read.len() == 32 => Self::new(bytes),
            _ => Err(PublicKeyError::NotKeyText),
        }
    }

    pub(super) fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// `verify_strict`, from key bytes. Dalek refuses an `s` that is not reduced, an `R` that is
    /// not canonical or of small order, and a key of small order.
    pub(super) fn verify(&self, message: &[u8], signature: &Signature) -> Result<(), BadSignature> {
        let signature = ed25519_dalek::Signature::from_bytes(signature.as_bytes());
        VerifyingKey::from_bytes(&self.0)
            .and_then(|key| key.verify_strict(message, &signature))
            .map_err(|_| BadSignature)
    }
}

impl fmt::Display for PublicBytes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{TEXT_PREFIX}{:x}", base16ct::HexDisplay(&self.0))
    }
}

/// Whether the y coordinate, the low 255 bits, is below the field's prime 2^255 - 19.
///
/// The other spelling that RFC 8032 refuses, x = 0 with the sign bit set, exists for two points of
/// small order alone.
fn is_canonical(bytes: &[u8; 32]) -> bool {
    let [lowest, middle @ .., highest] = bytes;
    highest & 0x7f != 0x7f || middle.iter().any(|byte| *byte != 0xff) || *lowest < 0xed
}

/// Whether the y coordinate is one of the five that the eight points of small order have between
/// them.
fn has_small_order(bytes: &[u8; 32]) -> bool {
    let mut y = *bytes;
    if let Some(highest) = y.last_mut() {
        *highest &= 0x7f;
    }
    SMALL_ORDER_Y.contains(&y)
}

#[rustfmt::skip]
const SMALL_ORDER_Y: [[u8; 32]; 5] = [
    // y = 0, order 4
    [0; 32],
    // y = 1, order 1
    [1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0],
    // y = -1, order 2
    [0xec, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
     0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f],
    // order 8, twice
    [0x26, 0xe8, 0x95, 0x8f, 0xc2, 0xb2, 0x27, 0xb0, 0x45, 0xc3, 0xf4, 0x89, 0xf2, 0xef, 0x98, 0xf0,
     0xd5, 0xdf, 0xac, 0x05, 0xd3, 0xc6, 0x33, 0x39, 0xb1, 0x38, 0x02, 0x88, 0x6d, 0x53, 0xfc, 0x05],
    [0xc7, 0x17, 0x6a, 0x70, 0x3d, 0x4d, 0xd8, 0x4f, 0xba, 0x3c, 0x0b, 0x76, 0x0d, 0x10, 0x67, 0x0f,
     0x2a, 0x20, 0x53, 0xfa, 0x2c, 0x39, 0xcc, 0xc6, 0x4e, 0xc7, 0xfd, 0x77, 0x92, 0xac, 0x03, 0x7a],
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::keys::dangerous;

    #[test]
    fn all_eight_points_of_small_order_are_refused_with_and_without_the_curve() {
        for point in curve25519_dalek::constants::EIGHT_TORSION {
            let bytes = point.compress().to_bytes();
            assert_eq!(
                PublicBytes::without_curve_check(bytes),
                Err(PublicKeyError::SmallOrder)
            );
            assert_eq!(PublicBytes::new(bytes), Err(PublicKeyError::SmallOrder));
        }
    }

    #[test]
    fn a_point_of_small_order_with_x_zero_and_the_sign_set_is_refused() {
        for mut bytes in [SMALL_ORDER_Y[1], SMALL_ORDER_Y[2]] {
            bytes[31] |= 0x80;
            assert_eq!(PublicBytes::new(bytes), Err(PublicKeyError::SmallOrder));
        }
    }

    #[test]
    fn the_canonical_test_agrees_with_encoding_the_point_again() {
        // Every y from p - 30 to 2^255 - 1, with both signs: all encodings that are not canonical
        // are among them.
        let mut seen = [0, 0];
        for low in 0xcf..=0xff_u8 {
            for high in [0x7f, 0xff] {
                let mut bytes = [0xff; 32];
                bytes[0] = low;
                bytes[31] = high;
                let Ok(point) = VerifyingKey::from_bytes(&bytes) else {
                    continue;
                };
                let same = point.to_edwards().compress().to_bytes() == bytes;
                // -0 is the one spelling that `is_canonical` leaves to the test of the order.
                assert_eq!(
                    is_canonical(&bytes),
                    same || (has_small_order(&bytes) && low < 0xed),
                    "{low:x} {high:x}"
                );
                seen[usize::from(same)] += 1;
            }
        }
        assert!(seen.iter().all(|n| *n > 5), "{seen:?}");
    }

    #[test]
    fn a_key_that_is_not_canonical_is_refused_though_its_point_is_good() {
        // y = p + 3 is on the curve and of large order.
        let mut bytes = [0xff; 32];
        bytes[0] = 0xed + 3;
        bytes[31] = 0x7f;
        assert!(!VerifyingKey::from_bytes(&bytes).unwrap().is_weak());
        assert_eq!(PublicBytes::new(bytes), Err(PublicKeyError::NonCanonical));
        assert_eq!(
            PublicBytes::without_curve_check(bytes),
            Err(PublicKeyError::NonCanonical)
        );
    }

    #[test]
    fn bytes_off_the_curve_are_refused() {
        let mut bytes = [0; 32];
        bytes[0] = 2;
        assert_eq!(PublicBytes::new(bytes), Err(PublicKeyError::NotOnCurve));
    }

    #[test]
    fn text_has_one_spelling() {
        let key = dangerous::holder_key_from_seed(&[7; 32]).public_key();
        let text = key.to_string();
        assert_eq!(PublicBytes::parse(&text).unwrap().to_string(), text);
        for bad in [
            text.to_uppercase(),
            text.replace("ed25519/", ""),
            text.replace("ed25519/", "ed25519-private/"),
            text.replace("ed25519/", "secp256r1/"),
            text.replace("ed25519/", "ed25519/ED").replacen("ED", "", 0),
            format!("{text}0"),
            format!("{text}00"),
            format!(" {text}"),
            format!("{text}\n"),
            text[..text.len() - 1].to_owned(),
            text[..text.len() - 2].to_owned(),
            String::new(),
        ] {
            assert_eq!(
                PublicBytes::parse(&bad),
                Err(PublicKeyError::NotKeyText),
                "{bad}"
            );
        }
    }
}
