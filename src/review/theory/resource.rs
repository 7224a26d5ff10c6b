//! A resource.

use super::super::effort::{Exhausted, Steps};
use super::super::literal::Literal;
use super::text::{Said, Shape, words};
use crate::action::{Resource, Segment};
use crate::scope::{ResourcePattern, SegmentPattern, Tail};

/// A resource of which every literal is true.
///
/// Of resources that are longer than every pattern, one length is like another.
pub(super) fn solve(
    literals: &[Literal<'_>],
    steps: &mut Steps,
) -> Result<Option<Resource>, Exhausted> {
    let patterns: Vec<(&ResourcePattern, bool)> = literals
        .iter()
        .filter_map(|literal| match literal {
            Literal::Resource(pattern, is) => Some((*pattern, *is)),
            _ => None,
        })
        .collect();
    let longest = patterns.iter().map(|(it, _)| it.segments().len()).max();
    let longest = longest
        .unwrap_or(0)
        .saturating_add(1)
        .min(Resource::MAX_SEGMENTS);
    for length in 1..=longest {
        steps.take(1 + patterns.len())?;
        let (mut must, mut must_not) = (Vec::new(), Vec::new());
        let mut possible = true;
        for (pattern, is) in &patterns {
            match (fits(pattern, length), *is) {
                (true, true) => must.push(*pattern),
                (true, false) => must_not.push(*pattern),
                (false, true) => possible = false,
                (false, false) => {}
            }
        }
        if possible && let Some(found) = of_length(length, &must, &must_not, steps)? {
            return Ok(Some(found));
        }
    }
    Ok(None)
}

fn fits(pattern: &ResourcePattern, length: usize) -> bool {
    match pattern.tail() {
        Tail::Closed => length == pattern.segments().len(),
        Tail::Open => length > pattern.segments().len(),
    }
}

/// Where a pattern that must not match does, each of its segments in turn is made to differ.
fn of_length(
    length: usize,
    must: &[&ResourcePattern],
    must_not: &[&ResourcePattern],
    steps: &mut Steps,
) -> Result<Option<Resource>, Exhausted> {
    // Each entry: which segment must differ from which pattern.
    let mut open: Vec<Vec<(usize, &ResourcePattern)>> = vec![Vec::new()];
    while let Some(differ) = open.pop() {
        steps.take(length)?;
        let mut segments = Vec::with_capacity(length);
        for index in 0..length {
            let no = differ.iter().filter(|(at, _)| *at == index);
            let both = must
                .iter()
                .map(|it| (*it, true))
                .chain(no.map(|(_, it)| (*it, false)));
            let own = both.filter_map(|(it, is)| Some((it.segments().get(index)?, is)));
            let own: Vec<_> = own.collect();
            // Any segment is one.
            if own.contains(&(&SegmentPattern::Any, false)) {
                break;
            }
            let said: Vec<_> = own.into_iter().filter_map(|(it, is)| say(it, is)).collect();
            let is_segment = |text: &str| Segment::parse(text).is_ok();
            match words(&said, is_segment, 1, steps)?.pop() {
                Some(word) => segments.push(word),
                None => break,
            }
        }
        if segments.len() < length {
            continue;
        }
        let Ok(resource) = Resource::from_segments(&segments) else {
            // Too many bytes together.
            steps.leave_gap();
            continue;
        };
        let Some(matching) = must_not.iter().find(|it| it.matches(&resource)) else {
            return Ok(Some(resource));
        };
        for index in (0..matching.segments().len()).rev() {
            let mut more = differ.clone();
            more.push((index, *matching));
            open.push(more);
        }
    }
    Ok(None)
}

/// What a segment's pattern says, if it says anything.
fn say(segment: &SegmentPattern, is: bool) -> Option<Said<'_>> {
    let what = match segment {
        SegmentPattern::Literal(literal) => Shape::Among(vec![literal.as_str()]),
        SegmentPattern::Affix(affix) => Shape::Like(affix),
        SegmentPattern::Any => return None,
    };
    Some(Said { what, is })
}
