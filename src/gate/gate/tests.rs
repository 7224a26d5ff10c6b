use std::sync::Mutex;
use std::time::Duration;

use super::*;
use crate::action::{Action, Effect, Tree};
use crate::catalog::MapError;
use crate::clock::FixedClock;
use crate::gate::{Admission, Permit, RefusalKind, Unmapped};
use crate::keys::dangerous::approver_key_from_seed;
use crate::ledger::{BudgetOwner, EntryKey, Immediate, Ledger, Receipt, Settlement};
use crate::present::{AttemptId, Holder};
use crate::revoke::Revoked;
use crate::scope::{
    ApprovalRule, Budget, Capability, Condition, Measure, Origin, Pattern, Requirement,
};
use crate::testing::{
    END, START, at, call, forum, hand_on, holder, issuer, now, present, read, root, scope,
    verifier, verifier_of,
};

/// Remembers what it was asked to settle, and settles it unless it has this error.
struct Answer(Mutex<Vec<Settlement>>, Option<LedgerError>);

impl Answer {
    fn settled() -> Arc<Self> {
        Arc::new(Self(Mutex::default(), None))
    }

    fn failing(error: LedgerError) -> Arc<Self> {
        Arc::new(Self(Mutex::default(), Some(error)))
    }

    fn asked(&self) -> Vec<Settlement> {
        self.0.lock().unwrap().clone()
    }
}

impl Ledger for Answer {
    fn settle(&self, settlement: &Settlement) -> Result<Settled, LedgerError> {
        self.0.lock().unwrap().push(settlement.clone());
        match self.1.clone() {
            Some(error) => Err(error),
            None => Ok(Settled::First(Receipt {
                decision: settlement.decision,
                at: settlement.now,
            })),
        }
    }

    fn refund(&self, _: &Refund) -> Result<Refunded, LedgerError> {
        Err(LedgerError::NothingToRefund)
    }
}

/// Started long enough before everything that a clock that is ahead does not matter.
fn memory() -> ForgetfulLedger {
    ForgetfulLedger::started_at(at(START - 10))
}

fn gate() -> Gate<ForgetfulLedger> {
    gate_with(memory())
}

fn gate_with<L>(ledger: L) -> Gate<L> {
    Gate::new(verifier(), ledger).with_clock(Arc::new(FixedClock::new(now())))
}

fn admit<L: Ledger>(
    gate: &Gate<L>,
    holder: &Holder,
    does: impl Into<Mapped>,
) -> Result<Permit, Refusal> {
    gate.admit(&present(holder, now()), &call(), does)?.first()
}

/// One try at an attempt.
fn attempt<L: Ledger>(gate: &Gate<L>, holder: &Holder, attempt: AttemptId) -> Admission {
    let sent = holder.present_attempt(&forum(), &call(), attempt, now());
    let sent = sent.unwrap().to_text();
    gate.admit(&sent, &call(), post()).unwrap()
}

fn post() -> Vec<Action> {
    vec![read("forum/thread/42/post")]
}

fn code<T>(result: Result<T, Refusal>) -> &'static str {
    match result {
        Ok(_) => "admitted",
        Err(refusal) => refusal.code(),
    }
}

#[test]
fn a_permit_says_what_was_decided() {
    let child = hand_on(&holder(scope()), 2, Scope::builder());
    let permit = admit(&gate(), &child, post()).unwrap();
    assert_eq!(permit.actions(), post());
    assert_eq!(permit.agent().as_str(), "scout");
    assert_eq!(permit.task().agent().as_str(), "helper");
    assert_eq!(permit.holder(), Some(&child.public_key()));
    assert_eq!(permit.root().key, crate::testing::issuer().public_key());
}

#[test]
fn what_is_not_verified_is_refused_with_the_verifiers_code() {
    let refused = gate().admit("bwp1_", &call(), post());
    assert_eq!(code(refused), "presentation_malformed");
}

