//! How much of what is revoked a source knows.

use std::time::Duration;

/// How up to date a source is for one root key, and what its declared policy makes of that.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Freshness {
    /// The number of the list that the source goes by, if it goes by lists and has one.
    pub number: Option<u64>,
    /// How long ago that list was issued.
    pub age: Option<Duration>,
    /// What may be decided by it.
    pub standing: Standing,
}

impl Freshness {
    /// A source that is always up to date, such as a set in memory.
    #[must_use]
    pub const fn live() -> Self {
        Self {
            number: None,
            age: None,
            standing: Standing::Fresh,
        }
    }

    /// A source that knows nothing at all, and by which everything is denied.
    #[must_use]
    pub const fn never() -> Self {
        Self {
            number: None,
            age: None,
            standing: Standing::Stale,
        }
    }

    /// The one of two by which less may be decided.
    #[must_use]
    pub fn worse(self, other: Self) -> Self {
        if (other.standing, other.age) > (self.standing, self.age) {
            other
        } else {
            self
        }
    }
}

/// Serializes with the age in whole milliseconds.
impl serde::Serialize for Freshness {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        use serde::ser::SerializeStruct as _;
        let age_ms = self
            .age
            .map(|age| u64::try_from(age.as_millis()).unwrap_or(u64::MAX));
        let mut out = serializer.serialize_struct("Freshness", 3)?;
        out.serialize_field("number", &self.number)?;
        out.serialize_field("age_ms", &age_ms)?;
        out.serialize_field("standing", &self.standing)?;
        out.end()
    }
}

/// What may be decided by a source, as its declared staleness policy says now. The later, the less.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    /// Everything.
    Fresh,
    /// Actions with the effect `read` alone.
    ReadsOnly,
    /// Nothing: the verifier denies with `revocations_stale`.
    Stale,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_two_sources_the_less_certain_one_counts() {
        let list = |number, seconds, standing| Freshness {
            number: Some(number),
            age: Some(Duration::from_secs(seconds)),
            standing,
        };
        let (new, old) = (list(7, 1, Standing::Fresh), list(3, 60, Standing::Fresh));
        let reads = list(9, 5, Standing::ReadsOnly);
        for (one, other, expected) in [
            (new, old, old),
            (old, reads, reads),
            (reads, Freshness::never(), Freshness::never()),
            (Freshness::live(), new, new),
        ] {
            assert_eq!(one.worse(other), expected);
            assert_eq!(other.worse(one), expected);
        }
    }
}
