//! Comparisons of one value with constants: what strict and doubtful matching share.

use super::chain::Chain;
use super::place::Place;
use crate::scope::{Bounds, Choices, IntRange, Label, Scalar, ScalarType, TextPattern};
use crate::token::block::words::{NUMBER_KEY, fact, kind};
use crate::token::datalog::{Binary, Sink, Term, Unary};

/// `… >= min`, `… <= max`.
pub(super) fn int_range<S: Sink>(
    sink: &mut S,
    chain: &mut Chain,
    range: &IntRange,
    value: impl Fn(&mut S),
) {
    let mut limit = |operator, limit: Option<i64>| {
        if let Some(limit) = limit {
            chain.part(sink, |sink| {
                value(sink);
                sink.value(Term::Integer(limit));
                sink.binary(operator);
            });
        }
    };
    limit(Binary::GreaterOrEqual, range.min());
    limit(Binary::LessOrEqual, range.max());
}

/// The length of the value, which is known to have one. A least length of 0 is left out beside a greatest.
pub(super) fn bounds<S: Sink>(sink: &mut S, chain: &mut Chain, bounds: &Bounds, place: Place<'_>) {
    if bounds.min() > 0 || bounds.max().is_none() {
        chain.part(sink, |sink| {
            place.length(sink, Binary::GreaterOrEqual, bounds.min().into())
        });
    }
    if let Some(max) = bounds.max() {
        chain.part(sink, |sink| {
            place.length(sink, Binary::LessOrEqual, max.into())
        });
    }
}

/// A text with a prefix, one or more bytes, and a suffix, of which not both are empty: an error if it is no text.
pub(super) fn affixes<S: Sink>(
    sink: &mut S,
    chain: &mut Chain,
    pattern: &TextPattern,
    value: impl Fn(&mut S),
) {
    let mut affix = |operator, text: &str| {
        if !text.is_empty() {
            chain.part(sink, |sink| {
                value(sink);
                sink.value(Term::Text(text));
                sink.binary(operator);
            });
        }
    };
    affix(Binary::StartsWith, pattern.prefix());
    affix(Binary::EndsWith, pattern.suffix());
    chain.part(sink, |sink| {
        value(sink);
        sink.unary(Unary::Length);
        sink.value(Term::Integer(
            (pattern.prefix().len() + pattern.suffix().len()) as i64,
        ));
        sink.binary(Binary::Greater);
    });
}

/// Whether the pattern is a lone `*`.
pub(super) fn is_any_text(pattern: &TextPattern) -> bool {
    pattern.prefix().is_empty() && pattern.suffix().is_empty()
}

/// `$seen.get("label")`
pub(super) fn noted<S: Sink>(sink: &mut S, label: &Label) {
    sink.value(Term::Variable(fact::SEEN));
    sink.value(Term::Text(label.as_str()));
    sink.binary(Binary::Get);
}

/// Whether anything was noted under the label, or nothing.
pub(super) fn noted_kind<S: Sink>(sink: &mut S, label: &Label, operator: Binary) {
    noted(sink, label);
    sink.unary(Unary::TypeOf);
    sink.value(Term::Text(kind::LIST));
    sink.binary(operator);
}

/// `$seen.get("label").contains(…)`
pub(super) fn is_noted<S: Sink>(sink: &mut S, label: &Label, place: Place<'_>) {
    noted(sink, label);
    place.value(sink);
    sink.binary(Binary::Contains);
}

/// `[…].contains(…)`
pub(super) fn one_of<S: Sink>(sink: &mut S, choices: &Choices, place: Place<'_>) {
    sink.value(Term::List(&choices.as_slice()));
    place.value(sink);
    sink.binary(Binary::Contains);
}

/// How the type of a scalar shows.
pub(super) enum Shape {
    /// `.type()` says it.
    Plain(&'static str),
    /// A map with this integer key, to a value of this type.
    Tagged(i64, &'static str),
}

impl From<ScalarType> for Shape {
    fn from(scalar: ScalarType) -> Self {
        match scalar {
            ScalarType::Bool => Self::Plain(kind::BOOL),
            ScalarType::Int => Self::Plain(kind::INTEGER),
            ScalarType::Text => Self::Plain(kind::TEXT),
            ScalarType::Bytes => Self::Plain(kind::BYTES),
            ScalarType::Decimal(scale) => Self::Tagged(scale.into(), kind::INTEGER),
            ScalarType::Number => Self::Tagged(NUMBER_KEY, kind::TEXT),
        }
    }
}

/// What a tagged map holds under its key.
pub(super) fn tagged<S: Sink>(sink: &mut S, place: Place<'_>, key: i64) {
    place.compare(sink, Binary::Get, Term::Integer(key));
}

/// Two parts: that the value is a map, or is not; and that it holds a value of `kind` under `key`, or does not.
pub(super) fn tagged_kind<S: Sink>(
    sink: &mut S,
    chain: &mut Chain,
    place: Place<'_>,
    key: i64,
    kind_inside: &str,
    operator: Binary,
) {
    chain.part(sink, |sink| place.kind(sink, operator, kind::MAP));
    chain.part(sink, |sink| {
        tagged(sink, place, key);
        sink.unary(Unary::TypeOf);
        sink.value(Term::Text(kind_inside));
        sink.binary(operator);
    });
}

impl<'a> From<&'a Scalar> for Term<'a> {
    fn from(scalar: &'a Scalar) -> Self {
        match scalar {
            Scalar::Bool(truth) => Term::Bool(*truth),
            Scalar::Int(integer) => Term::Integer(*integer),
            Scalar::Decimal(decimal) => Term::Decimal(decimal.scale(), decimal.units()),
            Scalar::Number(number) => Term::Number(number.as_str()),
            Scalar::Text(text) => Term::Text(text),
            Scalar::Bytes(bytes) => Term::Bytes(bytes),
        }
    }
}
