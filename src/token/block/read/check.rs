//! The checks of a block.

use super::condition::{self, Refused};
use super::pattern;
use super::place;
use super::query::Query;
use crate::action::Service;
use crate::clock::Timestamp;
use crate::scope::ScopeBuilder;
use crate::token::block::error::{BlockError, Place};
use crate::token::datalog::{Binary, Field, Fields, Malformed, SymbolTable, Unary};

/// Reads the checks of one block, in order.
pub(super) struct Checks<'a> {
    block: usize,
    symbols: &'a SymbolTable,
    /// Which check is read.
    index: usize,
    query: Query<'a>,
}

impl<'a> Checks<'a> {
    pub(super) fn new(block: usize, symbols: &'a SymbolTable) -> Self {
        Checks {
            block,
            symbols,
            index: 0,
            query: Query::default(),
        }
    }

    /// Reads the message `Check`, and adds what it says.
    pub(super) fn read(
        &mut self,
        message: &'a [u8],
        mut scope: ScopeBuilder,
    ) -> Result<ScopeBuilder, BlockError> {
        let queries = Fields::new(message).count();
        for field in Fields::new(message) {
            let query = match field {
                Ok(Field::Bytes(1, query)) => query,
                Ok(Field::Number(2, _)) => return Err(BlockError::CheckKind { check: self.index }),
                _ => return Err(self.not_in_grammar()),
            };
            let read = self.query.read(query, self.symbols);
            read.map_err(|Malformed| self.not_in_grammar())?;
            scope = if queries == 1 {
                self.only(scope)?
            } else {
                self.one_of_several(scope)?
            };
        }
        self.index += 1;
        Ok(scope)
    }

    /// A check with one query.
    fn only(&self, scope: ScopeBuilder) -> Result<ScopeBuilder, BlockError> {
        let query = &self.query;
        if query.possession.is_some() || query.spent.is_some() || query.approved_by {
            return match condition::requirement(query, self.block, self.symbols) {
                Ok(requirement) => Ok(scope.require(requirement)),
                Err(Refused::NotInGrammar) => Err(self.not_in_grammar()),
                Err(Refused::BudgetPosition(id)) => Err(BlockError::BudgetPosition {
                    check: self.index,
                    id,
                    block: self.block,
                }),
            };
        }
        let denied = query
            .expression()
            .filter(|expr| expr.unary(Unary::Negate).is_some());
        let scope = if query.time {
            window(query, scope)
        } else if query.depth {
            depth(query, scope)
        } else if let Some(expr) = denied {
            pattern::outside(expr, self.symbols).map(|(pattern, _)| scope.deny(pattern))
        } else {
            return self.one_of_several(scope);
        };
        scope.ok_or_else(|| self.not_in_grammar())
    }

    /// An audience, a capability, or what the first block says of possession, which is always the same.
    fn one_of_several(&self, scope: ScopeBuilder) -> Result<ScopeBuilder, BlockError> {
        let query = &self.query;
        if query.possession.is_some() {
            return Ok(scope);
        }
        let scope = match query.service {
            Some(name) => {
                let service = name.text().and_then(|name| Service::parse(name).ok());
                service.map(|service| scope.audience(service))
            }
            None => {
                pattern::capability(query, self.symbols).map(|capability| scope.allow(capability))
            }
        };
        scope.ok_or_else(|| self.not_in_grammar())
    }

    fn not_in_grammar(&self) -> BlockError {
        BlockError::NotInGrammar {
            place: Place::Check(self.index),
        }
    }
}

fn window(query: &Query<'_>, scope: ScopeBuilder) -> Option<ScopeBuilder> {
    query
        .expressions()
        .into_iter()
        .try_fold(scope, |scope, expr| {
            let (operator, _, date) = expr.any_binary()?;
            let time = Timestamp::from_unix_seconds(date.value()?.date()?).ok()?;
            match operator {
                Binary::GreaterOrEqual => Some(scope.not_before(time)),
                Binary::Less => Some(scope.not_after(time)),
                _ => None,
            }
        })
}

fn depth(query: &Query<'_>, scope: ScopeBuilder) -> Option<ScopeBuilder> {
    let (_, limit) = place::compared(query.expression()?, Binary::LessOrEqual)?;
    Some(scope.max_depth(u32::try_from(limit).ok()?))
}
