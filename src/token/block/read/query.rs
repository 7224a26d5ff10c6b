//! The queries of a check.

use crate::token::block::words::fact;
use crate::token::datalog::{Expr, Field, Fields, Malformed, Nodes, Predicate, SymbolTable, Value};

/// What one query asks for, by predicate. The order is left to encoding again.
#[derive(Debug, Default)]
pub(super) struct Query<'a> {
    pub(super) operation: Option<Value<'a>>,
    pub(super) effect: Option<Value<'a>>,
    pub(super) resource: Option<Value<'a>>,
    pub(super) service: Option<Value<'a>>,
    pub(super) possession: Option<Value<'a>>,
    pub(super) spent: Option<Predicate<'a>>,
    pub(super) time: bool,
    pub(super) depth: bool,
    pub(super) approved_by: bool,
    expressions: Vec<usize>,
    nodes: Nodes<'a>,
}

impl<'a> Query<'a> {
    /// Reads the message `Rule`.
    pub(super) fn read(message: &'a [u8], symbols: &'a SymbolTable) -> Result<Self, Malformed> {
        let mut query = Query::default();
        for field in Fields::new(message) {
            match field? {
                // The head, the same for all queries.
                Field::Bytes(1, _) => {}
                Field::Bytes(2, predicate) => {
                    query.predicate(Predicate::read(predicate, symbols)?)?
                }
                Field::Bytes(3, expression) => {
                    let root = query.nodes.read(expression, symbols)?;
                    query.expressions.push(root);
                }
                _ => return Err(Malformed),
            }
        }
        Ok(query)
    }

    /// The expressions, in order.
    pub(super) fn expressions(&self) -> Vec<Expr<'_, 'a>> {
        self.expressions
            .iter()
            .map(|root| self.nodes.expr(*root))
            .collect()
    }

    /// The expression, if there is exactly one.
    pub(super) fn expression(&self) -> Option<Expr<'_, 'a>> {
        match self.expressions.as_slice() {
            [root] => Some(self.nodes.expr(*root)),
            _ => None,
        }
    }

    pub(super) fn is_empty_of_expressions(&self) -> bool {
        self.expressions.is_empty()
    }

    fn predicate(&mut self, predicate: Predicate<'a>) -> Result<(), Malformed> {
        if predicate.name == fact::SPENT {
            self.spent = Some(predicate);
            return Ok(());
        }
        let [term] = predicate.terms() else {
            return Err(Malformed);
        };
        match predicate.name {
            fact::OPERATION => self.operation = Some(*term),
            fact::EFFECT => self.effect = Some(*term),
            fact::RESOURCE => self.resource = Some(*term),
            fact::SERVICE => self.service = Some(*term),
            fact::POSSESSION => self.possession = Some(*term),
            fact::TIME => self.time = true,
            fact::DEPTH => self.depth = true,
            fact::APPROVED_BY => self.approved_by = true,
            // Expressions say what is read of these.
            fact::ARGUMENTS | fact::ATTRIBUTES | fact::SEEN | fact::TAINTED => {}
            _ => return Err(Malformed),
        }
        Ok(())
    }
}
