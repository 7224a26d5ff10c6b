//! Resource patterns.

use super::place::{compared, length, tagged, texts};
use crate::action::{Resource, Segment};
use crate::scope::{ResourcePattern, SegmentPattern, Tail, TextPattern};
use crate::token::datalog::{Binary, Expr, SymbolTable, Value};

/// A pattern of literal segments only.
pub(super) fn exact<'a>(list: Value<'a>, symbols: &'a SymbolTable) -> Option<ResourcePattern> {
    ResourcePattern::new(literals(list, symbols)?, Tail::Closed).ok()
}

/// The pattern of which `parts` speak, all of `$resource`.
pub(super) fn pattern<'a>(
    parts: &[Expr<'_, 'a>],
    symbols: &'a SymbolTable,
) -> Option<ResourcePattern> {
    let (first, rest) = parts.split_first()?;
    let (subject, constant) = first
        .binary(Binary::StrictEqual)
        .or_else(|| first.binary(Binary::Greater))?;
    if length(subject).is_none() {
        return exact(constant.value()?, symbols);
    }
    let tail = if first.binary(Binary::Greater).is_some() {
        Tail::Open
    } else {
        Tail::Closed
    };
    let count = usize::try_from(constant.value()?.integer()?).ok()?;
    if count > Resource::MAX_SEGMENTS {
        return None;
    }
    let mut segments = vec![SegmentPattern::Any; count];
    for part in rest {
        add(&mut segments, *part, symbols)?;
    }
    ResourcePattern::new(segments, tail).ok()
}

fn add<'a>(
    segments: &mut [SegmentPattern],
    part: Expr<'_, 'a>,
    symbols: &'a SymbolTable,
) -> Option<()> {
    let (operator, left, right) = part.any_binary()?;
    if operator == Binary::Greater {
        // The length of an affix says nothing that the affix does not.
        return compared(part, Binary::Greater).map(|_| ());
    }
    let constant = right.value()?;
    let Some((_, index)) = tagged(left) else {
        let literals = literals(constant, symbols)?;
        let start = match operator {
            Binary::StartsWith => 0,
            Binary::EndsWith => segments.len().checked_sub(literals.len())?,
            _ => return None,
        };
        let run = segments.get_mut(start..)?.get_mut(..literals.len())?;
        run.clone_from_slice(&literals);
        return Some(());
    };
    let slot = segments.get_mut(usize::try_from(index).ok()?)?;
    let text = constant.text()?;
    *slot = match operator {
        Binary::Equal => SegmentPattern::Literal(Segment::parse(text).ok()?),
        Binary::StartsWith => SegmentPattern::Affix(TextPattern::new(text, "").ok()?),
        Binary::EndsWith => {
            let prefix = if let SegmentPattern::Affix(affix) = &*slot {
                affix.prefix()
            } else {
                ""
            };
            SegmentPattern::Affix(TextPattern::new(prefix, text).ok()?)
        }
        _ => return None,
    };
    Some(())
}

fn literals<'a>(list: Value<'a>, symbols: &'a SymbolTable) -> Option<Vec<SegmentPattern>> {
    texts(list, symbols)?
        .map(|text| Some(SegmentPattern::Literal(Segment::parse(text?).ok()?)))
        .collect()
}
