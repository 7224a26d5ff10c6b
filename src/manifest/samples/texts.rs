//! Texts of which one behaves like any other text, as far as constants, patterns and lengths can tell.

use std::collections::BTreeSet;

use super::places::Neighbours;

/// What a text begins and ends with.
type Frame = (String, String);

/// More kinds of texts at one place are not told apart.
const MOST: usize = 64;

/// One text of each kind that is none of the constants. `number` parameters of one place get different ones.
///
/// `None` if there are too many kinds.
pub(super) fn of_each_kind(
    name: &str,
    number: usize,
    beside: &Neighbours,
    max_len: u32,
) -> Option<Vec<String>> {
    let middle = unused(beside, number)?;
    let plain = format!("any-{name}");
    let length = usize::try_from(max_len)
        .unwrap_or(usize::MAX)
        .min(plain.len());
    // Cut, two names may be one.
    let is_own = length == plain.len() || beside.parameters.len() < 2;
    let plain = plain
        .get(..length)
        .filter(|it| is_own && is_new(it, beside));
    let mut all = vec![plain.map_or_else(|| middle.to_string(), str::to_owned)];
    let lengths = lengths(beside, max_len);
    // Of each other length that matters.
    let plain = (String::new(), String::new());
    for (prefix, suffix) in std::iter::once(plain).chain(frames(&beside.patterns)?) {
        let ends = prefix.len().saturating_add(suffix.len());
        let shortest = std::iter::once(ends.saturating_add(1));
        let is_plain = ends == 0;
        for length in shortest
            .filter(|_| !is_plain)
            .chain(lengths.iter().copied())
        {
            let Some(between) = length.checked_sub(ends).filter(|it| *it > 0) else {
                continue;
            };
            let between = middle.to_string().repeat(between);
            all.push(format!("{prefix}{between}{suffix}"));
        }
        all.extend(overlapped(&prefix, &suffix));
    }
    (all.len() <= MOST).then_some(all)
}

/// Shorter texts that begin and end so: with nothing between, or with a part that is of both.
fn overlapped(prefix: &str, suffix: &str) -> impl Iterator<Item = String> {
    let cuts = suffix
        .char_indices()
        .map(|(at, _)| at)
        .skip_while(|_| prefix.is_empty());
    cuts.filter_map(move |at| {
        let (both, rest) = suffix.split_at_checked(at)?;
        prefix.ends_with(both).then(|| format!("{prefix}{rest}"))
    })
}

/// Whether no constant and no pattern is like it.
fn is_new(text: &str, beside: &Neighbours) -> bool {
    let is_like = |(prefix, suffix): &Frame| {
        text.len() > prefix.len().saturating_add(suffix.len())
            && text.starts_with(prefix.as_str())
            && text.ends_with(suffix.as_str())
    };
    !beside.texts.contains(text) && !beside.patterns.iter().any(is_like)
}

/// A letter that stands nowhere beside, so that no pattern is met by accident.
fn unused(beside: &Neighbours, number: usize) -> Option<char> {
    let patterns = beside.patterns.iter();
    let ends = patterns.flat_map(|(prefix, suffix)| [prefix, suffix]);
    let used: BTreeSet<char> = beside
        .texts
        .iter()
        .chain(ends)
        .flat_map(|it| it.chars())
        .collect();
    let letters = ('x'..='z')
        .chain('a'..'x')
        .chain('0'..='9')
        .chain('A'..='Z');
    letters.filter(|it| !used.contains(it)).nth(number)
}

/// On both sides of each length that matters.
fn lengths(beside: &Neighbours, max_len: u32) -> Vec<usize> {
    let ends = beside.lengths.iter();
    let sides = ends.flat_map(|it| [*it, it.saturating_add(1)]);
    let within = sides.filter(|it| *it <= max_len);
    within.filter_map(|it| usize::try_from(it).ok()).collect()
}

/// What texts begin and end with that are like one pattern, or like several at once.
fn frames(patterns: &BTreeSet<Frame>) -> Option<Vec<Frame>> {
    let mut frames: Vec<Frame> = patterns.iter().cloned().collect();
    let mut at = 0;
    while let Some(one) = frames.get(at).cloned() {
        let before: Vec<Frame> = frames.iter().take(at).cloned().collect();
        let met = before.iter().filter_map(|other| meet(&one, other));
        for frame in met {
            if !frames.contains(&frame) {
                frames.push(frame);
            }
        }
        if frames.len() > MOST {
            return None;
        }
        at = at.saturating_add(1);
    }
    Some(frames)
}

fn meet(one: &Frame, other: &Frame) -> Option<Frame> {
    let longer = |one: &str, other: &str, within: fn(&str, &str) -> bool| {
        let (short, long) = if one.len() < other.len() {
            (one, other)
        } else {
            (other, one)
        };
        within(long, short).then(|| long.to_owned())
    };
    let prefix = longer(&one.0, &other.0, |long, short| long.starts_with(short))?;
    let suffix = longer(&one.1, &other.1, |long, short| long.ends_with(short))?;
    Some((prefix, suffix))
}
