//! The one secret core behind the three kinds of secret keys.

use ed25519_dalek::pkcs8::spki::der::pem::LineEnding;
use ed25519_dalek::pkcs8::{DecodePrivateKey as _, EncodePrivateKey as _, KeypairBytes};
use ed25519_dalek::{Signer as _, SigningKey};
use zeroize::Zeroizing;

use super::{KeyError, Signature};

/// An Ed25519 secret. Dalek wipes it when it is dropped.
pub(super) struct Secret(SigningKey);

impl Secret {
    pub(super) fn generate() -> Result<Self, KeyError> {
        let mut seed = Zeroizing::new([0_u8; 32]);
        getrandom::getrandom(seed.as_mut_slice()).map_err(|_| KeyError::Randomness)?;
        Ok(Self::from_seed(&seed))
    }

    pub(super) fn from_seed(seed: &[u8; 32]) -> Self {
        Self(SigningKey::from_bytes(seed))
    }

    pub(super) fn from_pkcs8_pem(pem: &str) -> Result<Self, KeyError> {
        // Named by itself, because "not PEM" would send people looking in the wrong place.
        if pem.starts_with("-----BEGIN ENCRYPTED PRIVATE KEY-----") {
            return Err(KeyError::EncryptedPem);
        }
        // One document and nothing after it: the parser would take the first key and drop the rest.
        let one_document = pem.starts_with("-----BEGIN PRIVATE KEY-----")
            && pem.trim_end().ends_with("-----END PRIVATE KEY-----")
            && pem.matches("-----BEGIN").count() == 1;
        if !one_document {
            return Err(KeyError::NotPem);
        }
        let pair = KeypairBytes::from_pkcs8_pem(pem).map_err(|_| KeyError::NotEd25519)?;
        let secret = Self::from_seed(&pair.secret_key);
        match &pair.public_key {
            Some(stated) if stated.to_bytes() != secret.public_bytes() => {
                Err(KeyError::PublicKeyMismatch)
            }
            _ => Ok(secret),
        }
    }

    /// Without the public half, as in the first version of PKCS#8: OpenSSL 3.0 refuses the second
    /// version.
    pub(super) fn to_pkcs8_pem(&self) -> Result<Zeroizing<String>, KeyError> {
        let pair = KeypairBytes {
            secret_key: self.0.to_bytes(),
            public_key: None,
        };
        pair.to_pkcs8_pem(LineEnding::LF)
            .map_err(|_| KeyError::Encoding)
    }

    pub(super) fn public_bytes(&self) -> [u8; 32] {
        self.0.verifying_key().to_bytes()
    }

    pub(super) fn sign(&self, message: &[u8]) -> Signature {
        Signature::from_bytes(self.0.sign(message).to_bytes())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    // Written by `openssl genpkey -algorithm ed25519`; the public half by `openssl pkey -pubout`.
    const OPENSSL: &str = "-----BEGIN PRIVATE KEY-----
MC4CAQAwBQYDK2VwBCIEIKUMEeSHTUdwKXiCdApMpDIO4YgOqC4wYVFwTwkWZ9AR
-----END PRIVATE KEY-----
";
    const OPENSSL_PUBLIC: &str = "0d37dca8fcc41b067286b374e0b750ab4a7bcb95d9e5cf862b5343eb1540bd47";

    fn with_public_half(public: [u8; 32]) -> String {
        let pair = KeypairBytes {
            secret_key: Secret::from_pkcs8_pem(OPENSSL).unwrap().0.to_bytes(),
            public_key: Some(ed25519_dalek::pkcs8::PublicKeyBytes(public)),
        };
        pair.to_pkcs8_pem(LineEnding::LF).unwrap().to_string()
    }

    fn refused(pem: &str) -> KeyError {
        Secret::from_pkcs8_pem(pem).err().unwrap()
    }

    #[test]
    fn a_key_made_by_openssl_is_read_and_written_as_openssl_wrote_it() {
        let secret = Secret::from_pkcs8_pem(OPENSSL).unwrap();
        assert_eq!(
            base16ct::lower::encode_string(&secret.public_bytes()),
            OPENSSL_PUBLIC
        );
        assert_eq!(secret.to_pkcs8_pem().unwrap().as_str(), OPENSSL);
    }

    #[test]
    fn a_public_half_in_the_pem_must_be_the_right_one() {
        let right = Secret::from_pkcs8_pem(OPENSSL).unwrap().public_bytes();
        assert!(Secret::from_pkcs8_pem(&with_public_half(right)).is_ok());

        let other = Secret::from_seed(&[9; 32]).public_bytes();
        assert_eq!(
            refused(&with_public_half(other)),
            KeyError::PublicKeyMismatch
        );
    }

    #[test]
    fn what_is_no_ed25519_private_key_is_refused_by_its_kind() {
        assert_eq!(refused(""), KeyError::NotPem);
        assert_eq!(refused("not a key"), KeyError::NotPem);
        assert_eq!(
            refused(&OPENSSL.replace("PRIVATE", "PUBLIC")),
            KeyError::NotPem
        );
        assert_eq!(
            refused(&OPENSSL.replace("PRIVATE", "ENCRYPTED PRIVATE")),
            KeyError::EncryptedPem
        );
        assert_eq!(
            refused(&OPENSSL.replace("MC4CAQAw", "MC4CAQUw")),
            KeyError::NotEd25519
        );
        // id-X25519 in place of id-Ed25519
        assert_eq!(
            refused(&OPENSSL.replace("K2Vw", "K2Vu")),
            KeyError::NotEd25519
        );
    }

    #[test]
    fn a_pem_that_is_cut_or_followed_by_something_is_refused() {
        assert_eq!(refused(&OPENSSL[..60]), KeyError::NotPem);
        assert_eq!(refused(&format!("{OPENSSL}{OPENSSL}")), KeyError::NotPem);
        assert_eq!(refused(&format!("{OPENSSL}x")), KeyError::NotPem);
        assert!(Secret::from_pkcs8_pem(&OPENSSL.replace('\n', "\r\n")).is_ok());
    }

    #[test]
    fn generated_keys_differ() {
        let [one, two] = [(); 2].map(|()| Secret::generate().unwrap().public_bytes());
        assert_ne!(one, two);
    }
}
