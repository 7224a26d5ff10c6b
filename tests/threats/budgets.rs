//! Budgets, attempts and taint: nothing is spent twice, given back twice, or reset.
//!
//! | class | test |
//! |---|---|
//! | concurrent spends by siblings | `siblings_who_spend_at_the_same_moment_stay_within_the_cap` |
//! | minting again with another cap, window or measure | `minting_again_resets_no_budget`, `another_window_or_measure_is_another_count_and_refused` |
//! | a holder's own budget, larger or of the same name | `a_holder_cannot_raise_a_budget_from_above` |
//! | negative, zero, overflowing, absent, mistyped amounts | `an_amount_that_is_none_is_denied` |
//! | the ends of 64 bits | `a_sum_holds_at_the_ends_of_64_bits` |
//! | several actions in one call, each within the cap | `the_actions_of_a_call_are_summed_before_they_are_compared` |
//! | retry of one attempt, many times and at the same moment | `of_many_retries_at_the_same_moment_one_is_the_first` |
//! | an attempt used for another call, other amounts, by another holder | `an_attempt_is_for_one_call_and_one_amount`, `an_attempt_of_one_holder_is_none_of_another` |
//! | crash between settle and act | `a_crash_between_settling_and_acting_is_charged_once` |
//! | refund twice, at the same moment | `what_is_given_back_is_given_back_once` |
//! | refund by a repeat, also after it was settled again | `an_old_permit_gives_back_nothing_of_a_new_settlement` |
//! | refund into the next window | `a_window_that_is_over_gets_nothing_back` |
//! | refund of an approval | `an_approval_stays_used_after_a_refund` |
//! | taint: read and act in one call, by a sibling, after minting again, by a retry | `what_a_call_reads_taints_what_it_does`, `taint_stays_with_the_task_whoever_acts` |
//! | local reads | `local_reads_take_nothing_but_reads`, `a_local_ledger_gives_no_write_twice` |

use std::sync::Arc;
use std::time::Duration;

use bailiwick::action::{Action, Call, Effect};
use bailiwick::clock::{Clock as _, FixedClock};
use bailiwick::gate::{Admission, Gate, Mapped};
use bailiwick::ledger::ForgetfulLedger;
use bailiwick::present::{AttemptId, Holder};
use bailiwick::scope::{Budget, Measure, Scope};

use crate::world::{
    END, START, SharedGate, action, again, agent, approved, at, attempt, call, counted, first,
    forum, gate, hand_on, holder, later, ledger, mint_for, now, outcome, post, present, scope,
    tree, try_approved, try_at, verifier, with_approval,
};

fn uses(cap: i64) -> Budget {
    Budget::uses("calls", cap).unwrap()
}

fn euros(cap: i64) -> Budget {
    Budget::sum("pay", Measure::int("amount").unwrap(), cap).unwrap()
}

fn pay_json(json: &str) -> Action {
    action("forum.pay", Effect::Pay, "forum/thread/42/post").with_arguments(tree(json))
}