#[test]
fn what_is_denied_settles_nothing() {
    let ledger = Answer::settled();
    let gate = gate_with(ledger.clone());
    let refused = admit(&gate, &holder(scope()), vec![read("forum/thread/43/post")]);
    assert_eq!(code(refused), "resource_outside");
    assert!(ledger.asked().is_empty());
}

#[test]
fn what_a_stranger_sends_settles_nothing() {
    let ledger = Answer::settled();
    let gate = gate_with(ledger.clone());
    let other = crate::action::Call::tool("other".parse().unwrap(), Tree::empty());
    let sent = present(&holder(scope()), now());
    assert_eq!(code(gate.admit(&sent, &other, post())), "proof_invalid");
    assert!(ledger.asked().is_empty());
}

#[test]
fn a_ledger_that_fails_denies() {
    for (error, expected) in [
        (LedgerError::Replayed, "proof_replayed"),
        (LedgerError::Full, "ledger_full"),
        (
            LedgerError::Unavailable("down".into()),
            "ledger_unavailable",
        ),
    ] {
        let gate = gate_with(Answer::failing(error));
        assert_eq!(code(admit(&gate, &holder(scope()), post())), expected);
    }
}

#[test]
fn every_allow_claims_its_nonce() {
    let ledger = Answer::settled();
    let holder = holder(scope());
    let sent = holder.present(&forum(), &call(), now()).unwrap();
    let admitted = gate_with(ledger.clone()).admit(&sent.to_text(), &call(), post());
    assert_eq!(code(admitted), "admitted");
    let asked = ledger.asked();
    let [settlement] = asked.as_slice() else {
        panic!("{asked:?}")
    };
    let (token, proof) = (holder.token().last_signature(), sent.proof());
    let expected = EntryKey::proof(&forum(), &token, proof.nonce());
    assert_eq!(settlement.proof.key, expected);
    assert_eq!(settlement.proof.issued, now());
    assert_eq!(
        settlement.proof.until,
        now().saturating_add(Duration::from_millis(65_001))
    );
    let expected = EntryKey::attempt(&forum(), &token, proof.attempt());
    assert_eq!(settlement.attempt.key, expected);
    assert_eq!(settlement.now, now());
    assert!(settlement.spends.is_empty());
}

fn counted(name: &str) -> Requirement {
    Requirement::new(
        Pattern::any(),
        Condition::Budget(Budget::uses(name, 5).unwrap()),
    )
}

#[test]
fn a_budget_belongs_to_its_task_its_block_or_its_layer() {
    let ledger = Answer::settled();
    let layer = |name| Scope::builder().require(counted(name)).build().unwrap();
    let verifier = verifier_of(root().with_ceiling(layer("ceiling")));
    let gate = Gate::new(verifier, ledger.clone())
        .with_clock(Arc::new(FixedClock::new(now())))
        .with_house_rules(layer("house"));
    let first = holder(scope().require(counted("first")));
    let later = Scope::builder()
        .require(counted("later"))
        .not_after(at(END - 1));
    let child = hand_on(&first, 2, later);
    assert_eq!(code(admit(&gate, &child, post())), "admitted");

    let task = || "t-1".parse().unwrap();
    let block = *child.token().last_signature().as_bytes();
    let expected = [
        ("ceiling", BudgetOwner::Layer(Origin::Ceiling, task()), None),
        ("first", BudgetOwner::Task(task()), None),
        ("later", BudgetOwner::Block(block), Some(at(END - 1))),
        ("house", BudgetOwner::Layer(Origin::House, task()), None),
    ];
    let asked = ledger.asked();
    assert_eq!(asked[0].spends.len(), expected.len());
    for (spend, (name, owner, ends)) in asked[0].spends.iter().zip(expected) {
        let root = issuer().public_key();
        assert_eq!(spend.name.as_str(), name);
        let key = EntryKey::budget(&forum(), &root, &owner, &spend.name);
        assert_eq!((spend.key, spend.ends), (key, ends), "{name}");
    }
}

