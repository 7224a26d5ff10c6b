//! Values without parts: of each class that constraints tell apart, one at least.

use super::super::effort::Steps;
use super::MAX_BYTES;
use crate::action::{Decimal, Value, ValueKind};
use crate::scope::{Bounds, Matcher, Scalar};

/// Values of this kind, such that if any value satisfies some of the matchers and fails the
/// others, one of these does. Texts, lists and objects are none.
pub(super) fn candidates<'a>(
    kind: ValueKind,
    matchers: impl Iterator<Item = &'a Matcher>,
    steps: &mut Steps,
) -> Vec<Value> {
    match kind {
        ValueKind::Null => vec![Value::Null],
        ValueKind::Bool => vec![Value::Bool(true), Value::Bool(false)],
        ValueKind::Integer => ints(matchers).into_iter().map(Value::Int).collect(),
        ValueKind::Decimal => decimals(matchers),
        ValueKind::Number => numbers(matchers),
        ValueKind::Bytes => bytes(matchers, steps),
        ValueKind::Text | ValueKind::List | ValueKind::Object => Vec::new(),
    }
}

/// The least number of an interval between bounds and constants lies beside one of them.
fn ints<'a>(matchers: impl Iterator<Item = &'a Matcher>) -> Vec<i64> {
    let mut bounds = Vec::new();
    for matcher in matchers {
        match matcher {
            Matcher::Int(range) => bounds.extend(range.min().into_iter().chain(range.max())),
            other => bounds.extend(scalars(other).filter_map(|it| match it {
                Scalar::Int(int) => Some(*int),
                _ => None,
            })),
        }
    }
    around(bounds)
}

fn decimals<'a>(matchers: impl Iterator<Item = &'a Matcher>) -> Vec<Value> {
    let of = |matcher: &Matcher| match matcher {
        Matcher::Decimal(range) => {
            let ends = range.units().min().into_iter().chain(range.units().max());
            ends.map(|units| (range.scale(), units)).collect::<Vec<_>>()
        }
        other => {
            let decimals = scalars(other).filter_map(|it| match it {
                Scalar::Decimal(decimal) => Some((decimal.scale(), decimal.units())),
                _ => None,
            });
            decimals.collect()
        }
    };
    let named: Vec<(u8, i64)> = matchers.flat_map(of).collect();
    let is_named = |scale: &u8| named.iter().any(|(other, _)| other == scale);
    let scales = 0..=Decimal::MAX_SCALE;
    // One scale that nothing names is like another.
    let other = scales.clone().find(|scale| !is_named(scale));
    let mut all = Vec::new();
    for scale in scales.filter(is_named).chain(other) {
        let own = named.iter().filter(|(other, _)| *other == scale);
        let units = around(own.map(|(_, units)| *units).collect());
        all.extend(
            units
                .into_iter()
                .filter_map(|units| Decimal::new(scale, units).ok()),
        );
    }
    all.into_iter().map(Value::Decimal).collect()
}

fn around(bounds: Vec<i64>) -> Vec<i64> {
    let beside = bounds
        .iter()
        .flat_map(|it| [Some(*it), it.checked_add(1), it.checked_sub(1)]);
    let mut all: Vec<i64> = beside.flatten().chain([1, 0, i64::MIN, i64::MAX]).collect();
    // Small numbers are easier to read.
    all.sort_unstable_by_key(|it| (it.unsigned_abs(), *it < 0));
    all.dedup();
    if let Some(zero) = all.iter().position(|it| *it == 0) {
        all.remove(zero);
        all.insert(1.min(all.len()), 0);
    }
    all
}

/// One more than all that are named.
fn numbers<'a>(matchers: impl Iterator<Item = &'a Matcher>) -> Vec<Value> {
    let named = matchers.flat_map(scalars).filter_map(|it| match it {
        Scalar::Number(number) => Some(Value::Number(number.clone())),
        _ => None,
    });
    let mut all: Vec<Value> = named.collect();
    let fresh = (0..=all.len()).filter_map(|n| Value::number(&format!("{n}.5")).ok());
    let fresh: Vec<Value> = fresh.collect();
    all.extend(fresh);
    all
}

/// Of each length that matters, one more than all constants.
fn bytes<'a>(matchers: impl Iterator<Item = &'a Matcher>, steps: &mut Steps) -> Vec<Value> {
    let (mut named, mut lengths) = (Vec::new(), vec![0_usize, 1, 2]);
    for matcher in matchers {
        match matcher {
            Matcher::BytesLength(bounds) => lengths.extend(ends(*bounds)),
            other => named.extend(scalars(other).filter_map(|it| match it {
                Scalar::Bytes(bytes) => Some(bytes.clone()),
                _ => None,
            })),
        }
    }
    lengths.extend(named.iter().map(|bytes| bytes.len() + 1));
    lengths.sort_unstable();
    lengths.dedup();
    if lengths.last().is_some_and(|longest| *longest > MAX_BYTES) {
        steps.leave_gap();
        lengths.retain(|length| *length <= MAX_BYTES);
    }
    let count = named.len() + 1;
    let fresh = |length| (0..count).map(move |number| filled(length, number));
    let fresh: Vec<Vec<u8>> = lengths.into_iter().flat_map(fresh).collect();
    named.into_iter().chain(fresh).map(Value::Bytes).collect()
}

/// So many bytes that begin with a number.
fn filled(length: usize, number: usize) -> Vec<u8> {
    let digits = number.to_le_bytes().into_iter().chain(std::iter::repeat(0));
    digits.take(length).collect()
}

/// The lengths at which bounds begin and end to hold.
pub(super) fn ends(bounds: Bounds) -> impl Iterator<Item = usize> {
    let min = bounds.min() as usize;
    let max = bounds.max().map(|max| max as usize);
    let beside = max.into_iter().flat_map(|max| [max, max + 1]);
    [min].into_iter().chain(min.checked_sub(1)).chain(beside)
}

pub(super) fn scalars(matcher: &Matcher) -> impl Iterator<Item = &Scalar> {
    let (one, many) = match matcher {
        Matcher::Equals(scalar) => (Some(scalar), None),
        Matcher::OneOf(choices) => (None, Some(choices.as_slice())),
        _ => (None, None),
    };
    one.into_iter().chain(many.into_iter().flatten())
}
