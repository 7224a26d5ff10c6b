//! Patterns of deny entries and requirements: what is not definitely outside is inside.
//!
//! Each constraint is told by itself, as alternatives: of another type, absent, unknown, or a match.

use super::chain::{Chain, tried};
use super::place::Place;
use super::resource;
use super::test::{
    Shape, affixes, bounds, int_range, is_any_text, is_noted, noted_kind, one_of, tagged,
    tagged_kind,
};
use crate::scope::{Constraint, Matcher, OperationView, Pattern, Presence, Scalar, Step, When};
use crate::token::block::words::{fact, kind};
use crate::token::datalog::{Binary, Sink, Term, Unary};

/// The facts that a pattern reads. `arguments` says whether something else reads the arguments too.
pub(super) fn facts<S: Sink>(sink: &mut S, pattern: &Pattern, arguments: bool) {
    let mut read = |name, is_read| {
        if is_read {
            sink.predicate(name, &[Term::Variable(name)]);
        }
    };
    read(fact::OPERATION, pattern.operation_pattern().is_some());
    read(fact::EFFECT, pattern.effect().is_some());
    read(fact::RESOURCE, pattern.resource_pattern().is_some());
    read(
        fact::ARGUMENTS,
        arguments || !pattern.arguments().is_empty(),
    );
    read(fact::ATTRIBUTES, !pattern.attributes().is_empty());
    let constraints = || pattern.arguments().iter().chain(pattern.attributes());
    read(
        fact::SEEN,
        constraints().any(|constraint| matches!(constraint.matcher(), Matcher::From(_))),
    );
}

/// `!(pattern)`, for a pattern that says something, or applies at some times only.
pub(super) fn outside<S: Sink>(sink: &mut S, pattern: &Pattern, when: When) {
    let chain = &mut Chain::and();
    match pattern
        .operation_pattern()
        .map(|operation| operation.view())
    {
        Some(OperationView::Exact(name)) => {
            chain.part(sink, |sink| {
                compare(sink, fact::OPERATION, Binary::StrictEqual, name)
            });
        }
        Some(OperationView::StartsWith(prefix)) => {
            chain.part(sink, |sink| {
                compare(sink, fact::OPERATION, Binary::StartsWith, prefix)
            });
        }
        None => {}
    }
    if let Some(effect) = pattern.effect() {
        chain.part(sink, |sink| {
            compare(sink, fact::EFFECT, Binary::StrictEqual, effect.as_str())
        });
    }
    if let Some(pattern) = pattern.resource_pattern() {
        resource::parts(sink, chain, pattern);
    }
    let alone = is_one_alternative(pattern, when);
    let trees = [
        (fact::ARGUMENTS, pattern.arguments()),
        (fact::ATTRIBUTES, pattern.attributes()),
    ];
    for (tree, constraints) in trees {
        for constraint in constraints {
            let doubt = Doubt {
                all: constraints,
                constraint,
            };
            doubt.tell(sink, chain, Place::root(tree, constraint.path()), alone);
        }
    }
    if when == When::Tainted {
        chain.part(sink, |sink| sink.value(Term::Variable(fact::TAINTED)));
    }
    sink.unary(Unary::Parens);
    sink.unary(Unary::Negate);
}

/// Whether nothing stands beside one constraint, so that its alternatives need no parentheses.
fn is_one_alternative(pattern: &Pattern, when: When) -> bool {
    pattern.operation_pattern().is_none()
        && pattern.effect().is_none()
        && pattern.resource_pattern().is_none()
        && when == When::Always
        && pattern.arguments().len() + pattern.attributes().len() == 1
}

fn compare<S: Sink>(sink: &mut S, variable: &str, operator: Binary, text: &str) {
    sink.value(Term::Variable(variable));
    sink.value(Term::Text(text));
    sink.binary(operator);
}

struct Doubt<'c> {
    all: &'c [Constraint],
    constraint: &'c Constraint,
}