fn pay(amount: i64) -> Action {
    pay_json(&format!(r#"{{"amount": {amount}}}"#))
}

fn spending(budget: Budget) -> Holder {
    holder(scope().require(counted(budget)))
}

/// The first agent with the task's token, minted with this budget and until then.
fn minted(budget: Budget, end: u64) -> Holder {
    let scope = scope().require(counted(budget)).not_after(at(end));
    Holder::new(mint_for(&agent(1), "t-1", scope), agent(1)).unwrap()
}

fn count(said: &[&str], wanted: &str) -> usize {
    said.iter().filter(|code| **code == wanted).count()
}

// Caps.

#[test]
fn siblings_who_spend_at_the_same_moment_stay_within_the_cap() {
    let ledger = ledger();
    let top = spending(euros(100));
    let agents: Vec<_> = (2..10)
        .map(|seed| hand_on(&top, seed, Scope::builder()))
        .collect();
    let said: Vec<_> = std::thread::scope(|scope| {
        let threads: Vec<_> = agents
            .iter()
            .map(|agent| {
                scope.spawn(|| {
                    let clock = Arc::new(FixedClock::new(now()));
                    let gate = Gate::new(verifier(), ledger.clone()).with_clock(clock);
                    [(); 8].map(|()| try_at(&gate, agent, pay(7)))
                })
            })
            .collect();
        let all = threads.into_iter().map(|it| it.join().unwrap());
        all.flatten().collect()
    });
    assert_eq!(count(&said, "allowed"), 14);
    assert_eq!(count(&said, "budget_exceeded"), 50);
}

#[test]
fn minting_again_resets_no_budget() {
    let gate = gate();
    assert_eq!(try_at(&gate, &minted(uses(2), END), post()), "allowed");
    assert_eq!(try_at(&gate, &minted(uses(2), END - 1), post()), "allowed");
    for (cap, end) in [(2, END), (2, END - 2), (1, END), (2, END + 60)] {
        let said = try_at(&gate, &minted(uses(cap), end), post());
        assert_eq!(said, "budget_exceeded", "{cap} until {end}");
    }
    // An issuer that grants more grants more, and counts on.
    assert_eq!(try_at(&gate, &minted(uses(3), END), post()), "allowed");
    assert_eq!(
        try_at(&gate, &minted(uses(3), END), post()),
        "budget_exceeded"
    );
}

#[test]
fn another_window_or_measure_is_another_count_and_refused() {
    let gate = gate();
    let budget = || euros(100);
    assert_eq!(try_at(&gate, &minted(budget(), END), pay(99)), "allowed");
    let window = |seconds| budget().each(Duration::from_secs(seconds)).unwrap();
    let cents = Measure::decimal("amount", 2).unwrap();
    for other in [
        window(1),
        window(3_600),
        Budget::uses("pay", 100).unwrap(),
        Budget::sum("pay", cents, 10_000).unwrap(),
    ] {
        let holder = minted(other, END);
        for does in [pay(1), pay_json(r#"{"amount": "1.00"}"#)] {
            let said = try_at(&gate, &holder, does);
            assert_ne!(said, "allowed");
        }
    }
    let said = try_at(&gate, &minted(window(1), END), pay(1));
    assert_eq!(said, "budget_changed");
    assert_eq!(try_at(&gate, &minted(budget(), END), pay(1)), "allowed");
    assert_eq!(
        try_at(&gate, &minted(budget(), END), pay(1)),
        "budget_exceeded"
    );
}

#[test]
fn a_holder_cannot_raise_a_budget_from_above() {
    let gate = gate();
    let top = spending(uses(2));
    let more = || Scope::builder().require(counted(uses(1_000)));
    let (one, two) = (hand_on(&top, 2, more()), hand_on(&top, 3, more()));
    assert_eq!(try_at(&gate, &one, post()), "allowed");
    assert_eq!(try_at(&gate, &two, post()), "allowed");
    for holder in [&one, &two, &top, &hand_on(&top, 4, more())] {
        assert_eq!(try_at(&gate, holder, post()), "budget_exceeded");
    }
}

// Amounts.

#[test]
fn an_amount_that_is_none_is_denied() {
    let gate = gate();
    let holder = spending(euros(100));
    for json in [
        r#"{"amount": 0}"#,
        r#"{"amount": -1}"#,
        r#"{"amount": -9223372036854775808}"#,
        r#"{"amount": 9223372036854775808}"#,
        r#"{"amount": -9223372036854775809}"#,
        r#"{"amount": 18446744073709551616}"#,
        r#"{"amount": 1e300}"#,
        r#"{"amount": 0.5}"#,
        r#"{"amount": "5"}"#,
        r#"{"amount": true}"#,
        r#"{"amount": null}"#,
        r#"{"amount": [5]}"#,
        r#"{"amount": {"amount": 5}}"#,
        r#"{"Amount": 5}"#,
        r#"{}"#,
    ] {
        let said = try_at(&gate, &holder, pay_json(json));
        assert_ne!(said, "allowed", "{json}");
        // Nor beside an amount that is one.
        let said = try_at(&gate, &holder, vec![pay(1), pay_json(json)]);
        assert_ne!(said, "allowed", "{json}");
    }
    // Nothing was given back by a negative amount, and nothing spent.
    assert_eq!(try_at(&gate, &holder, pay(101)), "budget_exceeded");
    assert_eq!(try_at(&gate, &holder, pay(100)), "allowed");
    assert_eq!(try_at(&gate, &holder, pay(1)), "budget_exceeded");
}

#[test]
fn a_sum_holds_at_the_ends_of_64_bits() {
    let gate = gate();
    let holder = spending(euros(i64::MAX));
    assert_eq!(try_at(&gate, &holder, pay(i64::MAX - 1)), "allowed");
    assert_eq!(try_at(&gate, &holder, pay(2)), "budget_exceeded");
    assert_eq!(try_at(&gate, &holder, pay(i64::MAX)), "budget_exceeded");
    let both = vec![pay(i64::MAX), pay(i64::MAX)];
    assert_eq!(try_at(&gate, &holder, both), "budget_exceeded");
    assert_eq!(try_at(&gate, &holder, pay(1)), "allowed");
    assert_eq!(try_at(&gate, &holder, pay(1)), "budget_exceeded");
}

#[test]
fn the_actions_of_a_call_are_summed_before_they_are_compared() {
    let gate = gate();
    let holder = spending(euros(100));
    let twelve = |amount| (0..12).map(|_| pay(amount)).collect::<Vec<_>>();
    assert_eq!(try_at(&gate, &holder, twelve(9)), "budget_exceeded");
    assert_eq!(try_at(&gate, &holder, twelve(8)), "allowed");
    assert_eq!(try_at(&gate, &holder, pay(5)), "budget_exceeded");
    assert_eq!(try_at(&gate, &holder, pay(4)), "allowed");
}

// Attempts.

#[test]
fn of_many_retries_at_the_same_moment_one_is_the_first() {
    let ledger = ledger();
    let holder = spending(uses(2));
    let tried: Vec<_> = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..32)
            .map(|_| {
                scope.spawn(|| {
                    let clock = Arc::new(FixedClock::new(now()));
                    let gate = Gate::new(verifier(), ledger.clone()).with_clock(clock);
                    match attempt(&gate, &holder, 7, &call(), post()).unwrap() {
                        Admission::First(permit) => (true, permit.decision_id()),
                        Admission::Again(repeat) => (false, repeat.decision_id()),
                    }
                })
            })
            .collect();
        threads.into_iter().map(|it| it.join().unwrap()).collect()
    });
    let firsts: Vec<_> = tried.iter().filter(|(first, _)| *first).collect();
    assert_eq!(firsts.len(), 1);
    assert!(tried.iter().all(|(_, decision)| *decision == firsts[0].1));
    // It was charged once.
    let clock = Arc::new(FixedClock::new(now()));
    let gate = Gate::new(verifier(), ledger).with_clock(clock);
    assert_eq!(try_at(&gate, &holder, post()), "allowed");
    assert_eq!(try_at(&gate, &holder, post()), "budget_exceeded");
}

