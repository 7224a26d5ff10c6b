//! One deny entry as bytes, where no token is around it.
//!
//! It is written as a later block with this entry alone, so that there is one grammar for patterns,
//! and one spelling for each.

use super::block::{BlockContent, Delegation, decode, encode};
use super::datalog::SymbolTable;
use crate::action::AgentName;
use crate::scope::{Pattern, Scope, ScopeError};

const NAME: &str = "brake";
const PLACE: usize = 1;

/// The bytes of a deny entry.
pub(crate) fn encode_deny(pattern: &Pattern) -> Result<Vec<u8>, ScopeError> {
    let scope = Scope::builder().deny(pattern.clone()).build()?;
    let delegate = AgentName::parse(NAME).map_err(|_| ScopeError::EmptyDeny)?;
    let content = BlockContent::Later(Box::new(Delegation { delegate, scope }));
    Ok(encode(&content, PLACE, &mut SymbolTable::new()))
}

/// The deny entry, if these are exactly its bytes.
pub(crate) fn decode_deny(bytes: &[u8]) -> Option<Pattern> {
    let content = decode(bytes, PLACE, &mut SymbolTable::new()).ok()?;
    let [pattern] = content.scope().deny() else {
        return None;
    };
    // Whatever else the block says, the bytes are others.
    (encode_deny(pattern).ok()? == bytes).then(|| pattern.clone())
}
