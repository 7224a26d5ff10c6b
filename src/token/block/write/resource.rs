//! Resource patterns.

use super::chain::Chain;
use super::test::affixes;
use crate::scope::{ResourcePattern, SegmentPattern, Tail};
use crate::token::block::words::fact;
use crate::token::datalog::{Binary, Items, Sink, Term, Unary};

/// Literal segments as a list of texts.
pub(super) struct Literals<'a>(&'a [SegmentPattern]);

impl Items for Literals<'_> {
    fn visit(&self, each: &mut dyn FnMut(Term<'_>)) {
        for segment in self.0 {
            if let SegmentPattern::Literal(literal) = segment {
                each(Term::Text(literal.as_str()));
            }
        }
    }
}

/// The segments, if the pattern names one resource.
pub(super) fn exact(pattern: &ResourcePattern) -> Option<Literals<'_>> {
    let exact = pattern.tail() == Tail::Closed && pattern.segments().iter().all(is_literal);
    exact.then_some(Literals(pattern.segments()))
}

/// The parts that must all hold of `$resource`: its length first, so that what follows finds its segments.
pub(super) fn parts<S: Sink>(sink: &mut S, chain: &mut Chain, pattern: &ResourcePattern) {
    if let Some(literals) = exact(pattern) {
        return chain.part(sink, |sink| list(sink, Binary::StrictEqual, &literals));
    }
    let segments = pattern.segments();
    chain.part(sink, |sink| {
        sink.value(Term::Variable(fact::RESOURCE));
        sink.unary(Unary::Length);
        sink.value(Term::Integer(segments.len() as i64));
        sink.binary(match pattern.tail() {
            Tail::Closed => Binary::StrictEqual,
            Tail::Open => Binary::Greater,
        });
    });
    let first = segments
        .iter()
        .take_while(|segment| is_literal(segment))
        .count();
    let last = match pattern.tail() {
        Tail::Closed => segments
            .iter()
            .rev()
            .take_while(|segment| is_literal(segment))
            .count(),
        Tail::Open => 0,
    };
    let (head, rest) = segments.split_at_checked(first).unwrap_or_default();
    let (middle, tail) = rest
        .split_at_checked(rest.len().saturating_sub(last))
        .unwrap_or_default();
    if !head.is_empty() {
        chain.part(sink, |sink| list(sink, Binary::StartsWith, &Literals(head)));
    }
    for (index, segment) in middle.iter().enumerate() {
        self::segment(sink, chain, first + index, segment);
    }
    if !tail.is_empty() {
        chain.part(sink, |sink| list(sink, Binary::EndsWith, &Literals(tail)));
    }
}

fn segment<S: Sink>(sink: &mut S, chain: &mut Chain, index: usize, segment: &SegmentPattern) {
    let value = |sink: &mut S| {
        sink.value(Term::Variable(fact::RESOURCE));
        sink.value(Term::Integer(index as i64));
        sink.binary(Binary::Get);
    };
    match segment {
        SegmentPattern::Any => {}
        SegmentPattern::Literal(literal) => chain.part(sink, |sink| {
            value(sink);
            sink.value(Term::Text(literal.as_str()));
            sink.binary(Binary::Equal);
        }),
        SegmentPattern::Affix(affix) => affixes(sink, chain, affix, value),
    }
}

fn list<S: Sink>(sink: &mut S, operator: Binary, literals: &Literals<'_>) {
    sink.value(Term::Variable(fact::RESOURCE));
    sink.value(Term::List(literals));
    sink.binary(operator);
}

fn is_literal(segment: &SegmentPattern) -> bool {
    matches!(segment, SegmentPattern::Literal(_))
}
