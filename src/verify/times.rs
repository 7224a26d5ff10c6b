//! What of a token depends on when and where it is used.

use std::time::Duration;

use super::{CheckedToken, VerifyError};
use crate::action::Service;
use crate::clock::Timestamp;
use crate::keys::Root;
use crate::scope::Layers;

/// Refuses a token from the future, and one that lives longer than its root admits.
pub(crate) fn check_lifetime(
    token: &CheckedToken,
    root: &Root,
    skew: Duration,
    now: Timestamp,
) -> Result<(), VerifyError> {
    let issued = token.contents().info().issued();
    if issued > now.saturating_add(skew) {
        return Err(VerifyError::IssuedInFuture { issued, now });
    }
    let ends = token
        .contents()
        .scopes()
        .first()
        .and_then(|scope| scope.window().not_after());
    // Every first block ends; the decoder sees to it.
    let lifetime = ends.unwrap_or(Timestamp::MAX).saturating_since(issued);
    match root.longest_lifetime() {
        Some(longest) if lifetime > longest => Err(VerifyError::LivesTooLong {
            lifetime_s: lifetime.as_secs(),
            limit_s: longest.as_secs(),
        }),
        _ => Ok(()),
    }
}

/// Refuses a token of which a block is not for now, not for this service, or not for so many blocks.
pub(crate) fn check_scopes(
    token: &CheckedToken,
    service: &Service,
    now: Timestamp,
) -> Result<(), VerifyError> {
    let scopes = token.contents().scopes();
    let depth = Layers::blocks(scopes).depth();
    for (block, scope) in scopes.iter().enumerate() {
        if let Some(not_before) = scope.window().not_yet(now) {
            return Err(VerifyError::NotYetValid {
                block,
                not_before,
                now,
            });
        }
        if let Some(not_after) = scope.window().over(now) {
            return Err(VerifyError::Expired {
                block,
                not_after,
                now,
            });
        }
        if scope.audience().is_some_and(|all| !all.contains(service)) {
            return Err(VerifyError::AudienceMismatch { block });
        }
        if let Some(limit) = scope.max_depth().filter(|limit| depth > *limit) {
            return Err(VerifyError::DepthExceeded {
                block,
                limit,
                depth,
            });
        }
    }
    Ok(())
}