impl Doubt<'_> {
    fn tell<S: Sink>(&self, sink: &mut S, chain: &mut Chain, root: Place<'_>, alone: bool) {
        let mut alone = alone;
        if self.if_present() {
            chain.part(sink, |sink| root.has_member(sink));
            alone = false;
        }
        chain.part(sink, |sink| {
            let either = &mut Chain::or();
            self.alternatives(sink, either, root.member());
            if either.is_compound() && !alone {
                sink.unary(Unary::Parens);
            }
        });
    }

    fn if_present(&self) -> bool {
        self.constraint.presence() == Presence::IfPresent
    }

    fn alternatives<S: Sink>(&self, sink: &mut S, either: &mut Chain, place: Place<'_>) {
        match place.next() {
            None => leaf(sink, either, self.constraint.matcher(), place),
            Some(Step::Key(_)) => {
                either.part(sink, |sink| {
                    place.kind(sink, Binary::StrictNotEqual, kind::MAP)
                });
                if self.if_present() {
                    self.present_member(sink, either, place);
                } else {
                    self.alternatives(sink, either, place.member());
                }
            }
            Some(Step::Each) => {
                either.part(sink, |sink| {
                    place.kind(sink, Binary::StrictNotEqual, kind::LIST)
                });
                if self.may_be_empty(place.steps()) {
                    either.part(sink, |sink| place.length(sink, Binary::StrictEqual, 0));
                }
                either.part(sink, |sink| {
                    place.value(sink);
                    sink.closure(Some(place.element_name()), |sink| {
                        self.alternatives(sink, &mut Chain::or(), place.element());
                    });
                    sink.binary(Binary::Any);
                });
            }
        }
    }

    fn present_member<S: Sink>(&self, sink: &mut S, either: &mut Chain, place: Place<'_>) {
        // A decimal is a map too, and lacks the member: it is of another type, which is doubt and not absence.
        either.part(sink, |sink| {
            place.member_keys(sink, Binary::Any, Binary::StrictNotEqual)
        });
        either.part(sink, |sink| {
            place.has_member(sink);
            sink.closure(None, |sink| {
                let inner = &mut Chain::or();
                self.alternatives(sink, inner, place.member());
                if inner.is_compound() {
                    sink.unary(Unary::Parens);
                }
            });
            sink.binary(Binary::And);
        });
    }

    /// Whether the same pattern counts this list and allows 0.
    fn may_be_empty(&self, list: &[Step]) -> bool {
        self.all.iter().any(|other| match other.matcher() {
            Matcher::Count(bounds) => bounds.contains(0) && other.path().steps() == list,
            _ => false,
        })
    }
}

fn leaf<S: Sink>(sink: &mut S, either: &mut Chain, matcher: &Matcher, place: Place<'_>) {
    let no_kind = |sink: &mut S, kind| place.kind(sink, Binary::StrictNotEqual, kind);
    match matcher {
        Matcher::Equals(scalar) => equals(sink, either, scalar, place),
        Matcher::OneOf(choices) => {
            match choices.scalar_type().map(Shape::from) {
                Some(Shape::Tagged(key, kind)) => {
                    tagged_kind(sink, either, place, key, kind, Binary::StrictNotEqual);
                }
                Some(Shape::Plain(kind)) => either.part(sink, |sink| no_kind(sink, kind)),
                None => {}
            }
            either.part(sink, |sink| one_of(sink, choices, place));
        }
        Matcher::Int(range) => either.part(sink, |sink| {
            tried(sink, true, |sink| {
                int_range(sink, &mut Chain::and(), range, |sink| place.value(sink))
            });
        }),
        Matcher::Decimal(range) => {
            let key = range.scale().into();
            tagged_kind(
                sink,
                either,
                place,
                key,
                kind::INTEGER,
                Binary::StrictNotEqual,
            );
            either.part(sink, |sink| {
                int_range(sink, &mut Chain::and(), range.units(), |sink| {
                    tagged(sink, place, key)
                });
            });
        }
        Matcher::Text(pattern) if is_any_text(pattern) => {
            either.part(sink, |sink| no_kind(sink, kind::TEXT));
            either.part(sink, |sink| place.length(sink, Binary::Greater, 0));
        }
        Matcher::Text(pattern) => either.part(sink, |sink| {
            tried(sink, true, |sink| {
                affixes(sink, &mut Chain::and(), pattern, |sink| place.value(sink))
            });
        }),
        Matcher::TextLength(length) => {
            either.part(sink, |sink| no_kind(sink, kind::TEXT));
            either.part(sink, |sink| bounds(sink, &mut Chain::and(), length, place));
        }
        Matcher::BytesLength(length) => {
            either.part(sink, |sink| no_kind(sink, kind::BYTES));
            either.part(sink, |sink| bounds(sink, &mut Chain::and(), length, place));
        }
        Matcher::Count(count) => {
            either.part(sink, |sink| no_kind(sink, kind::LIST));
            either.part(sink, |sink| bounds(sink, &mut Chain::and(), count, place));
        }
        Matcher::From(label) => {
            either.part(sink, |sink| noted_kind(sink, label, Binary::StrictNotEqual));
            either.part(sink, |sink| no_kind(sink, kind::TEXT));
            either.part(sink, |sink| is_noted(sink, label, place));
        }
    }
}

fn equals<S: Sink>(sink: &mut S, either: &mut Chain, scalar: &Scalar, place: Place<'_>) {
    let (key, inside, constant) = match scalar {
        Scalar::Decimal(decimal) => (
            decimal.scale().into(),
            kind::INTEGER,
            Term::Integer(decimal.units()),
        ),
        Scalar::Number(number) => (
            crate::token::block::words::NUMBER_KEY,
            kind::TEXT,
            Term::Text(number.as_str()),
        ),
        plain => {
            return either.part(sink, |sink| {
                tried(sink, true, |sink| {
                    place.compare(sink, Binary::StrictEqual, plain.into())
                });
            });
        }
    };
    tagged_kind(sink, either, place, key, inside, Binary::StrictNotEqual);
    either.part(sink, |sink| {
        tagged(sink, place, key);
        sink.value(constant);
        sink.binary(Binary::StrictEqual);
    });
}
