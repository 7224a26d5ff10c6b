//! A whole argument or attribute tree, within its limits.

use super::decimal::DecimalError;
use super::object::{Object, ObjectError};
use super::preview::preview_text;
use super::value::{Value, ValueKind};

/// The arguments of an action, or its attributes: an object of at most 32 levels and 4,096 values.
///
/// The root object is level 1 and every value is one level below its container; the root counts as a value too. Made
/// from a tool's own JSON bytes where there are any: [`Tree::from_json_slice`] is exact and refuses duplicate keys.
///
/// ```
/// use bailiwick::action::{Tree, Value};
///
/// let arguments = Tree::from_json_slice(br#"{"to": ["ada@example.com"], "amount": 98.70}"#)?;
/// assert_eq!(arguments.root().get("amount"), Some(&Value::number("98.7")?));
///
/// // Two readers could take different ones of these.
/// assert!(Tree::from_json_slice(br#"{"to": "ada@example.com", "to": "eve@example.com"}"#).is_err());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tree(Object);

impl Tree {
    /// The most levels, the root object included.
    pub const MAX_LEVELS: usize = 32;
    /// The most values, the root object included.
    pub const MAX_NODES: usize = 4096;

    /// Checks that an object is within the limits.
    ///
    /// # Errors
    ///
    /// When there are too many levels or values, or a text is longer than a digest can count (4 GiB).
    pub fn new(root: Object) -> Result<Tree, TreeError> {
        let mut budget = Budget::new();
        budget.node(1)?;
        check_members(&root, 2, &mut budget)?;
        Ok(Tree(root))
    }

    /// The tree without any member.
    #[must_use]
    pub const fn empty() -> Tree {
        Tree(Object::new())
    }

    /// A tree of these members, given in any order.
    ///
    /// ```
    /// use bailiwick::action::{Tree, Value};
    ///
    /// let arguments = Tree::from_pairs([("to", Value::from("ada@example.com")), ("copies", Value::from(2))])?;
    /// assert_eq!(arguments.root().len(), 2);
    /// assert!(Tree::from_pairs([("a.b", 1)]).is_err());
    /// # Ok::<(), bailiwick::action::TreeError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// When a key is not allowed or there twice, and as [`Tree::new`].
    pub fn from_pairs<K, V>(pairs: impl IntoIterator<Item = (K, V)>) -> Result<Tree, TreeError>
    where
        K: AsRef<str>,
        V: Into<Value>,
    {
        Tree::new(Object::from_pairs(pairs)?)
    }

    /// The value at a dotted path without `*`, if there is one.
    ///
    /// ```
    /// use bailiwick::action::{Tree, Value};
    ///
    /// let tree = Tree::from_json_slice(br#"{"mail": {"subject": "hi"}}"#)?;
    /// assert_eq!(tree.get("mail.subject").and_then(Value::as_text), Some("hi"));
    /// assert_eq!(tree.get("mail.to"), None);
    /// # Ok::<(), bailiwick::action::JsonError>(())
    /// ```
    #[must_use]
    pub fn get(&self, path: &str) -> Option<&Value> {
        let mut steps = path.split('.');
        let first = self.root().get(steps.next()?)?;
        steps.try_fold(first, |value, step| match value {
            Value::Object(object) => object.get(step),
            _ => None,
        })
    }

    /// The root object.
    #[must_use]
    pub const fn root(&self) -> &Object {
        &self.0
    }

    /// Gives the root object back.
    #[must_use]
    pub fn into_root(self) -> Object {
        self.0
    }

    /// The tree with the number at a dotted path turned into a decimal of that scale.
    ///
    /// A step `*` means each element of a list. Where the path is absent, nothing happens: whether it must be present
    /// is for a scope to say. Services call this for the arguments that are amounts, before they make an action.
    ///
    /// ```
    /// use bailiwick::action::{Decimal, Tree, Value};
    ///
    /// let order = Tree::from_json_slice(br#"{"items": [{"price": 98.7}, {"price": 5}]}"#)?;
    /// let order = order.with_decimal("items.*.price", 2)?;
    /// let price = Decimal::new(2, 9870)?;
    /// assert!(matches!(order.root().get("items"), Some(Value::List(items))
    ///     if matches!(&items[0], Value::Object(item) if item.get("price") == Some(&Value::from(price)))));
    ///
    /// let odd = Tree::from_json_slice(br#"{"items": [{"price": 98.705}]}"#)?;
    /// assert!(odd.with_decimal("items.*.price", 2).is_err());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// When the path is no path, meets a value of another type than it says, or the number is not exact at the scale.
    pub fn with_decimal(mut self, path: &str, scale: u8) -> Result<Tree, TreeDecimalError> {
        let bad_path = || TreeDecimalError::BadPath {
            path: preview_text(path),
        };
        let steps: Vec<&str> = path.split('.').collect();
        let well_formed = |step: &&str| *step == "*" || super::Key::parse(step).is_ok();
        if !steps.iter().all(well_formed) {
            return Err(bad_path());
        }
        let (first, rest) = steps.split_first().ok_or_else(bad_path)?;
        if *first == "*" {
            return Err(bad_path());
        }
        if let Some(value) = self.0.get_mut(first) {
            scale_at(value, rest, scale).map_err(|why| why.at(path))?;
        }
        Ok(self)
    }
}

