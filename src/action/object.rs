//! Members by key, in one order.

use super::key::{Key, KeyError};
use super::preview::preview_text;
use super::value::Value;

/// A map from [`Key`] to [`Value`], in the order of the keys' bytes, each key once.
///
/// ```
/// use bailiwick::action::{Object, ObjectError, Value};
///
/// let mut mail = Object::new();
/// mail.insert("to", "ada@example.com")?;
/// mail.insert("copies", 2)?;
/// assert_eq!(mail.get("to"), Some(&Value::from("ada@example.com")));
/// assert_eq!(mail.get("cc"), None);
///
/// assert!(matches!(mail.insert("to", "eve@example.com"), Err(ObjectError::DuplicateKey { .. })));
/// # Ok::<(), ObjectError>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Object(Vec<(Key, Value)>);

impl Object {
    /// An object without members.
    #[must_use]
    pub const fn new() -> Object {
        Object(Vec::new())
    }

    /// An object of these members, given in any order.
    ///
    /// ```
    /// use bailiwick::action::{Object, Value};
    ///
    /// let one = Object::from_pairs([("b", Value::from(2)), ("a", Value::Null)])?;
    /// let two = Object::from_pairs([("a", Value::Null), ("b", Value::from(2))])?;
    /// assert_eq!(one, two);
    /// assert!(Object::from_pairs([("a", 1), ("a", 1)]).is_err());
    /// # Ok::<(), bailiwick::action::ObjectError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// When a key is not allowed, or is there twice.
    pub fn from_pairs<K, V>(pairs: impl IntoIterator<Item = (K, V)>) -> Result<Object, ObjectError>
    where
        K: AsRef<str>,
        V: Into<Value>,
    {
        let members = pairs
            .into_iter()
            .map(|(key, value)| Ok((Key::parse(key.as_ref())?, value.into())))
            .collect::<Result<Vec<_>, KeyError>>()?;
        Object::from_members(members)
    }

    /// Sorts the members and refuses a key that is there twice.
    pub(super) fn from_members(mut members: Vec<(Key, Value)>) -> Result<Object, ObjectError> {
        members.sort_by(|(left, _), (right, _)| left.cmp(right));
        let twice = members
            .iter()
            .zip(members.iter().skip(1))
            .find(|((left, _), (right, _))| left == right);
        if let Some(((key, _), _)) = twice {
            return Err(ObjectError::duplicate(key.as_str()));
        }
        Ok(Object(members))
    }

    /// The value of a member.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&Value> {
        let index = self.find(key).ok()?;
        self.0.get(index).map(|(_, value)| value)
    }

    /// Whether there is such a member, [`Value::Null`] included.
    #[must_use]
    pub fn contains_key(&self, key: &str) -> bool {
        self.find(key).is_ok()
    }

    /// Adds a member.
    ///
    /// # Errors
    ///
    /// When the key is not allowed, or already there: nothing is replaced.
    pub fn insert(&mut self, key: &str, value: impl Into<Value>) -> Result<(), ObjectError> {
        let checked = Key::parse(key)?;
        match self.find(key) {
            Ok(_) => Err(ObjectError::duplicate(key)),
            Err(index) => {
                self.0.insert(index, (checked, value.into()));
                Ok(())
            }
        }
    }

    /// The members in the order of the keys' bytes.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = (&Key, &Value)> + DoubleEndedIterator {
        self.0.iter().map(|(key, value)| (key, value))
    }

    /// How many members there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there is no member.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The value of a member, to be changed in place.
    pub(super) fn get_mut(&mut self, key: &str) -> Option<&mut Value> {
        let index = self.find(key).ok()?;
        self.0.get_mut(index).map(|(_, value)| value)
    }

    fn find(&self, key: &str) -> Result<usize, usize> {
        self.0.binary_search_by(|(have, _)| have.as_str().cmp(key))
    }
}

/// Why a member is refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ObjectError {
    /// The key is not allowed.
    #[error(transparent)]
    Key(#[from] KeyError),
    /// The key is already there.
    #[error("object key `{key}` is there twice")]
    DuplicateKey {
        /// The key, escaped and shortened.
        key: String,
    },
}

impl ObjectError {
    fn duplicate(key: &str) -> ObjectError {
        ObjectError::DuplicateKey {
            key: preview_text(key),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::strategy::Strategy as _;

    use super::*;

    #[test]
    fn members_are_in_the_order_of_their_bytes() {
        let object =
            Object::from_pairs([("é", 4), ("b", 2), ("a", 1), ("B", 0), ("ba", 3)]).unwrap();
        let keys: Vec<_> = object.iter().map(|(key, _)| key.as_str()).collect();
        assert_eq!(keys, ["B", "a", "b", "ba", "é"]);
        for key in keys {
            assert!(object.contains_key(key));
        }
    }

    #[test]
    fn null_is_present_and_absent_is_not() {
        let object = Object::from_pairs([("a", Value::Null)]).unwrap();
        assert_eq!(object.get("a"), Some(&Value::Null));
        assert_eq!(object.get("b"), None);
        assert_ne!(object, Object::new());
    }

    #[test]
    fn a_second_value_for_a_key_is_refused_and_the_first_stays() {
        let mut object = Object::from_pairs([("a", 1)]).unwrap();
        assert!(matches!(
            object.insert("a", 2),
            Err(ObjectError::DuplicateKey { .. })
        ));
        assert!(matches!(object.insert("a.b", 2), Err(ObjectError::Key(_))));
        assert_eq!(object, Object::from_pairs([("a", 1)]).unwrap());
        assert!(Object::from_pairs([("a", 1), ("b", 1), ("a", 1)]).is_err());
    }

    #[test]
    fn keys_of_two_spellings_are_two_keys() {
        let object =
            Object::from_pairs([("caf\u{e9}", 1), ("cafe\u{301}", 2), ("A", 3), ("a", 4)]).unwrap();
        assert_eq!(object.len(), 4);
    }

    proptest::proptest! {
        #[test]
        fn inserting_one_by_one_is_the_same_as_all_at_once(
            members in proptest::collection::btree_map("[a-c]{1,3}", 0_i64..9, 0..12).prop_map(Vec::from_iter).prop_shuffle(),
        ) {
            let mut one_by_one = Object::new();
            for (key, value) in &members {
                one_by_one.insert(key, *value).unwrap();
            }
            let at_once = Object::from_pairs(members.clone()).unwrap();
            proptest::prop_assert_eq!(&one_by_one, &at_once);
            for (key, value) in members {
                proptest::prop_assert_eq!(at_once.get(&key), Some(&Value::Int(value)));
            }
        }
    }
}
