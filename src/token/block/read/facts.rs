//! The facts of a block.

use crate::action::{AgentName, Principal, Purpose, TaskId};
use crate::clock::Timestamp;
use crate::scope::Scope;
use crate::token::block::content::{BlockContent, Delegation, Grant};
use crate::token::block::words::fact;
use crate::token::datalog::{Field, Fields, Predicate, SymbolTable};

/// The facts of a block, by name.
#[derive(Default)]
pub(super) struct Facts<'a> {
    issued: Option<u64>,
    task: Option<&'a str>,
    purpose: Option<&'a str>,
    principal: Option<&'a str>,
    agent: Option<&'a str>,
    delegate: Option<&'a str>,
}

impl<'a> Facts<'a> {
    /// Reads the message `Fact`.
    pub(super) fn read(&mut self, message: &'a [u8], symbols: &'a SymbolTable) -> Option<()> {
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
    pub(super) fn content(self, index: usize) -> Option<impl FnOnce(Scope) -> BlockContent> {
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
