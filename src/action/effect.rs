//! How much harm an operation can do.

use super::preview::preview_text;

/// What kind of trace an action leaves, from the service's catalog.
///
/// ```
/// use bailiwick::action::Effect;
///
/// assert_eq!("publish".parse(), Ok(Effect::Publish));
/// assert!("Publish".parse::<Effect>().is_err());
///
/// // A catalog that uses a word of its own gets the effect that is hardest to be granted.
/// assert_eq!(Effect::from_catalog("frobnicate"), Effect::Admin);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Effect {
    /// Looks, and changes nothing.
    Read,
    /// Writes what nobody else sees yet.
    Draft,
    /// Changes what is there.
    Write,
    /// Shows something to others.
    Publish,
    /// Sends a message to somebody.
    Send,
    /// Takes something away.
    Delete,
    /// Spends money.
    Pay,
    /// Changes rights or settings, or is of no known effect.
    Admin,
}

impl Effect {
    /// All effects.
    pub const ALL: [Effect; 8] = [
        Effect::Read,
        Effect::Draft,
        Effect::Write,
        Effect::Publish,
        Effect::Send,
        Effect::Delete,
        Effect::Pay,
        Effect::Admin,
    ];

    /// The name, as tokens and manifests write it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Effect::Read => "read",
            Effect::Draft => "draft",
            Effect::Write => "write",
            Effect::Publish => "publish",
            Effect::Send => "send",
            Effect::Delete => "delete",
            Effect::Pay => "pay",
            Effect::Admin => "admin",
        }
    }

    /// The effect of that name, or [`Effect::Admin`] for any other text.
    ///
    /// For what a service's catalog says of its own operations. Where a person writes a grant, use
    /// [`str::parse`], which refuses unknown names: there `admin` would be the widest reading, not the safest.
    #[must_use]
    pub fn from_catalog(name: &str) -> Effect {
        name.parse().unwrap_or(Effect::Admin)
    }
}

impl std::str::FromStr for Effect {
    type Err = EffectError;

    fn from_str(name: &str) -> Result<Effect, EffectError> {
        Effect::ALL
            .into_iter()
            .find(|effect| effect.as_str() == name)
            .ok_or_else(|| EffectError::Unknown {
                name: preview_text(name),
            })
    }
}

impl std::fmt::Display for Effect {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.pad(self.as_str())
    }
}

impl serde::Serialize for Effect {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

/// Why a text is no [`Effect`].
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum EffectError {
    /// There is no effect of that name.
    #[error(
        "unknown effect `{name}`: one of read, draft, write, publish, send, delete, pay, admin"
    )]
    Unknown {
        /// The name, escaped and shortened.
        name: String,
    },
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_effect_reads_back_from_its_name() {
        for effect in Effect::ALL {
            assert_eq!(effect.as_str().parse(), Ok(effect));
            assert_eq!(Effect::from_catalog(effect.as_str()), effect);
        }
    }

    #[test]
    fn other_spellings_are_refused_in_grants_and_admin_in_catalogs() {
        for name in [
            "", "READ", "Read", " read", "read\n", "reads", "rea", "ｒead",
        ] {
            assert!(name.parse::<Effect>().is_err(), "{name:?}");
            assert_eq!(Effect::from_catalog(name), Effect::Admin, "{name:?}");
        }
    }
}
