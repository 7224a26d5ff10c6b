//! Random commands against a ledger and against the [`Model`].

use std::collections::HashMap;

use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};

use super::*;
use crate::ledger::model::Model;

/// What happens next. Names are few, so that commands meet.
#[derive(Clone, Debug)]
enum Command {
    Settle {
        proof: Option<u64>,
        attempt: u64,
        content: u64,
        approvals: Vec<u64>,
        spends: Vec<(usize, i64)>,
        task: u64,
        assumes_clean: bool,
        marks: bool,
        old_token: bool,
        old_proof: bool,
    },
    /// Of the settlement of this number, if it has been.
    Refund(usize),
    Pass(u64),
    /// And so many seconds pass.
    Restart(u64),
}

fn command() -> impl Strategy<Value = Command> {
    let flag = |percent: u32| prop::bool::weighted(f64::from(percent) / 100.0);
    let settle = (
        (prop::option::weighted(0.05, 0..20u64), 0..25u64, 0..10u64),
        prop::collection::vec(0..12u64, 0..3),
        prop::collection::vec((0..BUDGETS, 1..6i64), 0..3),
        (0..3u64, flag(25), flag(8), flag(10), flag(5)),
    );
    let settle = settle.prop_map(|((proof, attempt, content), approvals, spends, rest)| {
        let (task, assumes_clean, marks, old_token, old_proof) = rest;
        Command::Settle {
            proof,
            attempt,
            content: content / 9,
            approvals,
            spends,
            task,
            assumes_clean,
            marks,
            old_token,
            old_proof,
        }
    });
    prop_oneof![
        20 => settle,
        5 => (0..30usize).prop_map(Command::Refund),
        4 => prop_oneof![0..3u64, 0..100u64, 0..2_000u64].prop_map(Command::Pass),
        1 => (0..20u64).prop_map(Command::Restart),
    ]
}

const BUDGETS: usize = 5;

/// For the whole life, of two windows, of one that ends; the last shares the name of the second.
fn budget<W: World>(desk: &Desk<'_, W>, number: usize, amount: i64, ends: Timestamp) -> Spend {
    // Where time passes by itself, no window is to end in the middle of a test.
    let scale: u64 = if desk.world.time_flies() { 1_440 } else { 1 };
    let window = |seconds: u64| {
        let length = Duration::from_secs(seconds * scale);
        BudgetShape::new(Some(length), &Measure::Uses)
    };
    let whole = BudgetShape::new(None, &Measure::Uses);
    let (name, shape, cap, ends) = [
        ("life", whole, 12, None),
        ("minute", window(60), 7, None),
        ("hour", window(3_600), 9, None),
        ("block", whole, 8, Some(ends)),
        ("minute", window(120), 7, None),
    ][number];
    Spend {
        shape,
        ends,
        ..desk.spend(name, amount, cap)
    }
}

/// Runs random commands; `remembers` says whether a restart does.
pub(crate) fn compare_with_the_model<W: World>(
    world: &W,
    cases: u32,
    restart: impl Fn(W::Ledger) -> W::Ledger,
    remembers: bool,
) {
    let config = Config {
        cases,
        failure_persistence: None,
        ..Config::default()
    };
    let commands = prop::collection::vec(command(), 1..120);
    let run = |commands: Vec<Command>| run(world, &commands, &restart, remembers);
    TestRunner::new(config).run(&commands, run).unwrap();
}

fn run<W: World>(
    world: &W,
    commands: &[Command],
    restart: &impl Fn(W::Ledger) -> W::Ledger,
    remembers: bool,
) -> Result<(), TestCaseError> {
    let mut desk = Desk::open(world);
    let mut model = Model::started_at(world.now(), false);
    let ends = world.now() + Duration::from_secs(1_500);
    let old = world.now();
    let mut shared: HashMap<u64, Timestamp> = HashMap::new();
    if !world.time_flies() {
        world.pass(SKEW + Duration::from_secs(1));
    }
    let mut settled: Vec<(Settlement, Receipt, Receipt)> = Vec::new();
    for command in commands {
        match command {
            Command::Settle {
                proof,
                attempt,
                content,
                approvals,
                spends,
                task,
                assumes_clean,
                marks,
                old_token,
                old_proof,
            } => {
                let mut wanted = desk.settlement();
                let now = world.now();
                let made = if world.time_flies() {
                    desk.fresh()
                } else {
                    now
                };
                wanted.proof.issued = made;
                if let Some(proof) = proof {
                    wanted.proof.key = desk.key("shared proof", *proof);
                    wanted.proof.issued = *shared.entry(*proof).or_insert(made);
                }
                if *old_proof {
                    wanted.proof.issued = old;
                }
                // None that a test could meet again is past before it ends.
                wanted.proof.until = now + HOUR * 1_000;
                wanted.attempt.key = desk.key("shared attempt", *attempt);
                wanted.attempt.content = desk.key("shared content", *content);
                wanted.attempt.until = now + Duration::from_millis(300_500);
                wanted.approvals = approvals
                    .iter()
                    .map(|number| desk.approval(*number))
                    .collect();
                for approval in &mut wanted.approvals {
                    approval.until = old + Duration::from_secs(900);
                }
                for (number, amount) in spends {
                    let spend = budget(&desk, *number, *amount, ends);
                    // Nobody spends of what has ended.
                    if spend.ends.is_none_or(|ends| ends > now) {
                        // Two shapes of one name, or over the cap: then only what fits.
                        let _ = wanted.spends.push(spend);
                    }
                }
                wanted.taint.key = desk.key("taint", *task);
                (wanted.taint.assumes_clean, wanted.taint.marks) = (*assumes_clean, *marks);
                if *old_token {
                    wanted.token_issued = old;
                }
                let expected = model.settle(&wanted);
                let found = desk.settle(&wanted);
                let found = found.map_err(|error| error.code());
                let same = |settled: Settled| match settled {
                    Settled::First(it) if world.time_flies() => (1, it.decision, None),
                    Settled::Again(it) if world.time_flies() => (2, it.decision, None),
                    Settled::First(it) => (1, it.decision, Some(it.at)),
                    Settled::Again(it) => (2, it.decision, Some(it.at)),
                };
                let (ours, theirs) = (found.map(same), expected.map(same));
                prop_assert_eq!(ours, theirs, "{:?}", command);
                if let (Ok(Settled::First(ours)), Ok(Settled::First(theirs))) = (found, expected) {
                    settled.push((wanted, ours, theirs));
                }
            }
            Command::Refund(number) => {
                let Some((settlement, ours, theirs)) = settled.get(*number) else {
                    continue;
                };
                let refund = desk.refund_of(settlement, *ours);
                let expected = model.refund(&desk.refund_of(settlement, *theirs));
                let expected = expected.map(|back| back.iter().map(|(_, amount)| amount).sum());
                prop_assert_eq!(desk.refund(&refund), expected, "{:?}", command);
            }
            Command::Pass(_) if world.time_flies() => world.pass(Duration::from_millis(1)),
            Command::Pass(seconds) => world.pass(Duration::from_secs(*seconds)),
            Command::Restart(seconds) => {
                desk.ledger = restart(desk.ledger);
                model.restart(world.now(), remembers);
                if !world.time_flies() {
                    world.pass(Duration::from_secs(*seconds));
                }
            }
        }
    }
    Ok(())
}
