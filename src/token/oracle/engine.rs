//! Asking the stock engine.

use std::time::Duration;

use biscuit_auth::builder::AuthorizerBuilder;
use biscuit_auth::datalog::RunLimits;
use biscuit_auth::{Biscuit, error};

use super::{facts, sealed};
use crate::action::{Action, AgentName, Principal, Purpose, TaskId};
use crate::clock::Timestamp;
use crate::scope::{Context, DueKind, Layers, Origin, Scope, Verdict, evaluate};
use crate::token::block::{BlockContent, Delegation, Grant, decode, encode, encode_scope};
use crate::token::datalog::{Field, Fields, SymbolTable};

/// A token's blocks, loaded into the stock engine.
///
/// A ceiling and house rules are loaded as further blocks, which is what they mean: like a block they can only narrow.
pub struct Oracle<'a> {
    token: Biscuit,
    layers: Layers<'a>,
}

/// What the stock engine says of a call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Opinion {
    /// Every check of every block holds.
    Allow,
    /// Some check does not hold; which ones, for people.
    Deny(String),
    /// An expression failed, or a limit was reached. A stock verifier denies too, and never for this reason alone:
    /// what we write has no expression that fails.
    Error(String),
}

/// Why the stock engine cannot be asked.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum OracleError {
    /// It does not read the blocks, or refuses the chain.
    #[error("stock biscuit refuses the token: {0}")]
    Token(String),
    /// Our own decoder does not read the block, or reads something else.
    #[error("block {0}: {1}")]
    Block(usize, String),
}

impl<'a> Oracle<'a> {
    /// Loads the bytes of a token's verified blocks, in order, and the scopes beside them. `layers` holds the scopes of
    /// those same blocks.
    ///
    /// The blocks are signed anew with a key that everybody knows, as a token at rest cannot be parsed by stock
    /// libraries: an opinion says nothing about signatures.
    ///
    /// # Errors
    ///
    /// [`OracleError`] if the stock library does not read the blocks.
    pub fn new<B: AsRef<[u8]>>(blocks: &[B], layers: Layers<'a>) -> Result<Self, OracleError> {
        let mut bytes: Vec<Vec<u8>> = blocks.iter().map(|block| block.as_ref().to_vec()).collect();
        let mut symbols = SymbolTable::default();
        for block in &bytes {
            add_symbols(&mut symbols, block);
        }
        let beside = [
            (Origin::Ceiling, layers.ceiling),
            (Origin::House, layers.house),
            (Origin::Brake, layers.brakes),
        ];
        for (origin, scope) in beside {
            bytes.extend(scope.map(|scope| encode_scope(scope, origin, &mut symbols)));
        }
        let (token, key) = sealed::seal(&bytes);
        let token =
            Biscuit::from(&token, key).map_err(|error| OracleError::Token(error.to_string()))?;
        Ok(Self { token, layers })
    }

    /// As [`new`](Self::new), for scopes that are in no token yet: encodes them as the blocks of one, and reads them back.
    ///
    /// # Errors
    ///
    /// [`OracleError`] if the stock library does not read the blocks, or our decoder reads something else.
    pub fn of_scopes(layers: Layers<'a>) -> Result<Self, OracleError> {
        let (mut written, mut read) = (SymbolTable::default(), SymbolTable::default());
        let mut blocks = Vec::new();
        for (index, scope) in layers.blocks.iter().enumerate() {
            let content = placeholder(index, scope.clone())?;
            let bytes = encode(&content, index, &mut written);
            let again = decode(&bytes, index, &mut read)
                .map_err(|error| OracleError::Block(index, error.to_string()))?;
            if again != content {
                return Err(OracleError::Block(
                    index,
                    "decodes to something else".to_owned(),
                ));
            }
            blocks.push(bytes);
        }
        Self::new(&blocks, layers)
    }

    /// What the stock engine says of the actions of one call, in order: the first that is not allowed decides.
    ///
    /// What earlier actions would spend is spent for the later ones.
    pub fn opinion(&self, actions: &[Action], context: &Context<'_>) -> Opinion {
        for index in 0..actions.len() {
            let supplied = self.facts(actions, index, context);
            match self.ask(supplied) {
                Opinion::Allow => {}
                other => return other,
            }
        }
        Opinion::Allow
    }

    /// As [`opinion`](Self::opinion) of one action, without the supplied fact of this name. Nothing that a verifier
    /// forgets to supply may ever help.
    pub fn opinion_without(&self, action: &Action, context: &Context<'_>, fact: &str) -> Opinion {
        let mut supplied = self.facts(std::slice::from_ref(action), 0, context);
        supplied.retain(|supplied| supplied.predicate.name != fact);
        self.ask(supplied)
    }

    fn facts(
        &self,
        actions: &[Action],
        index: usize,
        context: &Context<'_>,
    ) -> Vec<biscuit_auth::builder::Fact> {
        let pending = |origin, name: &_| {
            let before = actions.get(..index).unwrap_or_default();
            match evaluate(self.layers, before, context) {
                Verdict::Allow(dues) => dues
                    .iter()
                    .filter(|due| due.origin == origin)
                    .filter_map(|due| match due.kind {
                        DueKind::Spend(budget, amount) if budget.name() == name => Some(amount),
                        _ => None,
                    })
                    .fold(0, i64::saturating_add),
                Verdict::Deny(_) => 0,
            }
        };
        match actions.get(index) {
            Some(action) => facts::supplied(self.layers, action, index, context, pending),
            None => Vec::new(),
        }
    }

    fn ask(&self, supplied: Vec<biscuit_auth::builder::Fact>) -> Opinion {
        let limits = RunLimits {
            max_facts: 10_000,
            max_iterations: 1_000,
            max_time: Duration::from_secs(10),
        };
        let builder = supplied
            .into_iter()
            .try_fold(AuthorizerBuilder::new(), AuthorizerBuilder::fact)
            .and_then(|builder| builder.policy("allow if bailiwick(1)"));
        let verdict = builder
            .and_then(|builder| builder.set_limits(limits).build(&self.token))
            .and_then(|mut authorizer| authorizer.authorize());
        match verdict {
            Ok(_) => Opinion::Allow,
            Err(error::Token::FailedLogic(logic)) => Opinion::Deny(logic.to_string()),
            Err(other) => Opinion::Error(other.to_string()),
        }
    }
}

fn placeholder(index: usize, scope: Scope) -> Result<BlockContent, OracleError> {
    let name = |error: crate::action::NameError| OracleError::Block(index, error.to_string());
    let agent = AgentName::parse("agent").map_err(name)?;
    if index > 0 {
        return Ok(BlockContent::Later(Box::new(Delegation {
            delegate: agent,
            scope,
        })));
    }
    Ok(BlockContent::First(Box::new(Grant {
        issued: Timestamp::MIN,
        task: TaskId::parse("task").map_err(name)?,
        purpose: Purpose::parse("purpose").map_err(name)?,
        principal: Principal::parse("principal").map_err(name)?,
        agent,
        scope,
    })))
}

fn add_symbols(symbols: &mut SymbolTable, block: &[u8]) {
    for field in Fields::new(block) {
        if let Ok(Field::Bytes(1, text)) = field {
            symbols.push(&String::from_utf8_lossy(text));
        }
    }
}
