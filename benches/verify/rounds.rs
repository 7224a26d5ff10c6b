//! Ratios on a machine that others use too: everything is measured in many short rounds, one after
//! the other, and each round is compared with itself.

use std::hint::black_box;
use std::time::{Duration, Instant};

/// How long one subject runs in one round.
const TURN: Duration = Duration::from_micros(500);
const ROUNDS: usize = 301;

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

    /// The median over all rounds of this subject's time divided by `other`'s.
    pub(crate) fn ratio(&self, other: &Self) -> f64 {
        let pairs = self.nanoseconds.iter().zip(&other.nanoseconds);
        median(pairs.map(|(own, other)| own / other).collect())
    }

    fn turn(&mut self) -> f64 {
        let start = Instant::now();
        for _ in 0..self.repeats {
            (self.run)();
        }
        start.elapsed().as_nanos() as f64 / f64::from(self.repeats)
    }

    /// Warms up, and finds out how often it fits into a turn.
    fn prepare(&mut self) {
        while self.turn() * f64::from(self.repeats) < TURN.as_nanos() as f64 {
            self.repeats *= 2;
        }
    }
}

/// Measures the subjects, turn by turn.
pub(crate) fn measure(subjects: &mut [Subject<'_>]) {
    subjects.iter_mut().for_each(Subject::prepare);
    for _ in 0..ROUNDS {
        for subject in &mut *subjects {
            let time = subject.turn();
            subject.nanoseconds.push(time);
        }
    }
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}
