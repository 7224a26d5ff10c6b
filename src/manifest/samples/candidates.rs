//! Values of one parameter, of which one behaves like any that it may have.

use std::collections::BTreeMap;

use super::places::{Neighbours, Places};
use super::texts;
use crate::action::{Decimal, Value};
use crate::manifest::{Name, ParameterType};
use crate::scope::IntRange;

/// The types of each parameter, in each of the files that declare it.
pub(super) type Kinds<'a> = BTreeMap<&'a Name, Vec<&'a ParameterType>>;

/// Values of one parameter.
#[derive(Clone, Debug)]
pub(super) struct Candidates {
    /// The first is like no other, or the one that lets most through.
    pub(super) values: Vec<Value>,
    /// Whether whatever else it may be behaves like one of these.
    pub(super) are_all: bool,
}

impl Candidates {
    /// Of one of these parameters, beside what stands at these places.
    pub(super) fn of(name: &Name, kinds: &Kinds<'_>, places: &Places) -> Self {
        let mut all = Self {
            values: Vec::new(),
            are_all: true,
        };
        let own = kinds.get(name).map(Vec::as_slice).unwrap_or_default();
        let beside = places.beside(name);
        for kind in own {
            all.of_kind(name, kind, &beside, kinds);
        }
        // What one file admits and another does not is a value too.
        let is_admitted = |value: &Value| own.iter().any(|kind| kind.check(name, value).is_ok());
        let mut values: Vec<Value> = Vec::new();
        for value in all.values {
            if !values.contains(&value) && is_admitted(&value) {
                values.push(value);
            }
        }
        // What stands in the purpose alone changes nothing, where both files admit the same.
        let is_same = own.iter().all(|kind| Some(kind) == own.first());
        if is_same && !beside.parameters.contains(name) {
            values.truncate(1);
        }
        Self { values, ..all }
    }

    fn of_kind(
        &mut self,
        name: &Name,
        kind: &ParameterType,
        beside: &Neighbours,
        kinds: &Kinds<'_>,
    ) {
        match kind {
            ParameterType::Boolean => self.values.extend([true.into(), false.into()]),
            ParameterType::Enum { values } => {
                self.values
                    .extend(values.iter().map(|it| it.as_str().into()));
            }
            ParameterType::Integer { range } => {
                let value = |number: i64| Some(number.into());
                self.numbers(range.as_ref(), beside, kinds, value);
            }
            ParameterType::Decimal { scale, range } => {
                let value = |units| Decimal::new(*scale, units).ok().map(Value::Decimal);
                self.numbers(range.as_ref(), beside, kinds, value);
            }
            ParameterType::Segment => self.texts(name, u32::MAX, beside),
            ParameterType::Text { max_len } => self.texts(name, *max_len, beside),
        }
    }

    /// Beside each number that it is compared with, as far away as there are parameters to stand between.
    fn numbers(
        &mut self,
        own: Option<&IntRange>,
        beside: &Neighbours,
        kinds: &Kinds<'_>,
        value: impl Fn(i64) -> Option<Value>,
    ) {
        let ends = |range: Option<&IntRange>| {
            let ends = [range.and_then(IntRange::max), range.and_then(IntRange::min)];
            ends.into_iter().flatten()
        };
        let others = beside
            .parameters
            .iter()
            .filter_map(|it| kinds.get(it))
            .flatten();
        let others = others.flat_map(|kind| match kind {
            ParameterType::Integer { range } | ParameterType::Decimal { range, .. } => {
                ends(range.as_ref()).collect()
            }
            _ => Vec::new(),
        });
        let written = beside.texts.iter().filter_map(|it| it.parse().ok());
        let compared = beside.numbers.iter().copied().chain(written).chain(others);
        let room = i64::try_from(beside.parameters.len()).unwrap_or(i64::MAX);
        let near =
            compared.flat_map(|it| (-room..=room).map(move |distance| it.saturating_add(distance)));
        let some = ends(own).next().is_none().then_some(1);
        let all = ends(own).chain(some).chain(near);
        let within = |it: &i64| own.is_none_or(|range| range.contains(*it));
        self.values.extend(all.filter(within).filter_map(value));
        // Which numbers are like a pattern is not asked.
        let is_number = |text: &str| text.bytes().all(|it| it.is_ascii_digit() || it == b'-');
        let mut patterns = beside.patterns.iter();
        self.are_all &= !patterns.any(|(prefix, suffix)| is_number(prefix) && is_number(suffix));
    }

    /// One of each kind, each text that it is compared with, and what other parameters there may be.
    fn texts(&mut self, name: &Name, max_len: u32, beside: &Neighbours) {
        let others = beside.parameters.iter().filter(|it| *it != name);
        for (number, name) in std::iter::once(name).chain(others).enumerate() {
            // The same for each of them, whoever asks.
            let rank = beside.parameters.iter().position(|it| it == name);
            let rank = rank.unwrap_or(number);
            match texts::of_each_kind(name.as_str(), rank, beside, max_len) {
                Some(all) => self.values.extend(all.into_iter().map(Value::from)),
                None => self.are_all = false,
            }
        }
        let constants = beside.texts.iter().map(|it| it.as_str().into());
        self.values.extend(constants);
    }
}
