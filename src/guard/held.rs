//! A guard and a token, for tools that run beside the agent.

use std::fmt;
use std::future::Future;
use std::sync::Arc;

use super::{Guard, Tools};
use crate::action::{Call, NameError, ToolCall, ToolName, Tree};
use crate::approve::Approval;
use crate::catalog::Noting;
use crate::clock::Clock;
use crate::gate::{Permit, Refusal};
use crate::ledger::{AsyncLedger, Ledger};
use crate::present::{Holder, NoRandomness, Presenter, TooManyApprovals};
use crate::verify::Verified;

/// A guard together with the token of one task: what an agent framework wraps its tools in.
///
/// The agent names a tool and its arguments; a tool runs only after a permit, and takes it. See
/// [`Guard`] for an example.
///
/// # Security
///
/// The agent's model must not reach tools in another way, and the key is in this process: where the
/// process itself is not trusted, the tools belong into another one, behind an adapter.
pub struct HeldGuard<L, T> {
    guard: Guard<L, T>,
    presenter: Presenter,
}

/// Why a tool did not run.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum NotRun {
    /// It is not permitted. The refusal says why, and what an agent may ask for.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// There can be no tool of that name.
    #[error(transparent)]
    Name(#[from] NameError),
    /// There was no randomness to prove possession with.
    #[error(transparent)]
    NoRandomness(#[from] NoRandomness),
    /// More approvals came along than a presentation has room for.
    #[error(transparent)]
    TooManyApprovals(#[from] TooManyApprovals),
}

impl NotRun {
    /// The stable code.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Refused(refusal) => refusal.code(),
            Self::Name(_) => "tool_name_invalid",
            Self::NoRandomness(_) => "no_randomness",
            Self::TooManyApprovals(_) => "approvals_too_many",
        }
    }

    /// The refusal, if a gate gave one.
    pub fn refusal(&self) -> Option<&Refusal> {
        match self {
            Self::Refused(refusal) => Some(refusal),
            _ => None,
        }
    }
}

impl<L, T> HeldGuard<L, T> {
    pub(super) fn new(guard: Guard<L, T>, presenter: Presenter) -> Self {
        Self { guard, presenter }
    }

    /// Proves possession by this clock. It is the gate's, as both are in one process.
    pub fn with_clock(mut self, clock: Arc<dyn Clock + Send + Sync>) -> Self {
        self.presenter = self.presenter.with_clock(clock);
        self
    }

    /// The guard, without the token.
    pub fn guard(&self) -> &Guard<L, T> {
        &self.guard
    }

    /// Who holds the token.
    pub fn holder(&self) -> Arc<Holder> {
        self.presenter.holder()
    }

    /// Notes the answer to a permit for the holder itself, once it is there: see [`Guard::expect`].
    ///
    /// What is noted goes into the presenter's [`NoteBook`](crate::note::NoteBook), if it has one, and so along with later calls.
    pub fn keep(&self, noting: &Noting, answer: &serde_json::Value) {
        self.presenter.keep_notes(&noting.sign(answer), answer);
    }

    fn ask(
        &self,
        tool: &str,
        arguments: Tree,
        approvals: impl IntoIterator<Item = Approval>,
    ) -> Result<(String, ToolCall), NotRun> {
        let call = ToolCall::new(ToolName::parse(tool)?, arguments);
        let whole = Call::Tool(call.clone());
        let service = self.guard.gate().verifier().service();
        let sent = self.presenter.present(service, &whole)?;
        Ok((sent.with_approvals(approvals)?.to_text(), call))
    }
}

impl<L, T: Tools> HeldGuard<L, T> {
    /// The holder as the gate sees it now, for [`Guard::offers`]: nothing is done or spent.
    ///
    /// ```
    /// # use bailiwick::{action::ToolName, guard::{HeldGuard, NotRun, Tools}};
    /// fn offered<L, T: Tools>(held: &HeldGuard<L, T>, tool: &ToolName) -> Result<bool, NotRun> {
    ///     Ok(held.guard().offers(tool, &held.identify()?))
    /// }
    /// ```
    ///
    /// # Errors
    ///
    /// [`NotRun`] if the gate does not take the token: it has ended or is revoked, for instance.
    pub fn identify(&self) -> Result<Verified, NotRun> {
        let (sent, listing) = self.ask("tools/list", Tree::empty(), [])?;
        Ok(self.guard.identify(&sent, &listing)?)
    }
}

