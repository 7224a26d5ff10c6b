//! Values for reviews of a manifest whatever its parameters are.

use super::{Manifest, Name, ParameterType, Parameters};
use crate::action::{Decimal, Value};
use crate::scope::IntRange;

impl Manifest {
    /// Every parameter with a value that stands for all of its kind, so that a review need not be told one.
    ///
    /// ```
    /// use bailiwick::manifest::{Manifest, Parameters};
    ///
    /// let manifest = Manifest::parse_unchecked("read.toml", r#"
    ///     task = "read"
    ///     purpose = "read thread {thread} with {stars} stars"
    ///     audience = ["forum.example"]
    ///     ttl = "15m"
    ///     [parameters]
    ///     thread = "segment"
    ///     stars = { type = "integer", max = 5 }
    ///     [[allow]]
    ///     operation = "forum.read"
    ///     resource = "forum/{thread}"
    /// "#)?;
    /// let expected = Parameters::new().with("thread", "any-thread").with("stars", 5);
    /// assert_eq!(manifest.sample(), expected);
    /// # Ok::<(), bailiwick::manifest::Findings>(())
    /// ```
    ///
    /// See [`ParameterType::sample`] for what this does not show.
    #[must_use]
    pub fn sample(&self) -> Parameters {
        let all = self.parameters();
        all.fold(Parameters::new(), |sample, (name, kind)| {
            sample.with(name.as_str(), kind.sample(name))
        })
    }
}

impl ParameterType {
    /// A value that stands for all of this kind: a text or a segment like no other, or the number that lets most through.
    ///
    /// What holds of a task with it holds of most others. It does not of a text that the task file names beside the parameter,
    /// of the other values of an enum, and where the lower end of a range is a parameter.
    #[must_use]
    pub fn sample(&self, name: &Name) -> Value {
        match self {
            Self::Segment => format!("any-{name}").into(),
            Self::Text { max_len } => {
                let most = usize::try_from(*max_len).unwrap_or(usize::MAX);
                let text: String = format!("any-{name}").chars().take(most).collect();
                text.into()
            }
            Self::Enum { values } => values.first().cloned().unwrap_or_default().into(),
            Self::Integer { range } => most(range.as_ref()).into(),
            Self::Decimal { scale, range } => {
                let units = most(range.as_ref());
                Decimal::new(*scale, units).map_or_else(|_| units.into(), Value::from)
            }
            Self::Boolean => true.into(),
        }
    }
}

/// The greatest, or the least where there is no greatest.
fn most(range: Option<&IntRange>) -> i64 {
    range.and_then(|it| it.max().or(it.min())).unwrap_or(1)
}
