//! Random commands against a ledger and against the [`Model`].

use std::collections::HashMap;

use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};

use super::*;
use crate::ledger::model::{Ends, Model};

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
    /// Of the settlement that so many came after, if there is one.
    Refund(usize),
    Pass(u64),
    /// And so many seconds pass.
    Restart(u64),
}

/// Of a hundred settlements, so many have a proof that others may have too; of 117 commands, so
/// many are restarts.
fn command(shared_proofs: u32, restarts: u32) -> impl Strategy<Value = Command> {
    let flag = |percent: u32| prop::bool::weighted(f64::from(percent) / 100.0);
    let settle = (
        (flag(shared_proofs), 0..20u64, 0..25u64, 0..10u64),
        prop::collection::vec(0..12u64, 0..3),
        prop::collection::vec((0..BUDGETS, 1..6i64), 0..3),
        (0..3u64, flag(25), flag(8), flag(10), flag(5)),
    );
    let settle = settle.prop_map(
        |((shared, proof, attempt, content), approvals, spends, rest)| {
            let (task, assumes_clean, marks, old_token, old_proof) = rest;
            Command::Settle {
                proof: shared.then_some(proof),
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
        },
    );
    prop_oneof![
        80 => settle,
        20 => (0..12usize).prop_map(Command::Refund),
        16 => prop_oneof![0..3u64, 0..100u64, 0..2_000u64].prop_map(Command::Pass),
        restarts => (0..20u64).prop_map(Command::Restart),
    ]
}

const BUDGETS: usize = 5;

/// How long things live.
struct Pace {
    skew: Duration,
    /// If time passes by itself and a test lets it: everything begins and ends at multiples of it.
    step: Option<Duration>,
    proof: Duration,
    attempt: Duration,
    /// For each number, from the start on.
    approvals: [Duration; 2],
    block: Duration,
    windows: [Duration; 3],
}

impl Pace {
    fn of(world: &impl World) -> Self {
        if let Some(step) = world.step() {
            return Self {
                skew: step,
                step: Some(step),
                proof: step * 5,
                attempt: step * 3,
                approvals: [step * 10, step * 2],
                block: step * 8,
                windows: [2, 6, 4].map(|it| step * it),
            };
        }
        // Where time passes by itself, no window is to end in the middle of a test.
        let scale: u64 = if world.time_flies() { 1_440 } else { 1 };
        Self {
            skew: SKEW,
            step: None,
            // None that a test could meet again is past before it ends.
            proof: HOUR * 1_000,
            attempt: Duration::from_millis(300_500),
            approvals: [HOUR / 4, Duration::ZERO],
            block: Duration::from_secs(1_500),
            windows: [60, 3_600, 120].map(|it| Duration::from_secs(it * scale)),
        }
    }

    /// The last multiple of a step, or just the time.
    fn begins(&self, now: Timestamp) -> Timestamp {
        let into = self.step.map_or(0, |step| into(now, step));
        now - Duration::from_millis(into)
    }

    /// When a settlement or a start may be made: as far from all ends as it takes.
    fn wait(&self, world: &impl World) {
        let Some(step) = self.step else { return };
        let margin = u64::try_from(margin(step).as_millis()).unwrap();
        let length = u64::try_from(step.as_millis()).unwrap();
        let into = into(world.now(), step);
        if into < margin {
            world.pass(Duration::from_millis(margin - into));
        } else if into > 2 * margin {
            world.pass(Duration::from_millis(length - into + margin));
        }
    }

    /// Whether what was begun then was done before anything could end: if not, nobody knows what
    /// its answer should be, and everything is done again.
    fn in_time(&self, world: &impl World, since: Timestamp) -> Result<(), TestCaseError> {
        let took = world.now().saturating_since(since);
        match self.step {
            Some(step) if took >= margin(step) => {
                let why = format!("{took:?} is too long");
                Err(TestCaseError::reject(why))
            }
            _ => Ok(()),
        }
    }
}

/// Calls begin so long after a multiple of a step, or up to twice that, and take no longer.
fn margin(step: Duration) -> Duration {
    step * 3 / 10
}

fn into(now: Timestamp, step: Duration) -> u64 {
    now.unix_millis() % u64::try_from(step.as_millis()).unwrap()
}

/// For the whole life, of two windows, of one that ends; the last shares the name of the second.
fn budget<W: World>(
    desk: &Desk<'_, W>,
    pace: &Pace,
    number: usize,
    amount: i64,
    ends: Timestamp,
) -> Spend {
    let window = |index: usize| BudgetShape::new(Some(pace.windows[index]), &Measure::Uses);
    let whole = BudgetShape::new(None, &Measure::Uses);
    let (name, shape, cap, ends) = [
        ("life", whole, 12, None),
        ("minute", window(0), 7, None),
        ("hour", window(1), 9, None),
        ("block", whole, 8, Some(ends)),
        ("minute", window(2), 7, None),
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
    let commands = prop::collection::vec(command(5, 4), 1..120);
    let run = |commands: Vec<Command>| run(world, &commands, &restart, remembers);
    TestRunner::new(config).run(&commands, run).unwrap();
}

/// The same where each step takes real time, in all worlds at once. A start forgets everything.
#[cfg(feature = "redis")]
pub(crate) fn compare_with_the_model_in_steps<W: World + Sync>(worlds: &[W]) {
    use proptest::strategy::ValueTree as _;

    const TRIES: usize = 4;
    let commands = prop::collection::vec(command(25, 1), 50..70);
    let compare = |world: &W| {
        let mut runner = TestRunner::new(Config::default());
        let commands = commands.new_tree(&mut runner).unwrap().current();
        for _ in 0..TRIES {
            match run(world, &commands, &|_| world.start(), false) {
                Ok(()) => return,
                Err(TestCaseError::Reject(why)) => eprintln!("done again: {why}"),
                Err(failed) => panic!("{failed}, in {commands:?}"),
            }
        }
        panic!("this machine is too slow");
    };
    std::thread::scope(|scope| {
        for world in worlds {
            scope.spawn(|| compare(world));
        }
    });
}

fn run<W: World>(
    world: &W,
    commands: &[Command],
    restart: &impl Fn(W::Ledger) -> W::Ledger,
    remembers: bool,
) -> Result<(), TestCaseError> {
    let pace = Pace::of(world);
    pace.wait(world);
    let start = world.now();
    let mut desk = Desk::open(world);
    pace.in_time(world, start)?;
    let ended = pace.step.map_or(Ends::WithItsSecond, |_| Ends::AtOnce);
    let mut model = Model::started_at(world.now(), false, ended);
    let old = pace.begins(world.now());
    let ends = old + pace.block;
    let mut shared: HashMap<u64, Timestamp> = HashMap::new();
    if !world.time_flies() || pace.step.is_some() {
        world.pass(pace.skew + Duration::from_secs(1));
    }
    let mut settled: Vec<(Settlement, Receipt, Receipt)> = Vec::new();
    for command in commands {
        pace.wait(world);
        let now = world.now();
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
                wanted.skew = pace.skew;
                let made = if world.time_flies() && pace.step.is_none() {
                    desk.fresh()
                } else {
                    pace.begins(now)
                };
                wanted.proof.issued = made;
                if let Some(proof) = proof {
                    wanted.proof.key = desk.key("shared proof", *proof);
                    wanted.proof.issued = *shared.entry(*proof).or_insert(made);
                }
                if *old_proof {
                    wanted.proof.issued = old;
                }
                wanted.proof.until = match pace.step {
                    Some(_) => wanted.proof.issued + pace.proof,
                    None => now + pace.proof,
                };
                wanted.attempt.key = desk.key("shared attempt", *attempt);
                wanted.attempt.content = desk.key("shared content", *content);
                wanted.attempt.until = pace.begins(now) + pace.attempt;
                wanted.approvals = approvals
                    .iter()
                    .map(|number| desk.approval(*number))
                    .collect();
                let [first, each] = pace.approvals;
                for (approval, number) in wanted.approvals.iter_mut().zip(approvals) {
                    approval.until = old + first + each * u32::try_from(*number).unwrap();
                }
                for (number, amount) in spends {
                    let spend = budget(&desk, &pace, *number, *amount, ends);
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
                pace.in_time(world, now)?;
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
                let Some((settlement, ours, theirs)) = settled.iter().rev().nth(*number) else {
                    continue;
                };
                let refund = desk.refund_of(settlement, *ours);
                let expected = model.refund(&desk.refund_of(settlement, *theirs));
                let expected = expected.map(|back| back.iter().map(|(_, amount)| amount).sum());
                let found = desk.refund(&refund);
                pace.in_time(world, now)?;
                prop_assert_eq!(found, expected, "{:?}", command);
            }
            Command::Pass(seconds) => world.pass(match pace.step {
                Some(step) => step * u32::try_from(1 + seconds % 3).unwrap(),
                None if world.time_flies() => MILLISECOND,
                None => Duration::from_secs(*seconds),
            }),
            Command::Restart(seconds) => {
                desk.ledger = restart(desk.ledger);
                pace.in_time(world, now)?;
                model.restart(world.now(), remembers);
                if !world.time_flies() {
                    world.pass(Duration::from_secs(*seconds));
                }
            }
        }
    }
    Ok(())
}
