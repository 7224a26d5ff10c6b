//! Where in a tree an expression looks.

use crate::scope::{Path, Step};
use crate::token::block::words;
use crate::token::datalog::{Binary, Sink, Term, Unary};

/// A value in the arguments or the attributes: a variable, and keys from there.
#[derive(Debug, Clone, Copy)]
pub(super) struct Place<'c> {
    variable: &'static str,
    path: &'c [Step],
    /// Where in the path the variable stands.
    start: usize,
    /// Where in the path the value stands; only keys lie between.
    end: usize,
    lists_around: usize,
}

impl<'c> Place<'c> {
    /// The root of a tree, on the way along a path.
    pub(super) fn root(tree: &'static str, path: &'c Path) -> Self {
        Place {
            variable: tree,
            path: path.steps(),
            start: 0,
            end: 0,
            lists_around: 0,
        }
    }

    pub(super) fn is_root(&self) -> bool {
        self.end == 0
    }

    /// The way to the value.
    pub(super) fn steps(&self) -> &'c [Step] {
        self.path.get(..self.end).unwrap_or_default()
    }

    /// The step after the value.
    pub(super) fn next(&self) -> Option<&'c Step> {
        self.path.get(self.end)
    }

    /// The member of this object that the path goes to.
    pub(super) fn member(self) -> Self {
        Place {
            end: self.end + 1,
            ..self
        }
    }

    /// The same value, on the way along another path that goes through it.
    pub(super) fn along<'p>(self, path: &'p Path) -> Place<'p> {
        Place {
            path: path.steps(),
            ..self
        }
    }

    /// The variable that stands for each element of this list.
    pub(super) fn element_name(&self) -> &'static str {
        words::element(self.lists_around)
    }

    /// Each element of this list, inside a closure over it.
    pub(super) fn element(self) -> Self {
        let after = self.end + 1;
        Place {
            variable: self.element_name(),
            start: after,
            end: after,
            lists_around: self.lists_around + 1,
            ..self
        }
    }

    /// Tells the value.
    pub(super) fn value<S: Sink>(&self, sink: &mut S) {
        sink.value(Term::Variable(self.variable));
        for step in self.path.get(self.start..self.end).unwrap_or_default() {
            if let Step::Key(key) = step {
                sink.value(Term::Text(key.as_str()));
                sink.binary(Binary::Get);
            }
        }
    }

    /// The value, an operator, and a constant.
    pub(super) fn compare<S: Sink>(&self, sink: &mut S, operator: Binary, constant: Term<'_>) {
        self.value(sink);
        sink.value(constant);
        sink.binary(operator);
    }

    /// `….type() === "…"`, or `!==`.
    pub(super) fn kind<S: Sink>(&self, sink: &mut S, operator: Binary, kind: &str) {
        self.value(sink);
        sink.unary(Unary::TypeOf);
        sink.value(Term::Text(kind));
        sink.binary(operator);
    }

    /// `….length()`, an operator, and a number.
    pub(super) fn length<S: Sink>(&self, sink: &mut S, operator: Binary, number: i64) {
        self.value(sink);
        sink.unary(Unary::Length);
        sink.value(Term::Integer(number));
        sink.binary(operator);
    }

    /// Whether the object has the member that the path goes to.
    pub(super) fn has_member<S: Sink>(&self, sink: &mut S) {
        if let Some(Step::Key(key)) = self.next() {
            self.compare(sink, Binary::Contains, Term::Text(key.as_str()));
        }
    }

    /// Asks of each, or of any, member of an object whether its key is a text: no key of a decimal or a number is.
    pub(super) fn member_keys<S: Sink>(&self, sink: &mut S, quantifier: Binary, is_text: Binary) {
        self.value(sink);
        sink.closure(Some(words::MEMBER), |sink| {
            member_key_is_text(sink, is_text)
        });
        sink.binary(quantifier);
    }
}

/// The key of a member, which is `[key, value]`.
pub(super) fn member_key<S: Sink>(sink: &mut S) {
    sink.value(Term::Variable(words::MEMBER));
    sink.value(Term::Integer(0));
    sink.binary(Binary::Get);
}

/// Whether the key of a member is a text, or is not.
pub(super) fn member_key_is_text<S: Sink>(sink: &mut S, operator: Binary) {
    member_key(sink);
    sink.unary(Unary::TypeOf);
    sink.value(Term::Text(words::kind::TEXT));
    sink.binary(operator);
}
