//! Whether a matcher can hold for what a catalog says of a value.

use super::context::Context;
use crate::catalog::Type;
use crate::manifest::ParameterType;
use crate::manifest::slot::Slot;
use crate::manifest::template::MatcherTemplate;
use crate::scope::{Matcher, Scalar};

/// How many of several constants must be possible.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Choice {
    /// One that can never be is a slip, even beside others.
    All,
    /// One that can be is enough to match.
    Any,
}

/// Whether some value of a catalog's type satisfies a matcher.
pub(super) fn can_match(
    kind: &Type,
    matcher: &MatcherTemplate,
    choice: Choice,
    context: &Context<'_, '_>,
) -> bool {
    if *kind == Type::Any {
        return true;
    }
    let can_be = |constant: &Slot<Scalar>| can_be(kind, constant, choice, context);
    match matcher {
        MatcherTemplate::Equals(constant) => can_be(constant),
        MatcherTemplate::OneOf(constants) => choice.of(constants, can_be),
        MatcherTemplate::Int(_) => is_integer(kind),
        MatcherTemplate::Decimal(scale, _) => *kind == Type::Decimal(*scale),
        MatcherTemplate::Noted { .. } => is_text(kind),
        MatcherTemplate::Fixed(matcher) => match matcher {
            Matcher::Text(_) | Matcher::TextLength(_) | Matcher::From(_) => is_text(kind),
            Matcher::Count(_) => matches!(kind, Type::List(_)),
            // No catalog has bytes; the other matchers are not of this kind.
            _ => false,
        },
    }
}

impl Choice {
    fn of<T>(self, all: &[T], mut can_be: impl FnMut(&T) -> bool) -> bool {
        match self {
            Self::All => all.iter().all(can_be),
            Self::Any => all.iter().any(&mut can_be),
        }
    }
}

fn can_be(kind: &Type, constant: &Slot<Scalar>, choice: Choice, context: &Context<'_, '_>) -> bool {
    match constant {
        Slot::Fixed(Scalar::Text(text)) => match kind {
            Type::Enum(values) => values.contains(text),
            kind => is_text(kind),
        },
        Slot::Fixed(Scalar::Int(_)) => is_integer(kind),
        Slot::Fixed(Scalar::Bool(_)) => *kind == Type::Boolean,
        Slot::Fixed(Scalar::Decimal(decimal)) => *kind == Type::Decimal(decimal.scale()),
        Slot::Fixed(Scalar::Number(_)) => *kind == Type::Number,
        Slot::Fixed(Scalar::Bytes(_)) => false,
        // What is undeclared was noted.
        Slot::Parameter(name) => context.kind_of(name).is_none_or(|own| match own {
            ParameterType::Segment | ParameterType::Text { .. } => is_text(kind),
            ParameterType::Enum { values } => match kind {
                Type::Enum(known) => choice.of(values, |value| known.contains(value)),
                kind => is_text(kind),
            },
            ParameterType::Integer { .. } => is_integer(kind),
            ParameterType::Decimal { scale, .. } => *kind == Type::Decimal(*scale),
            ParameterType::Boolean => *kind == Type::Boolean,
        }),
    }
}

fn is_text(kind: &Type) -> bool {
    matches!(kind, Type::Text | Type::Enum(_) | Type::Path)
}

/// Days and times are integers once they are read; a number may be one.
pub(super) fn is_integer(kind: &Type) -> bool {
    matches!(
        kind,
        Type::Integer | Type::Number | Type::Date | Type::DateTime(_)
    )
}
