//! What is asked of one value.

use super::super::super::literal::Reading;
use crate::action::{Value, ValueKind};
use crate::scope::{
    Constraint, EmptyLists, Matcher, Presence, Quantifier, Scalar, Seen, Step, decides,
    is_innermost, next, satisfies,
};

/// What is asked of one value.
#[derive(Clone, Copy)]
pub(super) enum Ask<'a> {
    Sought(Sought<'a>),
    Named(Named<'a>),
}

/// That what is left of a constraint holds here, or does not.
#[derive(Clone, Copy)]
pub(super) struct Sought<'a> {
    pub(super) constraint: &'a Constraint,
    pub(super) empty: EmptyLists,
    pub(super) reading: Reading,
    pub(super) holds: bool,
    /// How many steps of its path are behind.
    pub(super) depth: usize,
}

/// That every member from here on is named by these constraints, or that one is not.
#[derive(Clone, Copy)]
pub(super) struct Named<'a> {
    pub(super) constraints: &'a [Constraint],
    /// The steps to here.
    pub(super) path: &'a [Step],
    pub(super) holds: bool,
}

/// What an ask comes to for the elements of a list that is not empty.
pub(super) enum Each<'a> {
    /// It is settled.
    Is(bool),
    All(Ask<'a>),
    Some(Ask<'a>),
}

impl<'a> Ask<'a> {
    /// Whether the answer depends on what is noted.
    pub(super) fn reads_notes(&self) -> bool {
        match self {
            Self::Sought(it) => matches!(it.constraint.matcher(), Matcher::From(_)),
            Self::Named(_) => false,
        }
    }

    pub(super) fn matcher(&self) -> Option<&'a Matcher> {
        match self {
            Self::Sought(it) => Some(it.constraint.matcher()),
            Self::Named(_) => None,
        }
    }

    /// Whether this value is as asked. It has no parts, and if it is a text, no label is asked for.
    pub(super) fn fits(&self, value: &Value) -> bool {
        match self {
            Self::Sought(it) => it.fits(value),
            // Without members none is unnamed.
            Self::Named(it) => it.holds,
        }
    }

    pub(super) fn fits_empty_list(&self) -> bool {
        match self {
            Self::Named(it) => it.holds,
            Self::Sought(it) => {
                let matches = match (it.step(), it.reading) {
                    (Some(Step::Each), Reading::Strict) => {
                        !it.is_some() && it.empty.match_at(it.depth)
                    }
                    (Some(Step::Each), Reading::Doubt) => it.empty.match_at(it.depth),
                    _ => return it.fits(&Value::List(Vec::new())),
                };
                matches == it.holds
            }
        }
    }

    /// What it comes to for the elements, of which there is one at least; unless it is about the
    /// list itself, which is asked apart.
    pub(super) fn of_elements(&self) -> Each<'a> {
        match self {
            Self::Named(it) => match next(it.constraints, it.path, |step| *step == Step::Each) {
                Some(path) => {
                    let ask = Self::Named(Named { path, ..*it });
                    if it.holds {
                        Each::All(ask)
                    } else {
                        Each::Some(ask)
                    }
                }
                None => Each::Is(it.holds),
            },
            Self::Sought(it) => match it.step() {
                None => Each::Is(true),
                Some(Step::Key(_)) => Each::Is(it.in_doubt() == it.holds),
                Some(Step::Each) => {
                    let one = match it.reading {
                        Reading::Strict => it.is_some(),
                        Reading::Doubt => true,
                    };
                    let ask = Self::Sought(it.deeper());
                    if one == it.holds {
                        Each::Some(ask)
                    } else {
                        Each::All(ask)
                    }
                }
            },
        }
    }

    /// Of which kinds the value is that this speaks of.
    pub(super) fn expects(&self) -> Option<ValueKind> {
        match self {
            Self::Named(it) => match next(it.constraints, it.path, |_| true)?.last()? {
                Step::Key(_) => Some(ValueKind::Object),
                Step::Each => Some(ValueKind::List),
            },
            Self::Sought(it) => Some(match it.step() {
                Some(Step::Key(_)) => ValueKind::Object,
                Some(Step::Each) => ValueKind::List,
                None => expected(it.constraint.matcher()),
            }),
        }
    }
}

impl Sought<'_> {
    pub(super) fn step(&self) -> Option<&Step> {
        self.constraint.path().steps().get(self.depth)
    }

    pub(super) fn deeper(self) -> Self {
        Self {
            depth: self.depth + 1,
            ..self
        }
    }

    /// What is said of a value of another type.
    pub(super) fn in_doubt(&self) -> bool {
        self.reading == Reading::Doubt
    }

    /// Whether it may be absent.
    pub(super) fn fits_absence(&self) -> bool {
        let matches = match self.reading {
            Reading::Strict => self.constraint.presence() == Presence::Optional,
            Reading::Doubt => self.constraint.presence() != Presence::IfPresent,
        };
        matches == self.holds
    }

    fn is_some(&self) -> bool {
        self.reading == Reading::Strict
            && self.constraint.quantifier() == Quantifier::Some
            && is_innermost(self.constraint.path().steps(), self.depth)
    }

    pub(super) fn fits(&self, value: &Value) -> bool {
        let says = match self.step() {
            Some(_) => self.in_doubt(),
            None => says(self.constraint.matcher(), self.reading, value),
        };
        says == self.holds
    }
}

/// What a matcher says of a value, for which nothing is noted.
fn says(matcher: &Matcher, reading: Reading, value: &Value) -> bool {
    let seen = Seen::new();
    let in_doubt = reading == Reading::Doubt && !decides(matcher, value, &seen);
    in_doubt || satisfies(matcher, value, &seen)
}

fn expected(matcher: &Matcher) -> ValueKind {
    let scalar = |scalar: &Scalar| match scalar {
        Scalar::Bool(_) => ValueKind::Bool,
        Scalar::Int(_) => ValueKind::Integer,
        Scalar::Decimal(_) => ValueKind::Decimal,
        Scalar::Number(_) => ValueKind::Number,
        Scalar::Text(_) => ValueKind::Text,
        Scalar::Bytes(_) => ValueKind::Bytes,
    };
    match matcher {
        Matcher::Equals(constant) => scalar(constant),
        Matcher::OneOf(choices) => choices.as_slice().first().map_or(ValueKind::Text, scalar),
        Matcher::Int(_) => ValueKind::Integer,
        Matcher::Decimal(_) => ValueKind::Decimal,
        Matcher::Text(_) | Matcher::TextLength(_) | Matcher::From(_) => ValueKind::Text,
        Matcher::BytesLength(_) => ValueKind::Bytes,
        Matcher::Count(_) => ValueKind::List,
    }
}
