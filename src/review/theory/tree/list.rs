//! Lists.

use super::super::super::effort::{Exhausted, Steps};
use super::super::scalar::ends;
use super::ask::{Ask, Each};
use super::{Node, State};
use crate::action::{Tree, Value};
use crate::scope::Matcher;

/// What the node can be if it is a list.
///
/// All that only one element must be gets an element of its own where there may be so many, as
/// then nothing is lost; where there may not, elements are shared in every way.
pub(super) fn ways<'a>(
    state: &State<'a>,
    id: usize,
    asks: &[Ask<'a>],
    steps: &mut Steps,
) -> Result<Vec<State<'a>>, Exhausted> {
    let mut ways = Vec::new();
    let full = full(state, id, asks, steps)?;
    if asks.iter().all(Ask::fits_empty_list) {
        ways.push(state.clone().with(id, Node::Value(Value::List(Vec::new()))));
    }
    ways.extend(full);
    Ok(ways)
}

fn full<'a>(
    state: &State<'a>,
    id: usize,
    asks: &[Ask<'a>],
    steps: &mut Steps,
) -> Result<Vec<State<'a>>, Exhausted> {
    let (mut all, mut some) = (Vec::new(), Vec::new());
    for ask in asks {
        match ask.of_elements() {
            Each::Is(true) => {}
            Each::Is(false) => return Ok(Vec::new()),
            Each::All(ask) => all.push(ask),
            Each::Some(ask) => some.push(ask),
        }
    }
    let mut ways = Vec::new();
    if length(asks, some.len().max(1)).is_some() {
        let groups: Vec<Vec<Ask<'a>>> = some.into_iter().map(|ask| vec![ask]).collect();
        ways.extend(grouped(state, id, asks, &all, groups, steps)?);
        return Ok(ways);
    }
    for groups in partitions(&some, steps)? {
        ways.extend(grouped(state, id, asks, &all, groups, steps)?);
    }
    Ok(ways)
}

/// A list with one element for each group, and for what all must be.
fn grouped<'a>(
    state: &State<'a>,
    id: usize,
    asks: &[Ask<'a>],
    all: &[Ask<'a>],
    mut groups: Vec<Vec<Ask<'a>>>,
    steps: &mut Steps,
) -> Result<Option<State<'a>>, Exhausted> {
    if groups.is_empty() {
        groups.push(Vec::new());
    }
    let Some(length) = length(asks, groups.len()) else {
        return Ok(None);
    };
    let mut state = state.clone();
    let mut elements = Vec::with_capacity(groups.len());
    for mut group in groups {
        group.extend(all);
        match state.below(group, steps)? {
            Some(element) => elements.push(element),
            None => return Ok(None),
        }
    }
    Ok(Some(state.with(id, Node::List(elements, length))))
}

/// The least length from here on that is as asked, if a tree can have it.
fn length(asks: &[Ask<'_>], least: usize) -> Option<usize> {
    let counts = asks.iter().filter_map(|ask| match ask {
        Ask::Sought(it) if it.step().is_none() => Some(it),
        _ => None,
    });
    let bounds = counts
        .clone()
        .filter_map(|it| match it.constraint.matcher() {
            Matcher::Count(bounds) => Some(*bounds),
            _ => None,
        });
    let mut lengths: Vec<usize> = bounds.flat_map(ends).chain([least]).collect();
    lengths.retain(|length| (least..Tree::MAX_NODES).contains(length));
    lengths.sort_unstable();
    lengths.into_iter().find(|length| {
        let list = Value::List(vec![Value::Null; *length]);
        counts.clone().all(|it| it.fits(&list))
    })
}

/// Every way to put things in groups, those of the most groups first.
fn partitions<'a>(
    things: &[Ask<'a>],
    steps: &mut Steps,
) -> Result<Vec<Vec<Vec<Ask<'a>>>>, Exhausted> {
    let mut all: Vec<Vec<Vec<Ask<'a>>>> = vec![Vec::new()];
    for thing in things {
        let mut more = Vec::new();
        for groups in all {
            steps.take(1 + groups.len())?;
            for index in 0..groups.len() {
                let mut joined = groups.clone();
                if let Some(group) = joined.get_mut(index) {
                    group.push(*thing);
                }
                more.push(joined);
            }
            let mut apart = groups;
            apart.push(vec![*thing]);
            more.push(apart);
        }
        all = more;
    }
    all.sort_by_key(|groups| std::cmp::Reverse(groups.len()));
    Ok(all)
}
