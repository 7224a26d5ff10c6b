//! The parts of a block.

use super::check::Checks;
use super::facts::Facts;
use crate::scope::Scope;
use crate::token::block::content::BlockContent;
use crate::token::block::error::{BlockError, Place};
use crate::token::datalog::{BLOCK_VERSION, Field, Fields, Malformed, SymbolTable};

/// The content that a block seems to have. Adds its symbols to the table.
pub(in crate::token::block) fn block(
    bytes: &[u8],
    index: usize,
    symbols: &mut SymbolTable,
) -> Result<BlockContent, BlockError> {
    layout(bytes, symbols)?;
    let symbols = &*symbols;
    let mut facts = Facts::default();
    let mut checks = Checks::new(index, symbols);
    let mut scope = Scope::builder();
    let mut fact_index = 0;
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
                scope = checks.read(message, scope)?;
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
