//! The trees of arguments and attributes, and what is noted of their texts.
//!
//! Top-down: all that is asked of a value is known before it is looked at, and says what its kind
//! may be and what is asked of its parts. Parts that no label speaks of are found alone. Where
//! labels do, whether a text is noted is the same at every place, so such texts are chosen last,
//! together.

mod ask;
mod grow;
mod list;
mod notes;
mod object;
mod text;

use super::super::effort::{Exhausted, Steps};
use super::super::literal::{Literal, Place, Reading};
use super::wanted;
use crate::action::{Object, Tree, Value};
use crate::scope::{Constraint, EmptyLists, Seen};
use ask::{Ask, Named, Sought};
use notes::Notes;

/// Both trees, and what is noted.
pub(super) struct Trees {
    pub(super) arguments: Tree,
    pub(super) attributes: Tree,
    pub(super) seen: Seen,
}

/// Trees of which every literal is true, and of whose arguments these constraints hold, or do not.
pub(super) fn solve<'a>(
    literals: &[Literal<'a>],
    amounts: &'a [(Constraint, bool)],
    steps: &mut Steps,
) -> Result<Option<Trees>, Exhausted> {
    let constraint = |(wanted, holds): (super::super::literal::Wanted<'a>, bool)| {
        Ask::Sought(Sought {
            constraint: wanted.constraint,
            empty: EmptyLists::of(wanted.constraint, wanted.all),
            reading: wanted.reading,
            holds,
            depth: 0,
        })
    };
    let amount = |(constraint, holds): &'a (Constraint, bool)| {
        Ask::Sought(Sought {
            constraint,
            empty: EmptyLists::of(constraint, &[]),
            reading: Reading::Strict,
            holds: *holds,
            depth: 0,
        })
    };
    let named = |place: Place| {
        literals.iter().filter_map(move |literal| match *literal {
            Literal::Named(at, constraints, holds) if at == place => Some(Ask::Named(Named {
                constraints,
                path: &[],
                holds,
            })),
            _ => None,
        })
    };
    let root = |place: Place| -> Vec<Ask<'a>> {
        let constraints = wanted(literals, place).map(constraint);
        constraints.chain(named(place)).collect()
    };
    let (mut arguments, attributes) = (root(Place::Arguments), root(Place::Attributes));
    arguments.extend(amounts.iter().map(amount));

    let start = State::of([Node::Root(arguments), Node::Root(attributes)]);
    let Some(grown) = grow::first(start, steps)? else {
        return Ok(None);
    };
    let tree = |root: Option<Value>| match root {
        Some(Value::Object(object)) => Tree::new(object).ok(),
        _ => None,
    };
    let (arguments, attributes) = (tree(grown.value(0)), tree(grown.value(1)));
    let (Some(arguments), Some(attributes)) = (arguments, attributes) else {
        // Larger than a tree can be.
        steps.leave_gap();
        return Ok(None);
    };
    Ok(Some(Trees {
        arguments,
        attributes,
        seen: grown.seen,
    }))
}

/// Trees that are still to be grown.
#[derive(Clone)]
struct State<'a> {
    nodes: Vec<Node<'a>>,
    /// Which nodes are to be looked at.
    open: Vec<usize>,
    notes: Notes<'a>,
}

/// A value of a tree.
#[derive(Clone)]
enum Node<'a> {
    /// An object of which this is asked.
    Root(Vec<Ask<'a>>),
    /// Some value of which this is asked.
    Open(Vec<Ask<'a>>),
    /// Settled.
    Value(Value),
    /// A text that is chosen last.
    Text(Vec<super::text::Said<'a>>),
    /// These nodes, the last one repeated up to this length.
    List(Vec<usize>, usize),
    /// These members, and one that nothing speaks of.
    Object(Vec<(&'a str, usize)>, Option<String>),
}

/// Trees that are grown, but for the texts that were chosen last.
struct Grown<'a> {
    nodes: Vec<Node<'a>>,
    texts: Vec<(usize, String)>,
    seen: Seen,
}

impl Default for Node<'_> {
    fn default() -> Self {
        Self::Open(Vec::new())
    }
}

impl<'a> State<'a> {
    fn of(nodes: impl IntoIterator<Item = Node<'a>>) -> Self {
        let nodes: Vec<_> = nodes.into_iter().collect();
        let open = (0..nodes.len()).rev().collect();
        Self {
            nodes,
            open,
            notes: Notes::default(),
        }
    }

    fn with(mut self, id: usize, node: Node<'a>) -> Self {
        if let Some(place) = self.nodes.get_mut(id) {
            *place = node;
        }
        self
    }

    /// A node below another. What no label speaks of is settled at once; `None` if it cannot be.
    fn below(&mut self, asks: Vec<Ask<'a>>, steps: &mut Steps) -> Result<Option<usize>, Exhausted> {
        let id = self.nodes.len();
        if asks.iter().any(Ask::reads_notes) {
            self.nodes.push(Node::Open(asks));
            self.open.push(id);
            return Ok(Some(id));
        }
        let alone = grow::first(State::of([Node::Open(asks)]), steps)?;
        let Some(value) = alone.and_then(|grown| grown.value(0)) else {
            return Ok(None);
        };
        self.nodes.push(Node::Value(value));
        Ok(Some(id))
    }
}

impl Grown<'_> {
    fn value(&self, id: usize) -> Option<Value> {
        Some(match self.nodes.get(id)? {
            Node::Root(_) | Node::Open(_) => return None,
            Node::Value(value) => value.clone(),
            Node::Text(_) => {
                let text = self.texts.iter().find(|(at, _)| *at == id);
                Value::Text(text?.1.clone())
            }
            Node::List(elements, length) => {
                let mut list = Vec::with_capacity(*length);
                for element in elements {
                    list.push(self.value(*element)?);
                }
                if let Some(last) = list.last().cloned() {
                    list.resize(*length, last);
                }
                Value::List(list)
            }
            Node::Object(members, extra) => {
                let mut object = Object::new();
                for (key, id) in members {
                    object.insert(key, self.value(*id)?).ok()?;
                }
                if let Some(key) = extra {
                    object.insert(key, Value::Bool(true)).ok()?;
                }
                Value::Object(object)
            }
        })
    }
}
