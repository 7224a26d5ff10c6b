//! What an issuer should look at.

use crate::scope::{Capability, Constraint, Pattern, Scope};
use crate::token::Token;

/// Something that is allowed and probably not meant.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum MintWarning {
    /// A deny entry takes back a whole capability.
    #[error("deny entry {deny} takes back the whole of capability {allow}")]
    Contradiction {
        /// The capability's index.
        allow: usize,
        /// The deny entry's index.
        deny: usize,
    },
    /// Several KMS products sign no more than 4,096 bytes.
    #[error("the signer was asked to sign {bytes} bytes, and many a KMS signs no more than 4096")]
    LongPayload {
        /// The length of what is signed.
        bytes: usize,
    },
}

/// A block is signed together with about 90 bytes of its frame.
const LONG_BLOCK: usize = 3_900;

pub(super) fn payload(token: &Token) -> Option<MintWarning> {
    let bytes = token.first_block_len();
    (bytes > LONG_BLOCK).then_some(MintWarning::LongPayload { bytes })
}

/// Capabilities that a deny entry takes back as a whole. Not every contradiction is found, but
/// what is found is one.
pub(super) fn contradictions(scope: &Scope) -> Vec<MintWarning> {
    let mut found = Vec::new();
    for (allow, capability) in scope.allow().unwrap_or_default().iter().enumerate() {
        for (deny, pattern) in scope.deny().iter().enumerate() {
            if takes_back(pattern, capability) {
                found.push(MintWarning::Contradiction { allow, deny });
            }
        }
    }
    found
}

/// Whatever the capability grants, the pattern matches: it names nothing narrower, and nothing that
/// the capability does not name.
fn takes_back(pattern: &Pattern, capability: &Capability) -> bool {
    let granted = Pattern::from(capability);
    let operation = pattern.operation_pattern().is_none_or(|own| {
        let granted = granted.operation_pattern();
        granted.is_some_and(|granted| own == granted || own.is_above(granted))
    });
    let resource = pattern.resource_pattern().is_none_or(|own| {
        let granted = granted.resource_pattern();
        granted.is_some_and(|granted| own == granted || own.is_everything())
    });
    let named = |own: &[Constraint], granted: &[Constraint]| {
        own.iter().all(|constraint| granted.contains(constraint))
    };
    operation
        && resource
        && (pattern.effect().is_none() || pattern.effect() == granted.effect())
        && named(pattern.arguments(), granted.arguments())
        && named(pattern.attributes(), granted.attributes())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::action::Effect;
    use crate::scope::{Matcher, ScopeError};

    fn warned(capability: Capability, deny: Pattern) -> bool {
        let scope = Scope::builder()
            .allow(capability)
            .deny(deny)
            .build()
            .unwrap();
        let found = contradictions(&scope);
        let expected = MintWarning::Contradiction { allow: 0, deny: 0 };
        assert!(found.is_empty() || found == [expected]);
        !found.is_empty()
    }

    #[test]
    fn a_deny_entry_that_takes_a_capability_back_is_warned_of() -> Result<(), ScopeError> {
        let any = Pattern::any;
        let mail = || {
            Capability::operation("mail.send", "outbox/*")?
                .with_effect(Effect::Send)
                .argument("to.*", Matcher::text("*@corp.com")?)
        };
        for deny in [
            any().operation("mail.send")?,
            any().operation("mail.*")?,
            any().with_effect(Effect::Send),
            any().resource("outbox/*")?,
            any().resource("**")?.operation("mail.send")?,
            any().argument("to.*", Matcher::text("*@corp.com")?)?,
            Pattern::from(&mail()?),
        ] {
            assert!(warned(mail()?, deny.clone()), "{deny:?}");
        }
        for deny in [
            any().operation("mail.read")?,
            any().operation("mail.send.*")?,
            any().with_effect(Effect::Read),
            any().resource("outbox/7")?,
            any()
                .operation("mail.*")?
                .argument("to.*", Matcher::text("*@evil.com")?)?,
            any()
                .operation("mail.*")?
                .attribute("secret", Matcher::equals(true))?,
        ] {
            assert!(!warned(mail()?, deny.clone()), "{deny:?}");
        }
        Ok(())
    }

    #[test]
    fn a_sub_tree_is_taken_back_by_itself_and_what_is_above() -> Result<(), ScopeError> {
        let forum = || Capability::operation("forum.post.*", "forum/**");
        for (deny, expected) in [
            ("forum.post.*", true),
            ("forum.*", true),
            ("forum.post.read", false),
            ("forum.post.read.*", false),
        ] {
            assert_eq!(
                warned(forum()?, Pattern::any().operation(deny)?),
                expected,
                "{deny}"
            );
        }
        Ok(())
    }

    #[test]
    fn an_effect_of_any_operation_is_not_taken_back_by_one_operation() -> Result<(), ScopeError> {
        let read = Capability::effect(Effect::Read, "forum/**")?;
        assert!(!warned(read, Pattern::any().operation("forum.*")?));
        Ok(())
    }

    #[test]
    fn a_block_that_is_long_for_a_kms_is_warned_of() {
        let deny = |index: usize| {
            let resource = format!("{index:0>400}");
            Pattern::any().resource(&resource).unwrap()
        };
        let of = |denied| {
            (0..denied)
                .map(deny)
                .fold(crate::testing::scope(), |scope, deny| scope.deny(deny))
        };
        assert_eq!(payload(&crate::testing::mint(of(2))), None);
        let warning = payload(&crate::testing::mint(of(12)));
        assert!(matches!(warning, Some(MintWarning::LongPayload { bytes }) if bytes > LONG_BLOCK));
    }
}
