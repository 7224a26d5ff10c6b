//! What an issuer should look at.

use crate::scope::{Capability, Pattern, Scope};
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

/// Everything that the pattern names, the capability names too, and just so.
fn takes_back(pattern: &Pattern, capability: &Capability) -> bool {
    let whole = Pattern::from(capability);
    let same = |own: bool, equal: bool| !own || equal;
    same(
        pattern.operation_pattern().is_some(),
        pattern.operation_pattern() == whole.operation_pattern(),
    ) && same(pattern.effect().is_some(), pattern.effect() == whole.effect())
        && same(
            pattern.resource_pattern().is_some(),
            pattern.resource_pattern() == whole.resource_pattern(),
        )
        && pattern.arguments().iter().all(|own| whole.arguments().contains(own))
        && pattern.attributes().iter().all(|own| whole.attributes().contains(own))
}
