//! Capabilities that share a part, and not their conditions.

use super::{Linter, Rule};
use crate::review::compare::Beyond;
use crate::review::formula::Formula;
use crate::scope::{Capability, Clause};

impl<'a> Linter<'a> {
    /// One that contains the other is a rule with an exception, which reads as it is meant.
    pub(super) fn overlaps(&mut self, allow: &'a [Capability]) {
        if self.scope.require().is_empty() {
            return;
        }
        let conditions: Vec<Vec<bool>> = allow.iter().map(|it| self.conditions(it)).collect();
        let all = || allow.iter().zip(&conditions).enumerate();
        for (index, (free, met)) in all() {
            let bound = all().find(|(_, (other, conditions))| {
                let more = conditions.iter().zip(met).any(|(its, own)| *its && !*own);
                more && self.is_partly(other, free)
            });
            if let Some((other, _)) = bound {
                let message =
                    format!("some of it is granted by capability {other} too, on its conditions");
                self.add(Rule::Overlap, Some(Clause::Allow(index)), message);
            }
        }
    }

    /// Which requirements speak of every action of a capability.
    fn conditions(&self, capability: &'a Capability) -> Vec<bool> {
        let all = self.scope.require().iter().map(|requirement| {
            let speaks = Formula::matched_by(requirement.pattern());
            self.is_impossible(vec![Formula::granted_by(capability), speaks.negation()])
        });
        all.collect()
    }

    /// Whether a part of the one is in the other, and a part is not.
    fn is_partly(&self, one: &'a Capability, other: &'a Capability) -> bool {
        let grants = Formula::granted_by;
        let inside = vec![
            grants(one),
            grants(other),
            Formula::allowed_by(&self.layers),
        ];
        let outside = vec![grants(one), grants(other).negation()];
        let is_possible = |all| matches!(self.ask(all), Beyond::Case(_));
        is_possible(inside) && is_possible(outside)
    }
}
