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