/// Why an object is no [`Tree`].
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum TreeError {
    /// A value lies deeper than [`Tree::MAX_LEVELS`].
    #[error("tree has more than {} levels", Tree::MAX_LEVELS)]
    TooDeep,
    /// There are more values than [`Tree::MAX_NODES`].
    #[error("tree has more than {} values", Tree::MAX_NODES)]
    TooManyNodes,
    /// A text or bytes value is longer than a digest can count.
    #[error("a value has {bytes} bytes, more than 4294967295")]
    TooLong {
        /// Its length.
        bytes: usize,
    },
    /// A key is not allowed, or there twice.
    #[error(transparent)]
    Object(#[from] ObjectError),
}

/// Why the value at a path does not turn into a decimal.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum TreeDecimalError {
    /// The path is not dotted keys and `*`, beginning with a key.
    #[error("`{path}` is not a dotted path")]
    BadPath {
        /// The path, escaped and shortened.
        path: String,
    },
    /// A container on the way is of another type than the path says.
    #[error("path `{path}` expects {expected} and meets {found}")]
    WrongType {
        /// The path, escaped and shortened.
        path: String,
        /// What the path says is there.
        expected: ValueKind,
        /// What is there.
        found: ValueKind,
    },
    /// The value at the path is no number that is exact at the scale.
    #[error("at path `{path}`: {source}")]
    Decimal {
        /// The path, escaped and shortened.
        path: String,
        /// Why not.
        source: DecimalError,
    },
}

/// What is left of the limits while a tree is walked or read.
pub(super) struct Budget {
    nodes: usize,
}

impl Budget {
    pub(super) const fn new() -> Budget {
        Budget {
            nodes: Tree::MAX_NODES,
        }
    }

    /// How many more values there may be.
    pub(super) const fn nodes_left(&self) -> usize {
        self.nodes
    }

    /// Counts one value that lies at `level`.
    pub(super) fn node(&mut self, level: usize) -> Result<(), TreeError> {
        if level > Tree::MAX_LEVELS {
            return Err(TreeError::TooDeep);
        }
        self.nodes = self.nodes.checked_sub(1).ok_or(TreeError::TooManyNodes)?;
        Ok(())
    }
}

/// Refuses what the 32-bit lengths of a digest cannot count.
pub(super) fn check_length(bytes: usize) -> Result<(), TreeError> {
    match u32::try_from(bytes) {
        Ok(_) => Ok(()),
        Err(_) => Err(TreeError::TooLong { bytes }),
    }
}

fn check_members(object: &Object, level: usize, budget: &mut Budget) -> Result<(), TreeError> {
    object
        .iter()
        .try_for_each(|(_, value)| check_value(value, level, budget))
}

// Recursion is bounded: a level beyond the last is an error before its members are looked at.
fn check_value(value: &Value, level: usize, budget: &mut Budget) -> Result<(), TreeError> {
    budget.node(level)?;
    match value {
        Value::Text(text) => check_length(text.len()),
        Value::Bytes(bytes) => check_length(bytes.len()),
        Value::List(values) => values
            .iter()
            .try_for_each(|value| check_value(value, level + 1, budget)),
        Value::Object(object) => check_members(object, level + 1, budget),
        Value::Null | Value::Bool(_) | Value::Int(_) | Value::Decimal(_) | Value::Number(_) => {
            Ok(())
        }
    }
}

/// Why a value at a path is not scaled, before the path is named.
enum NotScaled {
    WrongType {
        expected: ValueKind,
        found: ValueKind,
    },
    Decimal(DecimalError),
}

impl NotScaled {
    fn at(self, path: &str) -> TreeDecimalError {
        let path = preview_text(path);
        match self {
            NotScaled::WrongType { expected, found } => TreeDecimalError::WrongType {
                path,
                expected,
                found,
            },
            NotScaled::Decimal(source) => TreeDecimalError::Decimal { path, source },
        }
    }
}

