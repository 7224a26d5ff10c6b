//! From a block to content.
//!
//! Recognises what the encoder might have written, in bounded work and without a panic, and no more: [`decode`] encodes
//! the content again and compares. So this may take a guard for granted, and be careless about order and spelling.
//!
//! [`decode`]: super::decode

mod condition;
mod constraint;
mod pattern;
mod place;
mod query;
mod resource;

use condition::Refused;
use query::Query;

use super::content::{BlockContent, Delegation, Grant};
use super::error::{BlockError, Place};
use super::words::fact;
use crate::action::{AgentName, Principal, Purpose, Service, TaskId};
use crate::clock::Timestamp;
use crate::scope::{Scope, ScopeBuilder};
use crate::token::datalog::{
    BLOCK_VERSION, Binary, Field, Fields, Malformed, Predicate, SymbolTable, Unary,
};

/// The content that a block seems to have. Adds its symbols to the table.
pub(super) fn block(
    bytes: &[u8],
    index: usize,
    symbols: &mut SymbolTable,
) -> Result<BlockContent, BlockError> {
    layout(bytes, symbols)?;
    let symbols = &*symbols;
    let mut facts = Facts::default();
    let mut scope = Scope::builder();
    let (mut fact_index, mut check_index) = (0, 0);
    for field in Fields::new(bytes) {
        match field {
            Ok(Field::Bytes(4, fact)) => {
                let place = Place::Fact(fact_index);
                facts
                    .read(fact, symbols)
                    .ok_or(BlockError::NotInGrammar { place })?;
                fact_index += 1;
            }
            Ok(Field::Bytes(6, message)) => {
                scope = Check {
                    index: check_index,
                    block: index,
                    symbols,
                }
                .read(message, scope)?;
                check_index += 1;
            }
            _ => {}
        }
    }
    let facts = facts.content(index).ok_or(BlockError::NotInGrammar {
        place: Place::Layout,
    })?;
    let scope = scope.build()?;
    if index == 0 {
        bounded(&scope)?;
    }
    Ok(facts(scope))
}

/// Reads symbols and version, and refuses every part that format 1 does not have.
fn layout(bytes: &[u8], symbols: &mut SymbolTable) -> Result<(), BlockError> {
    let mut version = 0;
    for field in Fields::new(bytes) {
        match field.map_err(|Malformed| BlockError::Malformed)? {
            Field::Bytes(1, text) => {
                symbols.push(str::from_utf8(text).map_err(|_| BlockError::Malformed)?)
            }
            Field::Bytes(2, _) => return Err(BlockError::Context),
            Field::Number(3, found) => version = found,
            Field::Bytes(4 | 6, _) => {}
            Field::Bytes(5, _) => return Err(BlockError::Rule),
            Field::Bytes(7, _) => return Err(BlockError::ScopeAnnotation),
            Field::Bytes(8, _) => return Err(BlockError::PublicKeys),
            _ => return Err(BlockError::Malformed),
        }
    }
    if version == u64::from(BLOCK_VERSION) {
        Ok(())
    } else {
        Err(BlockError::Version { found: version })
    }
}

/// A first block says what it allows, for whom, and until when.
fn bounded(scope: &Scope) -> Result<(), BlockError> {
    let missing = [
        ("allow", scope.allow().is_none()),
        ("end time", scope.window().not_after().is_none()),
        ("audience", scope.audience().is_none()),
    ];
    match missing.into_iter().find(|(_, is_missing)| *is_missing) {
        Some((missing, _)) => Err(BlockError::Unbounded { missing }),
        None => Ok(()),
    }
}

#[derive(Default)]
struct Facts<'a> {
    issued: Option<u64>,
    task: Option<&'a str>,
    purpose: Option<&'a str>,
    principal: Option<&'a str>,
    agent: Option<&'a str>,
    delegate: Option<&'a str>,
}