impl<L: Ledger, T: Tools> HeldGuard<L, T> {
    /// Runs a tool, if it is permitted.
    ///
    /// # Errors
    ///
    /// [`NotRun`]: then the tool did not run.
    pub fn run<R>(
        &self,
        tool: &str,
        arguments: Tree,
        run: impl FnOnce(Permit) -> R,
    ) -> Result<R, NotRun> {
        self.run_approved(tool, arguments, [], run)
    }

    /// As [`run`](Self::run), with the approvals that were asked for.
    ///
    /// # Errors
    ///
    /// [`NotRun`]: then the tool did not run.
    pub fn run_approved<R>(
        &self,
        tool: &str,
        arguments: Tree,
        approvals: impl IntoIterator<Item = Approval>,
        run: impl FnOnce(Permit) -> R,
    ) -> Result<R, NotRun> {
        let (sent, call) = self.ask(tool, arguments, approvals)?;
        Ok(run(self.guard.admit(&sent, &call)?.first()?))
    }
}

impl<L: AsyncLedger, T: Tools> HeldGuard<L, T> {
    /// As [`run`](Self::run), with a ledger and a tool that are waited for.
    ///
    /// # Errors
    ///
    /// [`NotRun`]: then the tool did not run.
    pub async fn run_async<R, F: Future<Output = R>>(
        &self,
        tool: &str,
        arguments: Tree,
        run: impl FnOnce(Permit) -> F,
    ) -> Result<R, NotRun> {
        self.run_approved_async(tool, arguments, [], run).await
    }

    /// As [`run_approved`](Self::run_approved), with a ledger and a tool that are waited for.
    ///
    /// # Errors
    ///
    /// [`NotRun`]: then the tool did not run.
    pub async fn run_approved_async<R, F: Future<Output = R>>(
        &self,
        tool: &str,
        arguments: Tree,
        approvals: impl IntoIterator<Item = Approval>,
        run: impl FnOnce(Permit) -> F,
    ) -> Result<R, NotRun> {
        let (sent, call) = self.ask(tool, arguments, approvals)?;
        let permit = self.guard.admit_async(&sent, &call).await?.first()?;
        Ok(run(permit).await)
    }
}

impl<L, T> Clone for HeldGuard<L, T> {
    fn clone(&self) -> Self {
        Self {
            guard: self.guard.clone(),
            presenter: self.presenter.clone(),
        }
    }
}

