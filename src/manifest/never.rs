//! What is proved of every scope of a manifest.

use super::approver::Approvers;
use super::slot::Values;
use super::template::{ApprovalTemplate, BudgetTemplate, Match};
use super::{ManifestError, Place};
use crate::review::{Claim, Effort, Proof, Vocabulary};
use crate::scope::{Layers, Scope};

/// An assertion.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Never {
    pub(super) pattern: Match,
    pub(super) unless: Unless,
}

/// What makes an action of the pattern right.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Unless {
    Nothing,
    /// Approval by somebody, or by these.
    Approved(Option<ApprovalTemplate>),
    Within(BudgetTemplate),
}

impl Never {
    fn claim(&self, values: &Values, approvers: &Approvers) -> Result<Claim, ManifestError> {
        let pattern = self.pattern.fill(values)?;
        Ok(match &self.unless {
            Unless::Nothing => Claim::Never(pattern),
            Unless::Approved(rule) => {
                let rule = rule.as_ref().map(|rule| rule.fill(approvers));
                Claim::OnlyWithApproval(pattern, rule.transpose()?)
            }
            Unless::Within(budget) => Claim::WithinBudget(pattern, budget.fill(values)?),
        })
    }
}

/// That every assertion, each at its place, holds of a scope. All share the effort.
pub(super) fn prove(
    (all, places): (&[Never], &[Place]),
    scope: &Scope,
    (values, approvers): (&Values, &Approvers),
    (vocabulary, effort): (&Vocabulary, Effort),
) -> Result<(), ManifestError> {
    let claims = all.iter().map(|never| never.claim(values, approvers));
    let claims = claims.collect::<Result<Vec<_>, _>>()?;
    let layers = Layers::blocks(std::slice::from_ref(scope));
    let proofs = vocabulary.prove_each(&layers, &claims, effort);
    for (place, proof) in places.iter().copied().zip(proofs) {
        match proof {
            Proof::Proved => {}
            Proof::Refuted(witness) => return Err(ManifestError::NeverRefuted { place, witness }),
            Proof::Undecided => return Err(ManifestError::NeverUndecided { place }),
        }
    }
    Ok(())
}
