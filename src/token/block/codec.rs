//! Between the content of a block and its bytes.

use super::content::BlockContent;
use super::error::{BlockError, Place};
use super::{read, write};
use crate::scope::{BudgetName, Origin};
use crate::token::datalog::{Field, Fields, ProtoSink, SymbolTable, TextSink};

/// The bytes of a block, as they are signed. Its new symbols are added to the token's table.
pub(crate) fn encode(content: &BlockContent, index: usize, symbols: &mut SymbolTable) -> Vec<u8> {
    encode_into(Vec::new(), content, origin(index), symbols)
}

/// The content of the block with this index, if it is exactly what [`encode`] writes of it.
///
/// The table holds the symbols of the blocks before, and the block's own are added; after an error it is of no use.
///
/// # Errors
///
/// [`BlockError`] says where the block leaves the grammar.
pub(crate) fn decode(
    bytes: &[u8],
    index: usize,
    symbols: &mut SymbolTable,
) -> Result<BlockContent, BlockError> {
    let before = symbols.len();
    symbols.reserve(bytes.len());
    let content = read::block(bytes, index, symbols)?;
    symbols.truncate(before);
    let buffer = Vec::with_capacity(bytes.len().saturating_mul(2));
    let again = encode_into(buffer, &content, origin(index), symbols);
    if again == bytes {
        Ok(content)
    } else {
        Err(first_difference(bytes, &again))
    }
}

/// The Datalog text of a block, for documentation and debugging: a stock builder makes the same block of it.
pub(crate) fn datalog(content: &BlockContent, index: usize) -> String {
    let mut sink = TextSink::default();
    write::block(&mut sink, origin(index), content);
    sink.finish()
}

/// The bytes of a scope that no block of the token holds, as if it were a further block.
#[cfg(any(test, feature = "oracle"))]
pub(in crate::token) fn encode_scope(
    scope: &crate::scope::Scope,
    origin: Origin,
    symbols: &mut SymbolTable,
) -> Vec<u8> {
    let mut sink = ProtoSink::new(symbols, Vec::new());
    write::scope(&mut sink, origin, scope);
    sink.finish()
}

/// The id under which a budget's `spent` fact is supplied.
pub(in crate::token) fn budget_id(origin: Origin, name: &BudgetName) -> String {
    match origin {
        Origin::Ceiling => format!("ceiling/{name}"),
        Origin::Block(index) => format!("{index}/{name}"),
        Origin::House => format!("house/{name}"),
        Origin::Brake => format!("brake/{name}"),
    }
}

fn encode_into(
    buffer: Vec<u8>,
    content: &BlockContent,
    origin: Origin,
    symbols: &mut SymbolTable,
) -> Vec<u8> {
    let mut sink = ProtoSink::new(symbols, buffer);
    write::block(&mut sink, origin, content);
    sink.finish()
}

/// A token has far fewer blocks than this can count.
fn origin(index: usize) -> Origin {
    Origin::Block(u32::try_from(index).unwrap_or(u32::MAX))
}

/// Where the block differs from what the encoder writes of the same content.
fn first_difference(found: &[u8], written: &[u8]) -> BlockError {
    let is_symbol = |field: &_| matches!(field, Ok(Field::Bytes(1, _)));
    let symbols = |bytes| Fields::new(bytes).filter(is_symbol).count();
    let rest = |bytes| Fields::new(bytes).filter(move |field| !is_symbol(field));
    let (mut facts, mut checks) = (0.., 0..);
    // A symbol too many moves those after it, so that everything differs.
    if symbols(found) == symbols(written) {
        let mut written = rest(written);
        for field in rest(found) {
            let place = match field {
                Ok(Field::Bytes(4, _)) => Place::Fact(facts.next().unwrap_or_default()),
                Ok(Field::Bytes(6, _)) => Place::Check(checks.next().unwrap_or_default()),
                _ => Place::Layout,
            };
            if Some(field) != written.next() {
                return BlockError::NotInGrammar { place };
            }
        }
        if written.next().is_some() {
            return BlockError::NotInGrammar {
                place: Place::Layout,
            };
        }
    }
    BlockError::NotInGrammar {
        place: Place::Symbols,
    }
}