#[test]
fn siblings_share_a_budget_and_minting_again_does_not_reset_it() {
    let gate = gate();
    let once = Requirement::new(
        Pattern::any(),
        Condition::Budget(Budget::uses("mail", 1).unwrap()),
    );
    let parent = holder(scope().require(once.clone()));
    let (one, two) = (
        hand_on(&parent, 2, Scope::builder()),
        hand_on(&parent, 3, Scope::builder()),
    );
    assert_eq!(code(admit(&gate, &one, post())), "admitted");
    assert_eq!(code(admit(&gate, &two, post())), "budget_exceeded");
    let again = holder(scope().require(once).not_after(at(END - 1)));
    assert_eq!(code(admit(&gate, &again, post())), "budget_exceeded");
}

#[test]
fn the_actions_of_one_call_spend_together() {
    let sum = Budget::sum("pay", Measure::int("amount").unwrap(), 100).unwrap();
    let requirement = Requirement::new(Pattern::any(), Condition::Budget(sum));
    let holder = holder(scope().require(requirement));
    let pay = |amount: i64| {
        let arguments = Tree::from_pairs([("amount", amount)]).unwrap();
        read("forum/thread/42/post").with_arguments(arguments)
    };
    let gate = gate();
    assert_eq!(
        code(admit(&gate, &holder, vec![pay(60), pay(60)])),
        "budget_exceeded"
    );
    assert_eq!(
        code(admit(&gate, &holder, vec![pay(60), pay(40)])),
        "admitted"
    );
    assert_eq!(code(admit(&gate, &holder, vec![pay(1)])), "budget_exceeded");
}

#[test]
fn what_needs_an_approval_is_refused_without_one() {
    let editor = approver_key_from_seed(&[50; 32]).public_key();
    let rule = Condition::Approval(ApprovalRule::any_of([editor]).unwrap());
    let publish = Capability::operation("forum.read", "forum/**").unwrap();
    let holder = holder(scope().allow_with(publish, rule));
    let refused = admit(&gate(), &holder, post()).unwrap_err();
    assert_eq!(refused.code(), "approval_required");
    assert!(refused.next_step().starts_with("People must"));
}

/// Everything may be done, but once only when the task is tainted.
fn wary() -> Holder {
    let once = Condition::Budget(Budget::uses("once", 1).unwrap());
    holder(scope().require(Requirement::new(Pattern::any(), once).when_tainted()))
}

#[test]
fn what_applies_to_tainted_tasks_applies_from_the_call_on_that_taints() {
    let (gate, holder) = (gate(), wary());
    let untrusted = || Mapped::from(post()).reading_untrusted();
    assert_eq!(code(admit(&gate, &holder, post())), "admitted");
    assert_eq!(code(admit(&gate, &holder, post())), "admitted");
    assert_eq!(code(admit(&gate, &holder, untrusted())), "admitted");
    // That was the one, also for a call that takes the task for clean.
    assert_eq!(code(admit(&gate, &holder, post())), "budget_exceeded");
    assert_eq!(code(admit(&gate, &holder, untrusted())), "budget_exceeded");
}

#[test]
fn taint_goes_with_the_task_to_every_agent_of_it() {
    let (gate, parent) = (gate(), wary());
    let scout = hand_on(&parent, 2, Scope::builder());
    let untrusted = Mapped::from(post()).reading_untrusted();
    assert_eq!(code(admit(&gate, &scout, untrusted)), "admitted");
    assert_eq!(code(admit(&gate, &parent, post())), "budget_exceeded");
}

