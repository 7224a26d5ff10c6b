use std::time::Duration;

use super::*;
use crate::keys::Signature;
use crate::keys::dangerous::issuer_key_from_seed;
use crate::ledger::{BudgetOwner, Claim};

const WINDOW: Duration = Duration::from_secs(60);
const SKEW: Duration = Duration::from_secs(5);
const MILLISECOND: Duration = Duration::from_millis(1);

fn at(seconds: u64) -> Timestamp {
    Timestamp::from_unix_seconds(seconds).unwrap()
}

fn ledger() -> ForgetfulLedger {
    ForgetfulLedger::started_at(at(0))
}

/// A proof that is made and presented at `now`.
fn claim(nonce: u8, now: Timestamp) -> Settlement {
    claim_of(nonce, now, now)
}

fn claim_of(nonce: u8, issued: Timestamp, now: Timestamp) -> Settlement {
    let until = issued.saturating_add(WINDOW).saturating_add(SKEW);
    Settlement {
        claim: Claim {
            service: "forum.example".parse().unwrap(),
            token: Signature::from_bytes([1; 64]),
            nonce: Nonce::from_bytes([nonce; 16]),
            until: until.saturating_add(MILLISECOND),
        },
        proof_issued: issued,
        skew: SKEW,
        spends: Vec::new(),
        now,
    }
}

fn spend(name: &str, amount: i64, cap: i64) -> Spend {
    Spend {
        budget: BudgetKey {
            service: "forum.example".parse().unwrap(),
            root: issuer_key_from_seed(&[1; 32]).public_key(),
            owner: BudgetOwner::Task("t-1".parse().unwrap()),
            name: name.to_owned(),
        },
        amount,
        cap,
        window: None,
        ends: None,
    }
}

fn each(seconds: u64, spend: Spend) -> Spend {
    Spend {
        window: Some(Duration::from_secs(seconds)),
        ..spend
    }
}

/// Settles these spends with a proof of their own.
fn pay(ledger: &ForgetfulLedger, now: Timestamp, spends: Vec<Spend>) -> Result<(), LedgerError> {
    let nonce = u8::try_from(ledger.lock().claims.len()).unwrap();
    ledger.settle(&Settlement {
        spends,
        ..claim(nonce, now)
    })
}

fn code(result: Result<(), LedgerError>) -> &'static str {
    match result {
        Ok(()) => "settled",
        Err(error) => error.code(),
    }
}

#[test]
fn a_nonce_is_claimed_once() {
    let ledger = ledger();
    assert_eq!(ledger.settle(&claim(1, at(100))), Ok(()));
    assert_eq!(
        ledger.settle(&claim(1, at(100))),
        Err(LedgerError::Replayed)
    );
    assert_eq!(LedgerError::Replayed.code(), "proof_replayed");
    assert_eq!(ledger.settle(&claim(2, at(100))), Ok(()));
}

#[test]
fn a_nonce_of_another_service_or_another_token_is_another_nonce() {
    let ledger = ledger();
    let first = claim(1, at(100));
    ledger.settle(&first).unwrap();
    let mut other = first.clone();
    other.claim.service = "mail.example".parse().unwrap();
    assert_eq!(ledger.settle(&other), Ok(()));
    let mut other = first.clone();
    other.claim.token = Signature::from_bytes([2; 64]);
    assert_eq!(ledger.settle(&other), Ok(()));
}

#[test]
fn a_claim_is_held_as_long_as_a_verifier_could_accept_its_proof_again() {
    // Made by a clock that is ahead by the skew, seen again at the end of the window, by a clock
    // that is behind by the skew.
    let ledger = ledger();
    let issued = at(100).saturating_add(SKEW);
    ledger.settle(&claim_of(1, issued, at(100))).unwrap();
    let last = issued.saturating_add(WINDOW).saturating_add(SKEW);
    for now in [at(101), issued.saturating_add(WINDOW), last] {
        assert_eq!(
            ledger.settle(&claim_of(1, issued, now)),
            Err(LedgerError::Replayed)
        );
    }
}

#[test]
fn a_clock_that_is_set_back_opens_no_way_to_replay() {
    let ledger = ledger();
    ledger.settle(&claim(1, at(100))).unwrap();
    ledger.settle(&claim(2, at(200))).unwrap(); // drops the first claim
    assert_eq!(
        ledger.settle(&claim(1, at(100))),
        Err(LedgerError::Forgotten {
            issued: at(100),
            since: at(100)
        })
    );
    assert_eq!(code(ledger.settle(&claim(3, at(99)))), "ledger_reset");
    assert_eq!(ledger.settle(&claim(3, at(101))), Ok(()));
}

