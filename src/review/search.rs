//! A case that makes a formula true, or that there is none.

use super::case::Case;
use super::effort::{Exhausted, Steps};
use super::formula::Formula;
use super::literal::Literal;
use super::theory;

/// A case that makes the formula true, if there is one.
///
/// A model of the literals that are certain is built first. Where it makes a disjunction false,
/// that one is split; the others cost nothing. Each branch also takes for granted that the ones
/// before it are not so, so that no part of the space is searched twice.
pub(super) fn find<'a>(
    formula: &Formula<'a>,
    steps: &mut Steps,
) -> Result<Option<Case>, Exhausted> {
    let mut open = vec![Branch::default().with(formula)];
    while let Some(branch) = open.pop() {
        steps.take(1 + branch.certain.len())?;
        let Some(case) = theory::model(&branch.certain, steps)? else {
            continue;
        };
        let is_false = |any: &&[Formula<'a>]| !any.iter().any(|one| one.is_true_of(&case));
        steps.take(branch.split.iter().map(|any| any.len()).sum())?;
        match branch.split.iter().position(is_false) {
            None => return Ok(Some(case)),
            Some(index) => {
                let sides = branch.split.get(index).map_or(0, |any| any.len());
                let size = branch.certain.len().saturating_add(branch.split.len());
                // What is copied is paid for too, so that the effort bounds the memory.
                steps.take(sides.saturating_mul(size))?;
                open.extend(branch.split_at(index));
            }
        }
    }
    Ok(None)
}

/// A conjunction: what is certain, and what is still to be split.
#[derive(Clone, Default)]
struct Branch<'f, 'a> {
    certain: Vec<Literal<'a>>,
    split: Vec<&'f [Formula<'a>]>,
}

impl<'f, 'a> Branch<'f, 'a> {
    /// And this.
    fn with(mut self, formula: &'f Formula<'a>) -> Self {
        match formula {
            Formula::Is(literal) => self.certain.push(*literal),
            Formula::All(all) => return all.iter().fold(self, Self::with),
            Formula::Any(any) => match any.as_slice() {
                [one] => return self.with(one),
                any => self.split.push(any),
            },
        }
        self
    }

    /// One branch for each side of a disjunction, the first one last, as it is popped first.
    fn split_at(mut self, index: usize) -> Vec<Self> {
        let sides = self.split.remove(index);
        let mut branches = Vec::with_capacity(sides.len());
        for side in sides {
            branches.push(self.clone().with(side));
            // From here on, not that side.
            if let Formula::Is(literal) = side
                && let Formula::Is(opposite) = literal.negation()
            {
                self.certain.push(opposite);
            }
        }
        branches.reverse();
        branches
    }
}
