//! What is filled in when a task is minted.

use std::collections::BTreeMap;

use super::slot::Values;
use super::{Name, ParameterError, ParameterType};
use crate::action::{Key, Tree, Value, preview_text};

/// The values of a manifest's parameters, for one task.
///
/// ```
/// use bailiwick::manifest::Parameters;
/// use bailiwick::action::Tree;
///
/// let parameters = Parameters::new().with("thread", "42").with("limit", 5);
/// let same = Parameters::from(Tree::from_json_slice(br#"{"limit": 5, "thread": "42"}"#)?);
/// assert_eq!(parameters, same);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Security
///
/// Nothing is checked here. The manifest does that, and puts each value into exactly one segment or one constant; values
/// may come from whoever asks for the task.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Parameters(BTreeMap<Box<str>, Value>);

impl Parameters {
    /// No value yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// One more value. Of two for one parameter the later counts.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.0.insert(name.into(), value.into());
        self
    }

    /// The value for a parameter.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Value> {
        self.0.get(name)
    }

    /// The values with the names of their parameters, in the order of these.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = (&str, &Value)> {
        self.0.iter().map(|(name, value)| (&**name, value))
    }

    /// Exactly one value of its type for each parameter, and none besides.
    pub(super) fn check(
        &self,
        types: &BTreeMap<Name, ParameterType>,
    ) -> Result<Values, ParameterError> {
        let mut names = self.0.keys().map(|name| &**name);
        if let Some(name) = names.find(|name| !types.contains_key(*name)) {
            let name = preview_text(name);
            return Err(ParameterError::Unknown { name });
        }
        let value = |(name, kind): (&Name, &ParameterType)| {
            let missing = || ParameterError::Missing { name: name.clone() };
            let value = self.0.get(name.as_str()).ok_or_else(missing)?;
            Ok((name.clone(), kind.check(name, value)?))
        };
        types.iter().map(value).collect()
    }
}

impl From<Tree> for Parameters {
    fn from(tree: Tree) -> Self {
        let member = |(key, value): (&Key, &Value)| (key.as_str().into(), value.clone());
        Self(tree.root().iter().map(member).collect())
    }
}