#[test]
fn a_clock_that_jumped_ahead_and_back_stops_no_later_proof() {
    let ledger = ledger();
    ledger.settle(&claim(1, at(100))).unwrap();
    ledger.settle(&claim(2, at(1_000_000))).unwrap();
    assert_eq!(ledger.settle(&claim(3, at(101))), Ok(()));
    assert_eq!(
        ledger.settle(&claim(2, at(1_000_000))),
        Err(LedgerError::Replayed)
    );
}

#[test]
fn a_gate_with_a_longer_window_opens_no_way_to_replay() {
    let ledger = ledger();
    ledger.settle(&claim(1, at(100))).unwrap();
    ledger.settle(&claim(2, at(200))).unwrap();
    let mut later = claim_of(1, at(100), at(200));
    later.claim.until = at(1_000);
    assert_eq!(code(ledger.settle(&later)), "ledger_reset");
}

#[test]
fn what_one_service_forgets_stops_no_other() {
    let ledger = ledger();
    ledger.settle(&claim(1, at(100))).unwrap();
    ledger.settle(&claim(2, at(200))).unwrap();
    let mut other = claim_of(1, at(100), at(200));
    other.claim.service = "mail.example".parse().unwrap();
    assert_eq!(ledger.settle(&other), Ok(()));
}

#[test]
fn a_restart_refuses_proofs_that_may_have_been_used_before_it() {
    let ledger = ForgetfulLedger::started_at(at(100));
    let last = at(100).saturating_add(SKEW);
    assert_eq!(
        ledger.settle(&claim_of(1, last, at(100))),
        Err(LedgerError::Forgotten {
            issued: last,
            since: last
        })
    );
    let next = last.saturating_add(MILLISECOND);
    assert_eq!(ledger.settle(&claim_of(1, next, at(101))), Ok(()));
}

#[test]
fn a_full_ledger_denies_and_evicts_nothing() {
    let ledger = ledger().with_capacity(2);
    ledger.settle(&claim(1, at(100))).unwrap();
    ledger.settle(&claim(2, at(100))).unwrap();
    let full = LedgerError::Full { capacity: 2 };
    assert_eq!(ledger.settle(&claim(3, at(150))), Err(full));
    assert_eq!(code(ledger.settle(&claim(3, at(150)))), "ledger_full");
    assert_eq!(
        ledger.settle(&claim(1, at(100))),
        Err(LedgerError::Replayed)
    );
    // Room comes back with time alone.
    assert_eq!(ledger.settle(&claim(3, at(166))), Ok(()));
}

#[test]
fn budgets_count_towards_the_capacity() {
    let ledger = ledger().with_capacity(2);
    let two = vec![spend("mail", 1, 9), spend("pay", 1, 9)];
    assert_eq!(code(pay(&ledger, at(100), two)), "ledger_full");
    assert!(ledger.is_empty());
    assert_eq!(pay(&ledger, at(100), vec![spend("mail", 1, 9)]), Ok(()));
    assert!(!ledger.is_empty());
}

#[test]
fn a_budget_is_spent_up_to_its_cap_and_not_beyond() {
    let ledger = ledger();
    assert_eq!(pay(&ledger, at(100), vec![spend("pay", 60, 100)]), Ok(()));
    assert_eq!(
        pay(&ledger, at(100), vec![spend("pay", 41, 100)]),
        Err(LedgerError::BudgetExceeded {
            name: "pay".into(),
            cap: 100,
            spent: 60,
            amount: 41
        })
    );
    assert_eq!(pay(&ledger, at(100), vec![spend("pay", 40, 100)]), Ok(()));
    assert_eq!(
        code(pay(&ledger, at(100), vec![spend("pay", 1, 100)])),
        "budget_exceeded"
    );
}

#[test]
fn what_one_call_spends_twice_counts_twice() {
    let ledger = ledger();
    let twice = || vec![spend("pay", 60, 100), spend("pay", 60, 100)];
    assert_eq!(code(pay(&ledger, at(100), twice())), "budget_exceeded");
    assert_eq!(pay(&ledger, at(100), vec![spend("pay", 100, 100)]), Ok(()));
}