#[test]
fn a_task_that_reaches_what_the_ledger_does_not_see_counts_as_tainted() {
    let service = |name: &str| name.parse::<Service>().unwrap();
    let once = Condition::Budget(Budget::uses("once", 1).unwrap());
    let wary = || Requirement::new(Pattern::any(), once.clone()).when_tainted();
    let reaching = |others: &[&str]| {
        let all = others.iter().map(|name| service(name));
        holder(scope().audience_only(all.chain([forum()])).require(wary()))
    };
    // The second time shows whether the first one counted.
    let second = |gate: &Gate<ForgetfulLedger>, holder: &Holder| {
        assert_eq!(code(admit(gate, holder, post())), "admitted");
        code(admit(gate, holder, post()))
    };
    let mail = reaching(&["mail.example"]);
    assert_eq!(second(&gate(), &mail), "budget_exceeded");
    let sharing = || gate().sharing_ledger_with([service("mail.example")]);
    assert_eq!(second(&sharing(), &mail), "admitted");
    assert_eq!(
        second(&sharing(), &reaching(&["mail.example", "drive.example"])),
        "budget_exceeded"
    );
    assert_eq!(second(&gate(), &reaching(&[])), "admitted");
    // What a delegate was left with says nothing of where its task has been.
    let scout = hand_on(&mail, 2, Scope::builder().audience(forum()));
    assert_eq!(second(&gate(), &scout), "budget_exceeded");
}

#[test]
fn a_ledger_is_told_when_a_decision_takes_the_task_for_clean() {
    let ledger = Answer::settled();
    let gate = gate_with(ledger.clone());
    assert_eq!(code(admit(&gate, &wary(), post())), "admitted");
    assert_eq!(code(admit(&gate, &holder(scope()), post())), "admitted");
    let assumed: Vec<_> = ledger
        .asked()
        .iter()
        .map(|settlement| settlement.taint.assumes_clean)
        .collect();
    // The second token says nothing of taint.
    assert_eq!(assumed, [true, false]);
}

fn one_use() -> Holder {
    let once = Condition::Budget(Budget::uses("once", 1).unwrap());
    holder(scope().require(Requirement::new(Pattern::any(), once)))
}

#[test]
fn a_retry_of_an_attempt_is_charged_once_and_is_no_permit() {
    let (gate, holder) = (gate(), one_use());
    let id = AttemptId::from_bytes([7; 16]);
    let Admission::First(first) = attempt(&gate, &holder, id) else {
        panic!("a first try")
    };
    let Admission::Again(repeat) = attempt(&gate, &holder, id) else {
        panic!("a retry")
    };
    assert_eq!(repeat.decision_id(), first.decision_id());
    assert_eq!(repeat.act_after_all().actions(), post());
    let retry = attempt(&gate, &holder, id).first().unwrap_err();
    assert_eq!(retry.code(), "attempt_repeated");
    // Another attempt is another matter.
    assert_eq!(code(admit(&gate, &holder, post())), "budget_exceeded");
}

#[test]
fn what_did_not_happen_is_given_back_once() {
    let (gate, holder) = (gate(), one_use());
    let id = AttemptId::from_bytes([7; 16]);
    let Admission::First(permit) = attempt(&gate, &holder, id) else {
        panic!("a first try")
    };
    let Admission::Again(repeat) = attempt(&gate, &holder, id) else {
        panic!("a retry")
    };
    let decision = permit.decision_id();
    let refunded = permit.refund(&gate).unwrap();
    assert_eq!(refunded.decision, decision);
    assert_eq!(refunded.amounts.len(), 1);
    let twice = repeat.act_after_all().refund(&gate);
    assert_eq!(twice.unwrap_err(), LedgerError::NothingToRefund);
    // The retry after a refund is charged anew.
    assert!(matches!(attempt(&gate, &holder, id), Admission::First(_)));
    assert_eq!(code(admit(&gate, &holder, post())), "budget_exceeded");
}