fn scale_at(value: &mut Value, steps: &[&str], scale: u8) -> Result<(), NotScaled> {
    let Some((step, rest)) = steps.split_first() else {
        *value = Value::Decimal(value.to_decimal(scale).map_err(NotScaled::Decimal)?);
        return Ok(());
    };
    match (*step, value) {
        ("*", Value::List(values)) => values
            .iter_mut()
            .try_for_each(|value| scale_at(value, rest, scale)),
        ("*", other) => Err(NotScaled::WrongType {
            expected: ValueKind::List,
            found: other.kind(),
        }),
        (key, Value::Object(object)) => match object.get_mut(key) {
            Some(value) => scale_at(value, rest, scale),
            None => Ok(()),
        },
        (_, other) => Err(NotScaled::WrongType {
            expected: ValueKind::Object,
            found: other.kind(),
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::super::decimal::Decimal;
    use super::*;

    /// A list in a list …, so that its innermost value lies at this level of a tree.
    fn nested(level: usize) -> Object {
        let mut value = Value::Null;
        for _ in 2..level {
            value = Value::from(vec![value]);
        }
        Object::from_pairs([("a", value)]).unwrap()
    }

    #[test]
    fn the_deepest_value_lies_at_level_32() {
        assert!(Tree::new(nested(32)).is_ok());
        assert_eq!(Tree::new(nested(33)), Err(TreeError::TooDeep));
        assert_eq!(Tree::new(nested(500)), Err(TreeError::TooDeep));
    }

    #[test]
    fn an_empty_container_may_lie_at_level_32() {
        let mut value = Value::from(Object::new());
        for _ in 0..30 {
            value = Value::from(Object::from_pairs([("a", value)]).unwrap());
        }
        assert!(Tree::from_pairs([("a", value.clone())]).is_ok());
        assert_eq!(
            Tree::from_pairs([("a", Value::from(vec![value]))]),
            Err(TreeError::TooDeep)
        );
    }

    #[test]
    fn a_tree_has_at_most_4096_values_with_the_root() {
        let list = |length| Tree::from_pairs([("a", Value::from(vec![Value::Null; length]))]);
        assert!(list(4094).is_ok());
        assert_eq!(list(4095), Err(TreeError::TooManyNodes));
    }

    #[test]
    fn lengths_beyond_32_bits_are_refused() {
        assert!(check_length(u32::MAX as usize).is_ok());
        #[cfg(target_pointer_width = "64")]
        assert!(check_length(u32::MAX as usize + 1).is_err());
    }

    fn tree(json: &str) -> Tree {
        Tree::from_json_slice(json.as_bytes()).unwrap()
    }

    #[test]
    fn a_decimal_is_made_where_the_path_leads_and_nowhere_else() {
        let two = |units| Value::from(Decimal::new(2, units).unwrap());
        let scaled = tree(r#"{"a": {"b": 1}, "b": 1}"#)
            .with_decimal("a.b", 2)
            .unwrap();
        assert_eq!(scaled.root().get("b"), Some(&Value::Int(1)));
        assert_eq!(
            scaled.root().get("a"),
            Some(&Value::from(Object::from_pairs([("b", two(100))]).unwrap()))
        );
        let scaled = tree(r#"{"a": [[1.5], []]}"#)
            .with_decimal("a.*.*", 2)
            .unwrap();
        assert_eq!(
            scaled.root().get("a"),
            Some(&Value::from(vec![
                Value::from(vec![two(150)]),
                Value::from(vec![])
            ]))
        );
        let again = scaled.clone().with_decimal("a.*.*", 2).unwrap();
        assert_eq!(again, scaled);
    }

    #[test]
    fn an_absent_path_stays_absent() {
        for json in ["{}", r#"{"a": {}}"#, r#"{"a": {"b": []}}"#] {
            assert_eq!(
                tree(json).with_decimal("a.b.*.c", 2),
                Ok(tree(json)),
                "{json}"
            );
        }
    }

    #[test]
    fn another_type_on_the_way_or_at_the_end_is_an_error() {
        for json in [r#"{"a": 1}"#, r#"{"a": null}"#, r#"{"a": [{"b": 1}]}"#] {
            let outcome = tree(json).with_decimal("a.b", 2);
            assert!(
                matches!(outcome, Err(TreeDecimalError::WrongType { .. })),
                "{json}"
            );
        }
        for json in [
            r#"{"a": "1"}"#,
            r#"{"a": null}"#,
            r#"{"a": true}"#,
            r#"{"a": [1]}"#,
            r#"{"a": 1.005}"#,
        ] {
            let outcome = tree(json).with_decimal("a", 2);
            assert!(
                matches!(outcome, Err(TreeDecimalError::Decimal { .. })),
                "{json}"
            );
        }
        assert_eq!(
            tree(r#"{"a": "1"}"#)
                .with_decimal("a", 2)
                .unwrap_err()
                .to_string(),
            "at path `a`: a value of type text is not a number"
        );
        assert_eq!(
            tree(r#"{"a": {"b": 1}}"#)
                .with_decimal("a.*", 2)
                .unwrap_err()
                .to_string(),
            "path `a.*` expects list and meets object"
        );
    }

    #[test]
    fn a_path_begins_with_a_key_and_has_no_empty_step() {
        for path in ["", ".", "a.", ".a", "a..b", "*", "*.a", "a*", "a.b*"] {
            let outcome = Tree::empty().with_decimal(path, 2);
            assert!(
                matches!(outcome, Err(TreeDecimalError::BadPath { .. })),
                "{path}"
            );
        }
    }
}
