//! How much work a question may cost.

/// How much work a question may cost, in small steps: past it the answer is "undecided", never a
/// guess.
///
/// ```
/// use bailiwick::review::Effort;
/// assert!(Effort::steps(1_000) < Effort::default());
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Effort(u64);

impl Effort {
    /// At most so many steps.
    pub const fn steps(steps: u64) -> Self {
        Self(steps)
    }

    /// What each of so many equal shares has.
    pub(crate) fn share(self, among: usize) -> Self {
        let among = u64::try_from(among).unwrap_or(u64::MAX).max(1);
        Self(self.0 / among)
    }
}

/// Enough for every scope that people write, and spent in less than two seconds.
impl Default for Effort {
    fn default() -> Self {
        Self(10_000_000)
    }
}

/// What is left of the effort while a question is worked on.
#[derive(Debug)]
pub(super) struct Steps {
    left: u64,
    /// Whether a part of the space was passed over, so that "there is none" cannot be said.
    gaps: bool,
}

/// Nothing is left.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Exhausted;

impl Steps {
    pub(super) fn new(effort: Effort) -> Self {
        Self {
            left: effort.0,
            gaps: false,
        }
    }

    /// Begins another question, with what is left.
    pub(super) fn begin(&mut self) {
        self.gaps = false;
    }

    /// Takes so many steps.
    pub(super) fn take(&mut self, steps: usize) -> Result<(), Exhausted> {
        let steps = u64::try_from(steps).unwrap_or(u64::MAX);
        self.left = self.left.checked_sub(steps).ok_or(Exhausted)?;
        Ok(())
    }

    /// Notes that something was passed over.
    pub(super) fn leave_gap(&mut self) {
        self.gaps = true;
    }

    /// Whether nothing was passed over.
    pub(super) fn is_exhaustive(&self) -> bool {
        !self.gaps
    }
}