#[test]
fn a_settlement_is_all_or_nothing() {
    let ledger = ledger();
    let settlement = |pay| Settlement {
        spends: vec![spend("mail", 1, 1), spend("pay", pay, 100)],
        ..claim(1, at(100))
    };
    assert_eq!(code(ledger.settle(&settlement(101))), "budget_exceeded");
    assert!(ledger.is_empty());
    assert_eq!(ledger.settle(&settlement(100)), Ok(()));
    assert_eq!(ledger.settle(&settlement(1)), Err(LedgerError::Replayed));
}

#[test]
fn zero_negative_and_overflowing_amounts_are_refused() {
    let ledger = ledger();
    assert_eq!(
        pay(&ledger, at(100), vec![spend("pay", 10, i64::MAX)]),
        Ok(())
    );
    for amount in [0, -1, i64::MIN, i64::MAX, i64::MAX - 9] {
        let spent = pay(&ledger, at(100), vec![spend("pay", amount, i64::MAX)]);
        assert_eq!(code(spent), "budget_exceeded", "{amount}");
    }
    assert_eq!(
        pay(
            &ledger,
            at(100),
            vec![spend("pay", i64::MAX - 10, i64::MAX)]
        ),
        Ok(())
    );
}

#[test]
fn a_window_begins_at_a_multiple_of_its_length_and_gives_the_whole_cap_again() {
    let ledger = ledger();
    let pay = |now| code(pay(&ledger, at(now), vec![each(60, spend("mail", 1, 1))]));
    assert_eq!(pay(120), "settled");
    assert_eq!(pay(179), "budget_exceeded");
    assert_eq!(pay(180), "settled");
    assert_eq!(pay(181), "budget_exceeded");
}

#[test]
fn a_clock_that_is_set_back_gives_no_window_again() {
    let ledger = ledger();
    let pay = |now| pay(&ledger, at(now), vec![each(60, spend("mail", 1, 1))]);
    assert_eq!(pay(120), Ok(()));
    assert_eq!(pay(180), Ok(())); // drops the window before
    assert_eq!(
        pay(179),
        Err(LedgerError::BudgetForgotten {
            name: "mail".into()
        })
    );
    assert_eq!(code(pay(179)), "ledger_reset");
}

#[test]
fn a_budget_of_the_whole_life_is_never_forgotten() {
    let ledger = ledger();
    assert_eq!(pay(&ledger, at(100), vec![spend("mail", 1, 1)]), Ok(()));
    let later = pay(&ledger, at(4_000_000_000), vec![spend("mail", 1, 1)]);
    assert_eq!(code(later), "budget_exceeded");
}

#[test]
fn a_budget_of_a_block_that_has_ended_makes_room_and_is_not_given_again() {
    // Holders write as many blocks as they like.
    let ledger = ledger().with_capacity(2);
    let of_block = |block: u8| {
        let mut spend = spend("mail", 1, 1);
        spend.budget.owner = BudgetOwner::Block([block; 64]);
        vec![Spend {
            ends: Some(at(200)),
            ..spend
        }]
    };
    assert_eq!(pay(&ledger, at(100), of_block(1)), Ok(()));
    assert_eq!(code(pay(&ledger, at(199), of_block(2))), "ledger_full");
    assert_eq!(pay(&ledger, at(201), vec![]), Ok(()));
    assert_eq!(code(pay(&ledger, at(199), of_block(1))), "ledger_reset");
}

#[test]
fn of_many_at_the_same_moment_one_claims_and_the_cap_holds() {
    let ledger = ledger();
    let settle = |nonce| {
        ledger.settle(&Settlement {
            spends: vec![spend("mail", 1, 5)],
            ..claim(nonce, at(100))
        })
    };
    let results: Vec<_> = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..8)
            .map(|_| scope.spawn(|| (0..50).map(settle).collect::<Vec<_>>()))
            .collect();
        threads
            .into_iter()
            .flat_map(|thread| thread.join().unwrap())
            .collect()
    });
    assert_eq!(results.iter().filter(|result| result.is_ok()).count(), 5);
    assert_eq!(ledger.lock().claims.len(), 5);
}

#[test]
fn a_store_that_fails_says_so_in_one_line() {
    let error = LedgerError::Unavailable("down\nallow forum.read".into());
    assert_eq!(error.code(), "ledger_unavailable");
    assert_eq!(
        error.to_string(),
        r"the ledger is unavailable: down\nallow forum.read"
    );
}
