//! What settling costs: in memory, and in a file (`--features redb`).

#![allow(missing_docs)] // criterion_group! makes public functions without

use std::time::{Duration, Instant};

use bailiwick::clock::Timestamp;
use bailiwick::decide::DecisionId;
use bailiwick::ledger::*;
use bailiwick::scope::{BudgetName, Measure};
use criterion::{Criterion, criterion_group, criterion_main};

const START: u64 = 1_800_000_000;
const CAP: i64 = 1 << 50;

fn at(seconds: u64) -> Timestamp {
    Timestamp::from_unix_seconds(seconds).unwrap()
}

fn key(kind: u8, number: u64) -> EntryKey {
    // Names are hashes: spread over all values.
    let mixed = number.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    let mut bytes = [kind; 16];
    bytes[..8].copy_from_slice(&mixed.to_be_bytes());
    bytes[8..15].copy_from_slice(&number.to_be_bytes()[1..]);
    EntryKey::from_bytes(bytes)
}

/// A proof, an attempt and one budget.
fn paying(number: u64) -> Settlement {
    // Twenty thousand a second: 200,000 claims and attempts are held.
    let now = at(START + 60 + number / 20_000);
    let mut spends = Spends::none();
    spends
        .push(Spend {
            key: key(1, 1),
            name: BudgetName::new("mail").unwrap(),
            shape: BudgetShape::new(None, &Measure::Uses),
            amount: 1,
            cap: CAP,
            ends: None,
        })
        .unwrap();
    let mut decision = [0; 16];
    decision[..8].copy_from_slice(&number.to_be_bytes());
    Settlement {
        task: key(2, 1),
        service: key(3, 1),
        decision: DecisionId::from_bytes(decision),
        proof: ProofClaim {
            key: key(4, number),
            issued: now,
            until: now + Duration::from_secs(5),
        },
        attempt: Attempt {
            key: key(5, number),
            content: key(6, 1),
            until: now + Duration::from_secs(5),
        },
        approvals: Vec::new(),
        spends,
        taint: Taint {
            key: key(7, 1),
            assumes_clean: true,
            marks: false,
        },
        token_issued: now,
        now,
        skew: Duration::from_secs(5),
    }
}

fn memory(criterion: &mut Criterion) {
    let mut number = 0;
    criterion.bench_function("memory: proof, attempt, one budget", |bencher| {
        let ledger = ForgetfulLedger::started_at(at(START)).with_capacity(10_000_000);
        bencher.iter_custom(|times| {
            let mut settlement = paying(number);
            let mut total = Duration::ZERO;
            for _ in 0..times {
                number += 1;
                let next = paying(number);
                (settlement.proof, settlement.attempt) = (next.proof, next.attempt);
                settlement.now = next.now;
                let start = Instant::now();
                let settled = ledger.settle(&settlement);
                total += start.elapsed();
                assert!(matches!(settled, Ok(Settled::First(_))));
            }
            total
        });
    });
}

/// Settlements a second, over two seconds each.
#[cfg(feature = "redb")]
mod file {
    use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

    use super::*;
    use bailiwick::keys::{ApproverKey, ApproverPublicKey};

    fn rate(
        name: &str,
        options: &RedbOptions,
        threads: usize,
        approver: Option<ApproverPublicKey>,
    ) {
        let directory =
            std::env::temp_dir().join(format!("bailiwick-bench-{}", std::process::id()));
        std::fs::create_dir_all(&directory).unwrap();
        let ledger = options
            .open(directory.join("ledger.redb"), at(START))
            .unwrap();
        let (count, stop) = (AtomicU64::new(0), AtomicBool::new(false));
        let settle = || {
            while !stop.load(Ordering::Relaxed) {
                let number = count.fetch_add(1, Ordering::Relaxed);
                let mut settlement = paying(number);
                if let Some(approver) = approver {
                    settlement.spends = Spends::none();
                    settlement.approvals = vec![ApprovalClaim {
                        key: key(8, number),
                        approver,
                        issued: settlement.now,
                        until: settlement.now + Duration::from_secs(600),
                    }];
                }
                let settled = Ledger::settle(&ledger, &settlement);
                assert!(matches!(settled, Ok(Settled::First(_))));
            }
        };
        let start = Instant::now();
        std::thread::scope(|scope| {
            (0..threads).for_each(|_| drop(scope.spawn(settle)));
            std::thread::sleep(Duration::from_secs(2));
            stop.store(true, Ordering::Relaxed);
        });
        let rate = count.load(Ordering::Relaxed) as f64 / start.elapsed().as_secs_f64();
        println!("file: {name}, {threads} threads: {rate:.0} settlements a second");
        drop(ledger);
        std::fs::remove_dir_all(&directory).unwrap();
    }

    pub(crate) fn all(_: &mut Criterion) {
        let approver = ApproverKey::generate().unwrap().public_key();
        let (waiting, prompt) = (RedbLedger::options(), RedbLedger::options().prompt());
        for threads in [1, 8, 64] {
            rate("one large budget, prompt", &prompt, threads, None);
            rate("one large budget", &waiting, threads, None);
            rate("an approval each", &waiting, threads, Some(approver));
        }
    }
}

#[cfg(not(feature = "redb"))]
mod file {
    pub(crate) fn all(_: &mut criterion::Criterion) {}
}

criterion_group!(benches, memory, file::all);
criterion_main!(benches);
