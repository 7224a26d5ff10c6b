//! The alternatives of `allow`.

use super::chain::Chain;
use super::{resource, strict};
use crate::scope::{Capability, Closure, Matcher, OperationView};
use crate::token::block::words::fact;
use crate::token::datalog::{Binary, Sink, Term};

/// One alternative of `allow`: constants in its facts where there are any, the rest as expressions.
pub(super) fn capability<S: Sink>(sink: &mut S, capability: &Capability) {
    let operation = capability
        .target()
        .operation()
        .map(|operation| operation.view());
    match operation {
        Some(OperationView::Exact(name)) => sink.predicate(fact::OPERATION, &[Term::Text(name)]),
        Some(OperationView::StartsWith(_)) => read(sink, fact::OPERATION),
        None => {}
    }
    if let Some(effect) = capability.target().effect() {
        sink.predicate(fact::EFFECT, &[Term::Text(effect.as_str())]);
    }
    let exact = resource::exact(capability.resource());
    match &exact {
        Some(literals) => sink.predicate(fact::RESOURCE, &[Term::List(literals)]),
        None => read(sink, fact::RESOURCE),
    }
    let (arguments, attributes) = (capability.arguments(), capability.attributes());
    if !arguments.is_empty() {
        read(sink, fact::ARGUMENTS);
    }
    if !attributes.is_empty() {
        read(sink, fact::ATTRIBUTES);
    }
    if arguments
        .iter()
        .chain(attributes)
        .any(|constraint| matches!(constraint.matcher(), Matcher::From(_)))
    {
        read(sink, fact::SEEN);
    }
    let chain = &mut Chain::comma();
    if let Some(OperationView::StartsWith(prefix)) = operation {
        chain.part(sink, |sink| {
            sink.value(Term::Variable(fact::OPERATION));
            sink.value(Term::Text(prefix));
            sink.binary(Binary::StartsWith);
        });
    }
    if exact.is_none() {
        resource::parts(sink, chain, capability.resource());
    }
    for constraint in arguments {
        strict::constraint(sink, chain, arguments, constraint, fact::ARGUMENTS);
    }
    if capability.closure() == Closure::Closed {
        strict::closed(sink, chain, arguments, fact::ARGUMENTS);
    }
    for constraint in attributes {
        strict::constraint(sink, chain, attributes, constraint, fact::ATTRIBUTES);
    }
}

fn read<S: Sink>(sink: &mut S, name: &str) {
    sink.predicate(name, &[Term::Variable(name)]);
}
