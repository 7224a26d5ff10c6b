//! Ratios on a machine that others use too: everything is measured in many short rounds, turn by
//! turn, and medians are compared.
//!
//! Where the operands of Ed25519 happen to lie on the stack makes it slower by up to a fifth, and
//! another build puts them elsewhere. So everything runs at many places of the stack, equally often.

use std::hint::black_box;
use std::time::{Duration, Instant};

/// How long one subject runs in one round.
const TURN: Duration = Duration::from_micros(250);
const ROUNDS: usize = 1024;
/// So many places of the stack, over the 4 KiB after which addresses look alike to a processor.
const PLACES: usize = 64;
const PERIOD: usize = 4096;

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

    /// The time of one run: the median at each place, and the mean of these.
    pub(crate) fn nanoseconds(&self) -> f64 {
        let at = |place| self.nanoseconds.iter().skip(place).step_by(PLACES);
        let medians = (0..PLACES).map(|place| median(at(place).copied().collect()));
        medians.sum::<f64>() / PLACES as f64
    }

    /// How many times as long as `other` it takes.
    pub(crate) fn ratio(&self, other: &Self) -> f64 {
        self.nanoseconds() / other.nanoseconds()
    }

    fn turn(&mut self, place: usize) -> f64 {
        further_down(None, place * PERIOD / PLACES, &mut || {
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
            let time = subject.turn(round % PLACES);
            subject.nanoseconds.push(time);
        }
    }
}

/// Runs so many bytes below the first call's place on the stack.
#[inline(never)]
fn further_down(first: Option<usize>, bytes: usize, run: &mut dyn FnMut() -> f64) -> f64 {
    let here = black_box([0_u8; 16]);
    let place = black_box(&here).as_ptr().addr();
    let first = first.unwrap_or(place);
    let result = if first.abs_diff(place) >= bytes {
        run()
    } else {
        further_down(Some(first), bytes, run)
    };
    // After the call, so that each call has room of its own.
    black_box(&here);
    result
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}
