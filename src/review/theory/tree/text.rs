//! Texts.

use super::super::super::effort::{Exhausted, Steps};
use super::super::super::literal::Reading;
use super::super::scalar::scalars;
use super::super::text::{Said, Shape, words};
use super::ask::{Ask, Sought};
use super::{Node, State};
use crate::action::Value;
use crate::scope::{Label, Matcher, Scalar};

/// What the node can be if it is a text.
pub(super) fn ways<'a>(
    state: &State<'a>,
    id: usize,
    asks: &[Ask<'a>],
    steps: &mut Steps,
) -> Result<Vec<State<'a>>, Exhausted> {
    let mut said = Vec::new();
    let mut labels = Vec::new();
    for ask in asks {
        match (ask, label(ask)) {
            (Ask::Sought(it), Some(label)) => labels.push((*it, label)),
            (Ask::Sought(it), None) if it.step().is_none() => match say(it) {
                Some(one) => said.push(one),
                None if it.in_doubt() == it.holds => {}
                None => return Ok(Vec::new()),
            },
            (ask, _) if ask.fits(&Value::Text(String::new())) => {}
            _ => return Ok(Vec::new()),
        }
    }
    let Some(word) = words(&said, |_| true, 1, steps)?.pop() else {
        return Ok(Vec::new());
    };
    if labels.is_empty() {
        return Ok(vec![state.clone().with(id, Node::Value(Value::Text(word)))]);
    }
    let mut ways = vec![state.clone().with(id, Node::Text(said))];
    for (ask, label) in labels {
        let mut more = Vec::new();
        for state in ways {
            steps.take(1 + state.nodes.len())?;
            let noted =
                |mut state: State<'a>, noted| state.notes.mark(id, label, noted).then_some(state);
            let known =
                |mut state: State<'a>, known| state.notes.know(label, known).then_some(state);
            match (ask.reading, ask.holds) {
                (Reading::Strict, holds) => more.extend(noted(state, holds)),
                (Reading::Doubt, true) => {
                    more.extend(known(state.clone(), false));
                    more.extend(noted(state, true));
                }
                (Reading::Doubt, false) => {
                    more.extend(known(state, true).and_then(|state| noted(state, false)));
                }
            }
        }
        ways = more;
    }
    Ok(ways)
}

/// The label that is asked for here.
fn label<'a>(ask: &Ask<'a>) -> Option<&'a Label> {
    match ask {
        Ask::Sought(it) if it.step().is_none() => match it.constraint.matcher() {
            Matcher::From(label) => Some(label),
            _ => None,
        },
        _ => None,
    }
}

/// What a matcher says of a text, if it speaks of texts.
fn say<'a>(ask: &Sought<'a>) -> Option<Said<'a>> {
    let what = match ask.constraint.matcher() {
        Matcher::Text(pattern) => Shape::Like(pattern),
        Matcher::TextLength(bounds) => Shape::Long(*bounds),
        other => {
            let texts = scalars(other).map(|it| match it {
                Scalar::Text(text) => Some(text.as_str()),
                _ => None,
            });
            Shape::Among(
                texts
                    .collect::<Option<Vec<_>>>()
                    .filter(|texts| !texts.is_empty())?,
            )
        }
    };
    Some(Said {
        what,
        is: ask.holds,
    })
}