#[test]
fn reads_that_owe_nothing_go_on_without_the_shared_ledger_where_a_service_says_so() {
    let down = || Answer::failing(LedgerError::Unavailable("down".into()));
    let gate = gate_with(down()).with_local_reads(memory());
    let holder = holder(scope());
    let sent = present(&holder, now());
    let read_once = || gate.admit(&sent, &call(), post());
    let permit = read_once().unwrap().first().unwrap();
    assert_eq!(code(read_once()), "proof_replayed");
    assert!(permit.refund(&gate).unwrap().amounts.is_empty());

    let write = Action::new(
        forum(),
        "forum.draft".parse().unwrap(),
        Effect::Draft,
        "forum/thread/42/post".parse().unwrap(),
    );
    assert_eq!(code(admit(&gate, &holder, write)), "ledger_unavailable");
    assert_eq!(code(admit(&gate, &one_use(), post())), "ledger_unavailable");
    assert_eq!(code(admit(&gate, &wary(), post())), "ledger_unavailable");
    let untrusted = Mapped::from(post()).reading_untrusted();
    assert_eq!(code(admit(&gate, &holder, untrusted)), "ledger_unavailable");
    // A service that does not say so.
    let gate = gate_with(down());
    assert_eq!(code(admit(&gate, &holder, post())), "ledger_unavailable");
}

#[test]
fn house_rules_narrow_every_token() {
    let deny = Pattern::any().operation("forum.read").unwrap();
    let gate = gate().with_house_rules(Scope::builder().deny(deny).build().unwrap());
    assert_eq!(code(admit(&gate, &holder(scope()), post())), "deny_matched");
}

#[test]
fn revocations_are_asked_at_every_call() {
    #[derive(Default)]
    struct Switch(std::sync::atomic::AtomicBool);
    impl Revocations for Switch {
        fn revoked(
            &self,
            _: &crate::revoke::ChainFacts<'_>,
            _: crate::clock::Timestamp,
        ) -> Option<crate::revoke::Revoked> {
            let off = self.0.load(std::sync::atomic::Ordering::SeqCst);
            off.then_some(crate::revoke::Revoked::Task)
        }
    }
    let switch = Arc::new(Switch::default());
    let gate = gate().with_revocations(switch.clone());
    let holder = holder(scope());
    assert_eq!(code(admit(&gate, &holder, post())), "admitted");
    switch.0.store(true, std::sync::atomic::Ordering::SeqCst);
    assert_eq!(code(admit(&gate, &holder, post())), "revoked");
}

#[test]
fn attributes_are_looked_up_only_for_what_is_verified() {
    let mut asked = false;
    let refused = gate().admit_with("bwp1_", &call(), |_| {
        asked = true;
        Ok(post())
    });
    assert!(refused.is_err() && !asked);
}

/// A gate whose wire trips at the first, and what it says of a call that does not map, now and then of one that does.
fn unmapped(error: MapError) -> (String, &'static str) {
    let wire = Arc::new(Tripwire::new(1, Duration::from_secs(60)));
    let (gate, holder) = (gate().with_tripwire(wire), holder(scope()));
    let refused = gate.admit_with(&present(&holder, now()), &call(), |_| {
        Err::<Mapped, _>(error.into())
    });
    let refused = refused.unwrap_err();
    assert!(refused.root().is_some() && refused.freshness().is_some());
    let after = admit(&gate, &holder, post());
    (format!("{}: {refused}", refused.code()), code(after))
}

#[test]
fn what_the_service_cannot_map_is_refused_and_trips_the_wire_unless_it_is_its_own_fault() {
    assert_eq!(
        unmapped(MapError::not_found("post 7")),
        (
            "resource_not_found: `post 7` does not exist".to_owned(),
            "revoked"
        )
    );
    assert_eq!(
        unmapped(MapError::attributes_unavailable("down")),
        (
            "attributes_unavailable: attributes are not available: down".to_owned(),
            "admitted"
        )
    );
}

#[test]
fn a_look_up_that_is_waited_for_can_fail_too() {
    let gate = gate_with(Immediate(memory()));
    let sent = present(&holder(scope()), now());
    let call = call();
    let mut outcomes = Vec::new();
    for sent in ["bwp1_", &sent] {
        let gone = |_| async { Err::<Mapped, _>(MapError::not_found("post 7").into()) };
        let mut asked = std::pin::pin!(gate.admit_async_with(sent, &call, gone));
        let mut context = std::task::Context::from_waker(std::task::Waker::noop());
        let std::task::Poll::Ready(said) = asked.as_mut().poll(&mut context) else {
            panic!("nothing waits");
        };
        outcomes.push(code(said));
    }
    assert_ne!(outcomes[0], "resource_not_found");
    assert_eq!(outcomes[1], "resource_not_found");
}