impl<L, T> fmt::Debug for HeldGuard<L, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HeldGuard")
            .field("guard", &self.guard)
            .field("presenter", &self.presenter)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use super::*;
    use crate::action::{Action, ActionDigest, Effect, Value};
    use crate::clock::FixedClock;
    use crate::gate::{Gate, Unmapped};
    use crate::ledger::{ForgetfulLedger, Immediate};
    use crate::scope::{ApprovalRule, Condition, Pattern, Requirement, ScopeBuilder};
    use crate::testing::{START, approval, approver_key, at, forum, holder, now, scope, verifier};

    struct Threads;

    impl Tools for Threads {
        fn map(&self, call: &ToolCall, _: &Verified) -> Result<crate::gate::Mapped, Unmapped> {
            match (call.name().as_str(), call.arguments().get("id")) {
                ("read_thread", Some(Value::Text(id))) => Ok(thread(id).into()),
                ("read_thread", _) => Err(Unmapped::new("argument_missing", "`id` is missing")),
                _ => Err(Unmapped::because("no such tool")),
            }
        }

        fn offers(&self, tool: &ToolName, _: &Verified) -> bool {
            tool.as_str() == "read_thread"
        }
    }

    fn thread(id: &str) -> Action {
        let thread = format!("forum/thread/{id}/posts").parse().unwrap();
        Action::new(forum(), "forum.read".parse().unwrap(), Effect::Read, thread)
    }

    fn gate() -> Gate<ForgetfulLedger> {
        Gate::new(verifier(), ForgetfulLedger::started_at(at(START - 60)))
            .with_clock(Arc::new(FixedClock::new(now())))
    }

    fn held(scope: ScopeBuilder) -> HeldGuard<ForgetfulLedger, Threads> {
        Guard::new(gate(), Threads)
            .held_by(holder(scope))
            .with_clock(Arc::new(FixedClock::new(now())))
    }

    fn id(id: &str) -> Tree {
        Tree::from_pairs([("id", id)]).unwrap()
    }

    #[test]
    fn a_tool_runs_only_after_a_permit_for_what_it_does() {
        let (guard, runs) = (held(scope()), Cell::new(0));
        let run = |tool_name: &str, arguments| {
            let tool = |permit: Permit| {
                runs.set(runs.get() + 1);
                permit.actions().to_vec()
            };
            guard.run(tool_name, arguments, tool)
        };
        assert_eq!(run("read_thread", id("42")).unwrap(), [thread("42")]);
        assert_eq!(runs.get(), 1);
        let code = |tool: &str, arguments: Tree| {
            guard
                .run(tool, arguments, |_| runs.set(runs.get() + 1))
                .unwrap_err()
                .code()
        };
        assert_eq!(code("read_thread", id("43")), "resource_outside");
        assert_eq!(code("read_thread", Tree::empty()), "argument_missing");
        assert_eq!(code("delete_thread", id("42")), "call_unmapped");
        assert_eq!(code("", id("42")), "tool_name_invalid");
        assert_eq!(runs.get(), 1);
    }

    #[test]
    fn a_held_guard_tells_what_it_offers_while_its_token_holds() {
        let guard = held(scope());
        let verified = guard.identify().unwrap();
        assert!(
            guard
                .guard()
                .offers(&"read_thread".parse().unwrap(), &verified)
        );
        let ended = guard.with_clock(Arc::new(FixedClock::new(at(START + 600))));
        assert_eq!(ended.identify().unwrap_err().code(), "proof_skewed");
    }

    #[test]
    fn approvals_travel_with_the_call_that_they_are_for() {
        let key = approver_key(51).public_key();
        let rule = ApprovalRule::any_of([key]).unwrap();
        let approved = Requirement::new(Pattern::any(), Condition::Approval(rule));
        let guard = held(scope().require(approved));
        let denied = guard.run("read_thread", id("42"), drop).unwrap_err();
        assert_eq!(denied.code(), "approval_required");
        let request = denied.refusal().unwrap().approval_request().unwrap();
        let digests: Vec<ActionDigest> = request.actions().iter().map(Action::digest).collect();
        let yes = approval(51, &guard.holder(), digests);
        let too_many = vec![yes.clone(); 100];
        let said = guard.run_approved("read_thread", id("42"), too_many, drop);
        assert_eq!(said.unwrap_err().code(), "approvals_too_many");
        let said = guard.run_approved("read_thread", id("42"), [yes.clone()], drop);
        assert!(said.is_ok(), "{said:?}");
        let said = guard.run_approved("read_thread", id("42"), [yes], drop);
        assert_eq!(said.unwrap_err().code(), "approval_used");
    }

    #[test]
    fn a_guard_that_waits_decides_as_one_that_does_not() {
        let ledger = Immediate(ForgetfulLedger::started_at(at(START - 60)));
        let gate = Gate::new(verifier(), ledger).with_clock(Arc::new(FixedClock::new(now())));
        let guard = Guard::new(gate, Threads)
            .held_by(holder(scope()))
            .with_clock(Arc::new(FixedClock::new(now())));
        let runs = Cell::new(0);
        let run = |thread: &str| {
            let tool = |_| async { runs.set(runs.get() + 1) };
            let ran = std::pin::pin!(guard.run_async("read_thread", id(thread), tool));
            let mut context = std::task::Context::from_waker(std::task::Waker::noop());
            match ran.poll(&mut context) {
                std::task::Poll::Ready(ran) => ran.map_err(|error| error.code()),
                std::task::Poll::Pending => panic!("nothing is waited for"),
            }
        };
        assert_eq!(run("42"), Ok(()));
        assert_eq!(run("43"), Err("resource_outside"));
        assert_eq!(runs.get(), 1);
    }

    #[test]
    fn who_asks_is_told_without_an_act_and_only_with_a_proof() {
        let guard = Guard::new(gate(), Threads);
        let listing = ToolCall::new("tools/list".parse().unwrap(), Tree::empty());
        let holder = holder(scope());
        let sent = holder.present(&forum(), &Call::Tool(listing.clone()), now());
        let sent = sent.unwrap().to_text();
        let verified = guard.identify(&sent, &listing).unwrap();
        assert!(guard.offers(&"read_thread".parse().unwrap(), &verified));
        assert!(!guard.offers(&"delete_thread".parse().unwrap(), &verified));
        // Nothing was settled, so that it can be asked again; another call is not covered.
        assert!(guard.identify(&sent, &listing).is_ok());
        let other = ToolCall::new("read_thread".parse().unwrap(), id("42"));
        assert_eq!(
            guard.identify(&sent, &other).unwrap_err().code(),
            "proof_invalid"
        );
    }
}
