//! The macro that makes a kind of keys: a secret type and its public half over the shared cores,
//! and nothing else.

macro_rules! key_role {
    (
        $(#[$secret_doc:meta])* secret $secret:ident;
        $(#[$public_doc:meta])* public $public:ident;
    ) => {
        $(#[$secret_doc])*
        pub struct $secret(crate::keys::secret::Secret);

        impl $secret {
            /// Makes a new key from the randomness of the operating system.
            ///
            /// # Errors
            /// [`KeyError::Randomness`](crate::keys::KeyError::Randomness) when there is none.
            pub fn generate() -> Result<Self, crate::keys::KeyError> {
                crate::keys::secret::Secret::generate().map(Self)
            }

            /// Reads an unencrypted PKCS#8 PEM text (RFC 5958, RFC 8410), such as `openssl genpkey
            /// -algorithm ed25519` writes. If it names its public key, that must be the right one.
            ///
            /// # Errors
            /// A [`KeyError`](crate::keys::KeyError) that says what is wrong, and never repeats the
            /// text.
            pub fn from_pkcs8_pem(pem: &str) -> Result<Self, crate::keys::KeyError> {
                crate::keys::secret::Secret::from_pkcs8_pem(pem).map(Self)
            }

            /// Writes the key as PKCS#8 PEM, as OpenSSL does, into a string that is wiped when
            /// dropped.
            ///
            /// # Errors
            /// [`KeyError::Encoding`](crate::keys::KeyError::Encoding) if the encoder fails.
            ///
            /// # Security
            /// This is the secret itself. Store it where only its owner can read.
            pub fn to_pkcs8_pem(&self) -> Result<zeroize::Zeroizing<String>, crate::keys::KeyError> {
                self.0.to_pkcs8_pem()
            }

            /// The public half, to hand to others.
            #[must_use]
            pub fn public_key(&self) -> $public {
                $public(crate::keys::public::PublicBytes::of_secret(self.0.public_bytes()))
            }

            pub(in crate::keys) fn from_seed(seed: &[u8; 32]) -> Self {
                Self(crate::keys::secret::Secret::from_seed(seed))
            }

            /// Signs a message that the caller has separated from all others by its first bytes.
            #[allow(dead_code, reason = "not every kind of key has every caller")]
            pub(crate) fn sign_message(&self, message: &[u8]) -> crate::keys::Signature {
                self.0.sign(message)
            }
        }

        impl std::fmt::Debug for $secret {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                write!(f, "{}({})", stringify!($secret), self.public_key())
            }
        }

        $(#[$public_doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $public(crate::keys::public::PublicBytes);

        impl $public {
            /// Takes the 32 bytes of RFC 8032.
            ///
            /// # Errors
            /// [`PublicKeyError`](crate::keys::PublicKeyError) unless they are the canonical
            /// encoding of a point of the curve that is not of small order.
            pub fn from_bytes(bytes: [u8; 32]) -> Result<Self, crate::keys::PublicKeyError> {
                crate::keys::public::PublicBytes::new(bytes).map(Self)
            }

            /// The 32 bytes of RFC 8032.
            #[must_use]
            pub fn as_bytes(&self) -> &[u8; 32] {
                self.0.as_bytes()
            }

            /// Takes bytes that something else will prove to be on the curve, by verifying a
            /// signature with them.
            #[allow(dead_code, reason = "not every kind of key has every caller")]
            pub(crate) fn without_curve_check(bytes: [u8; 32]) -> Result<Self, crate::keys::PublicKeyError> {
                crate::keys::public::PublicBytes::without_curve_check(bytes).map(Self)
            }

            /// Verifies strictly, from key bytes. The caller has put the message into its own
            /// domain.
            #[allow(dead_code, reason = "not every kind of key has every caller")]
            pub(crate) fn verify(
                &self,
                message: &[u8],
                signature: &crate::keys::Signature,
            ) -> Result<(), crate::keys::BadSignature> {
                self.0.verify(message, signature)
            }
        }

        impl std::fmt::Display for $public {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.0.fmt(f)
            }
        }

        impl std::fmt::Debug for $public {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                write!(f, "{}({})", stringify!($public), self.0)
            }
        }

        impl std::str::FromStr for $public {
            type Err = crate::keys::PublicKeyError;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                crate::keys::public::PublicBytes::parse(text).map(Self)
            }
        }

        impl serde::Serialize for $public {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl<'de> serde::Deserialize<'de> for $public {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
                text.parse().map_err(serde::de::Error::custom)
            }
        }
    };
}