#[test]
fn a_refusal_tells_its_code_its_line_and_its_reasons_as_data() {
    let refusal = admit(&gate(), &holder(scope()), vec![read("mail/1")]).unwrap_err();
    let json = serde_json::to_value(&refusal).unwrap();
    assert_eq!(json["code"], "resource_outside");
    assert_eq!(json["message"], refusal.to_string());
    assert_eq!(
        json["decision_id"],
        refusal.decision_id().unwrap().to_string()
    );
    assert_eq!(json["reasons"][0]["origin"]["block"], 0);
    assert_eq!(json["root"]["key"], issuer().public_key().to_string());
}

#[test]
fn a_refusal_says_what_to_do_next_and_nothing_of_the_store() {
    let refused = |kind: RefusalKind| Refusal::new(None, kind);
    let next = |kind| refused(kind).next_step();
    let missing = Unmapped::because("`id` is missing");
    let failed = Unmapped::because("no such post").by_service();
    assert!(next(missing.into()).starts_with("Correct"));
    assert!(next(LedgerError::Replayed.into()).starts_with("Do not repeat"));
    for later in [
        failed.into(),
        LedgerError::Full.into(),
        VerifyError::Revoked(Revoked::Unknown).into(),
    ] {
        assert!(next(later).ends_with("Try again later."));
    }
    let denied = admit(&gate(), &holder(scope()), vec![read("mail/1")]).unwrap_err();
    assert!(denied.next_step().starts_with("The task does not permit"));

    let down = refused(LedgerError::Unavailable("redis at 10.0.0.7".into()).into());
    assert!(down.to_string().contains("10.0.0.7"));
    assert!(!down.message().contains("10.0.0.7"));
    assert!(!serde_json::to_string(&down).unwrap().contains("10.0.0.7"));
}

#[test]
fn a_decision_says_which_root_key_it_rests_on() {
    let holder = holder(scope());
    let permit = admit(&gate(), &holder, post()).unwrap();
    assert_eq!(permit.root().key, issuer().public_key());
    let denied = admit(&gate(), &holder, vec![read("mail/1")]).unwrap_err();
    assert_eq!(denied.root(), Some(permit.root()));
    // Before a token is verified there is none to name.
    let unverified = gate().admit("bwp1_", &call(), post()).unwrap_err();
    assert_eq!(unverified.root(), None);
}

#[test]
fn refusals_that_need_no_token_have_their_codes() {
    let code = |kind: RefusalKind| Refusal::new(None, kind).code();
    assert_eq!(code(RefusalKind::CannotSettle), "dues_unsupported");
    assert_eq!(code(RefusalKind::Repeated), "attempt_repeated");
    assert_eq!(code(crate::present::NoRandomness.into()), "no_randomness");
}

#[test]
fn a_permit_shows_nothing_that_can_be_presented() {
    let holder = holder(scope());
    let sent = present(&holder, now());
    let permit = gate().admit(&sent, &call(), post()).unwrap();
    let shown = format!("{permit:?}");
    assert!(!shown.contains(&sent[10..60]), "{shown}");
}

#[test]
fn an_effect_is_what_the_service_says() {
    let only_reads = Capability::effect(Effect::Read, "forum/**").unwrap();
    let scope = Scope::builder()
        .allow(only_reads)
        .audience(forum())
        .not_after(at(END));
    let holder = holder(scope);
    let delete = Action::new(
        forum(),
        "forum.read".parse().unwrap(),
        Effect::from_catalog("unheard-of"),
        "forum/thread/42".parse().unwrap(),
    );
    assert_eq!(
        code(admit(&gate(), &holder, vec![delete])),
        "effect_not_granted"
    );
}

mod approvals;
mod stopping;
