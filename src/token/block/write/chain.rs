//! Parts that must all hold, or of which one must.

use crate::token::datalog::{Binary, Sink, Unary};

/// Tells parts one by one, and what joins them.
#[derive(Debug)]
pub(super) struct Chain {
    link: Link,
    parts: usize,
}

#[derive(Debug, Clone, Copy)]
enum Link {
    /// Expressions of a query: as `&&`, and shorter.
    Comma,
    And,
    Or,
}

impl Chain {
    /// Parts that must all hold, as expressions of their own.
    pub(super) fn comma() -> Self {
        Chain {
            link: Link::Comma,
            parts: 0,
        }
    }

    /// Parts that must all hold, in one expression.
    pub(super) fn and() -> Self {
        Chain {
            link: Link::And,
            parts: 0,
        }
    }

    /// Parts of which one must hold, in one expression.
    pub(super) fn or() -> Self {
        Chain {
            link: Link::Or,
            parts: 0,
        }
    }

    /// The next part. It is reached only if the parts before it leave the matter open.
    pub(super) fn part<S: Sink>(&mut self, sink: &mut S, operations: impl FnOnce(&mut S)) {
        match self.link {
            Link::Comma => sink.expression(operations),
            _ if self.parts == 0 => operations(sink),
            Link::And => {
                sink.closure(None, operations);
                sink.binary(Binary::And);
            }
            Link::Or => {
                sink.closure(None, operations);
                sink.binary(Binary::Or);
            }
        }
        self.parts += 1;
    }

    /// Whether an `||` inside a part needs parentheses, whatever stands around it.
    pub(super) fn is_one_expression(&self) -> bool {
        !matches!(self.link, Link::Comma)
    }

    /// Whether an `||` inside the next part needs parentheses, if that part is the last.
    pub(super) fn needs_parens(&self) -> bool {
        matches!(self.link, Link::And) && self.parts > 0
    }

    /// Whether it has told several parts.
    pub(super) fn is_compound(&self) -> bool {
        self.parts > 1
    }
}

/// `(…).try_or(fallback)`: an error, as of a comparison with a value of another type, counts as `fallback`.
pub(super) fn tried<S: Sink>(sink: &mut S, fallback: bool, operations: impl FnOnce(&mut S)) {
    sink.closure(None, |sink| {
        operations(sink);
        sink.unary(Unary::Parens);
    });
    sink.value(crate::token::datalog::Term::Bool(fallback));
    sink.binary(Binary::TryOr);
}
