//! Where decisions learn what is revoked.

use std::sync::Arc;

use super::{ChainFacts, Freshness, Revoked};
use crate::action::Service;
use crate::clock::Timestamp;
use crate::keys::{ApproverPublicKey, IssuerPublicKey};
use crate::scope::Scope;

/// What is revoked now.
///
/// ```
/// use bailiwick::clock::Timestamp;
/// use bailiwick::revoke::{ChainFacts, Revocations, Revoked};
///
/// /// A big red button.
/// struct Everything;
///
/// impl Revocations for Everything {
///     fn revoked(&self, _: &ChainFacts<'_>, _: Timestamp) -> Option<Revoked> {
///         Some(Revoked::Root)
///     }
/// }
/// ```
///
/// # Security
///
/// Every method is asked anew for every decision. A source that is not sure says so, by
/// [`Revoked::Unknown`] or by its [`Freshness`], and never that nothing is revoked.
pub trait Revocations: Send + Sync {
    /// What of the chain is revoked, if anything is.
    fn revoked(&self, chain: &ChainFacts<'_>, now: Timestamp) -> Option<Revoked>;

    /// Whether approvals by this key count no more for tokens of this root.
    fn approver_revoked(
        &self,
        root: &IssuerPublicKey,
        approver: &ApproverPublicKey,
        now: Timestamp,
    ) -> bool {
        let _ = (root, approver, now);
        false
    }

    /// Brakes: a scope of deny entries alone, for every token of this root at this service.
    fn brakes(
        &self,
        root: &IssuerPublicKey,
        service: &Service,
        now: Timestamp,
    ) -> Option<Arc<Scope>> {
        let _ = (root, service, now);
        None
    }

    /// How up to date the source is for tokens of this root. It is asked before the others.
    fn freshness(&self, root: &IssuerPublicKey, now: Timestamp) -> Freshness {
        let _ = (root, now);
        Freshness::live()
    }
}

/// The methods of a source that answers everything out of another one.
macro_rules! answered_by {
    ($this:ident => $source:expr) => {
        fn revoked(
            &$this,
            chain: &$crate::revoke::ChainFacts<'_>,
            now: $crate::clock::Timestamp,
        ) -> Option<$crate::revoke::Revoked> {
            $source.revoked(chain, now)
        }

        fn approver_revoked(
            &$this,
            root: &$crate::keys::IssuerPublicKey,
            approver: &$crate::keys::ApproverPublicKey,
            now: $crate::clock::Timestamp,
        ) -> bool {
            $source.approver_revoked(root, approver, now)
        }

        fn brakes(
            &$this,
            root: &$crate::keys::IssuerPublicKey,
            service: &$crate::action::Service,
            now: $crate::clock::Timestamp,
        ) -> Option<std::sync::Arc<$crate::scope::Scope>> {
            $source.brakes(root, service, now)
        }

        fn freshness(
            &$this,
            root: &$crate::keys::IssuerPublicKey,
            now: $crate::clock::Timestamp,
        ) -> $crate::revoke::Freshness {
            $source.freshness(root, now)
        }
    };
}

pub(super) use answered_by;

impl<R: Revocations + ?Sized> Revocations for Arc<R> {
    answered_by!(self => (**self));
}