impl<'a> Facts<'a> {
    fn read(&mut self, message: &'a [u8], symbols: &'a SymbolTable) -> Option<()> {
        let Some(Ok(Field::Bytes(1, predicate))) = Fields::new(message).next() else {
            return None;
        };
        let predicate = Predicate::read(predicate, symbols).ok()?;
        let [term] = predicate.terms() else {
            return None;
        };
        let slot = match predicate.name {
            fact::FORMAT => return Some(()),
            fact::ISSUED => {
                self.issued = Some(term.date()?);
                return Some(());
            }
            fact::TASK => &mut self.task,
            fact::PURPOSE => &mut self.purpose,
            fact::PRINCIPAL => &mut self.principal,
            fact::AGENT => &mut self.agent,
            fact::DELEGATE => &mut self.delegate,
            _ => return None,
        };
        *slot = Some(term.text()?);
        Some(())
    }

    /// What the facts and a scope make together.
    fn content(self, index: usize) -> Option<impl FnOnce(Scope) -> BlockContent> {
        let grant = if index == 0 {
            Some((
                Timestamp::from_unix_seconds(self.issued?).ok()?,
                TaskId::parse(self.task?).ok()?,
                Purpose::parse(self.purpose?).ok()?,
                Principal::parse(self.principal?).ok()?,
            ))
        } else {
            None
        };
        let agent = AgentName::parse(if index == 0 {
            self.agent?
        } else {
            self.delegate?
        })
        .ok()?;
        Some(move |scope| match grant {
            Some((issued, task, purpose, principal)) => BlockContent::First(Box::new(Grant {
                issued,
                task,
                purpose,
                principal,
                agent,
                scope,
            })),
            None => BlockContent::Later(Box::new(Delegation {
                delegate: agent,
                scope,
            })),
        })
    }
}

/// One check of a block.
struct Check<'a> {
    index: usize,
    block: usize,
    symbols: &'a SymbolTable,
}

impl<'a> Check<'a> {
    fn read(&self, message: &'a [u8], scope: ScopeBuilder) -> Result<ScopeBuilder, BlockError> {
        let mut queries = Vec::new();
        for field in Fields::new(message) {
            match field {
                Ok(Field::Bytes(1, query)) => {
                    queries.push(
                        Query::read(query, self.symbols)
                            .map_err(|Malformed| self.not_in_grammar())?,
                    );
                }
                Ok(Field::Number(2, _)) => return Err(BlockError::CheckKind { check: self.index }),
                _ => return Err(self.not_in_grammar()),
            }
        }
        match queries.as_slice() {
            [one] if one.possession.is_some() || one.spent.is_some() || one.approved_by => {
                match condition::requirement(one, self.block, self.symbols) {
                    Ok(requirement) => Ok(scope.require(requirement)),
                    Err(Refused::NotInGrammar) => Err(self.not_in_grammar()),
                    Err(Refused::BudgetPosition(id)) => Err(BlockError::BudgetPosition {
                        check: self.index,
                        id,
                        block: self.block,
                    }),
                }
            }
            queries => self
                .alternatives(queries, scope)
                .ok_or_else(|| self.not_in_grammar()),
        }
    }

    fn alternatives(&self, queries: &[Query<'a>], scope: ScopeBuilder) -> Option<ScopeBuilder> {
        match queries {
            [one] if one.time => window(one, scope),
            [one] if one.depth => depth(one, scope),
            [one]
                if one
                    .expression()
                    .is_some_and(|expr| expr.unary(Unary::Negate).is_some()) =>
            {
                let (pattern, _) = pattern::outside(one.expression()?, self.symbols)?;
                Some(scope.deny(pattern))
            }
            [first, _] if first.possession.is_some() => Some(scope),
            [first, ..] if first.service.is_some() => {
                queries.iter().try_fold(scope, |scope, query| {
                    Some(scope.audience(Service::parse(query.service?.text()?).ok()?))
                })
            }
            _ => queries.iter().try_fold(scope, |scope, query| {
                Some(scope.allow(pattern::capability(query, self.symbols)?))
            }),
        }
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
