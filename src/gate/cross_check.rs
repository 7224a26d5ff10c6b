//! Asking stock biscuit-auth again, off the hot path.

use std::fmt;
use std::num::NonZeroU32;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::mpsc::{SyncSender, TrySendError, sync_channel};
use std::thread;

use crate::action::Action;
use crate::decide::{Decision, Denial, Facts};
use crate::keys::ApproverPublicKey;
use crate::scope::{Context, Layers, Scope, Seen};
use crate::token::oracle::{Opinion, Oracle, OracleError};
use crate::verify::Verified;

/// A decision on which our evaluator and stock biscuit-auth differ: a bug in one of them. Report
/// it; and stop, if it says that stock would have denied.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Difference {
    /// The verified token.
    pub verified: Verified,
    /// The actions.
    pub actions: Vec<Action>,
    /// Whether ours allowed them.
    pub allowed: bool,
    /// What stock says.
    pub stock: Result<Opinion, OracleError>,
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let ours = if self.allowed { "allowed" } else { "denied" };
        write!(
            f,
            "we {ours} a call of task {}, and stock says ",
            self.verified.task().id()
        )?;
        match &self.stock {
            Ok(Opinion::Allow) => f.write_str("allow"),
            Ok(Opinion::Deny(_)) => f.write_str("deny"),
            Ok(Opinion::Error(_)) => f.write_str("that an expression failed"),
            Err(error) => error.fmt(f),
        }
    }
}

struct Job {
    verified: Verified,
    house: Option<Scope>,
    brakes: Option<Arc<Scope>>,
    actions: Vec<Action>,
    approved_by: Vec<Vec<ApproverPublicKey>>,
    seen: Seen,
    tainted: bool,
    allowed: bool,
}

pub(super) struct CrossCheck {
    one_in_n: NonZeroU32,
    counter: AtomicU32,
    jobs: SyncSender<Job>,
}

/// What waits for the other thread at most; more is left out.
const QUEUE: usize = 64;

impl CrossCheck {
    pub(super) fn start(
        one_in_n: NonZeroU32,
        report: impl Fn(Difference) + Send + 'static,
    ) -> std::io::Result<Self> {
        let (jobs, queue) = sync_channel::<Job>(QUEUE);
        // Ends when the gate, and with it the sender, is dropped.
        thread::Builder::new()
            .name("bailiwick-cross-check".to_owned())
            .spawn(move || {
                for job in queue {
                    if let Some(difference) = job.difference() {
                        report(difference);
                    }
                }
            })?;
        Ok(Self {
            one_in_n,
            counter: AtomicU32::new(0),
            jobs,
        })
    }

    /// Hands one decision in n over, if there is room.
    pub(super) fn consider(
        &self,
        verified: &Verified,
        house: Option<&Scope>,
        brakes: Option<&Arc<Scope>>,
        actions: &[Action],
        facts: &Facts<'_>,
        decision: &Decision<'_>,
    ) {
        let allowed = match decision {
            Decision::Allow(_) => true,
            Decision::Deny(Denial::Reasons(_)) => false,
            // Not a question of scopes.
            Decision::Deny(_) => return,
        };
        if self.counter.fetch_add(1, Ordering::Relaxed) % self.one_in_n != 0 {
            return;
        }
        let approved_by = facts.context().approved_by;
        let job = Job {
            verified: verified.clone(),
            house: house.cloned(),
            brakes: brakes.cloned(),
            actions: actions.to_vec(),
            approved_by: approved_by.iter().map(|keys| keys.to_vec()).collect(),
            seen: facts.context().seen.clone(),
            tainted: facts.context().tainted,
            allowed,
        };
        // Full: left out. Disconnected: the report panicked, and decisions go on.
        let (Ok(()) | Err(TrySendError::Full(_) | TrySendError::Disconnected(_))) =
            self.jobs.try_send(job);
    }
}

