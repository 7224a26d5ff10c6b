//! The bytes that proofs and approvals are bound to. The layout is in `docs/format/digests.md`.

use sha2::{Digest, Sha256};

use super::action::Action;
use super::call::Call;
use super::object::Object;
use super::resource::Resource;
use super::tree::Tree;
use super::value::Value;

macro_rules! digest_type {
    ($name:ident, $(#[$doc:meta])*) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name([u8; 32]);

        impl $name {
            /// A digest from its bytes.
            #[must_use]
            pub const fn from_bytes(bytes: [u8; 32]) -> Self {
                Self(bytes)
            }

            /// The bytes.
            #[must_use]
            pub const fn as_bytes(&self) -> &[u8; 32] {
                &self.0
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                base16ct::HexDisplay(&self.0).fmt(f)
            }
        }

        impl std::fmt::Debug for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                write!(f, concat!(stringify!($name), "({})"), self)
            }
        }

        impl std::str::FromStr for $name {
            type Err = DigestError;

            /// Reads 64 lower-case hex digits.
            fn from_str(text: &str) -> Result<Self, DigestError> {
                let mut bytes = [0; 32];
                match base16ct::lower::decode(text, &mut bytes) {
                    Ok(read) if read.len() == 32 => Ok(Self(bytes)),
                    _ => Err(DigestError::NotHex),
                }
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }
    };
}

digest_type! {
    CallDigest,
    /// The SHA-256 of a [`Call`]. Equal digests mean equal calls.
    ///
    /// ```
    /// use bailiwick::action::{Call, CallDigest};
    ///
    /// let digest = Call::http("GET", "/threads/42", None, b"")?.digest();
    /// assert_eq!(digest.to_string().parse::<CallDigest>()?, digest);
    /// assert!("abc".parse::<CallDigest>().is_err());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
}

digest_type! {
    ActionDigest,
    /// The SHA-256 of an [`Action`]. Equal digests mean equal actions.
    ///
    /// ```
    /// use bailiwick::action::{Action, ActionDigest, Effect};
    ///
    /// let read = Action::new("forum".parse()?, "forum.read".parse()?, Effect::Read, "forum/thread/42".parse()?);
    /// let send = Action::new("forum".parse()?, "forum.read".parse()?, Effect::Send, "forum/thread/42".parse()?);
    /// assert_eq!(read.digest().to_string().parse::<ActionDigest>()?, read.digest());
    /// assert_ne!(read.digest(), send.digest());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
}

/// Why a text is no digest.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum DigestError {
    /// The text is not 64 lower-case hex digits.
    #[error("a digest is 64 lower-case hex digits")]
    NotHex,
}

impl Call {
    /// The digest that a proof of possession covers.
    #[must_use]
    pub fn digest(&self) -> CallDigest {
        let mut hash = Sha256::new();
        write_call(&mut hash, self);
        CallDigest(hash.finalize().into())
    }
}

impl Action {
    /// The digest that an approval covers.
    #[must_use]
    pub fn digest(&self) -> ActionDigest {
        let mut hash = Sha256::new();
        write_action(&mut hash, self);
        ActionDigest(hash.finalize().into())
    }
}

/// Where the bytes of a digest go: a hash, or in tests a vector.
trait Sink {
    fn put(&mut self, bytes: &[u8]);
}

impl Sink for Sha256 {
    fn put(&mut self, bytes: &[u8]) {
        self.update(bytes);
    }
}

/// What everything of ours that is hashed or signed begins with, and the format byte.
const HEAD: &[u8] = b"\0BAILIWICK\0\x01";

fn write_call(sink: &mut impl Sink, call: &Call) {
    sink.put(HEAD);
    write_field(sink, b"call");
    match call {
        Call::Direct(call) => {
            sink.put(&[1]);
            write_field(sink, call.operation().as_str().as_bytes());
            write_resource(sink, call.resource());
            write_tree(sink, call.arguments());
        }
        Call::Tool(call) => {
            sink.put(&[2]);
            write_field(sink, call.name().as_str().as_bytes());
            write_tree(sink, call.arguments());
        }
        Call::Http(call) => {
            sink.put(&[3]);
            write_field(sink, call.method().as_bytes());
            write_field(sink, call.path().as_bytes());
            match call.query() {
                None => sink.put(&[0]),
                Some(query) => {
                    sink.put(&[1]);
                    write_field(sink, query.as_bytes());
                }
            }
            sink.put(call.body_sha256());
        }
    }
}

fn write_action(sink: &mut impl Sink, action: &Action) {
    sink.put(HEAD);
    write_field(sink, b"action");
    write_field(sink, action.service().as_str().as_bytes());
    write_field(sink, action.operation().as_str().as_bytes());
    write_field(sink, action.effect().as_str().as_bytes());
    write_resource(sink, action.resource());
    write_tree(sink, action.arguments());
    write_tree(sink, action.attributes());
}

fn write_resource(sink: &mut impl Sink, resource: &Resource) {
    write_count(sink, resource.segments().len());
    for segment in resource.segments() {
        write_field(sink, segment.as_str().as_bytes());
    }
}

fn write_tree(sink: &mut impl Sink, tree: &Tree) {
    write_object(sink, tree.root());
}

fn write_value(sink: &mut impl Sink, value: &Value) {
    match value {
        Value::Null => sink.put(&[0]),
        Value::Bool(value) => sink.put(&[1, u8::from(*value)]),
        Value::Int(value) => {
            sink.put(&[2]);
            sink.put(&value.to_be_bytes());
        }
        Value::Decimal(value) => {
            sink.put(&[3, value.scale()]);
            sink.put(&value.units().to_be_bytes());
        }
        Value::Number(value) => {
            sink.put(&[4]);
            write_field(sink, value.as_str().as_bytes());
        }
        Value::Text(value) => {
            sink.put(&[5]);
            write_field(sink, value.as_bytes());
        }
        Value::Bytes(value) => {
            sink.put(&[6]);
            write_field(sink, value);
        }
        Value::List(values) => {
            sink.put(&[7]);
            write_count(sink, values.len());
            for value in values {
                write_value(sink, value);
            }
        }
        Value::Object(object) => write_object(sink, object),
    }
}

fn write_object(sink: &mut impl Sink, object: &Object) {
    sink.put(&[8]);
    write_count(sink, object.len());
    for (key, value) in object.iter() {
        write_field(sink, key.as_str().as_bytes());
        write_value(sink, value);
    }
}

fn write_field(sink: &mut impl Sink, bytes: &[u8]) {
    write_count(sink, bytes.len());
    sink.put(bytes);
}

fn write_count(sink: &mut impl Sink, count: usize) {
    // Everything that is counted here was checked to fit when it was made.
    let count = u32::try_from(count).unwrap_or(u32::MAX);
    sink.put(&count.to_be_bytes());
}
