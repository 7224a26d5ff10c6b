//! Values of one parameter, of which one behaves like any that it may have.

use super::places::{Neighbours, Places};
use crate::action::{Decimal, Segment, Value};
use crate::manifest::{Name, ParameterType};
use crate::scope::{IntRange, TextPattern};

/// Values of one parameter.
#[derive(Clone, Debug)]
pub(super) struct Candidates {
    /// The first is like no other, or the one that lets most through.
    pub(super) values: Vec<Value>,
    /// Whether whatever else it may be behaves like one of these.
    pub(super) are_all: bool,
}

impl Candidates {
    /// Of a parameter that has one of these types in each of the files that declare it.
    pub(super) fn of(name: &Name, kinds: &[&ParameterType], places: &Places) -> Self {
        let mut all = Self {
            values: Vec::new(),
            are_all: true,
        };
        for kind in kinds {
            all.of_kind(name, kind, places);
        }
        // What one file admits and another does not is a value too.
        all.values
            .retain(|value| kinds.iter().any(|kind| kind.check(name, value).is_ok()));
        let mut seen = Vec::new();
        all.values.retain(|value| {
            let is_new = !seen.contains(value);
            if is_new {
                seen.push(value.clone());
            }
            is_new
        });
        all
    }

    fn of_kind(&mut self, name: &Name, kind: &ParameterType, places: &Places) {
        match kind {
            ParameterType::Boolean => self.values.extend([true.into(), false.into()]),
            ParameterType::Enum { values } => {
                self.values
                    .extend(values.iter().map(|it| it.as_str().into()));
            }
            ParameterType::Integer { range } => {
                let value = |number: i64| Some(number.into());
                self.numbers(name, range.as_ref(), places, value);
            }
            ParameterType::Decimal { scale, range } => {
                let value = |units| Decimal::new(*scale, units).ok().map(Value::Decimal);
                self.numbers(name, range.as_ref(), places, value);
            }
            ParameterType::Segment => self.texts(name, kind, u32::MAX, places),
            ParameterType::Text { max_len } => self.texts(name, kind, *max_len, places),
        }
    }

    /// Beside each number that it is compared with, and at its own ends.
    fn numbers(
        &mut self,
        name: &Name,
        range: Option<&IntRange>,
        places: &Places,
        value: impl Fn(i64) -> Option<Value>,
    ) {
        let (min, max) = (range.and_then(IntRange::min), range.and_then(IntRange::max));
        let ends = [max, min, Some(max.or(min).unwrap_or(1))];
        let beside = places.beside(name).flat_map(|it| {
            let written = it.texts.iter().filter_map(|it| it.parse::<i64>().ok());
            it.numbers.iter().copied().chain(written)
        });
        let beside = beside.flat_map(|it| [it.saturating_sub(1), it, it.saturating_add(1)]);
        let all = ends.into_iter().flatten().chain(beside);
        let within = |it: &i64| range.is_none_or(|range| range.contains(*it));
        self.values.extend(all.filter(within).filter_map(value));
        // A second parameter there may be smaller, equal or larger, wherever it is.
        let alone = places.beside(name).all(|it| it.parameters.len() == 1);
        self.are_all &= alone && places.beside(name).all(|it| it.patterns.is_empty());
    }

    /// Each text that it is compared with, and one that is like none of them.
    fn texts(&mut self, name: &Name, kind: &ParameterType, max_len: u32, places: &Places) {
        let is_like = |text: &str, it: &Neighbours| {
            it.texts.contains(text) || it.patterns.iter().any(|pattern| pattern.matches(text))
        };
        let is_fresh = |text: &String| {
            kind.check(name, &text.as_str().into()).is_ok()
                && !places.beside(name).any(|it| is_like(text, it))
        };
        let fresh = fresh(name.as_str(), max_len).find(is_fresh);
        self.are_all &= fresh.is_some();
        self.values
            .push(fresh.unwrap_or_else(|| short("any", max_len)).into());
        for it in places.beside(name) {
            // Which of several patterns match is a question of its own, and so is how long the text is.
            self.are_all &= it.patterns.len() <= 1 && it.lengths.is_empty();
            let others = it.parameters.iter().filter(|other| *other != name);
            let others = others.filter_map(|other| self::fresh(other.as_str(), max_len).next());
            let texts = it.texts.iter().cloned().chain(others);
            let matching = it.patterns.iter().map(of_pattern);
            let lengths = it.lengths.iter().flat_map(|it| [*it, it.saturating_add(1)]);
            let long = lengths.filter(|it| *it <= max_len.min(ParameterType::MAX_TEXT));
            let long = long.map(|it| "x".repeat(usize::try_from(it).unwrap_or_default()));
            let all = texts.chain(matching).chain(long).map(Value::from);
            self.values.extend(all);
        }
    }
}

/// Texts that hardly anything else is like.
fn fresh(name: &str, max_len: u32) -> impl Iterator<Item = String> {
    ["any", "some", "0"]
        .map(|first| short(&format!("{first}-{name}"), max_len))
        .into_iter()
}

fn short(text: &str, max_len: u32) -> String {
    text.chars()
        .take(usize::try_from(max_len).unwrap_or(usize::MAX))
        .collect()
}

fn of_pattern(pattern: &TextPattern) -> String {
    let text = format!("{}x{}", pattern.prefix(), pattern.suffix());
    // A segment is written in one way only.
    Segment::parse(&text).map_or(text, |segment| segment.as_str().to_owned())
}