impl Job {
    fn difference(self) -> Option<Difference> {
        let Self {
            verified,
            house,
            brakes,
            actions,
            approved_by,
            seen,
            tainted,
            allowed,
        } = self;
        let stock = {
            let layers = Layers {
                ceiling: verified.ceiling(),
                blocks: verified.scopes(),
                house: house.as_ref(),
                brakes: brakes.as_deref(),
            };
            let approved_by: Vec<_> = approved_by.iter().map(Vec::as_slice).collect();
            let mut context = Context::at(verified.now());
            context.possession = verified.possession();
            context.approved_by = &approved_by;
            context.seen = &seen;
            context.tainted = tainted;
            let blocks: Vec<&[u8]> = verified
                .token()
                .chain()
                .blocks()
                .map(|block| block.content)
                .collect();
            Oracle::new(&blocks, layers).map(|oracle| oracle.opinion(&actions, &context))
        };
        let same = match &stock {
            Ok(Opinion::Allow) => allowed,
            Ok(Opinion::Deny(_)) => !allowed,
            Ok(Opinion::Error(_)) | Err(_) => false,
        };
        (!same).then_some(Difference {
            verified,
            actions,
            allowed,
            stock,
        })
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc::channel;
    use std::time::Duration;

    use super::*;
    use crate::action::Tree;
    use crate::decide::{Facts, decide};
    use crate::keys::dangerous::approver_key_from_seed;
    use crate::scope::{ApprovalRule, Capability, Condition, Label, Matcher, Pattern, Requirement};
    use crate::testing::{hand_on, holder, now, read, scope, verify};

    const INSIDE: &str = "forum/thread/42/post";

    fn verified() -> Verified {
        let child = Scope::builder().deny(Pattern::any().operation("forum.publish").unwrap());
        verify(&hand_on(&holder(scope()), 2, child), now()).unwrap()
    }

    fn house() -> Scope {
        let pattern = Pattern::any().resource("forum/*/*/secret").unwrap();
        Scope::builder().deny(pattern).build().unwrap()
    }

    fn reads() -> Scope {
        let pattern = Pattern::any().operation("forum.read").unwrap();
        Scope::builder().deny(pattern).build().unwrap()
    }

    fn job(resource: &str, allowed: bool) -> Job {
        Job {
            verified: verified(),
            house: Some(house()),
            brakes: None,
            actions: vec![read(resource)],
            approved_by: Vec::new(),
            seen: Seen::new(),
            tainted: true,
            allowed,
        }
    }

    #[test]
    fn a_verdict_that_stock_shares_is_no_difference() {
        assert!(job(INSIDE, true).difference().is_none());
        assert!(job("forum/thread/43/post", false).difference().is_none());
        assert!(job("forum/thread/42/secret", false).difference().is_none());
    }

    #[test]
    fn stock_is_told_what_ours_was_told() {
        let stopped = |brakes| Job {
            brakes,
            ..job(INSIDE, false)
        };
        assert!(stopped(Some(Arc::new(reads()))).difference().is_none());
        assert!(stopped(None).difference().is_some());

        // Approved, where the house rules ask for it of tainted tasks alone.
        let editor = approver_key_from_seed(&[50; 32]).public_key();
        let rule = Condition::Approval(ApprovalRule::any_of([editor]).unwrap());
        let wary = Requirement::new(Pattern::any(), rule).when_tainted();
        let asked = |approved_by: &[ApproverPublicKey], tainted| Job {
            house: Some(Scope::builder().require(wary.clone()).build().unwrap()),
            approved_by: vec![approved_by.to_vec()],
            tainted,
            ..job(INSIDE, true)
        };
        assert!(asked(&[editor], true).difference().is_none());
        assert!(asked(&[], false).difference().is_none());
        assert!(asked(&[], true).difference().is_some());

        // Noted, where the house rules ask for it, under the label of an object.
        let text = "forum:thread@forum/thread/42";
        let from = Matcher::from_label(text).unwrap();
        let capability = Capability::operation("forum.*", "forum/thread/42/**").unwrap();
        let noted = capability.argument("thread", from).unwrap();
        let thread = Tree::from_pairs([("thread", "42")]).unwrap();
        let told = |value: Option<&str>, allowed| {
            let mut seen = Seen::new();
            if let Some(value) = value {
                seen.note(Label::new(text).unwrap(), value);
            }
            Job {
                house: Some(Scope::builder().allow(noted.clone()).build().unwrap()),
                actions: vec![read(INSIDE).with_arguments(thread.clone())],
                seen,
                ..job(INSIDE, allowed)
            }
        };
        assert!(told(Some("42"), true).difference().is_none());
        assert!(told(Some("43"), false).difference().is_none());
        assert!(told(None, true).difference().is_some());
    }

    #[test]
    fn a_verdict_that_stock_does_not_share_is_reported() {
        let denied = job(INSIDE, false).difference().unwrap();
        assert_eq!(denied.stock, Ok(Opinion::Allow));
        assert_eq!(
            denied.to_string(),
            "we denied a call of task t-1, and stock says allow"
        );
        let allowed = job("forum/thread/42/secret", true).difference().unwrap();
        assert!(matches!(allowed.stock, Ok(Opinion::Deny(_))));
        assert_eq!(
            allowed.to_string(),
            "we allowed a call of task t-1, and stock says deny"
        );
    }

    #[test]
    fn one_decision_in_n_is_asked_again_and_what_differs_reaches_the_report() {
        let (sender, reports) = channel();
        let one_in_3 = NonZeroU32::new(3).unwrap();
        let report = move |difference: Difference| sender.send(difference.allowed).unwrap();
        let cross_check = CrossCheck::start(one_in_3, report).unwrap();
        let (verified, actions) = (verified(), [read(INSIDE)]);
        // Decided without the house rules that stock is asked with: a difference each time.
        let (facts, beyond) = (Facts::of(&verified), [read("forum/thread/42/secret")]);
        for _ in 0..10 {
            let decision = decide(&verified, None, &beyond, &facts);
            cross_check.consider(&verified, Some(&house()), None, &beyond, &facts, &decision);
        }
        let agreed = decide(&verified, None, &actions, &facts);
        cross_check.consider(&verified, None, None, &actions, &facts, &agreed);
        drop(cross_check);
        let wait = Duration::from_secs(60);
        let seen: Vec<_> = std::iter::from_fn(|| reports.recv_timeout(wait).ok()).collect();
        assert_eq!(seen, [true; 4]);
    }
}
