//! Which rows of a list a token would let its holder see.

use super::judged::fresh_enough;
use super::{Gate, Permit};
use crate::action::Action;
use crate::decide::{Decision, Facts, decide};
use crate::revoke::Revocations as _;

impl Permit {
    /// Keeps the rows of which the token permits this action, by all that the gate decides by: house
    /// rules and brakes too. For an answer that is a list, where the permit is for listing.
    ///
    /// Each row is decided by itself, and settles nothing: a row that would cost a budget or need an
    /// approval is left out, as is one for which `does` has no action. The task counts as tainted, and nothing as noted.
    ///
    /// ```
    /// # use bailiwick::{action::*, gate::*};
    /// fn titles<L>(permit: &Permit, gate: &Gate<L>, threads: Vec<(u32, String)>) -> Vec<String> {
    ///     let read = |thread: &(u32, String)| {
    ///         let thread = Resource::parse(&format!("forum/thread/{}", thread.0)).ok()?;
    ///         let service = gate.verifier().service().clone();
    ///         Some(Action::new(service, "forum.read".parse().ok()?, Effect::Read, thread))
    ///     };
    ///     permit.filter(gate, threads, read).map(|(_, title)| title).collect()
    /// }
    /// ```
    ///
    /// # Security
    ///
    /// The gate is the one that gave the permit. Rows are looked up by the service, and their number is
    /// the service's to limit.
    pub fn filter<'a, L, I, T>(
        &'a self,
        gate: &'a Gate<L>,
        rows: I,
        does: impl Fn(&T) -> Option<Action> + 'a,
    ) -> impl Iterator<Item = T> + 'a
    where
        I: IntoIterator<Item = T>,
        I::IntoIter: 'a,
    {
        let verified = self.verified();
        let (root, service) = (verified.root().key, verified.service());
        let brakes = gate.revocations.brakes(&root, service, verified.now());
        rows.into_iter().filter(move |row| {
            let Some(action) = does(row) else {
                return false;
            };
            let mut facts = Facts::of(verified);
            if let Some(brakes) = &brakes {
                facts = facts.brakes(brakes);
            }
            let actions = [action];
            match decide(verified, gate.house.as_ref(), &actions, &facts) {
                Decision::Allow(dues) => {
                    dues.is_empty() && fresh_enough(verified, &actions).is_ok()
                }
                Decision::Deny(_) => false,
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::action::Effect;
    use crate::clock::{FixedClock, Timestamp};
    use crate::keys::IssuerPublicKey;
    use crate::ledger::ForgetfulLedger;
    use crate::revoke::{
        Brake, ChainFacts, Freshness, Revocations, Revoked, SharedRevocations, Standing,
    };
    use crate::scope::{Budget, Capability, Condition, Pattern, Scope, ScopeBuilder};
    use crate::testing::{START, at, call, forum, holder, now, present, read, scope, verifier};

    fn gate() -> Gate<ForgetfulLedger> {
        Gate::new(verifier(), ForgetfulLedger::started_at(at(START - 60)))
            .with_clock(Arc::new(FixedClock::new(now())))
    }

    /// A permit for the list itself.
    fn listing(gate: &Gate<ForgetfulLedger>, scope: ScopeBuilder) -> Permit {
        let listing = read("forum/thread/42/index");
        let sent = present(&holder(scope), now());
        let admitted = gate.admit(&sent, &call(), listing).unwrap();
        admitted.first().unwrap()
    }

    /// What is left of these rows.
    fn left(gate: &Gate<ForgetfulLedger>, scope: ScopeBuilder, rows: &[&str]) -> Vec<String> {
        let permit = listing(gate, scope);
        let rows = rows.iter().map(|row| (*row).to_owned());
        let does = |row: &String| row.contains('/').then(|| read(row));
        permit.filter(gate, rows, does).collect()
    }

    const ROWS: [&str; 4] = [
        "forum/thread/42/a",
        "forum/thread/43/a",
        "unnamed",
        "forum/thread/42/b",
    ];

    #[test]
    fn only_rows_that_the_token_permits_are_left() {
        let rows = left(&gate(), scope(), &ROWS);
        assert_eq!(rows, ["forum/thread/42/a", "forum/thread/42/b"]);
    }

    #[test]
    fn house_rules_leave_rows_out() {
        let pattern = Pattern::any().resource("forum/thread/42/b").unwrap();
        let house = Scope::builder().deny(pattern).build().unwrap();
        let gate = gate().with_house_rules(house);
        assert_eq!(left(&gate, scope(), &ROWS), ["forum/thread/42/a"]);
    }

    #[test]
    fn rows_that_owe_something_are_left_out() {
        let paid = Capability::operation("forum.read", "forum/thread/42/b").unwrap();
        let budget = Condition::Budget(Budget::uses("reads", 9).unwrap());
        let scope = scope().allow_with(paid, budget);
        assert_eq!(left(&gate(), scope, &ROWS), ["forum/thread/42/a"]);
    }

    #[test]
    fn rows_of_another_service_are_left_out() {
        let gate = gate();
        let permit = listing(&gate, scope());
        let of = |service: &&str| {
            let (operation, resource) = ("forum.read", "forum/thread/42/a");
            let (operation, resource) = (operation.parse().ok()?, resource.parse().ok()?);
            Some(Action::new(
                service.parse().ok()?,
                operation,
                Effect::Read,
                resource,
            ))
        };
        let ours = forum();
        let services = [ours.as_str(), "mail.example"];
        let rows: Vec<_> = permit.filter(&gate, services, of).collect();
        assert_eq!(rows, [ours.as_str()]);
    }

    #[test]
    fn a_brake_leaves_rows_out() {
        let brakes = Arc::new(SharedRevocations::default());
        let pattern = Pattern::any().resource("forum/thread/42/b").unwrap();
        brakes.change(|set| _ = set.brake(Brake::new(pattern).unwrap()));
        let gate = gate().with_revocations(brakes);
        assert_eq!(left(&gate, scope(), &ROWS), ["forum/thread/42/a"]);
    }

    /// A list that is too old for all but reads.
    struct Behind;

    impl Revocations for Behind {
        fn revoked(&self, _: &ChainFacts<'_>, _: Timestamp) -> Option<Revoked> {
            None
        }

        fn freshness(&self, _: &IssuerPublicKey, _: Timestamp) -> Freshness {
            let standing = Standing::ReadsOnly;
            Freshness {
                standing,
                ..Freshness::live()
            }
        }
    }

    #[test]
    fn by_an_old_list_only_reads_are_left() {
        let gate = gate().with_revocations(Arc::new(Behind));
        let permit = listing(&gate, scope());
        let of = |effect: &Effect| {
            let (operation, resource) = ("forum.do", "forum/thread/42/a");
            let (operation, resource) = (operation.parse().ok()?, resource.parse().ok()?);
            Some(Action::new(forum(), operation, *effect, resource))
        };
        let rows: Vec<_> = permit
            .filter(&gate, [Effect::Read, Effect::Delete], of)
            .collect();
        assert_eq!(rows, [Effect::Read]);
    }
}
