//! The facts and the checks of a block, in their order.

use super::{capability, condition, doubt};
use crate::action::Service;
use crate::clock::Timestamp;
use crate::scope::{Origin, Pattern, Scope, When, Window};
use crate::token::block::content::BlockContent;
use crate::token::block::words::{self, fact};
use crate::token::datalog::{Binary, Sink, Term};

/// Tells a block's facts and checks.
pub(in crate::token::block) fn block<S: Sink>(
    sink: &mut S,
    origin: Origin,
    content: &BlockContent,
) {
    match content {
        BlockContent::First(grant) => {
            sink.fact(fact::FORMAT, &[Term::Integer(words::FORMAT)]);
            sink.fact(fact::ISSUED, &[Term::Date(grant.issued.unix_seconds())]);
            sink.fact(fact::TASK, &[Term::Text(grant.task.as_str())]);
            sink.fact(fact::PURPOSE, &[Term::Text(grant.purpose.as_str())]);
            sink.fact(fact::PRINCIPAL, &[Term::Text(grant.principal.as_str())]);
            sink.fact(fact::AGENT, &[Term::Text(grant.agent.as_str())]);
            sink.check(|sink| {
                for kind in [words::SIGNATURE, words::SESSION] {
                    sink.query(|sink| sink.predicate(fact::POSSESSION, &[Term::Text(kind)]));
                }
            });
        }
        BlockContent::Later(delegation) => {
            sink.fact(fact::DELEGATE, &[Term::Text(delegation.delegate.as_str())]);
        }
    }
    scope(sink, origin, content.scope());
}

/// Tells the checks of a scope.
pub(in crate::token::block) fn scope<S: Sink>(sink: &mut S, origin: Origin, scope: &Scope) {
    window(sink, scope.window());
    if let Some(services) = scope.audience() {
        audience(sink, services);
    }
    if let Some(limit) = scope.max_depth() {
        depth(sink, limit);
    }
    if let Some(capabilities) = scope.allow() {
        sink.check(|sink| {
            for one in capabilities {
                sink.query(|sink| capability::capability(sink, one));
            }
        });
    }
    for pattern in scope.deny() {
        sink.check(|sink| sink.query(|sink| deny(sink, pattern)));
    }
    for requirement in scope.require() {
        sink.check(|sink| sink.query(|sink| condition::requirement(sink, origin, requirement)));
    }
}

fn window<S: Sink>(sink: &mut S, window: Window) {
    let ends = [
        (Binary::GreaterOrEqual, window.not_before()),
        (Binary::Less, window.not_after()),
    ];
    if ends.iter().all(|(_, time)| time.is_none()) {
        return;
    }
    let compare = |sink: &mut S, operator, time: Timestamp| {
        sink.expression(|sink| {
            sink.value(Term::Variable(fact::TIME));
            sink.value(Term::Date(time.unix_seconds()));
            sink.binary(operator);
        });
    };
    sink.check(|sink| {
        sink.query(|sink| {
            sink.predicate(fact::TIME, &[Term::Variable(fact::TIME)]);
            for (operator, time) in ends {
                if let Some(time) = time {
                    compare(sink, operator, time);
                }
            }
        });
    });
}

fn audience<S: Sink>(sink: &mut S, services: &[Service]) {
    sink.check(|sink| {
        for service in services {
            sink.query(|sink| sink.predicate(fact::SERVICE, &[Term::Text(service.as_str())]));
        }
    });
}

fn depth<S: Sink>(sink: &mut S, limit: u32) {
    sink.check(|sink| {
        sink.query(|sink| {
            sink.predicate(fact::DEPTH, &[Term::Variable(fact::DEPTH)]);
            sink.expression(|sink| {
                sink.value(Term::Variable(fact::DEPTH));
                sink.value(Term::Integer(limit.into()));
                sink.binary(Binary::LessOrEqual);
            });
        });
    });
}

fn deny<S: Sink>(sink: &mut S, pattern: &Pattern) {
    doubt::facts(sink, pattern, false);
    sink.expression(|sink| doubt::outside(sink, pattern, When::Always));
}
