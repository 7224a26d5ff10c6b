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
    /// Rare and large.
    pub(super) spent: Option<Box<Predicate<'a>>>,
    pub(super) time: bool,
    pub(super) depth: bool,
    pub(super) approved_by: bool,
    expressions: Vec<usize>,
    nodes: Nodes<'a>,
}

impl<'a> Query<'a> {
    /// Reads the message `Rule` in place of what was read before.
    pub(super) fn read(
        &mut self,
        message: &'a [u8],
        symbols: &'a SymbolTable,
    ) -> Result<(), Malformed> {
        self.clear();
        for field in Fields::new(message) {
            match field? {
                // The head, the same for all queries.
                Field::Bytes(1, _) => {}
                Field::Bytes(2, predicate) => {
                    self.predicate(Predicate::read(predicate, symbols)?)?
                }
                Field::Bytes(3, expression) => {
                    let root = self.nodes.read(expression, symbols)?;
                    self.expressions.push(root);
                }
                _ => return Err(Malformed),
            }
        }
        Ok(())
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

    /// Forgets what was read, and keeps the room for expressions.
    fn clear(&mut self) {
        let mut expressions = std::mem::take(&mut self.expressions);
        let mut nodes = std::mem::take(&mut self.nodes);
        expressions.clear();
        nodes.clear();
        *self = Query {
            expressions,
            nodes,
            ..Query::default()
        };
    }

    fn predicate(&mut self, predicate: Predicate<'a>) -> Result<(), Malformed> {
        if predicate.name == fact::SPENT {
            self.spent = Some(Box::new(predicate));
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
