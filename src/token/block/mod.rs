//! stub
mod content;
pub(crate) use content::*;
/// x
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("x")]
pub struct BlockError;
use super::datalog::SymbolTable;
pub(crate) fn encode(_: &BlockContent, _: usize, _: &mut SymbolTable) -> Vec<u8> { todo!() }
pub(crate) fn decode(_: &[u8], _: usize, _: &mut SymbolTable) -> Result<BlockContent, BlockError> { todo!() }
