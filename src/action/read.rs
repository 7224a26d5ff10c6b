//! The way back: from the bytes that a digest is of to the action.

use super::action::Action;
use super::decimal::{Decimal, DecimalError};
use super::digest::{ACTION, HEAD};
use super::effect::{Effect, EffectError};
use super::key::{Key, KeyError};
use super::number::NumberError;
use super::object::{Object, ObjectError};
use super::operation::{Operation, OperationError};
use super::resource::{Resource, ResourceError};
use super::service::{Service, ServiceError};
use super::tree::{Budget, Tree, TreeError};
use super::value::Value;
use crate::wire::{Reader, WrongLength};

/// Why bytes are no [`Action`].
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ActionBytesError {
    /// They end before what they announce.
    #[error("the bytes of the action end too early")]
    TooShort,
    /// Bytes are left at the end.
    #[error("the action has {0} bytes too many")]
    TooLong(usize),
    /// They do not begin as the bytes of an action of format 1 do.
    #[error("the bytes are not those of an action of format 1")]
    NotAnAction,
    /// A text is not UTF-8.
    #[error("a text of the action is not UTF-8")]
    NotUtf8,
    /// A value is of a type that format 1 does not have.
    #[error("the action has a value of unknown type {0}")]
    UnknownType(u8),
    /// The service is none.
    #[error(transparent)]
    Service(#[from] ServiceError),
    /// The operation is none.
    #[error(transparent)]
    Operation(#[from] OperationError),
    /// The effect is none.
    #[error(transparent)]
    Effect(#[from] EffectError),
    /// The resource is none.
    #[error(transparent)]
    Resource(#[from] ResourceError),
    /// A number is none.
    #[error(transparent)]
    Number(#[from] NumberError),
    /// A decimal is none.
    #[error(transparent)]
    Decimal(#[from] DecimalError),
    /// A tree has a key that is none or stands twice, or more levels or values than one may have.
    #[error(transparent)]
    Tree(#[from] TreeError),
    /// The same action has other bytes: a bool that is neither 0 nor 1, members out of order, or a
    /// number that is spelled otherwise.
    #[error("the bytes are not the canonical ones of their action")]
    NotCanonical,
}

impl From<WrongLength> for ActionBytesError {
    fn from(error: WrongLength) -> Self {
        match error {
            WrongLength::TooShort => Self::TooShort,
            WrongLength::TooLong(rest) => Self::TooLong(rest),
        }
    }
}

impl From<KeyError> for ActionBytesError {
    fn from(error: KeyError) -> Self {
        Self::from(ObjectError::from(error))
    }
}

impl From<ObjectError> for ActionBytesError {
    fn from(error: ObjectError) -> Self {
        Self::Tree(error.into())
    }
}

impl Action {
    /// Reads what [`to_bytes`](Self::to_bytes) writes, and nothing else.
    ///
    /// # Errors
    ///
    /// [`ActionBytesError`] if the bytes are not exactly those of one action.
    pub fn from_bytes(bytes: &[u8]) -> Result<Action, ActionBytesError> {
        let mut reader = Reader::new(bytes);
        if reader.take(HEAD.len())? != HEAD || reader.bytes()? != ACTION {
            return Err(ActionBytesError::NotAnAction);
        }
        let action = Action::new(
            Service::parse(text(&mut reader)?)?,
            Operation::parse(text(&mut reader)?)?,
            text(&mut reader)?.parse::<Effect>()?,
            resource(&mut reader)?,
        )
        .with_arguments(tree(&mut reader)?)
        .with_attributes(tree(&mut reader)?);
        reader.finish()?;
        // One action, one spelling: whatever was read otherwise than it is written shows here.
        if action.to_bytes() != bytes {
            return Err(ActionBytesError::NotCanonical);
        }
        Ok(action)
    }
}

fn text<'a>(reader: &mut Reader<'a>) -> Result<&'a str, ActionBytesError> {
    std::str::from_utf8(reader.bytes()?).map_err(|_| ActionBytesError::NotUtf8)
}

fn resource(reader: &mut Reader<'_>) -> Result<Resource, ActionBytesError> {
    let count = reader.length()?;
    if count > Resource::MAX_SEGMENTS {
        return Err(ResourceError::TooManySegments.into());
    }
    let segments: Result<Vec<_>, _> = (0..count).map(|_| text(reader)).collect();
    Ok(Resource::from_segments(segments?)?)
}

fn tree(reader: &mut Reader<'_>) -> Result<Tree, ActionBytesError> {
    match value(reader, 1, &mut Budget::new())? {
        Value::Object(root) => Ok(Tree::new(root)?),
        _ => Err(ActionBytesError::NotCanonical),
    }
}

// Recursion is bounded: a level beyond the last is an error before its members are looked at.
fn value(
    reader: &mut Reader<'_>,
    level: usize,
    budget: &mut Budget,
) -> Result<Value, ActionBytesError> {
    budget.node(level)?;
    Ok(match reader.byte()? {
        0 => Value::Null,
        1 => Value::Bool(reader.byte()? != 0),
        2 => Value::Int(integer(reader)?),
        3 => Value::Decimal(Decimal::new(reader.byte()?, integer(reader)?)?),
        4 => Value::number(text(reader)?)?,
        5 => Value::from(text(reader)?),
        6 => Value::Bytes(reader.bytes()?.to_vec()),
        7 => {
            let count = reader.length()?;
            // Nothing is set aside for a count: it may be far more than there is.
            let mut values = Vec::new();
            for _ in 0..count {
                values.push(value(reader, level + 1, budget)?);
            }
            Value::List(values)
        }
        8 => {
            let count = reader.length()?;
            let mut members = Vec::new();
            for _ in 0..count {
                let key = Key::parse(text(reader)?)?;
                members.push((key, value(reader, level + 1, budget)?));
            }
            Value::Object(Object::from_members(members)?)
        }
        other => return Err(ActionBytesError::UnknownType(other)),
    })
}

fn integer(reader: &mut Reader<'_>) -> Result<i64, WrongLength> {
    reader.array().map(i64::from_be_bytes)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use sha2::{Digest as _, Sha256};

    use super::super::arbitrary;
    use super::*;

    fn action_with(arguments: Tree) -> Action {
        Action::new(
            "forum".parse().unwrap(),
            "forum.read".parse().unwrap(),
            Effect::Read,
            "forum/thread/42".parse().unwrap(),
        )
        .with_arguments(arguments)
    }

    /// The bytes of an action whose arguments are these bytes.
    fn with_tree(tree: &[u8]) -> Vec<u8> {
        let mut bytes = action_with(Tree::empty()).to_bytes();
        // Two empty trees of 5 bytes each stand at the end.
        let attributes = bytes.split_off(bytes.len() - 5);
        bytes.truncate(bytes.len() - 5);
        [bytes.as_slice(), tree, &attributes].concat()
    }

    fn refused(tree: &[u8]) -> ActionBytesError {
        Action::from_bytes(&with_tree(tree)).unwrap_err()
    }

    fn member(value: &[u8]) -> Vec<u8> {
        [b"\x08\0\0\0\x01\0\0\0\x01a".as_slice(), value].concat()
    }

    proptest! {
        #[test]
        fn what_is_written_is_read(action in arbitrary::action()) {
            let bytes = action.to_bytes();
            prop_assert_eq!(Action::from_bytes(&bytes), Ok(action));
        }

        #[test]
        fn the_digest_is_the_hash_of_the_bytes(action in arbitrary::action()) {
            let hash: [u8; 32] = Sha256::digest(action.to_bytes()).into();
            prop_assert_eq!(*action.digest().as_bytes(), hash);
        }

        #[test]
        fn no_bytes_make_the_reader_panic(bytes: Vec<u8>) {
            let _ = Action::from_bytes(&bytes);
            let _ = Action::from_bytes(&with_tree(&bytes));
        }

        #[test]
        fn a_cut_is_too_short_wherever_it_is(action in arbitrary::action(), at: prop::sample::Index) {
            let bytes = action.to_bytes();
            let cut = &bytes[..at.index(bytes.len())];
            prop_assert_eq!(Action::from_bytes(cut), Err(ActionBytesError::TooShort));
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(32))]

        #[test]
        fn any_changed_byte_is_refused_or_is_another_action_with_exactly_these_bytes(
            action in arbitrary::action(),
        ) {
            let mut bytes = action.to_bytes();
            for at in 0..bytes.len() {
                let right = bytes[at];
                for change in [1_u8, 2, 3, 0x20, 0x7f, 0x80, 0xff] {
                    bytes[at] = right ^ change;
                    if let Ok(other) = Action::from_bytes(&bytes) {
                        prop_assert_ne!(&other, &action);
                        prop_assert_eq!(&other.to_bytes(), &bytes);
                    }
                }
                bytes[at] = right;
            }
        }
    }

    #[test]
    fn bytes_after_the_end_are_refused() {
        let mut bytes = action_with(Tree::empty()).to_bytes();
        bytes.push(0);
        assert_eq!(
            Action::from_bytes(&bytes),
            Err(ActionBytesError::TooLong(1))
        );
    }

    #[test]
    fn the_bytes_of_a_call_are_not_those_of_an_action() {
        let mut bytes = action_with(Tree::empty()).to_bytes();
        bytes.splice(12..22, *b"\0\0\0\x04call");
        assert_eq!(
            Action::from_bytes(&bytes),
            Err(ActionBytesError::NotAnAction)
        );
    }

    #[test]
    fn another_spelling_of_the_same_action_is_refused() {
        for value in [
            b"\x01\x02".as_slice(), // a bool that is 2
            b"\x04\0\0\0\x011",     // an integer as a number
            b"\x04\0\0\0\x040.10",  // a number that ends in 0
            b"\x04\0\0\0\x041e-1",  // and one with an exponent
        ] {
            assert_eq!(refused(&member(value)), ActionBytesError::NotCanonical);
        }
        let disordered = b"\x08\0\0\0\x02\0\0\0\x01b\0\0\0\0\x01a\0";
        assert_eq!(refused(disordered), ActionBytesError::NotCanonical);
        assert_eq!(refused(b"\x07\0\0\0\0"), ActionBytesError::NotCanonical);
    }

    #[test]
    fn what_no_tree_has_is_refused() {
        assert_eq!(refused(&member(b"\x09")), ActionBytesError::UnknownType(9));
        assert_eq!(
            refused(&member(b"\x05\0\0\0\x01\xff")),
            ActionBytesError::NotUtf8
        );
        assert!(matches!(
            refused(&member(b"\x03\x13\0\0\0\0\0\0\0\0")),
            ActionBytesError::Decimal(_)
        ));
        assert!(matches!(
            refused(&member(b"\x04\0\0\0\x01x")),
            ActionBytesError::Number(_)
        ));
        let twice = b"\x08\0\0\0\x02\0\0\0\x01a\0\0\0\0\x01a\0";
        assert!(matches!(refused(twice), ActionBytesError::Tree(_)));
        let dotted = b"\x08\0\0\0\x01\0\0\0\x01.\0";
        assert!(matches!(refused(dotted), ActionBytesError::Tree(_)));
    }

    #[test]
    fn depth_and_number_of_values_are_bounded() {
        // Lists in lists, far past every stack.
        let deep = member(&b"\x07\0\0\0\x01".repeat(100_000));
        assert_eq!(refused(&deep), TreeError::TooDeep.into());
        let mut many = member(b"\x07\xff\xff\xff\xff");
        many.extend(std::iter::repeat_n(0, 10_000));
        assert_eq!(refused(&many), TreeError::TooManyNodes.into());
    }

    #[test]
    fn too_many_segments_are_refused_before_they_are_read() {
        let mut bytes = Vec::new();
        bytes.extend_from_slice(HEAD);
        for field in [ACTION, b"forum", b"forum.read", b"read"] {
            crate::wire::put_bytes(&mut bytes, field);
        }
        bytes.extend_from_slice(&[0xff; 4]);
        assert_eq!(
            Action::from_bytes(&bytes),
            Err(ResourceError::TooManySegments.into())
        );
    }
}