#[test]
fn an_attempt_is_for_one_call_and_one_amount() {
    let (gate, holder) = (gate(), spending(euros(100)));
    let _acted = first(attempt(&gate, &holder, 7, &call(), pay(10)));
    let other = Call::tool("pay".parse().unwrap(), tree(r#"{"id": 43}"#));
    for (call, does) in [
        (&other, vec![pay(10)]),
        (&call(), vec![pay(11)]),
        (&call(), vec![pay(9)]),
        (&call(), vec![pay(10), pay(1)]),
        (&other, post_free()),
    ] {
        let said = outcome(&attempt(&gate, &holder, 7, call, does));
        assert_ne!(said, "allowed");
    }
    let said = outcome(&attempt(&gate, &holder, 7, &other, pay(10)));
    assert_eq!(said, "attempt_changed");
    assert!(matches!(
        attempt(&gate, &holder, 7, &call(), pay(10)),
        Ok(Admission::Again(_))
    ));
    // None of them was charged.
    assert_eq!(try_at(&gate, &holder, pay(91)), "budget_exceeded");
    assert_eq!(try_at(&gate, &holder, pay(90)), "allowed");
}

/// Something else, of the same amount.
fn post_free() -> Vec<Action> {
    vec![
        action("forum.tip", Effect::Pay, "forum/thread/42/post")
            .with_arguments(tree(r#"{"amount": 10}"#)),
    ]
}

#[test]
fn an_attempt_of_one_holder_is_none_of_another() {
    let (gate, top) = (gate(), spending(uses(3)));
    let below = hand_on(&top, 2, Scope::builder());
    let _acted = first(attempt(&gate, &top, 7, &call(), post()));
    // The same id by another is its own, and is charged.
    let _acted = first(attempt(&gate, &below, 7, &call(), post()));
    assert_eq!(try_at(&gate, &top, post()), "allowed");
    assert_eq!(try_at(&gate, &top, post()), "budget_exceeded");
}

#[test]
fn a_crash_between_settling_and_acting_is_charged_once() {
    let (gate, holder) = (gate(), spending(uses(1)));
    let decided = first(attempt(&gate, &holder, 7, &call(), post())).decision_id();
    // The permit is gone, and nothing was done. The agent tries again.
    let repeat = again(attempt(&gate, &holder, 7, &call(), post()));
    assert_eq!(repeat.decision_id(), decided);
    let permit = repeat.act_after_all();
    assert_eq!(permit.actions(), post());
    // Without a word that nothing happened, there is no permit.
    let none = attempt(&gate, &holder, 7, &call(), post()).unwrap().first();
    assert_eq!(outcome(&none), "attempt_repeated");
    assert_eq!(try_at(&gate, &holder, post()), "budget_exceeded");
}

// Giving back.

#[test]
fn what_is_given_back_is_given_back_once() {
    let (gate, holder) = (gate(), spending(euros(100)));
    assert_eq!(try_at(&gate, &holder, pay(40)), "allowed");
    let permits: Vec<_> = std::iter::once(first(attempt(&gate, &holder, 7, &call(), pay(60))))
        .chain((0..15).map(|_| again(attempt(&gate, &holder, 7, &call(), pay(60))).act_after_all()))
        .collect();
    let given: Vec<_> = std::thread::scope(|scope| {
        let threads = permits.into_iter().map(|permit| {
            let gate = &gate;
            scope.spawn(move || permit.refund(gate).is_ok())
        });
        let threads: Vec<_> = threads.collect();
        threads.into_iter().map(|it| it.join().unwrap()).collect()
    });
    assert_eq!(given.iter().filter(|given| **given).count(), 1);
    assert_eq!(try_at(&gate, &holder, pay(61)), "budget_exceeded");
    assert_eq!(try_at(&gate, &holder, pay(60)), "allowed");
    assert_eq!(try_at(&gate, &holder, pay(1)), "budget_exceeded");
}

#[test]
fn an_old_permit_gives_back_nothing_of_a_new_settlement() {
    let (gate, holder) = (gate(), spending(uses(1)));
    let one = first(attempt(&gate, &holder, 7, &call(), post()));
    let (old, older) = (
        again(attempt(&gate, &holder, 7, &call(), post())).act_after_all(),
        again(attempt(&gate, &holder, 7, &call(), post())).act_after_all(),
    );
    one.refund(&gate).unwrap();
    assert_eq!(old.refund(&gate).unwrap_err().code(), "nothing_to_refund");
    // The attempt is made again, and charged anew; this time it happens.
    let _acted = first(attempt(&gate, &holder, 7, &call(), post()));
    assert_eq!(older.refund(&gate).unwrap_err().code(), "nothing_to_refund");
    assert_eq!(try_at(&gate, &holder, post()), "budget_exceeded");
}

#[test]
fn a_window_that_is_over_gets_nothing_back() {
    let minute = Duration::from_secs(60);
    let start = at((START + 60) / 60 * 60);
    let clock = Arc::new(FixedClock::new(start));
    let gate: SharedGate = Gate::new(verifier(), ledger()).with_clock(clock.clone());
    let holder = spending(uses(1).each(minute).unwrap());
    let ask = || {
        let sent = holder.present(&forum(), &call(), clock.now()).unwrap();
        gate.admit(&sent.to_text(), &call(), post())
    };
    let one = first(ask());
    clock.set(later(start, 59_999));
    assert_eq!(outcome(&ask()), "budget_exceeded");
    clock.set(later(start, 60_000));
    let two = first(ask());
    // What the last window spent does not come back in this one.
    assert!(one.refund(&gate).unwrap().amounts.is_empty());
    assert_eq!(outcome(&ask()), "budget_exceeded");
    assert_eq!(two.refund(&gate).unwrap().amounts.len(), 1);
    assert_eq!(outcome(&ask()), "allowed");
    assert_eq!(outcome(&ask()), "budget_exceeded");
    // A clock that is set back finds no window that it could spend of again.
    clock.set(start);
    assert_ne!(outcome(&ask()), "allowed");
}

#[test]
fn an_approval_stays_used_after_a_refund() {
    let gate = gate();
    let holder = holder(with_approval(1, &[51]).require(counted(uses(1))));
    let yes = approved(51, &holder, &post());
    let sent = holder.present(&forum(), &call(), now()).unwrap();
    let sent = sent.with_approvals([yes.clone()]).unwrap().to_text();
    let permit = first(gate.admit(&sent, &call(), post()));
    permit.refund(&gate).unwrap();
    let said = try_approved(&gate, &holder, std::slice::from_ref(&yes), post());
    assert_eq!(said, "approval_used");
    let yes = [approved(51, &holder, &post())];
    assert_eq!(try_approved(&gate, &holder, &yes, post()), "allowed");
}

// Taint.

/// Nothing may be sent by a task that read what is untrusted, but once.
fn wary() -> bailiwick::scope::ScopeBuilder {
    let once = Budget::uses("sends-after-reading", 1).unwrap();
    scope().require(counted(once).when_tainted())
}

fn send() -> Action {
    action("forum.send", Effect::Send, "forum/thread/42/post")
}

#[test]
fn what_a_call_reads_taints_what_it_does() {
    let (gate, holder) = (gate(), holder(wary()));
    for _ in 0..3 {
        assert_eq!(try_at(&gate, &holder, send()), "allowed");
    }
    // Two actions in the call that reads: both count.
    let both = Mapped::from(vec![post().remove(0), send()]).reading_untrusted();
    assert_eq!(try_at(&gate, &holder, both), "budget_exceeded");
    // It was refused, so nothing was read.
    assert_eq!(try_at(&gate, &holder, send()), "allowed");
    let read = Mapped::from(post()).reading_untrusted();
    assert_eq!(try_at(&gate, &holder, read), "allowed");
    assert_eq!(try_at(&gate, &holder, send()), "budget_exceeded");
}

#[test]
fn taint_stays_with_the_task_whoever_acts() {
    let gate = gate();
    // The one that reads has a token that says nothing of taint.
    let reader = Holder::new(
        mint_for(&agent(2), "t-1", scope().not_after(at(END - 1))),
        agent(2),
    )
    .unwrap();
    let top = holder(wary());
    let (one, two) = (
        hand_on(&top, 3, Scope::builder()),
        hand_on(&top, 4, Scope::builder()),
    );
    let again = Holder::new(
        mint_for(&agent(1), "t-1", wary().not_after(at(END - 2))),
        agent(1),
    )
    .unwrap();
    let other_task = Holder::new(mint_for(&agent(1), "t-2", wary()), agent(1)).unwrap();
    assert_eq!(try_at(&gate, &one, send()), "allowed");
    assert_eq!(try_at(&gate, &one, send()), "allowed");
    let untrusted = Mapped::from(post()).reading_untrusted();
    assert_eq!(try_at(&gate, &reader, untrusted), "allowed");
    assert_eq!(try_at(&gate, &one, send()), "allowed");
    for holder in [&one, &two, &top, &again] {
        assert_eq!(try_at(&gate, holder, send()), "budget_exceeded");
    }
    for _ in 0..3 {
        assert_eq!(try_at(&gate, &other_task, send()), "allowed");
    }
}

#[test]
fn of_reading_and_sending_at_the_same_moment_one_comes_first() {
    for _ in 0..8 {
        let gate = gate();
        let top = holder(wary());
        let untrusted = || Mapped::from(post()).reading_untrusted();
        std::thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(|| try_at(&gate, &top, send()));
                scope.spawn(|| try_at(&gate, &top, untrusted()));
            }
        });
        // After all of them the task is tainted, and its one send is spent by the reads.
        assert_eq!(try_at(&gate, &top, send()), "budget_exceeded");
    }
}

// Local reads.

fn local() -> ForgetfulLedger {
    ForgetfulLedger::started_at(at(START - 10))
}

#[test]
fn local_reads_take_nothing_but_reads() {
    let shared = ledger();
    let gate = || {
        let clock = Arc::new(FixedClock::new(now()));
        let gate = Gate::new(verifier(), shared.clone()).with_clock(clock);
        gate.with_local_reads(local())
    };
    let replayed = |holder: &Holder, does: Mapped| {
        let sent = present(holder);
        assert_eq!(
            outcome(&gate().admit(&sent, &call(), does.clone())),
            "allowed"
        );
        outcome(&gate().admit(&sent, &call(), does))
    };
    let write = || vec![send()];
    let read_and_write = vec![post().remove(0), send()];
    assert_eq!(replayed(&holder(scope()), post().into()), "allowed");
    assert_eq!(replayed(&holder(scope()), write().into()), "proof_replayed");
    assert_eq!(
        replayed(&holder(scope()), read_and_write.into()),
        "proof_replayed"
    );
    // Reads that are counted, that taint, or that hold only for a clean task.
    assert_eq!(
        replayed(&spending(uses(9)), post().into()),
        "proof_replayed"
    );
    let taints = Mapped::from(post()).reading_untrusted();
    let other = Holder::new(mint_for(&agent(1), "t-2", scope()), agent(1)).unwrap();
    assert_eq!(replayed(&other, taints), "proof_replayed");
    let clean = Holder::new(mint_for(&agent(1), "t-3", wary()), agent(1)).unwrap();
    assert_eq!(replayed(&clean, post().into()), "proof_replayed");
}

#[test]
fn a_local_ledger_gives_no_write_twice() {
    let shared = ledger();
    let gate = || {
        let clock = Arc::new(FixedClock::new(now()));
        let gate = Gate::new(verifier(), shared.clone()).with_clock(clock);
        gate.with_local_reads(local())
    };
    let holder = holder(scope());
    // The same attempt, first as a read: a write is not taken for its retry.
    let id = AttemptId::from_bytes([7; 16]);
    let sent = || {
        let sent = holder.present_attempt(&forum(), &call(), id, now());
        sent.unwrap().to_text()
    };
    let one = gate();
    let _read = first(one.admit(&sent(), &call(), post()));
    let _written = first(one.admit(&sent(), &call(), send()));
    assert!(matches!(
        gate().admit(&sent(), &call(), send()),
        Ok(Admission::Again(_))
    ));
    // What was settled here is not given back there.
    let read = first(one.admit(&present(&holder), &call(), post()));
    assert_eq!(
        read.refund(&gate()).unwrap_err().code(),
        "nothing_to_refund"
    );
}
