//! Ratios on a machine that others use too: everything is measured in many short rounds, turn by
//! turn, and medians are compared.

use std::hint::black_box;
use std::time::{Duration, Instant};

/// How long one subject runs in one round.
const TURN: Duration = Duration::from_micros(250);
const ROUNDS: usize = 1024;
/// At so many depths of the stack.
const DEPTHS: usize = 64;

/// Something to be measured.
pub(crate) struct Subject<'a> {
    run: Box<dyn FnMut() + 'a>,
    repeats: u32,
    nanoseconds: Vec<f64>,
}

impl<'a> Subject<'a> {
    pub(crate) fn new<T>(mut run: impl FnMut() -> T + 'a) -> Self {
        Self {
            run: Box::new(move || drop(black_box(run()))),
            repeats: 1,
            nanoseconds: Vec::with_capacity(ROUNDS),
        }
    }

    /// The median time of one run.
    pub(crate) fn nanoseconds(&self) -> f64 {
        median(self.nanoseconds.clone())
    }

    /// How many times as long as `other` it takes: median by median.
    pub(crate) fn ratio(&self, other: &Self) -> f64 {
        self.nanoseconds() / other.nanoseconds()
    }

    fn turn(&mut self, depth: usize) -> f64 {
        at_depth(depth, &mut || {
            // What ran before has taken the caches.
            (self.run)();
            let start = Instant::now();
            for _ in 0..self.repeats {
                (self.run)();
            }
            start.elapsed().as_nanos() as f64 / f64::from(self.repeats)
        })
    }

    /// Warms up, and finds out how often it fits into a turn.
    fn prepare(&mut self) {
        while self.turn(0) * f64::from(self.repeats) < TURN.as_nanos() as f64 {
            self.repeats *= 2;
        }
    }
}

/// Measures the subjects, turn by turn.
pub(crate) fn measure(subjects: &mut [Subject<'_>]) {
    subjects.iter_mut().for_each(Subject::prepare);
    for round in 0..ROUNDS {
        for subject in &mut *subjects {
            let time = subject.turn(round % DEPTHS);
            subject.nanoseconds.push(time);
        }
    }
}

/// Runs at another depth of the stack. Where its operands lie makes Ed25519 faster or slower by a
/// tenth, and another build puts them elsewhere.
#[inline(never)]
fn at_depth(depth: usize, run: &mut dyn FnMut() -> f64) -> f64 {
    let padding = black_box([0_u8; 16]);
    let result = if depth == 0 {
        run()
    } else {
        at_depth(depth - 1, run)
    };
    black_box(&padding);
    result
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}
