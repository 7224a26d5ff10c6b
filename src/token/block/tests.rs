//! What the grammar promises: byte for byte what stock builders write, there and back, and nothing else understood.

mod constructs;
mod mutations;
mod random;

use super::*;
use crate::action::{AgentName, Principal, Purpose, TaskId};
use crate::clock::Timestamp;
use crate::scope::Origin;
use crate::scope::{Capability, Scope};
use crate::token::datalog::{Fields, ProtoSink, SymbolTable};

/// A first block with this scope.
fn first(scope: Scope) -> BlockContent {
    BlockContent::First(Box::new(Grant {
        issued: seconds(1_799_999_000),
        task: TaskId::parse("triage/7").unwrap(),
        purpose: Purpose::parse("answer the \"question\" in thread 42").unwrap(),
        principal: Principal::parse("ada@example.com").unwrap(),
        agent: AgentName::parse("forum-helper").unwrap(),
        scope,
    }))
}

/// A later block with this scope.
fn later(scope: Scope) -> BlockContent {
    let delegate = AgentName::parse("summarizer").unwrap();
    BlockContent::Later(Box::new(Delegation { delegate, scope }))
}

/// The least that a first block says.
fn least() -> Scope {
    Scope::builder()
        .allow(Capability::operation("forum.read", "forum/thread/42").unwrap())
        .audience("forum.example".parse().unwrap())
        .not_after(seconds(1_800_000_000))
        .build()
        .unwrap()
}

fn seconds(seconds: u64) -> Timestamp {
    Timestamp::from_unix_seconds(seconds).unwrap()
}

/// The bytes of blocks in order.
fn encode_all(contents: &[BlockContent]) -> Vec<Vec<u8>> {
    let mut symbols = SymbolTable::new();
    contents
        .iter()
        .enumerate()
        .map(|(index, content)| encode(content, index, &mut symbols))
        .collect()
}

/// The contents of blocks in order.
fn decode_all(blocks: &[Vec<u8>]) -> Result<Vec<BlockContent>, BlockError> {
    let mut symbols = SymbolTable::new();
    blocks
        .iter()
        .enumerate()
        .map(|(index, block)| decode(block, index, &mut symbols))
        .collect()
}

/// A later block, after the least first one.
fn decode_later(block: &[u8]) -> Result<BlockContent, BlockError> {
    let mut symbols = SymbolTable::new();
    encode(&first(least()), 0, &mut symbols);
    decode(block, 1, &mut symbols)
}

/// The bytes of a later block, after the least first one.
fn encode_later(scope: Scope) -> Vec<u8> {
    encode_all(&[first(least()), later(scope)]).pop().unwrap()
}
