//! Where in a tree a constraint looks.

use std::fmt;
use std::str::FromStr;

use super::ScopeError;
use crate::action::Key;

/// One step of a [`Path`].
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Step {
    /// Here is an object: go to the member with this key.
    Key(Key),
    /// Here is a list: go to each element. Written `*`.
    Each,
}

/// A dotted path into arguments or attributes: `subject`, `items.*.price`.
///
/// The first step is a key, as the root of a tree is an object; at most [`Path::MAX_STEPS`] steps.
///
/// ```
/// use bailiwick::scope::Path;
/// assert_eq!("items.*.price".parse::<Path>()?.steps().len(), 3);
/// assert!("*.price".parse::<Path>().is_err());
/// # Ok::<(), bailiwick::scope::ScopeError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Path(Box<[Step]>);

impl Path {
    /// The longest path. Stock Biscuit libraries read messages that are nested 100 deep, and a step
    /// takes up to four levels: a longer path would hold here and be unreadable there.
    pub const MAX_STEPS: usize = 20;

    /// A path of these steps.
    ///
    /// # Errors
    ///
    /// [`ScopeError::Path`] if it is empty, too long, or does not begin with a key.
    pub fn new(steps: Vec<Step>) -> Result<Self, ScopeError> {
        let path = Self(steps.into_boxed_slice());
        match path.0.first() {
            Some(Step::Key(_)) if path.0.len() <= Self::MAX_STEPS => Ok(path),
            _ => Err(ScopeError::Path(path.to_string())),
        }
    }

    /// The steps, outermost first.
    pub fn steps(&self) -> &[Step] {
        &self.0
    }

    /// Whether the path goes through a list.
    pub fn has_each(&self) -> bool {
        self.0.contains(&Step::Each)
    }
}

impl FromStr for Path {
    type Err = ScopeError;

    fn from_str(text: &str) -> Result<Self, ScopeError> {
        let step = |name: &str| match name {
            "*" => Ok(Step::Each),
            _ => Key::parse(name)
                .map(Step::Key)
                .map_err(|_| ScopeError::Path(text.to_owned())),
        };
        Self::new(text.split('.').map(step).collect::<Result<_, _>>()?)
    }
}

impl fmt::Display for Path {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, step) in self.0.iter().enumerate() {
            if index > 0 {
                f.write_str(".")?;
            }
            write!(f, "{step}")?;
        }
        Ok(())
    }
}

impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Key(key) => f.write_str(key.as_str()),
            Self::Each => f.write_str("*"),
        }
    }
}
