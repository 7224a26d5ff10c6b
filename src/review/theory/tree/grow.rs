//! Growing trees, node by node.

use super::super::super::effort::{Exhausted, Steps};
use super::super::scalar;
use super::ask::Ask;
use super::{Grown, Node, State, list, object, text};
use crate::action::ValueKind;

/// The first trees that fit.
pub(super) fn first<'a>(
    start: State<'a>,
    steps: &mut Steps,
) -> Result<Option<Grown<'a>>, Exhausted> {
    let mut states = vec![start];
    while let Some(mut state) = states.pop() {
        steps.take(1 + state.nodes.len())?;
        let Some(id) = state.open.pop() else {
            if let Some(grown) = state.finish(steps)? {
                return Ok(Some(grown));
            }
            continue;
        };
        let mut ways = match state.nodes.get_mut(id).map(std::mem::take) {
            Some(Node::Root(asks)) => object::ways(&state, id, &asks, steps)?,
            Some(Node::Open(asks)) => ways(&state, id, &asks, steps)?,
            _ => continue,
        };
        // The first is popped first.
        ways.reverse();
        states.append(&mut ways);
    }
    Ok(None)
}

/// What the node can be.
fn ways<'a>(
    state: &State<'a>,
    id: usize,
    asks: &[Ask<'a>],
    steps: &mut Steps,
) -> Result<Vec<State<'a>>, Exhausted> {
    let reads_notes = asks.iter().any(Ask::reads_notes);
    let mut all = Vec::new();
    for kind in kinds(asks) {
        steps.take(1 + asks.len())?;
        let mut ways = match kind {
            ValueKind::Text => text::ways(state, id, asks, steps)?,
            ValueKind::List => list::ways(state, id, asks, steps)?,
            ValueKind::Object => object::ways(state, id, asks, steps)?,
            plain => {
                let matchers = asks.iter().filter_map(Ask::matcher);
                let values = scalar::candidates(plain, matchers, steps);
                steps.take(values.len())?;
                let mut values = values.into_iter();
                let value = values.find(|value| asks.iter().all(|ask| ask.fits(value)));
                let way = value.map(|value| state.clone().with(id, Node::Value(value)));
                way.into_iter().collect()
            }
        };
        all.append(&mut ways);
        // Elsewhere one is as good as another.
        if !all.is_empty() && !reads_notes {
            all.truncate(1);
            return Ok(all);
        }
    }
    Ok(all)
}

/// The kinds, those first that are spoken of.
fn kinds(asks: &[Ask<'_>]) -> Vec<ValueKind> {
    let mut kinds: Vec<ValueKind> = asks.iter().filter_map(Ask::expects).collect();
    kinds.extend([
        ValueKind::Bool,
        ValueKind::Text,
        ValueKind::Integer,
        ValueKind::Null,
        ValueKind::Decimal,
        ValueKind::Number,
        ValueKind::Bytes,
        ValueKind::List,
        ValueKind::Object,
    ]);
    let mut seen = Vec::new();
    kinds.retain(|kind| {
        let first = !seen.contains(kind);
        seen.push(*kind);
        first
    });
    kinds
}
